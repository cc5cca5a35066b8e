"""The forge: where repositories are, and where verdicts are read."""
