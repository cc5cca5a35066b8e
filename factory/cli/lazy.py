"""A group of commands, each in a module of its own that is imported only when it is used."""

from __future__ import annotations

import importlib
import keyword
from collections.abc import Mapping

import click


class LazyGroup(click.Group):
    """The group whose commands live in the modules of `package`, by the names of `listed`.

    A module holds its click command as `command`; a hyphen in a name is an underscore there, and
    a name that Python keeps for itself has one at its end.
    `listed` maps each name to the line shown of it, so that `--help` imports none of them.
    """

    def __init__(self, *, package: str, listed: Mapping[str, str], **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]
        self.package = package
        self.listed = listed

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the listing."""
        return list(self.listed)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in self.listed:
            return None
        name = cmd_name.replace("-", "_") + "_" * keyword.iskeyword(cmd_name)
        module = importlib.import_module(f"{self.package}.{name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `--help`, without importing any command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.listed.items()))
