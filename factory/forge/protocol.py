"""What the product asks of a forge: `local` answers from git alone, `github` over its API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from factory.records.verdict import VerdictWord

if TYPE_CHECKING:
    from factory.forge.conversation import Conversation

CheckConclusion = Literal["success", "failure", "action_required"]
_CONCLUSIONS: Mapping[VerdictWord, CheckConclusion] = {
    "pass": "success",
    "fail": "failure",
    "inconclusive": "action_required",
}


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """A remark on lines of a file that the commit has; lines are 1-based.

    Limits, kept by the forge: title 255 characters, message 64 KB. Both are shown as plain text.
    """

    path: str
    start_line: int
    end_line: int
    level: Literal["notice", "warning", "failure"]
    title: str
    message: str


@dataclass(frozen=True, kw_only=True)
class CheckOutput:
    """The text of a check run. Limits: title 255 characters, summary and text 65,535 (GitHub's).

    `text` is shown below the summary, folded where the forge can.
    """

    title: str
    summary: str
    text: str = ""
    annotations: tuple[Annotation, ...] = ()


class Forge(Protocol):
    """Where repositories are and where verdicts are read."""

    def clone_url(self, repository: str) -> str:
        """What git fetches from and pushes to for `repository` (owner/name, URL or local path)."""
        ...

    def git_environment(self, repository: str) -> dict[str, str]:
        """Additions to git's environment that authenticate for `repository`; never in argv."""
        ...

    def begin_check(
        self,
        repository: str,
        commit: str,
        name: str,
        details_url: str,
        *,
        external_id: str = "",
        output: CheckOutput | None = None,
        replaces: str = "",
    ) -> None:
        """Show at once that `name` is in progress on `commit`.

        Args:
            external_id: ties it to the call that completes it (run id and attempt).
            output: what is shown until then.
            replaces: checks of that name on the commit whose external id begins so, and which are
                in progress, are ended: whoever began them never will. "": none.

        Raises:
            ForgeError, AuthenticationError: it could not be posted.
        """
        ...

    def complete_check(
        self,
        repository: str,
        commit: str,
        name: str,
        conclusion: CheckConclusion,
        output: CheckOutput,
        details_url: str,
        *,
        external_id: str = "",
    ) -> None:
        """Complete the check run `name` on `commit`; posting the same again changes nothing.

        A check of the same name, commit and `external_id` is updated, never doubled, and so are
        its annotations. It is in progress until the last of them is there.

        Raises:
            ForgeError, AuthenticationError: it could not be posted, so nobody may believe that
                it was.
        """
        ...

    def check_texts(self, repository: str, commit: str, name: str) -> list[str]:
        """The `text` of each completed check run `name`, or `name (…)`, on `commit`.

        Whoever posted it.

        Raises:
            ForgeError, AuthenticationError: it could not be read.
        """
        ...

    def request_attempt(self, repository: str, payload: dict[str, object]) -> None:
        """Ask for the next attempt of a run (GitHub: repository_dispatch, under 64 KB).

        Raises:
            ForgeError, AuthenticationError: nobody was asked.
        """
        ...

    def request_plan(self, repository: str) -> None:
        """Ask for another plan of all that is ready (GitHub: repository_dispatch).

        Raises:
            ForgeError, AuthenticationError: nobody was asked.
        """
        ...

    def merged_pull(self, repository: str, commit: str) -> int | None:
        """The pull request that brought `commit` to main; None where none did.

        Raises:
            ForgeError: the forge did not answer.
            AuthenticationError: no token may ask.
        """
        ...

    def comment_on_pull(self, repository: str, pull: int, mark: str, text: str) -> None:
        """Have exactly one comment of ours with the first line `mark`, and let it say `text`.

        It is edited where it is there; what others wrote is never touched. `text` is Markdown.

        Raises:
            ForgeError: the forge did not take it.
            AuthenticationError: no token may comment.
        """
        ...

    def conversation(self, repository: str) -> Conversation | None:
        """Where people are spoken with about what is in `repository`; None where nobody can be."""
        ...

    def label_set_by(self, repository: str, pull: int, label: str) -> str | None:
        """Who set `label` on a pull request last; None where it is off, or was never set.

        Raises:
            ForgeError: the forge did not answer.
            AuthenticationError: no token may ask.
        """
        ...

    def in_team(self, repository: str, team: str, login: str) -> bool:
        """Whether `login` is in a team of the organisation that owns `repository`.

        `team` is its short name, as in addresses.

        Raises:
            ForgeError: the forge did not answer.
            AuthenticationError: no token may see that, which GitHub does not tell from "no".
        """
        ...

    def workflow_runs(
        self, repository: str, workflow: str, since: int | None, *, besides: str
    ) -> int:
        """How often a workflow has been run, each try of a run counted, besides one run.

        Args:
            workflow: the name of its file.
            since: count from this moment on (seconds since 1970); None: from ever.
            besides: the id of the run that is not counted; its earlier tries are.

        Raises:
            ForgeError: the forge did not answer.
            AuthenticationError: no token may see that.
        """
        ...


def conclusion_of(verdict: VerdictWord) -> CheckConclusion:
    """Only `pass` becomes success; `neutral` and `skipped` count as green and are never used."""
    return _CONCLUSIONS[verdict]


__all__ = ["Annotation", "CheckConclusion", "CheckOutput", "Forge", "conclusion_of"]
