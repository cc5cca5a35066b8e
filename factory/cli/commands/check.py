"""`factory check`: the gate."""

from __future__ import annotations

from pathlib import Path

import click

from factory.cli.output import clean, json_option, print_json
from factory.errors import InputError


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@json_option
def command(paths: tuple[Path, ...], as_json: bool) -> int:
    """Check specs: files, or folders that hold a folder `specs`. Default: the current folder.

    Exits 0 without errors, 1 with, 2 where a path or factory.yml cannot be read.
    """
    from factory.config import load_configuration
    from factory.config.factory_file import FILE_NAME
    from factory.spec.gate import check_files
    from factory.spec.library import find_specs

    files: list[Path] = []
    for path in paths or (Path(),):
        if path.is_dir() and (path / "specs").is_dir():
            if (path / FILE_NAME).is_file():
                load_configuration(path)
            files += find_specs(path)
        elif path.is_dir():
            files += sorted(one for one in path.rglob("*.md") if one.name.lower() != "readme.md")
        elif path.is_file():
            files.append(path)
        else:
            raise InputError("there is no such file or folder", path=str(path))
    if not files:
        raise InputError(
            "no spec found", path=str(paths[0] if paths else "."), mend="name a folder of specs"
        )
    findings, count = check_files(files)
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
