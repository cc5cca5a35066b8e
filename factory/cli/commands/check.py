"""`factory check`: the gate."""

from __future__ import annotations

from pathlib import Path

import click

from factory.cli.findings import FORMATS, show
from factory.cli.output import json_option
from factory.errors import InputError, UsageError


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), help="How findings are printed; "
              "`json` is what --json prints. Default: text.")  # fmt: skip
@click.option("--ask", metavar="MODEL", help="Let two readings by MODEL answer the specs' "
              "questions, and warn where they differ. Needs ANTHROPIC_API_KEY.")  # fmt: skip
@click.option("--ask-usd", type=float, default=0.50, show_default=True, metavar="USD",
              help="What --ask may spend at most.")  # fmt: skip
@json_option
def command(
    paths: tuple[Path, ...], form: str | None, ask: str | None, ask_usd: float, as_json: bool
) -> int:
    """Check specs: files, or folders that hold a folder `specs`. Default: the current folder.

    Exits 0 without errors, 1 with, 2 where a path or factory.yml cannot be read.
    """
    from factory.config import load_configuration
    from factory.config.factory_file import FILE_NAME
    from factory.spec.gate import check_files
    from factory.spec.library import find_specs

    if as_json and form not in (None, "json"):
        raise UsageError(f"--json and --format {form} do not go together", mend="leave one out")
    form = "json" if as_json else form
    files: list[Path] = []
    configurations = []
    for path in paths or (Path(),):
        if path.is_dir() and (path / "specs").is_dir():
            if (path / FILE_NAME).is_file():
                configurations.append(load_configuration(path))
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
    asked = None
    if ask is not None:
        from factory.cli.asking import ask_model, merged

        asked = ask_model(files, ask, ask_usd, configurations)
        findings = merged(findings, asked.findings)
    show(form or "text", findings, count, asked=asked.to_data() if asked else None)
    return 1 if any(one.severity == "error" for one in findings) else 0
