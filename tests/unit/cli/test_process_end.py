"""`factory check` ends its process at once: after all was written, with the code of the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from factory import resources

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")
MANY = 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(MANY):
        text = FEATURE.replace("id: shorten-url", f"id: s-{number}")
        (tmp_path / f"s-{number}.md").write_text(text.replace("stakes: normal", "stakes: huge"))
    return tmp_path


def check(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "factory.cli", "check", *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60)


def test_everything_is_written_first(folder: Path) -> None:
    done = check(".", cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.count("error[front-matter]") == MANY
    assert f"{MANY} specs checked: {MANY} errors, 0 warnings" in done.stdout
    done = check(".", "--json", cwd=folder)
    assert done.returncode == 1
    assert len(json.loads(done.stdout)["findings"]) == MANY
    cached = check(".", "--json", cwd=folder)
    assert json.loads(cached.stdout) == json.loads(done.stdout)


@pytest.mark.parametrize(("words", "code"), [(["s-0.md"], 1), (["gone.md"], 2), (["--help"], 0)])
def test_its_code_is_the_command_s(folder: Path, words: list[str], code: int) -> None:
    assert check(*words, cwd=folder).returncode == code


def test_what_cannot_be_written_is_told(folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "factory.cli", "check", "."]
        env = {**os.environ, "TMPDIR": str(folder)}
        done = subprocess.run(
            command, cwd=folder, env=env, stdout=full, stderr=subprocess.PIPE, timeout=60
        )
    assert done.returncode == 70 and b"OSError" in done.stderr
