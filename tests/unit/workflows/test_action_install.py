"""Installing the action: what the hashes say or nothing, and none of pip's words is a command."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

INSTALL = Path(__file__).resolve().parents[3] / ".github" / "action" / "install.py"
PYPROJECT = """
[build-system]
requires = ["tiny-backend"]
build-backend = "tiny_backend"
[project]
name = "tiny"
version = "1.2.3"
"""
# A build backend of 8 lines: no index is asked for one.
BACKEND = """
import pathlib, sys, zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    print("::set-output name=verdict::pass", file=sys.stderr)
    with zipfile.ZipFile(pathlib.Path(folder, "tiny-1.2.3-py3-none-any.whl"), "w") as wheel:
        info, end = "tiny-1.2.3.dist-info/", "\\n"
        wheel.writestr("tiny.py", "")
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.2.3\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any" + end)
        wheel.writestr(info + "RECORD", "")
    return "tiny-1.2.3-py3-none-any.whl"
"""


@pytest.fixture
def wheels(tmp_path):
    """A folder of packages with the backend in it; `wheels.digest` is the backend's."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    path = folder / "tiny_backend-1.0-py3-none-any.whl"
    info = "tiny_backend-1.0.dist-info/"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("tiny_backend.py", BACKEND)
        wheel.writestr(
            f"{info}METADATA", "Metadata-Version: 2.1\nName: tiny-backend\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{info}WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}RECORD", "")
    return folder, hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def install(tmp_path, wheels):
    """`install(digest)`: install.py for a tiny project whose one dependency has that digest."""
    project = tmp_path / "checkout"
    project.mkdir()
    (project / "pyproject.toml").write_text(PYPROJECT)

    def run(
        digest: str, python: str = sys.executable, **env: str
    ) -> subprocess.CompletedProcess[str]:
        (project / "needs.txt").write_text(f"tiny-backend==1.0 --hash=sha256:{digest}\n")
        return subprocess.run(
            [python, "-I", INSTALL, "tiny", "needs.txt"],
            env={
                "PATH": os.environ["PATH"],
                "GITHUB_ACTION_PATH": str(project),
                "RUNNER_TEMP": str(tmp_path / "runner"),
                "PIP_CONFIG_FILE": os.devnull,
                "PIP_NO_INDEX": "1",
                "PIP_FIND_LINKS": str(wheels[0]),
                **env,
            },
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    return run


def installed(tmp_path: Path) -> bool:
    (found,) = [
        subprocess.run([python, "-I", "-c", "import tiny"], capture_output=True).returncode == 0
        for python in (tmp_path / "runner" / "tiny" / "venv" / "bin").glob("python")
    ]
    return found


@pytest.mark.parametrize("has_pip", [True, False])
def test_what_has_its_hash_is_installed_once(install, wheels, tmp_path, has_pip):
    python = sys.executable
    if not has_pip:
        venv.create(tmp_path / "bare", with_pip=False)
        python = str(tmp_path / "bare" / "bin" / "python")
    done = install(wheels[1], python)
    assert (done.returncode, "::error" in done.stdout) == (0, False), done.stdout + done.stderr
    assert installed(tmp_path)
    again = install("0" * 64)  # Not looked at: the job has it already.
    assert (again.returncode, again.stdout) == (0, "")


def test_another_hash_is_refused_and_nothing_is_left_that_a_step_would_use(install, tmp_path):
    done = install("0" * 64)
    assert done.returncode == 2
    assert not installed(tmp_path)
    assert not (tmp_path / "runner" / "tiny" / "installed-version").exists()
    lines = done.stdout.splitlines()
    begun = next(line for line in lines if line.startswith("::stop-commands::"))
    end = lines.index(f"::{begun.removeprefix('::stop-commands::')}::")
    assert "DO NOT MATCH THE HASHES" in "\n".join(lines[lines.index(begun) : end])
    assert lines[end + 1 :] == [
        "::error title=Dark Factory::tiny could not be installed; pip's own words are above."
    ]


@pytest.mark.parametrize("ready", ["/nowhere", sys.prefix])
def test_an_environment_with_another_version_is_refused(install, wheels, ready):
    done = install(wheels[1], FACTORY_VENV=ready)
    assert done.returncode == 2
    assert "FACTORY_VENV holds tiny nothing, this action is 1.2.3" in done.stdout


def test_the_factorys_environment_has_the_scenario_runner_too(script, monkeypatch, tmp_path):
    install = script("install")
    monkeypatch.setattr(install, "clean", dict)
    asked = tmp_path / "bin" / "python"
    asked.parent.mkdir()
    asked.write_text('#!/bin/sh\nprintf "%s" "$*" > "$0.asked"; echo 0.1.0\n')
    asked.chmod(0o755)
    assert install.version_in(tmp_path, "dark-factory-scenario-runner") == "0.1.0"
    assert "'dark-factory'" in Path(f"{asked}.asked").read_text()
    assert install.version_in(tmp_path, "dark-factory") == "0.1.0"
    assert "scenario-runner" not in Path(f"{asked}.asked").read_text()
