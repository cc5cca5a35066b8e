"""Set up the three repositories of an example and send its spec down the line."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp

import click

from factory import resources
from factory.cli.output import clean
from factory.cli.running import Outcome, run_specs
from factory.errors import InputError
from factory.ports.git import command
from factory.records import AgentProfile

FIRST_SPEC = {"shortener": "link-expiry", "tally": "monthly-report"}
_AUTHOR = {
    "GIT_AUTHOR_NAME": "Dark Factory demo",
    "GIT_AUTHOR_EMAIL": "demo@dark-factory.invalid",
    "GIT_COMMITTER_NAME": "Dark Factory demo",
    "GIT_COMMITTER_EMAIL": "demo@dark-factory.invalid",
}


def demonstrate(product: str, agent: str, *, every: bool, folder: Path | None) -> Outcome:
    """Run the demo and return what came of it.

    Raises:
        InputError: `folder` exists and is not empty.
    """
    place = _place(folder)
    example = resources.folder("examples") / product
    for name in ("specs", "scenarios", "product"):
        shutil.copytree(example / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        _commit(place / name)
    click.echo(f"three repositories in {place}: specs, scenarios (private), product", err=True)
    click.echo(_introduction(agent), err=True)
    outcome = run_specs(
        place / "specs",
        () if every else (FIRST_SPEC[product],),
        state=place / "state",
        agent=_agent(agent, example),
        attempts=1 if agent == "cheat" else None,
    )
    if agent == "cheat":
        _tell_what_it_tried(outcome)
    return outcome


def _agent(agent: str, example: Path) -> AgentProfile:
    if agent == "replay":
        options = {"trajectories": str(example / "trajectories")}
        return AgentProfile(name="replay", uses="replay", options=options)
    return AgentProfile(
        name="cheat",
        uses="command",
        options={
            "argv": ["python3", "/agent/cheat.py"],
            "files": str(resources.folder("examples") / "cheat"),
        },
    )


def _introduction(agent: str) -> str:
    if agent == "replay":
        return (
            "this demo REPLAYS a recorded agent: its tool calls run for real in a sandbox, "
            "but no model is asked and nothing is spent"
        )
    return "this agent does not build: it cheats in every way it can think of"


def _place(folder: Path | None) -> Path:
    if folder is None:
        return Path(mkdtemp(prefix="dark-factory-demo-"))
    if folder.exists() and any(folder.iterdir()):
        raise InputError(
            "the folder is not empty", path=str(folder), mend="name a new folder with --folder"
        )
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def _commit(folder: Path) -> None:
    command.git("init", "--quiet", repository=folder)
    command.git("add", "--all", repository=folder)
    command.git(
        "commit", "--quiet", "-m", "The example as it begins", repository=folder, env=_AUTHOR
    )


def _tell_what_it_tried(outcome: Outcome) -> None:
    for run in outcome.runs:
        for one in run.attempts:
            click.echo("what the agent says it did:", err=True)
            for line in one.agent_message.splitlines():
                click.echo(f"  {clean(line, 120)}", err=True)
