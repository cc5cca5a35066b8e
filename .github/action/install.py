# ruff: noqa: T201, UP036
"""Put one distribution of this checkout into a private environment below RUNNER_TEMP, once a job.

    install.py NAME REQUIREMENTS

GITHUB_ACTION_PATH is the project to install, RUNNER_TEMP/NAME/venv where to, and REQUIREMENTS, a
path below the project, says with what: each package at one version, by its hashes. So action and
command never differ, and nothing is installed that the release did not know.

pip gets an environment of its own: the secrets of the step are not for the code of an
installation.

FACTORY_VENV names an environment to use instead; it is taken only if it holds exactly the
version of this checkout.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from packages import clean, run_pip
from packages import install as install_packages

PIP_FOR_OTHERS = (22, 3)  # since then it has --python
# The wheel of the factory carries the scenario runner as well, of the same version.
ALSO_IN = {"dark-factory-scenario-runner": "dark-factory"}


def main(name: str, requirements: str) -> int:
    if sys.version_info < (3, 11):
        return refuse("Python 3.11 or later is needed as python3 on this runner.")
    import tomllib

    project_folder = Path(os.environ["GITHUB_ACTION_PATH"]).resolve()
    place = Path(os.environ["RUNNER_TEMP"]) / name / "venv"
    project = tomllib.loads((project_folder / "pyproject.toml").read_text())["project"]
    distribution, wanted = project["name"], project["version"]
    marker = place.parent / "installed-version"
    if marker.is_file() and marker.read_text() == wanted:
        return 0
    place.parent.mkdir(parents=True, exist_ok=True)
    if ready := os.environ.get("FACTORY_VENV"):
        found = version_in(Path(ready), distribution)
        if found != wanted:
            return refuse(f"FACTORY_VENV holds {distribution} {found}, this action is {wanted}.")
        place.unlink(missing_ok=True)
        place.symlink_to(Path(ready).resolve())
    else:
        pip = new_environment(place)
        itself = ("--no-deps", "--no-index", "--no-build-isolation", str(project_folder))
        if install_packages(pip, project_folder / requirements) or run_pip(
            *pip, "install", "--quiet", "--no-compile", *itself
        ):
            return refuse(f"{distribution} could not be installed; pip's own words are above.")
    marker.write_text(wanted)
    return 0


def refuse(message: str) -> int:
    print(f"::error title=Dark Factory::{message}")
    return 2


def version_in(ready: Path, distribution: str) -> str:
    """The version of `distribution` in the environment `ready`, or `nothing`."""
    names = {distribution, ALSO_IN.get(distribution, distribution)}
    question = (
        "from importlib.metadata import distributions as d; "
        f"print(*{{one.version for one in d() if one.name in {sorted(names)!r}}})"
    )
    try:
        answer = subprocess.run(
            [ready / "bin" / "python", "-I", "-c", question],
            env=clean(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except OSError:
        return "nothing"
    return answer.stdout.strip() or "nothing"


def new_environment(place: Path) -> list[str]:
    """Make the environment `place`; the words of a pip that installs into it.

    That is the runner's own where it can: to give an environment one takes several seconds.
    """
    try:
        parts = version("pip").split(".")
        able = (int(parts[0]), int(parts[1])) >= PIP_FOR_OTHERS
    except (PackageNotFoundError, ValueError, IndexError):
        able = False
    venv.create(place, clear=True, with_pip=not able)
    inside = str(place / "bin" / "python")
    if able:
        return [sys.executable, "-I", "-m", "pip", "--python", inside]
    return [inside, "-I", "-m", "pip"]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
