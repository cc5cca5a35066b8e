"""The errors that people see."""


class TallyError(Exception):
    """A file that cannot be used, or a wrong line in one. Exit code 1."""


class UsageError(Exception):
    """A wrong command line. Exit code 2."""


class FieldError(ValueError):
    """A field of a row that cannot be read; the reader adds file and line."""
