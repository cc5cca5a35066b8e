"""Runs the workflow files of this checkout under act, called from another repository.

What act 0.2.89 does not do, and a green run therefore does not show: `permissions`,
`concurrency`, `environment`, job time limits, `on:` filters. Unit tests read those from the files.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).resolve().parent
DOUBLES = {
    "actions/upload-artifact": HERE / "artifact-double" / "upload",
    "actions/download-artifact": HERE / "artifact-double" / "download",
    "actions/checkout": HERE / "checkout-double",
}
READ_BY_RUNNERS = (".github/", "action.yml", "pyproject.toml", "scenario-runner/action.yml")
LABEL = "ubuntu-24.04"
TIMEOUT_SECONDS = 280
CALLER = """name: Factory
on:
  push: {branches: [main]}
  repository_dispatch: {types: [factory-attempt, factory-plan]}
  workflow_dispatch:
jobs:
  factory:
    uses: acme/dark-factory/.github/workflows/factory.yml@v1
    permissions: {contents: write, checks: write, issues: write, pull-requests: write}
    secrets: inherit
"""


@dataclass(frozen=True, kw_only=True)
class ActRun:
    """One act run: its exit code and its whole log.

    `jobs` is the result of each job by its last name, `lines` the same for each spec.
    """

    code: int
    log: str
    jobs: Mapping[str, str]
    lines: Mapping[str, Mapping[str, str]]


def act_program() -> str | None:
    """act beside this Python, else on PATH."""
    beside = Path(sys.executable).parent / "act"
    return str(beside) if beside.is_file() else shutil.which("act")


def require(needs: Callable[..., None]) -> None:
    """What a line under act takes of a machine; `needs` is the fixture of that name."""
    needs("git", "bwrap", "ssh", "ssh-keygen", "python3")
    if act_program() is None:
        needs("act")
    if not Path("/usr/sbin/sshd").exists():
        needs("sshd")


def released_checkout(folder: Path, *installed: str) -> Path:
    """A copy of this checkout as a release holds it: files that git knows or would take.

    act copies all of it for each step, so only what runners read is there, and what is
    `installed` from it: beginnings of paths, "" for all. FACTORY_VENV stands in for the rest.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    wanted = (*READ_BY_RUNNERS, *installed)
    for name in filter(None, listed.decode().split("\0")):
        source, target = ROOT / name, folder / name
        if name.startswith(wanted) and source.is_file() and not source.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return folder


def factory_environment(folder: Path) -> Path:
    """A virtual environment that holds this version: this one if it does, else a new one."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    try:
        if version("dark-factory") == wanted:
            return Path(sys.prefix)
    except PackageNotFoundError:
        pass
    import venv

    venv.create(folder, with_pip=True)
    subprocess.run(
        [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "-e", f"{ROOT}[sandbox]"],
        check=True, timeout=600, capture_output=True,
    )  # fmt: skip
    return folder


def act(
    caller: Path,
    *,
    work: Path,
    release: Path,
    event_name: str,
    event: Mapping[str, object],
    secrets: Mapping[str, str],
    variables: Mapping[str, str],
    env: Mapping[str, str],
    workflow: str = "factory.yml",
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> ActRun:
    """Run the caller's workflow for one event.

    `work` takes everything that act and the jobs leave; its folder `artifacts` is what passed
    between jobs. act's own environment is empty, since in host mode steps would inherit it.
    """
    home, artifacts = work / "home", work / "artifacts"
    home.mkdir(parents=True, exist_ok=True)
    artifacts.mkdir(exist_ok=True)
    (work / "event.json").write_text(json.dumps(event))
    (work / "secrets").touch(mode=0o600)
    # A quoted string of JSON is a quoted string of this format too, line feeds included.
    (work / "secrets").write_text(
        "".join(f"{name}={json.dumps(value)}\n" for name, value in secrets.items())
    )
    given = {"FACTORY_TEST_ARTIFACTS": str(artifacts), **env}
    workflows = (caller / ".github/workflows" / workflow, ROOT / ".github/workflows/line.yml")
    argv = [
        act_program() or "act", event_name,
        "--no-cache-server",
        "--action-cache-path", str(work / "cache"),
        "-P", f"{LABEL}=-self-hosted",
        "-W", f".github/workflows/{workflow}",
        "-e", str(work / "event.json"),
        "--secret-file", str(work / "secrets"),
        "--env-file", os.devnull, "--var-file", os.devnull, "--input-file", os.devnull,
        "--local-repository", f"acme/dark-factory@v1={release}",
        *(word for pin in pins(*workflows) for word in ("--local-repository", pin)),
        *(word for name, value in variables.items() for word in ("--var", f"{name}={value}")),
        *(word for name, value in given.items() for word in ("--env", f"{name}={value}")),
    ]  # fmt: skip
    log = work / f"{event_name}.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            argv,
            cwd=caller,
            env={"PATH": host_path(), "HOME": str(home), **package_index()},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = process.wait(timeout_seconds)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    text = log.read_text(errors="replace")
    jobs, lines = job_results(text)
    return ActRun(code=code, log=text, jobs=jobs, lines=lines)


def pins(*workflows: Path) -> list[str]:
    """Each third-party action of the workflows, at its commit, as act is told to replace it."""
    texts = [path.read_text() for path in workflows]
    used = {
        step["uses"]
        for text in texts
        for job in yaml.safe_load(text)["jobs"].values()
        for step in job.get("steps", [])
        if "uses" in step
    }
    return [
        f"{name}={DOUBLES[name.partition('@')[0]]}"
        for name in sorted(used)
        if not name.startswith("acme/")
    ]


def job_results(log: str) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """`succeeded` or `failed` for each job that ran: by its last name, and for each spec."""
    jobs: dict[str, str] = {}
    lines: dict[str, dict[str, str]] = {}
    for name, result in re.findall(r"^\[([^\]]*)\].*\bJob (succeeded|failed)$", log, re.MULTILINE):
        *above, job = [part.strip() for part in name.split("/")]
        jobs[job] = result
        lines.setdefault(above[0].partition(" (")[0], {})[job] = result
    return jobs, lines


def host_path() -> str:
    """System folders only; sshd and setpriv live in sbin."""
    return "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"


def package_index() -> dict[str, str]:
    """Where this machine's pip finds packages, for the test that really installs."""
    return {
        name: value
        for name, value in os.environ.items()
        if name.startswith("PIP_") or name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
    }
