"""Stand-ins for command-line agents: they speak the real ones' flags and formats, strictly.

Each asks a scripted service for its next turn, through the cell's way out, as the real one asks
its model, and carries the turn out in the cell. `recorded/` holds what the real programs, in the
version in the file's name, printed when they were run against a scripted model; a test holds the
stand-ins to the same shapes.
"""
