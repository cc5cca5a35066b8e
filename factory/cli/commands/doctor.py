"""`factory doctor`: what this machine, or the place on GitHub, lacks, and how to mend it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import click

from factory.cli.output import FOLDER, clean, json_option, print_json
from factory.counted import counted
from factory.errors import UsageError


@click.command("doctor")
@click.option("--specs", type=FOLDER, default=Path(), show_default="the current folder",
              help="The specs repository, for its agents and its places on GitHub.")  # fmt: skip
@click.option("--github", is_flag=True, help="Look at GitHub, in place of this machine.")
@click.option("--repository", metavar="OWNER/NAME",
              help="--github: what the specs repository is there.  "
              "[default: GITHUB_REPOSITORY, else where `origin` is]")  # fmt: skip
@json_option
def command(specs: Path, github: bool, repository: str | None, as_json: bool) -> int:
    """Look at Python, git, the sandboxes and the agents; say what to install.

    Of each agent of factory.yml it says whether its program and its key are there; nothing is
    asked of a model. Without a factory.yml it looks for the key of the agent `anthropic`.

    With --github it reads the settings of the repositories that factory.yml names, and changes
    none of them: permissions, the deploy key, branch rules, environments, secrets by name,
    policies. It asks with GITHUB_TOKEN, FACTORY_TOKEN or the App, whichever may see.

    Exits 0 when a spec could be built and judged here, 5 when no sandbox holds, 2 when another
    needed thing is missing. With --github: 0 when all that is needed is well, 2 when something
    is wrong, 5 when nothing is, but something cannot be seen.
    """
    if github:
        return _on_github(specs, repository, as_json)
    if repository:
        raise UsageError("--repository is about GitHub", mend="add --github")
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
        _show(rows, width=12)
        if not any_sandbox:
            click.echo("no sandbox: nothing can be built or judged here until one is installed")
        if _names_github(specs):
            click.echo("GitHub was not asked; factory doctor --github looks there")
    return 2 if not needed else (0 if any_sandbox else 5)


def _names_github(specs: Path) -> bool:
    """Whether factory.yml, which has been read by now, names a repository on GitHub."""
    from factory.config.factory_file import FILE_NAME, load_configuration
    from factory.forge.address import full_name, is_folder, server_url

    if not (specs / FILE_NAME).exists():
        return False
    configuration = load_configuration(specs)
    names = [one.repository for one in configuration.products.values()]
    return any(
        full_name(one, server_url(os.environ)) and not is_folder(one)
        for one in [*names, configuration.scenarios_repository]
    )


def _on_github(specs: Path, repository: str | None, as_json: bool) -> int:
    from factory.cli.github_places import places_of
    from factory.forge.settings import Settings
    from factory.setup.checks import exit_code, findings
    from factory.setup.read import read

    places = places_of(specs, repository, os.environ)
    found = list(findings(read(Settings(os.environ), places, os.environ)))
    rows = [one.to_row() for one in found]
    code = exit_code(found)
    if as_json:
        print_json({"ok": code == 0, "checks": rows})
        return code
    _show([{**row, "name": f"{row['name']}:"} for row in rows], width=0)
    wrong = sum(one.state == "wrong" for one in found)
    dark = sum(one.state == "not-known" for one in found)
    click.echo(f"{counted(len(rows), 'check')}: {wrong} wrong, {dark} not known (docs/doctor.md)")
    return code


def _show(rows: list[dict[str, Any]], width: int) -> None:
    for row in rows:
        known = row.get("known", True)
        mark = "✓" if row["ok"] else "?" if not known else "✗" if row["needed"] else "·"
        click.echo(f"{mark} {clean(row['name']):<{width}} {clean(row['found'])}")
        if not row["ok"] and row.get("where"):
            click.echo(f"    where: {clean(row['where'])}")
        if not row["ok"] and row["mend"]:
            click.echo(f"    mend: {clean(row['mend'])}")


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
