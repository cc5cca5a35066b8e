"""Sandboxes: one Protocol, two kinds, proven from inside before each use.

`factory.sandbox.select` has what the stages call. Nothing is imported here: this package starts
anew for every command of a command-line scenario.
"""
