"""What the product asks of a forge: `local` answers from git alone, `github` over its API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from factory.records import PublicVerdict

CheckConclusion = Literal["success", "failure", "action_required"]


@dataclass(frozen=True, kw_only=True)
class CheckOutput:
    """The text of a check run. Limits: title 255 characters, summary 65,535 (GitHub's)."""

    title: str
    summary: str


class Forge(Protocol):
    """Where repositories are and where verdicts are read."""

    def clone_url(self, repository: str) -> str:
        """What git fetches from and pushes to for `repository` (owner/name, URL or local path)."""
        ...

    def git_environment(self, repository: str) -> dict[str, str]:
        """Additions to git's environment that authenticate for `repository`; never in argv."""
        ...

    def begin_check(
        self, repository: str, commit: str, name: str, details_url: str, *, external_id: str = ""
    ) -> None:
        """Show at once that `name` is in progress on `commit`.

        `external_id` (run id and attempt) ties it to the call that completes it.

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

        A check of the same name, commit and `external_id` is updated, never doubled.

        Raises:
            ForgeError, AuthenticationError: it could not be posted, so nobody may believe that
                it was.
        """
        ...

    def request_attempt(self, repository: str, payload: dict[str, object]) -> None:
        """Ask for the next attempt of a run (GitHub: repository_dispatch, under 64 KB).

        Raises:
            ForgeError, AuthenticationError: nobody was asked.
        """
        ...


def conclusion_of(verdict: PublicVerdict) -> CheckConclusion:
    """Only `pass` becomes success; `neutral` and `skipped` count as green and are never used."""
    return {"pass": "success", "fail": "failure", "inconclusive": "action_required"}[
        verdict.verdict
    ]  # type: ignore[return-value]


__all__ = ["CheckConclusion", "CheckOutput", "Forge", "conclusion_of"]
