"""`factory check`: the gate."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factory.cli.findings import FORMATS, show
from factory.cli.output import json_option
from factory.errors import UsageError

if TYPE_CHECKING:
    from factory.spec.asking import Asked


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--base", metavar="REVISION", help="The branch to compare versions with. Default: "
              "what a workflow's pull request merges to, else the first there is of origin/HEAD, "
              "origin/main, main …")  # fmt: skip
@click.option("--format", "form", type=click.Choice(FORMATS), help="How findings are printed; "
              "`json` is what --json prints. Default: text.")  # fmt: skip
@click.option("--ask", metavar="MODEL", help="Let two readings by MODEL answer the specs' "
              "questions, and warn where they differ. Needs ANTHROPIC_API_KEY.")  # fmt: skip
@click.option("--ask-usd", type=float, default=0.50, show_default=True, metavar="USD",
              help="What --ask may spend at most.")  # fmt: skip
@click.option("--cache/--no-cache", "cached", default=True,
              help="Read unchanged specs from the cache.")  # fmt: skip
@json_option
def command(
    paths: tuple[Path, ...], base: str | None, form: str | None, ask: str | None, ask_usd: float,
    cached: bool, as_json: bool,
) -> int:  # fmt: skip
    """Check specs: files, or folders that hold a folder `specs`. Default: the current folder.

    A file of context/, agents/ or spec-templates/, or factory.yml, is checked by itself.

    Exits 0 without errors, 1 with, 2 where a path or factory.yml cannot be read.
    """
    from factory.spec.gate import check_paths

    if as_json and form not in (None, "json"):
        raise UsageError(f"--json and --format {form} do not go together", mend="leave one out")
    wanted = paths or (Path(),)
    cache = None
    if cached:
        from factory.spec.cache import Cache

        cache = Cache()
    notes: list[str] = []
    findings, count, others = check_paths(wanted, cache, base, env=os.environ, note=notes.append)
    if cache is not None:
        cache.save()
    asked = _ask(wanted, ask, ask_usd) if ask is not None else None
    if asked is not None:
        from factory.spec.finding import by_place

        findings = sorted([*findings, *asked.findings], key=by_place)
    form = "json" if as_json else form or "text"
    asked_data = asked.to_data() if asked else None
    show(form, findings, count, notes=notes, asked=asked_data, others=others)
    return 1 if any(one.severity == "error" for one in findings) else 0


def _ask(paths: tuple[Path, ...], model: str, limit_usd: float) -> Asked:
    from factory.cli.asking import ask_model
    from factory.config.factory_file import load_configuration
    from factory.spec.asked import batches
    from factory.spec.surroundings import is_configured

    found = batches(paths)
    files = [Path(name) for batch in found for name in batch.named]
    roots = [batch.root for batch in found if batch.root and is_configured(batch.root)]
    return ask_model(files, model, limit_usd, [load_configuration(root) for root in roots])
