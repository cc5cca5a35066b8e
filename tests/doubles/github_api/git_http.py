"""git over smart HTTP, by git's own http-backend, with tokens as passwords."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from github_api.answers import Answer, Refusal
from github_api.authority import Caller, allow
from github_api.state import State

PATH = re.compile(r"/([\w.-]+/[\w.-]+?)(?:\.git)?/(info/refs|git-upload-pack|git-receive-pack)")
_ENVIRONMENT = {
    # GitHub hands out any commit by its id, and never lets a push go unchecked.
    "GIT_CONFIG_COUNT": "5",
    "GIT_CONFIG_KEY_0": "safe.directory",
    "GIT_CONFIG_VALUE_0": "*",
    "GIT_CONFIG_KEY_1": "uploadpack.allowAnySHA1InWant",
    "GIT_CONFIG_VALUE_1": "true",
    "GIT_CONFIG_KEY_2": "receive.fsckObjects",
    "GIT_CONFIG_VALUE_2": "true",
    "GIT_CONFIG_KEY_3": "http.receivepack",
    "GIT_CONFIG_VALUE_3": "true",
    # Only GitHub itself moves these; everyone may fetch them.
    "GIT_CONFIG_KEY_4": "receive.hideRefs",
    "GIT_CONFIG_VALUE_4": "refs/pull",
}


def authorise(state: State, caller: Caller, full_name: str, service: str) -> None:
    """Let a fetch or a push through.

    Raises:
        Refusal: 401 where a password could help, 403 or 404 where the token does not do.
    """
    writing = service == "git-receive-pack"
    repository = state.repositories.get(full_name)
    if caller.kind == "anonymous" and (writing or repository is None or repository["private"]):
        raise Refusal(401, "Authentication required")
    allow(state, caller, full_name, "contents", "write" if writing else "read")


def serve(
    root: Path,
    full_name: str,
    part: str,
    *,
    method: str,
    query: str,
    headers: Mapping[str, str],
    body: bytes,
    login: str,
    may_write_workflows: bool,
    refused: Mapping[str, str],
) -> Answer:
    """Run `git http-backend` for one request; `refused` are the refs that no rule lets move."""
    env = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_PROJECT_ROOT": str(root),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": f"/{full_name}.git/{part}",
        "REQUEST_METHOD": method,
        "QUERY_STRING": query,
        "CONTENT_TYPE": headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_USER": login or "anonymous",
        "REMOTE_ADDR": "127.0.0.1",
        **_ENVIRONMENT,
    }
    if "Content-Encoding" in headers:
        env["HTTP_CONTENT_ENCODING"] = headers["Content-Encoding"]
    if "Git-Protocol" in headers:
        env["GIT_PROTOCOL"] = headers["Git-Protocol"]
    if not may_write_workflows or refused:
        _add_hook(root / f"{full_name}.git")
    if not may_write_workflows:
        env["GITHUB_DOUBLE_NO_WORKFLOWS"] = "1"
    if refused:
        env["GITHUB_DOUBLE_REFUSED"] = "\n".join(f"{ref} {why}" for ref, why in refused.items())
    done = subprocess.run(
        ["git", "http-backend"], input=body, env=env, capture_output=True, check=False, timeout=120
    )
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    fields = dict(
        line.split(": ", 1) for line in head.decode("latin-1").split("\r\n") if ": " in line
    )
    status = int(fields.pop("Status", "200").split()[0])
    return Answer(status, content, headers=fields)


_HOOK = """#!/bin/sh
if [ -n "$GITHUB_DOUBLE_REFUSED" ]; then
  echo "error: GH013: Repository rule violations found" >&2
  echo "$GITHUB_DOUBLE_REFUSED" >&2
  exit 1
fi
[ -n "$GITHUB_DOUBLE_NO_WORKFLOWS" ] || exit 0
while read -r old new ref; do
  case "$new" in *[!0]*) ;; *) continue ;; esac
  if [ -n "$(git rev-list --max-count=1 "$new" --not --all -- .github/workflows)" ]; then
    echo "refusing to allow a GitHub App to create or update workflow" \\
      "without \`workflows\` permission" >&2
    exit 1
  fi
done
"""


def _add_hook(repository: Path) -> None:
    """GITHUB_TOKEN can never push a change below .github/workflows; rules bind everyone."""
    hook = repository / "hooks" / "pre-receive"
    if not hook.exists():
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(_HOOK)
        hook.chmod(0o755)
