"""A stateful double of GitHub's REST API and git over HTTP, on loopback.

    python tests/doubles/github_api/server.py --root DIR --port 0 --state FILE

prints one line of JSON, {"url": …, "pid": …}, when it listens. What FILE holds is what it begins
with, and FILE is rewritten after every request. See README.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import shutil
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from github_api import git_http, oracle, push_rules
from github_api.answers import Answer, Refusal, not_found
from github_api.apps import Apps
from github_api.authority import Caller, caller_of
from github_api.checks import Checks
from github_api.comments import Comments
from github_api.environments import ROUTES as ENVIRONMENT_ROUTES
from github_api.environments import Environments
from github_api.issues import Issues
from github_api.owners import ROUTES as OWNER_ROUTES
from github_api.owners import Owners
from github_api.pulls import Pulls
from github_api.repositories import Repositories
from github_api.rules import ROUTES as RULE_ROUTES
from github_api.rules import Rules
from github_api.state import State

REPOSITORY = r"/repos/(?P<full_name>[\w.-]+/[\w.-]+)"
# method, path, operation (a key of oracle.REQUEST_MODELS where there is a body), handler's name
ROUTES = [
    ("GET", REPOSITORY, None, "get_repository"),
    ("GET", REPOSITORY + r"/git/ref/(?P<ref>.+)", None, "get_ref"),
    ("GET", REPOSITORY + r"/commits/(?P<ref>.+)/check-runs", None, "list_checks"),
    ("GET", REPOSITORY + r"/commits/(?P<ref>.+)/statuses", None, "list_statuses"),
    ("GET", REPOSITORY + r"/commits/(?P<ref>.+)/pulls", None, "list_pulls_of"),
    ("GET", REPOSITORY + r"/commits/(?P<ref>.+)", None, "get_commit"),
    ("POST", REPOSITORY + r"/check-runs", "create a check run", "create_check"),
    ("GET", REPOSITORY + r"/check-runs/(?P<number>\d+)", None, "get_check"),
    ("PATCH", REPOSITORY + r"/check-runs/(?P<number>\d+)", "update a check run", "update_check"),
    ("GET", REPOSITORY + r"/check-runs/(?P<number>\d+)/annotations", None, "list_annotations"),
    ("POST", REPOSITORY + r"/issues/(?P<number>\d+)/labels", "add labels", "add_labels"),
    (
        "DELETE",
        REPOSITORY + r"/issues/(?P<number>\d+)/labels/(?P<label>[^/]+)",
        None,
        "remove_label",
    ),
    ("GET", REPOSITORY + r"/issues/(?P<number>\d+)/events", None, "list_issue_events"),
    ("GET", REPOSITORY + r"/issues/(?P<number>\d+)/comments", None, "list_comments"),
    (
        "POST",
        REPOSITORY + r"/issues/(?P<number>\d+)/comments",
        "create a comment",
        "create_comment",
    ),
    (
        "PATCH",
        REPOSITORY + r"/issues/comments/(?P<number>\d+)",
        "update a comment",
        "update_comment",
    ),
    ("GET", REPOSITORY + r"/issues/comments/(?P<number>\d+)", None, "get_comment"),
    ("GET", REPOSITORY + r"/issues", None, "list_issues"),
    ("POST", REPOSITORY + r"/issues", "create an issue", "create_issue"),
    ("GET", REPOSITORY + r"/issues/(?P<number>\d+)", None, "get_issue"),
    ("PATCH", REPOSITORY + r"/issues/(?P<number>\d+)", "update an issue", "update_issue"),
    ("GET", REPOSITORY + r"/labels/(?P<label>[^/]+)", None, "get_label"),
    ("GET", REPOSITORY + r"/collaborators/(?P<login>[^/]+)/permission", None, "permission"),
    ("POST", r"(?:/api)?/graphql", "ask GraphQL", "graphql"),
    (
        "GET",
        r"/orgs/(?P<organisation>[^/]+)/teams/(?P<team>[^/]+)/memberships/(?P<login>[^/]+)",
        None,
        "membership",
    ),
    ("POST", REPOSITORY + r"/statuses/(?P<sha>\w+)", "create a commit status", "create_status"),
    ("POST", REPOSITORY + r"/dispatches", "dispatch a repository", "dispatch"),
    (
        "POST",
        REPOSITORY + r"/actions/workflows/(?P<workflow>[^/]+)/dispatches",
        "dispatch a workflow",
        "dispatch_workflow",
    ),
    ("GET", REPOSITORY + r"/actions/workflows/(?P<workflow>[^/]+)/runs", None, "list_runs"),
    ("GET", REPOSITORY + r"/keys", None, "list_keys"),
    ("POST", REPOSITORY + r"/keys", "create a deploy key", "create_key"),
    ("GET", REPOSITORY + r"/installation", None, "installation_of"),
    ("GET", r"/app", None, "get_app"),
    ("GET", r"/app/installations", None, "list_installations"),
    (
        "POST",
        r"/app/installations/(?P<number>\d+)/access_tokens",
        "create an access token",
        "create_token",
    ),
    # `part.method`: each part has its routes beside what serves them.
    *ENVIRONMENT_ROUTES,
    *OWNER_ROUTES,
    *RULE_ROUTES,
]


class Double:
    """The whole service: routes, faults, rate limits, the record of requests."""

    def __init__(self, root: Path, state: State, base: str) -> None:
        self.root, self.state, self.base = root, state, base
        self.repositories = Repositories(state, root, base)
        self.checks = Checks(state, self.repositories, base)
        self.pulls = Pulls(state, self.repositories, base)
        self.comments = Comments(state, base)
        self.issues = Issues(state, base)
        self.apps = Apps(state, base)
        self.parts = {
            "environments": Environments(state, base),
            "owners": Owners(state, self.repositories, base),
            "rules": Rules(state, self.repositories, base),
        }
        self.used = 0
        for full_name, facts in list(state.repositories.items()):
            self.repositories.create(full_name, facts)

    def answer(
        self, method: str, path: str, query: str, headers: Any, body: bytes
    ) -> Answer | None:
        """The response to one request; None to cut the connection without one."""
        if path.startswith("/_control/"):
            with self.state.lock:
                return self._control(method, path.removeprefix("/_control/"), body)
        with self.state.lock:
            fault = self.state.take_fault(method, path)
        if fault and not fault.get("after"):
            return self._faulty(fault)
        try:
            if found := git_http.PATH.fullmatch(path):
                answer = self._git(found, method, query, headers, body)
            else:
                with self.state.lock:
                    answer = self._api(method, path.removeprefix("/api/v3"), query, headers, body)
        except Refusal as refusal:
            answer = refusal.answer
        return self._faulty(fault) if fault else answer

    def record(self, method: str, path: str, headers: Any, status: int) -> None:
        """Keep what was asked, never with which token."""
        kind = "none"
        try:
            kind = caller_of(self.state, headers.get("Authorization")).kind
        except Refusal:
            kind = "jwt or refused"
        asked = {"method": method, "path": path, "status": status, "caller": kind}
        with self.state.lock:
            self.state.requests.append(asked)
            self.state.save()

    def _faulty(self, fault: dict[str, Any]) -> Answer | None:
        if fault.get("drop"):
            return None
        time.sleep(min(float(fault.get("delay_seconds", 0)), 30))
        body = fault.get("body", {"message": "injected", "status": str(fault["status"])})
        return Answer(fault["status"], body, headers=dict(fault.get("headers", {})))

    def _git(
        self, found: re.Match[str], method: str, query: str, headers: Any, body: bytes
    ) -> Answer:
        full_name, part = found.groups()
        service = dict(parse_qsl(query)).get("service", part.removeprefix("info/"))
        with self.state.lock:
            caller = caller_of(self.state, headers.get("Authorization"))
            git_http.authorise(self.state, caller, full_name, service)
            pushed = body if part == "git-receive-pack" else b""
            refused = push_rules.refused(self.state, self.repositories, caller, full_name, pushed)
        workflows = "workflow" in caller.scopes or caller.permissions.get("workflows") == "write"
        return git_http.serve(
            self.root, full_name, part, method=method, query=query, headers=headers, body=body,
            login=caller.login, may_write_workflows=workflows, refused=refused,
        )  # fmt: skip

    def _api(self, method: str, path: str, query: str, headers: Any, body: bytes) -> Answer:
        self.used += 1
        fitting = (
            (found, operation, name)
            for verb, pattern, operation, name in ROUTES
            if verb == method and (found := re.fullmatch(pattern, path))
        )
        route = next(fitting, None)
        if route is None:
            raise not_found()
        found, operation, name = route
        words = {key: unquote(value) for key, value in found.groupdict().items()}
        sent = self._body(operation, body) if operation else None
        authorization = headers.get("Authorization")
        answer = self._call(name, authorization, words, sent, dict(parse_qsl(query)))
        if answer.model:
            problems = oracle.check_response(answer.model, answer.body)
            if problems:
                self.state.violations.append({"response to": f"{method} {path}", "is": problems})
                return Answer(500, {"message": "the double broke its own oracle"})
        return answer

    def _body(self, operation: str, body: bytes) -> Any:
        try:
            sent = json.loads(body or b"{}")
        except ValueError as error:
            raise Refusal(400, "Problems parsing JSON") from error
        if problems := oracle.check_request(operation, sent):
            self.state.violations.append({"request": operation, "is": problems})
            raise Refusal(422, "Invalid request.", problems)
        return sent

    def _call(
        self,
        name: str,
        authorization: str | None,
        words: dict[str, str],
        sent: Any,
        query: dict[str, str],
    ) -> Answer:
        full_name = words.get("full_name", "")
        match name:  # Those of an App come with a JWT, not with a token.
            case "get_app":
                return self.apps.get(authorization)
            case "list_installations":
                return self.apps.list_installations(authorization)
            case "installation_of":
                return self.apps.installation_of(authorization, full_name)
            case "create_token":
                return self.apps.create_token(authorization, int(words["number"]), sent)
        caller: Caller = caller_of(self.state, authorization)
        part, _, method = name.partition(".")
        if method:
            answer: Answer = getattr(self.parts[part], method)(caller, words, sent, query)
            if caller.kind == "pat":
                answer.headers["X-OAuth-Scopes"] = ", ".join(caller.scopes)
            return answer
        match name:
            case "get_repository":
                return self.repositories.get(caller, full_name)
            case "get_ref":
                return self.repositories.get_ref(caller, full_name, words["ref"])
            case "get_commit":
                return self.repositories.get_commit(caller, full_name, words["ref"])
            case "list_keys":
                return self.repositories.list_keys(caller, full_name, query)
            case "create_key":
                return self.repositories.create_key(caller, full_name, sent)
            case "dispatch":
                return self.repositories.dispatch(caller, full_name, sent)
            case "dispatch_workflow":
                workflow = words["workflow"]
                return self.repositories.dispatch_workflow(caller, full_name, workflow, sent)
            case "list_runs":
                return self.repositories.list_runs(caller, full_name, words["workflow"], query)
            case "list_checks":
                return self.checks.list_for_ref(caller, full_name, words["ref"], query)
            case "create_check":
                return self.checks.create(caller, full_name, sent)
            case "get_check":
                return self.checks.get(caller, full_name, int(words["number"]))
            case "update_check":
                return self.checks.update(caller, full_name, int(words["number"]), sent)
            case "list_annotations":
                number = int(words["number"])
                return self.checks.list_annotations(caller, full_name, number, query)
            case "add_labels":
                return self.pulls.add_labels(caller, full_name, words["number"], sent)
            case "remove_label":
                return self.pulls.remove_label(caller, full_name, words["number"], words["label"])
            case "list_issue_events":
                return self.pulls.list_events(caller, full_name, words["number"], query)
            case "list_pulls_of":
                return self.pulls.list_of_commit(caller, full_name, words["ref"], query)
            case "list_comments":
                return self.comments.list_of(caller, full_name, int(words["number"]), query)
            case "create_comment":
                return self.comments.create(caller, full_name, int(words["number"]), sent)
            case "update_comment":
                return self.comments.update(caller, full_name, int(words["number"]), sent)
            case "get_comment":
                return self.comments.get(caller, full_name, int(words["number"]))
            case "list_issues":
                return self.issues.list_of(caller, full_name, query)
            case "create_issue":
                return self.issues.create(caller, full_name, sent)
            case "get_issue":
                return self.issues.get(caller, full_name, words["number"])
            case "update_issue":
                return self.issues.update(caller, full_name, words["number"], sent)
            case "get_label":
                return self.issues.get_label(caller, full_name, words["label"])
            case "permission":
                return self.issues.permission(caller, full_name, words["login"])
            case "graphql":
                return self.comments.graphql(caller, sent)
            case "membership":
                return self.pulls.membership(
                    caller, words["organisation"], words["team"], words["login"]
                )
            case "create_status":
                return self.checks.create_status(caller, full_name, words["sha"], sent)
            case "list_statuses":
                return self.checks.list_statuses(caller, full_name, words["ref"], query)
        raise not_found()

    def _control(self, method: str, what: str, body: bytes) -> Answer:
        """For tests: GET state; POST reset, state (merge), repositories, pulls, faults."""
        sent = json.loads(body or b"{}")
        if (method, what) == ("GET", "state"):
            return Answer(200, self.state.to_data())
        if (method, what) == ("POST", "reset"):
            for full_name in self.state.repositories:
                shutil.rmtree(self.repositories.folder(full_name), ignore_errors=True)
            self.state.clear()
            self.state.update(sent)
            for full_name, facts in list(self.state.repositories.items()):
                self.repositories.create(full_name, facts)
        elif (method, what) == ("POST", "state"):
            self.state.update(sent)
        elif (method, what) == ("POST", "repositories"):
            self.repositories.create(sent.pop("full_name"), sent)
        elif (method, what) == ("POST", "pulls"):
            source = sent.get("source", sent["full_name"])
            pull = self.pulls.open(sent["full_name"], sent["number"], sent["head"], source)
            pull |= {key: sent[key] for key in ("merged_as", "base", "locked") if key in sent}
        elif (method, what) == ("POST", "faults"):
            self.state.faults.append(sent)
        else:
            return Answer(404, {"message": f"no control {method} {what}"})
        self.state.save()
        return Answer(200, {})


class Handler(BaseHTTPRequestHandler):
    """Reads requests, chunked or not, and writes responses with the rate-limit headers."""

    protocol_version = "HTTP/1.1"
    double: Double

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        body = self._read_body()
        answer = self.double.answer(self.command, parts.path, parts.query, self.headers, body)
        if not parts.path.startswith("/_control/"):
            status = answer.status if answer else 0
            self.double.record(self.command, parts.path, self.headers, status)
        if answer is None:
            self.close_connection = True
            return
        raw = answer.body
        if raw is None:
            raw = b""
        elif not isinstance(raw, bytes):
            raw = json.dumps(raw).encode()
            answer.headers.setdefault("Content-Type", "application/json; charset=utf-8")
        if answer.status == 401:
            answer.headers.setdefault("WWW-Authenticate", 'Basic realm="GitHub"')
        self.send_response(answer.status)
        for name, value in {**self._limits(), **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve

    def _limits(self) -> dict[str, str]:
        used = self.double.used
        return {
            "X-RateLimit-Limit": "5000",
            "X-RateLimit-Remaining": str(max(5000 - used, 0)),
            "X-RateLimit-Used": str(used),
            "X-RateLimit-Reset": str(int(time.time()) + 3600),
            "X-RateLimit-Resource": "core",
            "X-GitHub-Request-Id": secrets.token_hex(8),
        }

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def log_message(self, format: str, *words: Any) -> None:
        """Say nothing: the state has the record."""


def serve(root: Path, port: int, state_path: Path | None) -> ThreadingHTTPServer:
    """A double that listens on loopback, not yet serving."""
    handler = type("BoundHandler", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    base = f"http://127.0.0.1:{server.server_address[1]}"
    handler.double = Double(root, State.load(state_path), base)  # type: ignore[attr-defined]
    handler.double.state.save()  # type: ignore[attr-defined]
    return server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, required=True, help="folder of bare repositories")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", type=Path, help="JSON to begin with, rewritten on change")
    parser.add_argument("--parent", type=int, help="end when this process has ended")
    options = parser.parse_args()
    server = serve(options.root, options.port, options.state)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    print(json.dumps({"url": url, "pid": os.getpid()}), flush=True)
    if options.parent:
        threading.Thread(target=_watch, args=(options.parent, server), daemon=True).start()
    server.serve_forever()


def _watch(parent: int, server: ThreadingHTTPServer) -> None:
    while Path(f"/proc/{parent}").exists():
        time.sleep(0.5)
    server.shutdown()


if __name__ == "__main__":
    main()
