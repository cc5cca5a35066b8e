"""The wheel in an empty folder, as a user without rights: what works in the tree works there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534


def interpreter() -> str:
    """A Python that any user may run: ours may lie in a folder that only we can enter."""
    for path in ("/usr/bin/python3", sys.executable):
        words = [path, "-c", "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"]
        if Path(path).exists() and subprocess.run(words, capture_output=True).returncode == 0:
            return path
    return sys.executable


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run words in the folder; where we are root, as nobody and with no capability."""
    drop = []
    if os.geteuid() == 0:
        ids = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        drop = ["setpriv", *ids, "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"]
    env = {name: value for name, value in os.environ.items() if not name.startswith("FACTORY_")}
    env |= {"HOME": str(folder), "PATH": "/usr/local/bin:/usr/bin:/bin", "TMPDIR": str(folder)}
    env.pop("PYTHONPATH", None)
    return subprocess.run(
        [*drop, *words], cwd=folder, env=env, capture_output=True, text=True, timeout=280
    )


@pytest.fixture(scope="module")
def installed() -> Iterator[Path]:
    """An empty folder with a venv: the wheel, and what the action would install beside it."""
    folder = Path(tempfile.mkdtemp(prefix="wheel-"))
    try:
        words = ["--wheel", "--no-isolation", "--outdir", str(folder / "dist"), str(ROOT)]
        subprocess.run([sys.executable, "-m", "build", *words], check=True, capture_output=True)
        (wheel,) = (folder / "dist").glob("*.whl")
        for path in (folder, folder / "dist"):
            path.chmod(0o755)
            if os.geteuid() == 0:
                os.chown(path, NOBODY, NOBODY)
        assert run(folder, interpreter(), "-m", "venv", "venv").returncode == 0
        needs = folder / "dist" / "requirements.txt"
        needs.write_bytes((ROOT / ".github" / "action" / "requirements.txt").read_bytes())
        pip = ("venv/bin/python", "-m", "pip")
        install = (*pip, "install", "-q", "--no-deps")
        for words in (
            (*install, "--require-hashes", "-r", str(needs)),
            (*install, "--no-index", str(wheel)),
            (*pip, "check"),
        ):
            done = run(folder, *words)
            assert done.returncode == 0, done.stdout + done.stderr
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.nightly
def test_the_demo_ships_for_a_user_without_rights(installed: Path) -> None:
    done = run(installed, "venv/bin/factory", "demo", "--product", "tally", "--json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert [one["verdict"] for one in data["attempts"]] == ["fail", "pass"]
    assert data["shipped"]["branch"] == "main"


@pytest.mark.nightly
def test_the_cheat_is_caught_for_a_user_without_rights(installed: Path) -> None:
    done = run(installed, "venv/bin/factory", "demo", "--agent", "cheat", "--json")
    assert done.returncode in (1, 5), done.stderr
    assert json.loads(done.stdout)["shipped"] is None


def test_doctor_and_the_runner_are_there(installed: Path) -> None:
    done = run(installed, "venv/bin/factory", "doctor", "--json")
    assert done.returncode == 0, done.stdout
    assert run(installed, "venv/bin/scenario-runner", "steps").returncode == 0


def test_new_repositories_are_whole_and_the_gate_finds_nothing_in_them(installed: Path) -> None:
    """Files that begin with a dot travel too, and what pip compiled is not among them."""
    for kind in ("specs", "scenarios", "product"):
        skeleton = ROOT / "spec-templates" / "skeletons" / kind
        wanted = {str(path.relative_to(skeleton)) for path in skeleton.rglob("*") if path.is_file()}
        done = run(installed, "venv/bin/factory", "init", kind, kind, "--json")
        assert done.returncode == 0, done.stderr
        there = installed / kind
        found = {str(path.relative_to(there)) for path in there.rglob("*") if path.is_file()}
        assert found == {name for name in wanted if "__pycache__" not in name}
    words = ("new", "feature", "count-lines", "--specs", "specs")
    assert run(installed, "venv/bin/factory", *words).returncode == 0
    done = run(installed, "venv/bin/factory", "check", "specs/specs/count-words.md", "--json")
    assert json.loads(done.stdout) == {"findings": [], "specs": 1}
