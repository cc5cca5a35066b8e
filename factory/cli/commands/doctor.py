"""`factory doctor`: what this machine lacks, and how to mend it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import click

from factory.cli.output import FOLDER, clean, json_option, print_json


@click.command("doctor")
@click.option("--specs", type=FOLDER, default=Path(), show_default="the current folder",
              help="The specs repository, for its agents.")  # fmt: skip
@json_option
def command(specs: Path, as_json: bool) -> int:
    """Look at Python, git, the sandboxes and the agents; say what to install.

    Of each agent of factory.yml it says whether its program and its key are there; nothing is
    asked of a model. Without a factory.yml it looks for the key of the agent `anthropic`.

    Exits 0 when a spec could be built and judged here, 5 when no sandbox holds, 2 when another
    needed thing is missing.
    """
    from factory.sandbox.select import survey

    rows = [_python(), _git()]
    kinds = survey()
    rows += [
        {
            "name": one.kind,
            "ok": one.available,
            "needed": False,
            "found": one.version or one.reason,
            "mend": one.mend,
        }
        for one in kinds
    ]
    rows += _agents(specs)
    any_sandbox = any(one.available for one in kinds)
    needed = all(row["ok"] for row in rows if row["needed"])
    if as_json:
        print_json({"ok": needed and any_sandbox, "checks": rows})
    else:
        for row in rows:
            mark = "✓" if row["ok"] else ("✗" if row["needed"] else "·")
            click.echo(f"{mark} {row['name']:<12} {clean(row['found'])}")
            if not row["ok"] and row["mend"]:
                click.echo(f"    mend: {clean(row['mend'])}")
        if not any_sandbox:
            click.echo("no sandbox: nothing can be built or judged here until one is installed")
    return 2 if not needed else (0 if any_sandbox else 5)


def _python() -> dict[str, Any]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return {"name": "python", "ok": sys.version_info >= (3, 11), "needed": True,
            "found": version, "mend": "install Python 3.11 or newer"}  # fmt: skip


def _git() -> dict[str, Any]:
    from factory.errors import FactoryError
    from factory.ports.git import command as git

    found = "not found"
    if shutil.which("git"):
        try:
            found = git.git("--version").decode().strip()
        except FactoryError as error:
            found = error.message
    return {"name": "git", "ok": found.startswith("git version"), "needed": True,
            "found": found, "mend": "install git 2.38 or newer"}  # fmt: skip


def _agents(specs: Path) -> list[dict[str, Any]]:
    """Raises ConfigurationError for a factory.yml that cannot be read."""
    from factory.config.factory_file import FILE_NAME, load_configuration

    if not (specs / FILE_NAME).exists():
        return [_model_key()]
    from factory.agents.standing import standing

    configuration = load_configuration(specs)
    rows = []
    for profile in configuration.agents.values():
        one = standing(profile, configuration.sandbox)
        rows.append({"name": f"agent {profile.name}", "ok": one.ok, "needed": False,
                     "found": one.found, "mend": one.mend})  # fmt: skip
    return rows


def _model_key() -> dict[str, Any]:
    ok = bool(os.environ.get("ANTHROPIC_API_KEY"))
    return {"name": "model key", "ok": ok, "needed": False,
            "found": "set" if ok else "ANTHROPIC_API_KEY is not set",
            "mend": "set it to build with the anthropic agent; replay needs none"}  # fmt: skip
