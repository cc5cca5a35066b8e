"""Every failure that the product knows, each with its exit code and a way to mend it.

Exit codes are a contract (docs/errors.md): 0 pass or done, 1 fail, 2 usage, configuration or
unreadable input, 3 nothing to do, 4 budget exceeded, 5 inconclusive, 70 a bug of ours,
130 interrupted. `factory.cli` is the only place that turns an error into an exit.
"""

from __future__ import annotations

from typing import ClassVar


class FactoryError(Exception):
    """A failure with a cause, a place and a mend.

    Args:
        message: what is wrong, one sentence.
        path: the file it is in, as the user named it, or None.
        line: 1-based line in `path`, or None.
        column: 1-based column in `line`, or None.
        mend: what to do about it, or "".
    """

    exit_code: ClassVar[int] = 70
    code: ClassVar[str] = "bug"

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
        mend: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        self.mend = mend

    @property
    def place(self) -> str:
        """`path:line:column`, as far as known, else an empty string."""
        parts = [self.path, self.line, self.column] if self.path else []
        return ":".join(str(part) for part in parts if part is not None)

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        return f"{text}\n  mend: {self.mend}" if self.mend else text


class UsageError(FactoryError):
    """The command was called in a way that cannot be carried out."""

    exit_code = 2
    code = "usage"


class ConfigurationError(FactoryError):
    """factory.yml, scenarios.yml or the environment says something that cannot be."""

    exit_code = 2
    code = "configuration"


class InputError(FactoryError):
    """A file, record, repository or branch cannot be read or is not what it should be."""

    exit_code = 2
    code = "input"


class RecordError(InputError):
    """A record between stages does not match its schema or its neighbours."""

    code = "record"


class SpecChanged(InputError):
    """A spec has another version or text than the run that asks for another attempt at it."""

    code = "spec-changed"


class GateError(FactoryError):
    """A spec does not pass the gate, so nothing is built from it."""

    exit_code = 1
    code = "gate"


class GuardError(FactoryError):
    """The agent's tree holds something that must never enter a repository."""

    exit_code = 1
    code = "guard"


class NothingToDo(FactoryError):
    """There is no work: no ready spec that has not shipped."""

    exit_code = 3
    code = "nothing"


class BudgetExceeded(FactoryError):
    """The next step could pass a spending limit, so it was not taken.

    `level` is whose limit: `attempt`, `spec`, `day` or `factory`, or "" where none is known.
    `frees_at` is when it lets something pass again, in UTC as records hold times, or "".
    """

    exit_code = 4
    code = "budget"
    level: str = ""
    frees_at: str = ""


class Inconclusive(FactoryError):
    """No verdict can be trusted; nothing ships."""

    exit_code = 5
    code = "inconclusive"


class SandboxUnavailable(Inconclusive):
    """No sandbox of the wanted kind can be started here."""

    code = "sandbox-unavailable"


class SandboxBreach(Inconclusive):
    """A negative probe succeeded: the sandbox does not hold, so nothing runs in it."""

    code = "sandbox-breach"


class AgentError(Inconclusive):
    """The agent could not work: its tool, model or recording failed, not its code."""

    code = "agent"


class ReplayMismatch(AgentError):
    """A recorded trajectory no longer fits the code it was recorded on."""

    code = "replay"


class ProcessFailed(Inconclusive):
    """A process that we rely on (git, ssh, the runner) ended badly or ran past its deadline."""

    code = "process"


class ForgeError(Inconclusive):
    """GitHub, or the local stand-in for it, refused or did not answer."""

    code = "forge"


class AuthenticationError(ConfigurationError):
    """A token or key is missing, wrong or may not do what is asked."""

    code = "authentication"


class KeyMissing(AuthenticationError):
    """A key that the caller says is needed was not given at all."""


class BaseMoved(Inconclusive):
    """The branch to ship to has moved since the candidate was judged."""

    code = "base-moved"


class Bug(FactoryError):
    """Something that our own code promised cannot happen, happened."""
