"""The two images, built by a real daemon from a base of the tests' own, without any network."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path

import pip
import pytest

from factory.records.work_order import SandboxChoice
from factory.sandbox.protocol import Bind, Cell
from factory.sandbox.select import select
from tests.contract import docker_image, wheelhouse
from tests.contract.docker_daemon import daemon

# What a release builds: `release.yml` does it again.
pytestmark = [pytest.mark.slow, pytest.mark.nightly]
ROOT = Path(__file__).resolve().parents[2]
RUNNER = ROOT / "scenario-runner"
FEATURE = """Feature: Greeting
  Scenario: It greets
    When I run it with "Ada"
    Then the exit code is 0
    And the output contains "hello Ada"
"""
VERSIONS = ("--build-arg", "VERSION=1.2.3", "--build-arg", "REVISION=abc")


def docker(*words: str, code: int = 0) -> str:
    done = subprocess.run(["docker", *words], capture_output=True, text=True, timeout=240)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """An image with python3 and pip, git, and no way to install a package."""
    with daemon():
        plain = docker_image.build()
        name = f"{docker_image.REPOSITORY}:with-pip-and-git"
        ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
        words = ("run", "--rm", "--network", "none", plain, "python3", "-I", "-c", ask)
        library = Path(docker(*words).strip())
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            dockerfile = f"FROM {plain}\nADD more.tar /\n".encode()
            member = tarfile.TarInfo("Dockerfile")
            member.size = len(dockerfile)
            tar.addfile(member, io.BytesIO(dockerfile))
            more = packed(library)
            member = tarfile.TarInfo("more.tar")
            member.size = len(more)
            tar.addfile(member, io.BytesIO(more))
        subprocess.run(
            ["docker", "build", "--quiet", "--network", "none", "--tag", name, "-"],
            input=archive.getvalue(), check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        yield name


def packed(library: Path) -> bytes:
    """pip in `library`, git, and the shared libraries that git and wheels with C++ need."""
    git = Path(shutil.which("git") or "/usr/bin/git")
    re2 = [Path(file.locate()) for file in files("google-re2") or [] if file.suffix == ".so"]
    needed = docker_image.shared([git, *re2])
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for path in sorted(needed | {git}):
            tar.add(path.resolve(), arcname=docker_image.merged(str(path)).lstrip("/"))
        tar.add(
            Path(pip.__file__).parent,
            arcname=f"{library}/pip".lstrip("/"),
            filter=lambda one: None if "__pycache__" in one.name else one,
        )
    return archive.getvalue()


def facts(image: str) -> dict:
    return json.loads(docker("image", "inspect", image))[0]["Config"]


def looks_like_a_release(image: str) -> None:
    found = facts(image)
    assert found["User"].split(":")[0] not in ("", "0", "root")
    labels = {name.rpartition(".")[2]: value for name, value in found["Labels"].items()}
    assert (labels["version"], labels["revision"]) == ("1.2.3", "abc")
    assert labels["licenses"] == "Apache-2.0"
    names = {one.partition("=")[0] for one in found["Env"]}
    assert names <= {"HOME", "LANG", "PATH", "IMAGE_LEAK"}  # The last one is of the base.


@pytest.fixture(scope="module")
def runner(base, tmp_path_factory) -> str:
    """The runner's image, from its wheel and a folder of wheels that the hashes hold for."""
    context = tmp_path_factory.mktemp("runner-image")
    (context / "wheels").mkdir()
    (context / "action").mkdir()
    wanted = tomllib.loads((RUNNER / "pyproject.toml").read_text())["project"]["dependencies"]
    needs = wheelhouse.fill(context / "wheels", wanted)
    (context / "action" / "requirements.txt").write_text(needs)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", context / "wheels"],
        cwd=RUNNER, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    docker(
        *("build", "--network", "none", "--file", str(RUNNER / "Dockerfile")),
        *("--build-arg", f"BASE={base}", *VERSIONS),
        *("--build-arg", "PIP_OPTIONS=--no-index --find-links /install/wheels"),
        *("--tag", "factory-test-runner", str(context)),
    )
    return "factory-test-runner"


@pytest.mark.parametrize(("word", "code"), [("hello", 0), ("go away", 1)])
def test_the_runners_image_judges_a_command(runner, tmp_path, word, code):
    looks_like_a_release(runner)
    features, report = tmp_path / "features", tmp_path / "report"
    features.mkdir()
    report.mkdir()
    (features / "greet.feature").write_text(FEATURE)
    (features / "tool.py").write_text(f"import sys\nprint({word!r}, sys.argv[1])\n")
    for path in (tmp_path, features, report):
        path.chmod(0o777)
    docker(
        *("run", "--rm", "--network", "none", "--cap-drop", "ALL"),
        *("--volume", f"{features}:/features:ro", "--volume", f"{report}:/report"),
        *(runner, "run", "/features", "--subject", "python3 /features/tool.py"),
        *("--report", "/report/it"),
        code=code,
    )
    read = "import pathlib; print(pathlib.Path('/report/it/report.json').read_text())"
    told = json.loads(docker("run", "--rm", "--network", "none", "--entrypoint", "python3",
                             "--volume", f"{report}:/report:ro", runner, "-c", read))  # fmt: skip
    assert told["verdict"] == {0: "pass", 1: "fail"}[code]


@pytest.fixture(scope="module")
def agent(base) -> str:
    docker(
        *("build", "--network", "none", "--file", str(ROOT / "docker" / "agent.Dockerfile")),
        *("--build-arg", f"BASE={base}", "--build-arg", "PACKAGES=", *VERSIONS),
        *("--tag", "factory-test-agent", str(ROOT / "docker")),
    )
    return "factory-test-agent"


def test_the_agents_image_is_a_sandbox_in_which_one_can_work(agent, tmp_path):
    looks_like_a_release(agent)
    work = tmp_path / "work"
    work.mkdir(mode=0o700)
    box = select(SandboxChoice(uses="docker", image=agent))
    script = "git init -q . && git --version && id -u && python3 -c 'print(6 * 7)' > made"
    cell = Cell(binds=(Bind(source=work, target="/workspace", writable=True),), cwd="/workspace")
    done = box.run(cell, ["sh", "-c", script], timeout_seconds=30)
    assert done.ok, done
    assert (work / "made").read_text() == "42\n"


def test_an_image_without_what_an_agent_needs_is_not_made(base):
    """The base of the base has no git."""
    docker(
        *("build", "--network", "none", "--file", str(ROOT / "docker" / "agent.Dockerfile")),
        *("--build-arg", f"BASE={docker_image.build()}", "--build-arg", "PACKAGES="),
        str(ROOT / "docker"),
        code=127,
    )
