"""Bodies in the shape of GitHub's API, with every required field present."""

from __future__ import annotations

from typing import Any

from github_api.state import now_text

_USER_URLS = (
    "followers", "following", "gists", "starred", "subscriptions", "organizations", "repos",
    "events", "received_events",
)  # fmt: skip
_REPOSITORY_URLS = (
    "archive", "assignees", "blobs", "branches", "collaborators", "comments", "commits",
    "compare", "contents", "contributors", "deployments", "downloads", "events", "forks",
    "git_commits", "git_refs", "git_tags", "issue_comment", "issue_events", "issues", "keys",
    "labels", "languages", "merges", "milestones", "notifications", "pulls", "releases",
    "stargazers", "statuses", "subscribers", "subscription", "tags", "teams", "trees", "hooks",
)  # fmt: skip


def user(base: str, login: str, kind: str = "Organization") -> dict[str, Any]:
    """An account."""
    url = f"{base}/users/{login}"
    return {
        "login": login,
        "id": sum(login.encode()) + 1,
        "node_id": f"U_{login}",
        "avatar_url": f"{base}/avatars/{login}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{base}/{login}",
        **{f"{name}_url": f"{url}/{name}" for name in _USER_URLS},
        "type": kind,
        "site_admin": False,
    }


def repository(base: str, full_name: str, facts: dict[str, Any], push: bool) -> dict[str, Any]:
    """A repository, in its full form."""
    owner, name = full_name.split("/")
    url = f"{base}/repos/{full_name}"
    counts = (
        "forks_count", "stargazers_count", "watchers_count", "size", "open_issues_count",
        "subscribers_count", "network_count", "forks", "open_issues", "watchers",
    )  # fmt: skip
    flags = (
        "fork", "has_issues", "has_projects", "has_wiki", "has_pages", "has_discussions",
        "disabled",
    )  # fmt: skip
    return {
        "id": facts["id"],
        "node_id": f"R_{facts['id']}",
        "name": name,
        "full_name": full_name,
        "owner": user(base, owner, facts.get("owner_kind", "Organization")),
        "private": facts["private"],
        "html_url": f"{base}/{full_name}",
        "description": None,
        "url": url,
        **{f"{part}_url": f"{url}/{part}" for part in _REPOSITORY_URLS},
        "clone_url": f"{base}/{full_name}.git",
        "git_url": f"git://unused/{full_name}.git",
        "ssh_url": f"git@unused:{full_name}.git",
        "svn_url": f"{base}/{full_name}",
        "mirror_url": None,
        "homepage": None,
        "language": None,
        **dict.fromkeys(counts, 0),
        **dict.fromkeys(flags, False),
        "archived": bool(facts.get("archived")),
        "default_branch": facts["default_branch"],
        "visibility": "private" if facts["private"] else "public",
        "pushed_at": now_text(0),
        "created_at": now_text(0),
        "updated_at": now_text(0),
        "license": None,
        "permissions": {"admin": False, "maintain": False, "push": push, "pull": True},
    }


def integration(base: str, app: dict[str, Any]) -> dict[str, Any]:
    """An App, as it stands in a check run."""
    return {
        "id": app["id"],
        "slug": app["slug"],
        "node_id": f"A_{app['id']}",
        "owner": user(base, "apps"),
        "name": app["slug"],
        "description": None,
        "external_url": base,
        "html_url": f"{base}/apps/{app['slug']}",
        "created_at": now_text(0),
        "updated_at": now_text(0),
        "permissions": {},
        "events": [],
    }


def check_run(base: str, run: dict[str, Any]) -> dict[str, Any]:
    """A check run from what the double keeps of it."""
    url = f"{base}/repos/{run['repository']}/check-runs/{run['id']}"
    output = run.get("output") or {}
    return {
        "id": run["id"],
        "head_sha": run["head_sha"],
        "node_id": f"CR_{run['id']}",
        "external_id": run.get("external_id") or "",
        "url": url,
        "html_url": f"{base}/{run['repository']}/runs/{run['id']}",
        "details_url": run.get("details_url") or f"{base}/{run['repository']}/runs/{run['id']}",
        "status": run["status"],
        "conclusion": run.get("conclusion"),
        "started_at": run.get("started_at"),
        "completed_at": run.get("completed_at"),
        "output": {
            "title": output.get("title"),
            "summary": output.get("summary"),
            "text": output.get("text"),
            "annotations_count": len(run.get("annotations", [])),
            "annotations_url": f"{url}/annotations",
        },
        "name": run["name"],
        "check_suite": {"id": run["suite"]},
        "app": integration(base, run["app"]),
        "pull_requests": [],
    }


def status(base: str, kept: dict[str, Any]) -> dict[str, Any]:
    """A commit status from what the double keeps of it."""
    return {
        "url": f"{base}/repos/{kept['repository']}/statuses/{kept['sha']}",
        "avatar_url": None,
        "id": kept["id"],
        "node_id": f"S_{kept['id']}",
        "state": kept["state"],
        "description": kept.get("description"),
        "target_url": kept.get("target_url"),
        "context": kept["context"],
        "created_at": kept["created_at"],
        "updated_at": kept["created_at"],
        "creator": user(base, kept["creator"] or "someone", "User"),
    }


def installation(base: str, app_id: int, slug: str, facts: dict[str, Any]) -> dict[str, Any]:
    """An installation of an App."""
    url = f"{base}/app/installations/{facts['id']}"
    return {
        "id": facts["id"],
        "account": user(base, facts["account"]),
        "repository_selection": "all" if facts.get("repositories") is None else "selected",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{base}/installation/repositories",
        "html_url": f"{base}/settings/installations/{facts['id']}",
        "app_id": app_id,
        "app_slug": slug,
        "target_id": 1,
        "target_type": "Organization",
        "permissions": facts["permissions"],
        "events": [],
        "created_at": now_text(0),
        "updated_at": now_text(0),
        "single_file_name": None,
        "suspended_by": None,
        "suspended_at": None,
    }


def annotation(base: str, run: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """An annotation of a check run, as it was sent."""
    places = ("start_column", "end_column", "title", "raw_details")
    return {
        **dict.fromkeys(places),
        **kept,
        "blob_href": f"{base}/{run['repository']}/blob/{run['head_sha']}/{kept['path']}",
    }


def label(base: str, full_name: str, name: str) -> dict[str, Any]:
    """A label of a repository."""
    number = sum(name.encode()) + 1
    return {
        "id": number,
        "node_id": f"LA_{number}",
        "url": f"{base}/repos/{full_name}/labels/{name}",
        "name": name,
        "description": None,
        "color": "ededed",
        "default": False,
        "archived_at": None,
        "archived_by": None,
    }


def label_event(base: str, full_name: str, kept: dict[str, Any]) -> dict[str, Any]:
    """A label that was set on an issue or a pull request, or taken off."""
    return {
        "id": kept["id"],
        "node_id": f"LE_{kept['id']}",
        "url": f"{base}/repos/{full_name}/issues/events/{kept['id']}",
        "actor": user(base, kept["actor"], "User"),
        "event": kept["event"],
        "commit_id": None,
        "commit_url": None,
        "created_at": kept["created_at"],
        "performed_via_github_app": None,
        "label": {"name": kept["label"], "color": "ededed"},
    }


def workflow_run(
    base: str, full_name: str, facts: dict[str, Any], kept: dict[str, Any]
) -> dict[str, Any]:
    """One run of a workflow, of its newest try."""
    url = f"{base}/repos/{full_name}/actions/runs/{kept['id']}"
    place = minimal_repository(base, full_name, facts)
    names = ("jobs", "logs", "check_suite", "artifacts", "cancel", "rerun", "workflow")
    return {
        "id": kept["id"],
        "node_id": f"WFR_{kept['id']}",
        "head_branch": facts["default_branch"],
        "head_sha": "0" * 40,
        "path": f".github/workflows/{kept['workflow']}",
        "run_number": 1,
        "run_attempt": kept.get("run_attempt", 1),
        "event": "pull_request_target",
        "status": "completed",
        "conclusion": "success",
        "workflow_id": 1,
        "url": url,
        "html_url": f"{base}/{full_name}/actions/runs/{kept['id']}",
        "pull_requests": [],
        "created_at": kept["created_at"],
        "updated_at": kept["created_at"],
        **{f"{name}_url": f"{url}/{name}" for name in names},
        "head_commit": None,
        "repository": place,
        "head_repository": place,
        "display_title": "Holdouts",
    }


def minimal_repository(base: str, full_name: str, facts: dict[str, Any]) -> dict[str, Any]:
    """A repository, as it stands inside of other things."""
    whole = repository(base, full_name, facts, push=False)
    kept = ("id", "node_id", "name", "full_name", "owner", "private", "html_url", "description",
            "fork", "url")  # fmt: skip
    left_out = {"git_url", "ssh_url", "svn_url", "mirror_url", "clone_url"}
    return {
        key: value
        for key, value in whole.items()
        if key in kept or (key.endswith("_url") and key not in left_out)
    }


def comment(base: str, kept: dict[str, Any]) -> dict[str, Any]:
    """A comment on an issue or a pull request."""
    full_name, number = kept["repository"], kept["number"]
    issue = f"{base}/repos/{full_name}/issues"
    login = kept["author"]
    who = user(base, login, "Bot" if login.endswith("[bot]") else "User")
    return {
        "id": kept["id"],
        "node_id": f"IC_{kept['id']}",
        "url": f"{issue}/comments/{kept['id']}",
        "html_url": f"{base}/{full_name}/pull/{number}#issuecomment-{kept['id']}",
        "issue_url": f"{issue}/{number}",
        "body": kept["body"],
        "user": {**who, "id": kept.get("author_id", who["id"])},
        "created_at": kept["created_at"],
        "updated_at": kept["created_at"],
        "author_association": kept.get("association", "NONE"),
        "performed_via_github_app": integration(base, kept["app"]) if kept.get("app") else None,
    }


def pull(
    base: str, full_name: str, facts: dict[str, Any], number: int, kept: dict[str, Any]
) -> dict[str, Any]:
    """A pull request, as it stands in a list."""
    url = f"{base}/repos/{full_name}"
    page = f"{base}/{full_name}/pull/{number}"
    merged = kept.get("merged_as")
    where = repository(base, full_name, facts, push=False)
    del where["subscribers_count"], where["network_count"]
    side = {"repo": where, "user": user(base, full_name.partition("/")[0])}
    links = ("comments", "commits", "statuses", "html", "issue", "review_comments",
             "review_comment", "self")  # fmt: skip
    return {
        "url": f"{url}/pulls/{number}",
        "id": number,
        "node_id": f"PR_{number}",
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": f"{url}/issues/{number}",
        "commits_url": f"{url}/pulls/{number}/commits",
        "review_comments_url": f"{url}/pulls/{number}/comments",
        "review_comment_url": f"{url}/pulls/comments{{/number}}",
        "comments_url": f"{url}/issues/{number}/comments",
        "statuses_url": f"{url}/statuses/{kept['head']}",
        "number": number,
        "state": "closed" if merged else "open",
        "locked": bool(kept.get("locked")),
        "title": f"Pull request {number}",
        "user": user(base, "ann", "User"),
        "body": None,
        "labels": [],
        "milestone": None,
        "created_at": now_text(0),
        "updated_at": now_text(0),
        "closed_at": now_text(0) if merged else None,
        "merged_at": now_text(0) if merged else None,
        "head": {**side, "label": "acme:change", "ref": "change", "sha": kept["head"]},
        "base": {
            **side,
            "label": f"acme:{kept.get('base') or facts['default_branch']}",
            "ref": kept.get("base") or facts["default_branch"],
            "sha": "0" * 40,
        },
        "_links": {name: {"href": url} for name in links},
        "author_association": "MEMBER",
        "auto_merge": None,
    }


def issue(base: str, full_name: str, number: int, kept: dict[str, Any]) -> dict[str, Any]:
    """An issue, or a pull request as it stands in a list of issues."""
    place = f"{base}/repos/{full_name}"
    url = f"{place}/issues/{number}"
    login = kept["author"]
    made = kept.get("created_at", now_text(0))
    is_closed = kept.get("state") == "closed"
    return {
        "id": number,
        "node_id": f"I_{number}",
        "url": url,
        "repository_url": place,
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": f"{base}/{full_name}/issues/{number}",
        "number": number,
        "state": "closed" if is_closed else "open",
        "title": kept["title"],
        "body": kept.get("body"),
        "user": user(base, login, "Bot" if login.endswith("[bot]") else "User"),
        "labels": [label_of_issue(base, full_name, name) for name in kept["labels"]],
        "milestone": None,
        "locked": bool(kept.get("locked")),
        "comments": 0,
        "closed_at": made if is_closed else None,
        "created_at": made,
        "updated_at": made,
        "author_association": "NONE",
    }


def label_of_issue(base: str, full_name: str, name: str) -> dict[str, Any]:
    """A label as it stands in an issue."""
    whole = label(base, full_name, name)
    return {key: value for key, value in whole.items() if not key.startswith("archived")}
