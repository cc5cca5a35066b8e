"""Set up a factory on GitHub: `wanted` says what, `there` what is, `steps` what is missing,
`carry_out` does one step. Nothing is ever deleted or overwritten.
"""
