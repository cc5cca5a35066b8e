"""Routes about check runs and commit statuses, with the limits that GitHub documents."""

from __future__ import annotations

from typing import Any

from github_api import shapes
from github_api.answers import Answer, Refusal, invalid, not_found
from github_api.authority import Caller, allow
from github_api.repositories import Repositories
from github_api.state import State, now_text

TEXT_LIMIT = 65_535
ANNOTATIONS_A_REQUEST = 50
RUNS_OF_ONE_NAME = 1000
STATUSES_OF_ONE_CONTEXT = 1000


class Checks:
    """Check runs and statuses of the commits that the repositories really have."""

    def __init__(self, state: State, repositories: Repositories, base: str) -> None:
        self.state, self.repositories, self.base = state, repositories, base

    def create(self, caller: Caller, full_name: str, body: dict[str, Any]) -> Answer:
        allow(self.state, caller, full_name, "metadata", "read")
        _apps_only(caller)
        allow(self.state, caller, full_name, "checks", "write")
        if self.repositories.commit_id(full_name, body["head_sha"]) != body["head_sha"]:
            raise invalid(f"No commit found for SHA: {body['head_sha']}")
        _check_limits(body)
        self._check_paths(full_name, body["head_sha"], body)
        assert caller.app is not None
        run: dict[str, Any] = {
            "id": self.state.new_id(),
            "repository": full_name,
            "app": caller.app,
            "suite": self._suite(full_name, body["head_sha"], caller.app["id"]),
            "status": "queued",
            "conclusion": None,
            "started_at": now_text(),
            "completed_at": None,
            "annotations": [],
            "changes": 0,
        }
        _apply(run, body)
        self.state.check_runs.append(run)
        same = [
            one
            for one in self.state.check_runs
            if (one["suite"], one["name"]) == (run["suite"], run["name"])
        ]
        for oldest in same[:-RUNS_OF_ONE_NAME]:
            self.state.check_runs.remove(oldest)
        return Answer(201, shapes.check_run(self.base, run), "CheckRun")

    def update(self, caller: Caller, full_name: str, number: int, body: dict[str, Any]) -> Answer:
        allow(self.state, caller, full_name, "metadata", "read")
        _apps_only(caller)
        allow(self.state, caller, full_name, "checks", "write")
        run = self._find(full_name, number)
        if caller.app is None or run["app"]["id"] != caller.app["id"]:
            raise Refusal(403, "Invalid app_id - check run can only be modified by its creator.")
        _check_limits(body)
        self._check_paths(full_name, run["head_sha"], body)
        _apply(run, body)
        run["changes"] += 1
        return Answer(200, shapes.check_run(self.base, run), "CheckRun")

    def get(self, caller: Caller, full_name: str, number: int) -> Answer:
        allow(self.state, caller, full_name, "checks", "read")
        return Answer(200, shapes.check_run(self.base, self._find(full_name, number)), "CheckRun")

    def list_annotations(
        self, caller: Caller, full_name: str, number: int, query: dict[str, str]
    ) -> Answer:
        allow(self.state, caller, full_name, "checks", "read")
        run = self._find(full_name, number)
        per_page = min(int(query.get("per_page", "30")), 100)
        start = (int(query.get("page", "1")) - 1) * per_page
        shown = [
            shapes.annotation(self.base, run, one)
            for one in run["annotations"][start : start + per_page]
        ]
        return Answer(200, shown, "list:CheckAnnotation")

    def list_for_ref(
        self, caller: Caller, full_name: str, ref: str, query: dict[str, str]
    ) -> Answer:
        """Newest first; `filter=latest` (the default) keeps one of each name and suite."""
        allow(self.state, caller, full_name, "checks", "read")
        sha = self.repositories.commit_id(full_name, ref)
        if sha is None:
            raise invalid(f"No commit found for SHA: {ref}")
        runs = [
            run
            for run in reversed(self.state.check_runs)
            if (run["repository"], run["head_sha"]) == (full_name, sha)
            and query.get("check_name", run["name"]) == run["name"]
            and query.get("status", run["status"]) == run["status"]
            and query.get("app_id", str(run["app"]["id"])) == str(run["app"]["id"])
        ]
        if query.get("filter", "latest") == "latest":
            latest: dict[Any, dict[str, Any]] = {}
            for run in runs:
                latest.setdefault((run["name"], run["suite"]), run)
            runs = list(latest.values())
        per_page = min(int(query.get("per_page", "30")), 100)
        start = (int(query.get("page", "1")) - 1) * per_page
        shown = [shapes.check_run(self.base, run) for run in runs[start : start + per_page]]
        body = {"total_count": len(runs), "check_runs": shown}
        return Answer(200, body, "ReposOwnerRepoCommitsRefCheckRunsGetResponse200")

    def create_status(
        self, caller: Caller, full_name: str, sha: str, body: dict[str, Any]
    ) -> Answer:
        allow(self.state, caller, full_name, "statuses", "write")
        if self.repositories.commit_id(full_name, sha) != sha:
            raise invalid(f"No commit found for SHA: {sha}")
        if len(body.get("description") or "") > 140:
            raise invalid("description is too long (maximum is 140 characters)")
        context = body.get("context", "default")
        place = (full_name, sha, context)
        before = [
            one
            for one in self.state.statuses
            if (one["repository"], one["sha"], one["context"]) == place
        ]
        if len(before) >= STATUSES_OF_ONE_CONTEXT:
            raise invalid("This SHA and context has reached the maximum number of statuses.")
        kept = {
            "id": self.state.new_id(),
            "repository": full_name,
            "sha": sha,
            "created_at": now_text(),
            "creator": caller.login,
            **body,
            "context": context,
        }
        self.state.statuses.append(kept)
        return Answer(201, shapes.status(self.base, kept), "Status")

    def list_statuses(
        self, caller: Caller, full_name: str, ref: str, query: dict[str, str]
    ) -> Answer:
        """Newest first, in pages."""
        allow(self.state, caller, full_name, "statuses", "read")
        sha = self.repositories.commit_id(full_name, ref)
        kept = [
            shapes.status(self.base, one)
            for one in reversed(self.state.statuses)
            if (one["repository"], one["sha"]) == (full_name, sha)
        ]
        per_page = min(int(query.get("per_page", "30")), 100)
        start = (int(query.get("page", "1")) - 1) * per_page
        return Answer(200, kept[start : start + per_page], "list:Status")

    def _check_paths(self, full_name: str, sha: str, body: dict[str, Any]) -> None:
        """An annotation elsewhere than in the commit is shown nowhere, so it is refused here."""
        for one in (body.get("output") or {}).get("annotations", []):
            if not self.repositories.has_file(full_name, sha, one["path"]):
                raise invalid(f"the commit has no file {one['path']!r}")
            if one["start_line"] < 1 or one["end_line"] < one["start_line"]:
                raise invalid("an annotation's lines are out of order")

    def _find(self, full_name: str, number: int) -> dict[str, Any]:
        for run in self.state.check_runs:
            if (run["repository"], run["id"]) == (full_name, number):
                return run
        raise not_found()

    def _suite(self, full_name: str, sha: str, app_id: int) -> int:
        for run in self.state.check_runs:
            if (run["repository"], run["head_sha"], run["app"]["id"]) == (full_name, sha, app_id):
                return int(run["suite"])
        return self.state.new_id()


def _apps_only(caller: Caller) -> None:
    """Only GitHub Apps write checks; a personal access token may read them."""
    if caller.kind == "pat":
        raise Refusal(403, "You must authenticate via a GitHub App.")
    if caller.kind not in ("actions", "installation"):
        raise Refusal(403, "Resource not accessible by personal access token")


def _check_limits(body: dict[str, Any]) -> None:
    output = body.get("output")
    if output is not None:
        if not output.get("title") and "title" in output:
            raise invalid("output.title may not be blank")
        for key in ("summary", "text"):
            if len((output.get(key) or "").encode()) > TEXT_LIMIT:
                raise invalid(f"Only {TEXT_LIMIT} characters are allowed in {key}")
        annotations = output.get("annotations", [])
        if len(annotations) > ANNOTATIONS_A_REQUEST:
            raise invalid(f"No more than {ANNOTATIONS_A_REQUEST} annotations are allowed.")
        for one in annotations:
            if len(one["message"].encode()) > 64 * 1024 or len(one.get("title", "")) > 255:
                raise invalid("annotation is too long")
            if one["start_line"] != one["end_line"] and (
                "start_column" in one or "end_column" in one
            ):
                raise invalid("columns are allowed only where start_line equals end_line")
    actions = body.get("actions", [])
    if len(actions) > 3 or any(
        len(one["label"]) > 20 or len(one["description"]) > 40 or len(one["identifier"]) > 20
        for one in actions
    ):
        raise invalid("actions are out of their limits")
    if body.get("status") == "completed" and not body.get("conclusion"):
        raise invalid("conclusion is required when status is completed")
    if body.get("conclusion") == "stale":
        raise invalid("only GitHub can set stale")


def _apply(run: dict[str, Any], body: dict[str, Any]) -> None:
    """Take over what was sent; annotations are added to those before."""
    output = body.get("output")
    if output is not None:
        run["annotations"] += output.get("annotations", [])
        kept = {key: value for key, value in output.items() if key != "annotations"}
        run["output"] = {**run.get("output", {}), **kept}
    run.update({key: value for key, value in body.items() if key != "output"})
    if body.get("conclusion"):
        run["status"] = "completed"
        run["completed_at"] = body.get("completed_at") or now_text()
    elif body.get("status") in ("queued", "in_progress"):
        run["conclusion"] = run["completed_at"] = None
