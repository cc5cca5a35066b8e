"""`factory check`: the gate."""

from __future__ import annotations

from pathlib import Path

import click

from factory.cli.output import clean, json_option, print_json


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--cache/--no-cache", "cached", default=True, help="Read unchanged specs from the cache."
)
@json_option
def command(paths: tuple[Path, ...], cached: bool, as_json: bool) -> int:
    """Check specs: files, or folders that hold a folder `specs`. Default: the current folder.

    Exits 0 without errors, 1 with, 2 where a path or factory.yml cannot be read.
    """
    from factory.spec.cache import Cache
    from factory.spec.gate import check_files

    cache = Cache() if cached else None
    findings, count = check_files(paths or (Path(),), cache)
    if cache is not None:
        cache.save()
    if as_json:
        print_json({"findings": [one.to_data() for one in findings], "specs": count})
    else:
        for one in findings:
            colour = "red" if one.severity == "error" else "yellow"
            place = click.style(f"{clean(one.path)}:{one.line}:{one.column}:", bold=True)
            label = click.style(f"{one.severity}[{one.rule}]", fg=colour)
            click.echo(f"{place} {label} {clean(one.message)}")
            click.echo(f"    mend: {clean(one.mend)}")
        errors = sum(one.severity == "error" for one in findings)
        warnings = len(findings) - errors
        click.echo(f"{count} specs checked: {errors} errors, {warnings} warnings")
    return 1 if any(one.severity == "error" for one in findings) else 0
