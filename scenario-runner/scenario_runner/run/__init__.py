"""The parent process: starts the child, watches it, reconciles, reports."""
