"""What the runner raises."""

from __future__ import annotations


class UsageFault(Exception):
    """The command line or a setting cannot be used; exit 2. The text says how to mend it."""


class StepFailed(AssertionError):
    """A step of the library saw something else than it expected.

    The text goes to the private detail only; `expected` and `seen` are shown beside it there.
    """

    def __init__(self, message: str, *, expected: object = None, seen: object = None) -> None:
        super().__init__(message)
        self.expected = expected
        self.seen = seen


class NotObserved(Exception):
    """A step could not look, and that is not the subject's doing: the scenario is `invalid`."""


class ScenarioTimeout(BaseException):
    """Raised inside a scenario whose time is up; not an Exception, so that no step eats it."""
