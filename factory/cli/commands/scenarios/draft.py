"""`factory scenarios draft`: from a spec to scenarios that are nearly there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from factory.cli.new_file import require_free, write_new
from factory.cli.output import FILE, FOLDER, clean, json_option, on_github, print_json
from factory.counted import counted
from factory.errors import InputError, UsageError

if TYPE_CHECKING:
    from factory.scenarios.drafting import Draft
    from factory.spec.document import SpecDocument


@click.command("draft")
@click.argument("spec", type=FILE)
@click.option("--out", type=FOLDER, help="The folder of the scenario repository; the draft is "
              "scenarios/<spec-id>/draft.feature in it. Default: print the draft.")  # fmt: skip
@click.option("--model", metavar="NAME", help="Let a model write the scenarios. Needs "
              "ANTHROPIC_API_KEY. Default: what the spec's own words give.")  # fmt: skip
@click.option("--usd", type=float, default=0.50, show_default=True, help="What --model may spend.")
@json_option
def command(spec: Path, out: Path | None, model: str | None, usd: float, as_json: bool) -> int:
    """Write a draft of the scenarios for SPEC, a spec file, over steps of the library.

    What could not be expressed is marked, and a scenario with such a mark is refused by the
    runner until it is written: a draft never passes. No file is ever overwritten.
    """
    from factory.scenarios.drafting import draft_offline
    from factory.spec.document import read_spec

    if on_github() and out is None:
        raise UsageError("a draft is not printed in a GitHub job: its log may be public",
                         mend="name the scenario repository with --out")  # fmt: skip
    document = read_spec(spec)
    path = _path(out, document) if out else None
    program = _program(spec, document)
    if model is None:
        draft = draft_offline(document, program)
    else:
        draft = _asked(document, model, usd, program)
    if path is not None:
        write_new(path, draft.text, _exists)
    if as_json:
        print_json(
            {
                "spec": draft.spec,
                "path": str(path) if path else None,
                "scenarios": draft.scenarios,
                "steps": draft.steps,
                "unwritten": draft.unwritten,
                **({} if path else {"text": draft.text}),
            }
        )
        return 0
    if path is None:
        click.echo(draft.text, nl=False)
    click.echo(
        f"{clean(draft.spec)}: {counted(draft.scenarios, 'scenario')}; "
        f"{draft.unwritten} of {counted(draft.steps, 'step')} "
        "still to be written",
        err=True,
    )
    return 0


def _path(out: Path, document: SpecDocument) -> Path:
    import re

    if not re.fullmatch(r"[a-z][a-z0-9-]{1,62}", document.id):
        line, column = document.front.place(("id",))
        raise InputError(
            f"the id {document.id!r} names no folder", path=document.path, line=line,
            column=column, mend="mend the spec; factory check says how",
        )  # fmt: skip
    path = out / "scenarios" / document.id / "draft.feature"
    require_free(path, _exists)
    return path


def _exists(path: Path) -> InputError:
    return InputError(
        "exists, and a draft overwrites nothing", path=str(path), mend="move it away first"
    )


def _program(spec: Path, document: SpecDocument) -> str:
    """What the subject is called on a command line, where factory.yml says so."""
    from factory.config.factory_file import load_configuration
    from factory.scenarios.subject import program_of, subject_of
    from factory.spec.library import repository_of
    from factory.spec.surroundings import is_configured

    root = repository_of(spec)
    if root is None or not is_configured(root):
        return ""
    return program_of(subject_of(document, load_configuration(root)))


def _asked(document: SpecDocument, model: str, usd: float, program: str) -> Draft:
    from factory.cli.asking import account, check_limit
    from factory.cli.progress import Progress
    from factory.scenarios.drafting.asking import draft_by_model

    check_limit("--usd", usd)
    with Progress(f"asking {clean(model)} for scenarios"):
        asked = draft_by_model(document, model=model, limit_usd=usd, program=program, **account())
    for note in asked.notes:
        click.echo(f"note: {clean(note)}", err=True)
    click.echo(f"asked {clean(model)}: {asked.usd:.4f} USD", err=True)
    return asked.draft
