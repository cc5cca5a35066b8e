"""Repositories made by git itself, and served by git's own HTTP backend on loopback."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from factory.ports.git.command import environment

IDENTITY = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.invalid",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.invalid",
}


@pytest.fixture
def run_git():
    def run(folder: Path, *arguments: str, stdin: bytes | None = None, **more: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env={**environment(IDENTITY), **more},
            input=stdin,
            capture_output=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.decode().strip()

    return run


@pytest.fixture
def bare(tmp_path: Path, run_git) -> Path:
    """An empty bare repository."""
    run_git(tmp_path, "init", "-q", "--bare", "-b", "main", "bare.git")
    return tmp_path / "bare.git"


@pytest.fixture
def commit_files(run_git, tmp_path: Path):
    """Commit files on a branch of a bare repository and return the commit."""

    def commit(repository: Path, files: dict[str, bytes], branch: str = "main") -> str:
        index = {"GIT_INDEX_FILE": str(tmp_path / f"index-{branch.replace('/', '-')}")}
        Path(index["GIT_INDEX_FILE"]).unlink(missing_ok=True)
        for name, content in files.items():
            blob = run_git(repository, "hash-object", "-w", "--stdin", stdin=content)
            run_git(
                repository,
                "update-index",
                "--add",
                "--cacheinfo",
                f"100644,{blob},{name}",
                **index,
            )
        tree = run_git(repository, "write-tree", **index)
        listed = run_git(repository, "for-each-ref", f"refs/heads/{branch}")
        above = ["-p", f"refs/heads/{branch}"] if listed else []
        made = run_git(repository, "commit-tree", tree, *above, "-m", "c")
        run_git(repository, "update-ref", f"refs/heads/{branch}", made)
        return made

    return commit


@dataclass
class GitServer:
    """`url` serves the folder `root`; the flags change how it answers."""

    url: str
    root: Path
    protocol_two: bool = True
    answer: int = 200
    password: str = ""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self.serve()

        def do_POST(self) -> None:
            self.serve()

        def serve(self) -> None:
            import base64

            known = "Basic " + base64.b64encode(f"x:{state.password}".encode()).decode()
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if state.password and self.headers.get("Authorization") != known:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="x"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if state.answer != 200:
                self.send_response(state.answer)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            path, _, query = self.path.partition("?")
            done = subprocess.run(
                ["git", "http-backend"],
                input=body,
                capture_output=True,
                timeout=60,
                env={
                    "PATH": os.environ["PATH"],
                    "GIT_PROJECT_ROOT": str(state.root),
                    "GIT_HTTP_EXPORT_ALL": "1",
                    "REQUEST_METHOD": self.command,
                    "PATH_INFO": path,
                    "QUERY_STRING": query,
                    "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                    "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                    "CONTENT_LENGTH": str(len(body)),
                    "REMOTE_USER": "x",
                    "REMOTE_ADDR": "127.0.0.1",
                    "GIT_CONFIG_COUNT": "1",
                    "GIT_CONFIG_KEY_0": "safe.directory",
                    "GIT_CONFIG_VALUE_0": "*",
                    "GIT_PROTOCOL": self.headers.get("Git-Protocol", "")
                    if state.protocol_two
                    else "",
                },
            )
            head, _, content = done.stdout.partition(b"\r\n\r\n")
            fields = [line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line]
            status = dict(fields).get("Status", "200 OK")
            self.send_response(int(status.split()[0]))
            for name, value in fields:
                if name != "Status":
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state = GitServer(url=f"http://127.0.0.1:{listening.server_port}", root=tmp_path)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield state
    listening.shutdown()
    listening.server_close()
    thread.join()
