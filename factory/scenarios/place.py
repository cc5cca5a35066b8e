"""Where scenarios may not be seen: beside an agent that builds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from factory.errors import UsageError

STAGE = "FACTORY_STAGE"
# The job of ours in which an agent runs (.github/workflows/line.yml); a matrix adds nothing to it.
BUILD_JOB = "build"
_SANDBOX_USER = "\nsandbox:x:"


def refuse_beside_an_agent(env: Mapping[str, str], passwd: Path = Path("/etc/passwd")) -> None:
    """Refuse to work in a build job and inside a sandbox cell.

    A place counts as one where any of these holds: `FACTORY_STAGE` is `build`; a GitHub job
    is called `build`, as ours is; there is a user `sandbox`, as in each of our cells.

    Raises:
        UsageError: an agent may be watching.
    """
    if env.get(STAGE, "").strip().lower() == "build":
        why = f"{STAGE} is build"
    elif env.get("GITHUB_ACTIONS") == "true" and env.get("GITHUB_JOB") == BUILD_JOB:
        why = f"the job is called {BUILD_JOB}"
    elif _is_cell(passwd):
        why = "this is a sandbox cell"
    else:
        return
    raise UsageError(
        f"scenarios are not to be seen here: {why}",
        mend="run it in the scenario repository, or on a machine where no agent works",
    )


def _is_cell(passwd: Path) -> bool:
    try:
        with passwd.open("rb") as stream:
            text = stream.read(1024 * 1024).decode("utf-8", "replace")
    except OSError:
        return False
    # A cell shows root and this user alone; a machine with such a user has others too.
    return _SANDBOX_USER in f"\n{text}" and len(text.split()) <= 4
