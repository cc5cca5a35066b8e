"""Subject: swaps a file that the runner reads or writes for a link, a pipe, a device, a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adversarial.subject_bench import COMMAND, feature, judge

SECRET = "host-secret-3390"
TOOL = """#!/usr/bin/env python3
import os, socket, sys
kind, host = sys.argv[1], {host!r}
name = "out.txt"

def deep():
    for _ in range(3000):
        os.mkdir("d")
        os.chdir("d")

def twin():
    os.link("given.txt", name)
    with open(name, "a") as stream:
        stream.write("{secret}")

def holes():
    with open(name, "wb") as stream:
        stream.write(b"{secret}")
        stream.truncate(100 << 20)

def bound():
    socket.socket(socket.AF_UNIX).bind(name)

ways = {{
    "link": lambda: os.symlink(host, name),
    "relative link": lambda: os.symlink("../../../../../../../.." + host, name),
    "link to a link": lambda: (os.symlink(host, "a"), os.symlink("a", name)),
    "link by proc": lambda: os.symlink("/proc/self/root" + host, name),
    "link to itself": lambda: os.symlink(name, name),
    "link to stdin": lambda: os.symlink("/dev/stdin", name),
    "pipe": lambda: os.mkfifo(name),
    "device link": lambda: os.symlink("/dev/zero", name),
    "device": lambda: os.mknod(name, 0o20666, os.makedev(1, 5)),
    "folder": lambda: os.mkdir(name),
    "socket": bound,
    "holes": holes,
    "locked": lambda: (open(name, "w").write("no"), os.chmod(name, 0)),
    "missing": lambda: None,
    "deep": deep,
    "folder link": lambda: os.symlink(os.path.dirname(host), "sub"),
}}
ways[kind]()
"""
READS = """
    When I run it with "'{kind}'"
    Then the file "{name}" contains "{secret}"
"""
KINDS = [
    "link",
    "relative link",
    "link to a link",
    "link by proc",
    "link to itself",
    "link to stdin",
    "pipe",
    "device link",
    "device",
    "folder",
    "socket",
    "holes",
    "locked",
    "missing",
    "deep",
]


@pytest.fixture
def host(needs, tmp_path: Path) -> Path:
    """A file of the host that every user may read and, but for the sandbox, write."""
    needs("git", "bwrap")
    path = tmp_path / "host" / "secret.txt"
    path.parent.mkdir()
    path.write_text(SECRET)
    path.chmod(0o666)
    return path


def tool(host: Path) -> dict[str, str]:
    return {"tool": TOOL.format(host=str(host), secret=SECRET)}


def test_a_swapped_file_is_never_read_as_the_subjects_output(host: Path, tmp_path: Path) -> None:
    steps = [READS.format(kind=kind, name="out.txt", secret=SECRET) for kind in KINDS]
    steps.append(READS.format(kind="folder link", name="sub/secret.txt", secret=SECRET))
    judged = judge(tmp_path, tool(host), feature(*steps), subject=COMMAND, seconds=10)
    assert dict(zip([*KINDS, "folder link"], judged.outcomes, strict=True)) == dict.fromkeys(
        [*KINDS, "folder link"], "failed"
    )
    assert judged.verdict == "fail"
    assert SECRET not in judged.report.to_json().decode()


def test_a_name_that_is_written_next_is_not_written_through(host: Path, tmp_path: Path) -> None:
    """A later step of the scenario gives the tool a file: at a name that the tool has swapped."""
    writes = """
        When I run it with "'{kind}'"
        Given a file "{name}" with:
          \"\"\"
          overwritten
          \"\"\"
        Then the file "{name}" contains "overwritten"
    """
    kinds = [(kind, "out.txt") for kind in KINDS[:6]] + [("folder link", "sub/secret.txt")]
    steps = [writes.format(kind=kind, name=name) for kind, name in kinds]
    judged = judge(tmp_path, tool(host), feature(*steps), subject=COMMAND, seconds=10)
    assert host.read_text() == SECRET
    assert set(judged.outcomes) == {"failed"} and judged.verdict == "fail"


def test_an_honest_file_is_read(host: Path, tmp_path: Path) -> None:
    """Else the tests above could not fail."""
    writes = f'"missing": lambda: open(name, "w").write({SECRET!r})'
    honest = tool(host)["tool"].replace('"missing": lambda: None', writes)
    steps = READS.format(kind="missing", name="out.txt", secret=SECRET)
    judged = judge(tmp_path, {"tool": honest}, feature(steps), subject=COMMAND)
    assert judged.verdict == "pass"
