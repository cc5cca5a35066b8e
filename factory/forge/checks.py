"""Check runs, and the commit statuses that stand in for them, within GitHub's limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from factory.forge.protocol import CheckConclusion, CheckOutput

if TYPE_CHECKING:
    from github import Github

TITLE_LIMIT = 255
SUMMARY_LIMIT_BYTES = 65_535
DESCRIPTION_LIMIT = 140
_CUT = "\n\n(cut at GitHub's limit)"
_STATES: Mapping[str | None, str] = {
    None: "pending",
    "success": "success",
    "failure": "failure",
    "action_required": "error",
}


@dataclass(frozen=True)
class Check:
    """What is to be shown of a commit. Without a `conclusion` it is in progress."""

    commit: str
    name: str
    external_id: str
    details_url: str
    conclusion: CheckConclusion | None = None
    output: CheckOutput | None = None

    def fields(self) -> dict[str, Any]:
        """What GitHub is sent to create or to update it, with texts within limits."""
        fields: dict[str, Any] = {"status": "in_progress"}
        if self.conclusion is not None:
            fields = {"status": "completed", "conclusion": self.conclusion}
        if self.output is not None:
            fields["output"] = {
                "title": cut(self.output.title, TITLE_LIMIT),
                "summary": cut_bytes(self.output.summary, SUMMARY_LIMIT_BYTES),
            }
        if self.details_url:
            fields["details_url"] = self.details_url
        return fields


class CheckRuns:
    """The check runs of one repository."""

    def __init__(self, github: Github, full_name: str) -> None:
        self.github, self.full_name = github, full_name

    def show(self, check: Check) -> None:
        """Create the check run, or update the one that was created for the same `external_id`.

        Looking first makes this safe to call again, also after an answer that got lost.
        """
        from github import GithubException

        ask = self.github.requester.requestJsonAndCheck
        place = f"/repos/{self.full_name}/check-runs"
        found = self._find(check)
        if found is not None:
            if _shows(found, check):
                return
            try:
                ask("PATCH", f"{place}/{int(found['id'])}", input=check.fields())
                return
            except GithubException as error:
                # Another App's run of this name and id: not ours to change, so ours is added.
                if error.status != 403 or "app" not in str(error.data).lower():
                    raise
        made = {"name": check.name, "head_sha": check.commit, "external_id": check.external_id}
        ask("POST", place, input={**made, **check.fields()})

    def _find(self, check: Check) -> dict[str, Any] | None:
        """The newest run of that commit, name and external id."""
        page, found = 1, []
        while True:
            _, body = self.github.requester.requestJsonAndCheck(
                "GET",
                f"/repos/{self.full_name}/commits/{check.commit}/check-runs",
                parameters={
                    "check_name": check.name,
                    "filter": "all",
                    "per_page": 100,
                    "page": page,
                },
            )
            runs = body["check_runs"]
            found += [run for run in runs if run.get("external_id") == check.external_id]
            if len(runs) < 100:
                return max(found, key=lambda run: int(run["id"]), default=None)
            page += 1


class CommitStatuses:
    """The commit statuses of one repository."""

    def __init__(self, github: Github, full_name: str) -> None:
        self.github, self.full_name = github, full_name

    def show(self, check: Check) -> None:
        """Set the status of the check's name, unless it says that already."""
        state = _STATES[check.conclusion]
        description = cut(check.output.title if check.output else "in progress", DESCRIPTION_LIMIT)
        ask = self.github.requester.requestJsonAndCheck
        place = f"/repos/{self.full_name}"
        _, before = ask("GET", f"{place}/commits/{check.commit}/statuses")
        newest = next((one for one in before if one["context"] == check.name), None)
        if newest and (newest["state"], newest["description"]) == (state, description):
            return
        body = {"state": state, "context": check.name, "description": description}
        if check.details_url:
            body["target_url"] = check.details_url
        ask("POST", f"{place}/statuses/{check.commit}", input=body)


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` characters."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def cut_bytes(text: str, limit: int) -> str:
    """`text` in at most `limit` bytes of UTF-8, saying so where something is missing."""
    raw = text.encode()
    if len(raw) <= limit:
        return text
    return raw[: limit - len(_CUT.encode())].decode("utf-8", "ignore") + _CUT


def _shows(run: Mapping[str, Any], check: Check) -> bool:
    """Whether a run says already what the check is to say."""
    fields = check.fields()
    output = run.get("output") or {}
    return (
        run["status"] == fields["status"]
        and run.get("conclusion") == check.conclusion
        and all(output.get(key) == text for key, text in fields.get("output", {}).items())
    )
