"""`factory spec`: what was, is and came of a spec."""

from __future__ import annotations

import click

from factory.cli.lazy import LazyGroup

COMMANDS: dict[str, str] = {
    "diff": "Show what changed between two versions: requirements, not lines.",
    "history": "Show the versions, which runs judged each, and what shipped.",
    "import": "Make drafts of foreign documents: spec-kit, OpenSpec, any Markdown.",
}


@click.group("spec", cls=LazyGroup, package=__name__, listed=COMMANDS)
def command() -> None:
    """Compare versions of specs, see what became of them, and import documents."""
