"""Check runs, and the commit statuses that stand in for them, within GitHub's limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from factory.forge.pages import pages
from factory.forge.protocol import CheckConclusion, CheckOutput
from factory.forge.viewer import BOT, viewer

if TYPE_CHECKING:
    from github import Github

TITLE_LIMIT = 255
SUMMARY_LIMIT_BYTES = 65_535
DESCRIPTION_LIMIT = 140
MESSAGE_LIMIT_BYTES = 64 * 1024
ANNOTATIONS_A_REQUEST = 50
_Fields = dict[str, Any]
_CUT = "\n\n(cut at GitHub's limit)"
_LOST = {
    "title": "Inconclusive: the run was cut short, so not shippable",
    "summary": "The run ended without a word. Another run of this spec has taken its place.",
}
_STATES: Mapping[str | None, str] = {
    None: "pending",
    "success": "success",
    "failure": "failure",
    "action_required": "error",
}


@dataclass(frozen=True)
class Check:
    """What is to be shown of a commit. Without a `conclusion` it is in progress.

    `replaces`: then others of that name are ended whose external id begins so; "" for none.
    """

    commit: str
    name: str
    external_id: str
    details_url: str
    conclusion: CheckConclusion | None = None
    output: CheckOutput | None = None
    replaces: str = ""

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
            if self.output.text:
                fields["output"]["text"] = cut_bytes(self.output.text, SUMMARY_LIMIT_BYTES)
        if self.details_url:
            fields["details_url"] = self.details_url
        return fields

    def annotations(self) -> list[_Fields]:
        """The annotations as GitHub is sent them, with texts within limits."""
        return [
            {
                "path": one.path,
                "start_line": one.start_line,
                "end_line": one.end_line,
                "annotation_level": one.level,
                "title": cut(one.title, TITLE_LIMIT),
                "message": cut_bytes(one.message, MESSAGE_LIMIT_BYTES),
            }
            for one in (self.output.annotations if self.output else ())
        ]


class CheckRuns:
    """The check runs of one repository.

    Args:
        app: the id, or client id, of the App whose token it is; "" where GitHub is to be asked.
    """

    def __init__(self, github: Github, full_name: str, app: str = "") -> None:
        self.github, self.full_name, self._app = github, full_name, app
        self._place = f"/repos/{full_name}/check-runs"

    def show(self, check: Check) -> None:
        """Create the check run, or update the one that we created for the same `external_id`.

        Looking first makes this safe to call again, also after an answer that got lost. A run that
        another App made is not ours, whatever it says: it is neither changed nor believed.
        """
        from github import GithubException

        there = self._ours(self._there(check))
        found = _newest(run for run in there if run.get("external_id") == check.external_id)
        for run in there:
            if _lost(run, check):
                self._end(run, "action_required", _LOST)
        missing = check.annotations()
        if found is not None and check.output is not None:
            missing, stale = _compared(missing, self._annotations(found))
            if stale:
                # GitHub takes no annotation back, so what is said anew is said in a new run.
                self._end(found, "failure")
                found, missing = None, check.annotations()
        if found is not None:
            if found.get("app") and _shows(found, check) and not missing:
                return
            try:
                self._send(int(found["id"]), check, missing)
                return
            except GithubException as error:
                # GitHub knows better whose it is: not ours to change, so ours is added.
                if error.status != 403 or "app" not in str(error.data).lower():
                    raise
        self._send(None, check, check.annotations())

    def texts(self, commit: str, name: str) -> list[str]:
        """The further text of every completed run of that commit and name, or `name (…)`."""
        place = f"/repos/{self.full_name}/commits/{commit}/check-runs"
        runs = pages(self.github, place, {"filter": "all"}, "check_runs")
        return [
            str((run.get("output") or {}).get("text") or "")
            for run in runs
            if run["status"] == "completed"
            and (run["name"] == name or run["name"].startswith(f"{name} ("))
        ]

    def _send(self, number: int | None, check: Check, annotations: list[_Fields]) -> None:
        """Send a check in as many requests as its annotations need; the last one completes it."""
        ask = self.github.requester.requestJsonAndCheck
        batches = [
            annotations[at : at + ANNOTATIONS_A_REQUEST]
            for at in range(0, len(annotations), ANNOTATIONS_A_REQUEST)
        ] or [[]]
        for at, batch in enumerate(batches):
            fields = check.fields()
            if at < len(batches) - 1:
                fields.pop("conclusion", None)
                fields["status"] = "in_progress"
            if batch:
                fields["output"]["annotations"] = batch
            if number is None:
                head = {"name": check.name, "head_sha": check.commit}
                made = {**head, "external_id": check.external_id, **fields}
                _, body = ask("POST", self._place, input=made)
                number = int(body["id"])
            else:
                ask("PATCH", f"{self._place}/{number}", input=fields)

    def _end(
        self, run: Mapping[str, Any], conclusion: CheckConclusion, output: _Fields | None = None
    ) -> None:
        """End a run that another takes the place of; never green, should anyone look at it."""
        if run["status"] == "completed":
            return
        from github import GithubException

        fields: _Fields = {"status": "completed", "conclusion": conclusion}
        if output:
            fields["output"] = output
        try:
            self.github.requester.requestJsonAndCheck(
                "PATCH", f"{self._place}/{int(run['id'])}", input=fields
            )
        except GithubException as error:
            if error.status != 403:
                raise

    def _there(self, check: Check) -> list[dict[str, Any]]:
        """Every run of that commit and name."""
        place = f"/repos/{self.full_name}/commits/{check.commit}/check-runs"
        asked = {"check_name": check.name, "filter": "all"}
        return list(pages(self.github, place, asked, "check_runs"))

    def _ours(self, runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those that whoever's token it is has made, and those of which GitHub names no App.

        The latter are written, which GitHub refuses for another App's, and never just believed.
        """
        known: tuple[str, ...] = ("id", "client_id")
        app = self._app
        if runs and not app:
            known = ("slug",)
            app, is_app, _ = viewer(self.github).partition(BOT)
            app = app if is_app else ""
        return [
            run
            for run in runs
            if (maker := run.get("app")) is None
            or (app and app in [str(maker.get(key)) for key in known])
        ]

    def _annotations(self, run: Mapping[str, Any]) -> list[dict[str, Any]]:
        if not (run.get("output") or {}).get("annotations_count"):
            return []
        return list(pages(self.github, f"{self._place}/{int(run['id'])}/annotations", {}, None))


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
        before = pages(self.github, f"{place}/commits/{check.commit}/statuses", {}, None)
        newest = next((one for one in before if one["context"] == check.name), None)
        if newest and (newest["state"], newest["description"]) == (state, description):
            return
        body = {"state": state, "context": check.name, "description": description}
        if check.details_url:
            body["target_url"] = check.details_url
        ask("POST", f"{place}/statuses/{check.commit}", input=body)


def _newest(runs: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    return max(runs, key=lambda run: int(run["id"]), default=None)


def _lost(run: Mapping[str, Any], check: Check) -> bool:
    """Whether a run is in progress for ever, since `check` begins in its place."""
    other = str(run.get("external_id") or "")
    return bool(
        check.replaces
        and check.conclusion is None
        and run["status"] != "completed"
        and other.startswith(check.replaces)
        and other != check.external_id
    )


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` characters."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def cut_bytes(text: str, limit: int) -> str:
    """`text` in at most `limit` bytes of UTF-8, saying so where something is missing."""
    raw = text.encode()
    if len(raw) <= limit:
        return text
    return raw[: limit - len(_CUT.encode())].decode("utf-8", "ignore") + _CUT


def _compared(
    wanted: list[_Fields], there: list[dict[str, Any]]
) -> tuple[list[_Fields], list[dict[str, Any]]]:
    """The annotations that are still missing, and those there that nobody wants any more."""

    def key(one: Mapping[str, Any]) -> tuple[str, ...]:
        names = ("path", "start_line", "end_line", "annotation_level", "title", "message")
        return tuple(str(one.get(name) or "") for name in names)

    left = Counter(map(key, there))
    missing = []
    for one in wanted:
        if left[key(one)]:
            left[key(one)] -= 1
        else:
            missing.append(one)
    stale = [one for one in there if left[key(one)]]
    return missing, stale


def _shows(run: Mapping[str, Any], check: Check) -> bool:
    """Whether a run says already what the check is to say."""
    fields = check.fields()
    output = run.get("output") or {}
    return (
        run["status"] == fields["status"]
        and run.get("conclusion") == check.conclusion
        and all(output.get(key) == text for key, text in fields.get("output", {}).items())
    )
