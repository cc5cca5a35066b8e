"""The rules for scenarios: each looks at one suite and yields what is wrong in it."""
