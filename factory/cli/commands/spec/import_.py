"""`factory spec import`: foreign documents made into drafts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from factory.cli.new_file import require_free, write_new
from factory.cli.output import clean, json_option, on_github, print_json
from factory.counted import counted
from factory.errors import InputError, UsageError

if TYPE_CHECKING:
    from factory.spec.importing import Imported

FORMATS = ("spec-kit", "openspec", "plain")


@click.command("import")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="The file to write, or a folder: "
              "then each draft is <id>.md in it. Default: print the draft.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(FORMATS), help="What the sources are in. "
              "Default: found out for each.")  # fmt: skip
@click.option("--id", "spec_id", help="The spec's id. Default: from what the source is called.")
@click.option("--product", help="The product: a key of factory.yml. Default: the only "
              "one there, where --out lies in a specs repository.")  # fmt: skip
@click.option("--owner", help='Who answers questions about it, for instance "@acme/product". '
              "Default: whom all other specs there name.")  # fmt: skip
@json_option
def command(
    sources: tuple[Path, ...],
    out: Path | None,
    form: str | None,
    spec_id: str | None,
    product: str | None,
    owner: str | None,
    as_json: bool,
) -> int:
    """Make drafts of specs from SOURCES: files or folders of spec-kit, OpenSpec or any Markdown.

    Nothing is invented: what a source does not say is an open question in the draft, and
    `factory check` shows each on its line. No file is ever overwritten.
    """
    from factory.spec.importing import Answers, import_documents

    answers = Answers(id=spec_id, product=product, owner=owner)
    if out is not None:
        answers = answers.with_known(_file_for("draft", out))
    drafts, passed_over = import_documents(sources, format=form, answers=answers)  # type: ignore[arg-type]
    if len(drafts) > 1 and spec_id:
        raise UsageError(
            f"--id names one spec, and there are {len(drafts)}", mend="leave --id out, or name one"
        )
    if len(drafts) > 1 and out is None and not as_json:
        raise UsageError(
            f"there are {len(drafts)} drafts to print", mend="name a folder with --out"
        )
    paths = _write(drafts, out) if out else [None] * len(drafts)
    if as_json:
        print_json(
            {
                "specs": [_row(one, path) for one, path in zip(drafts, paths, strict=True)],
                "passed_over": [str(one) for one in passed_over],
            }
        )
        return 0
    if out is None:
        _print_document(drafts[0].text)
    for one, path in zip(drafts, paths, strict=True):
        _tell(one, path)
    if passed_over:
        click.echo(f"not read: {clean(', '.join(map(str, passed_over)))}", err=True)
    return 0


def _write(drafts: Sequence[Imported], out: Path) -> list[Path]:
    """Write each draft to a file of its own; nothing is written where one of them exists."""
    if len(drafts) > 1 and not _is_folder(out):
        raise UsageError(f"there are {len(drafts)} drafts", mend="name a folder with --out")
    paths = [_file_for(one.id, out) for one in drafts]
    for path in paths:
        require_free(path, _exists)
    for path, draft in zip(paths, drafts, strict=True):
        write_new(path, draft.text, _exists)
    return paths


def _file_for(spec_id: str, out: Path) -> Path:
    return out / f"{spec_id}.md" if _is_folder(out) else out


def _is_folder(out: Path) -> bool:
    return out.is_dir() or out.suffix == ""


def _exists(path: Path) -> InputError:
    return InputError(
        "exists, and an import overwrites nothing",
        path=str(path),
        mend="name another file with --out, or move this one away",
    )


def _print_document(text: str) -> None:
    """The draft as it is; a GitHub runner takes nothing in it for a command."""
    if on_github():
        from factory.ports.workflow import stop_commands

        with stop_commands(click.echo):
            click.echo(text, nl=False)
    else:
        click.echo(text, nl=False)


def _tell(draft: Imported, path: Path | None) -> None:
    """One draft in a few lines, on stderr: stdout may be the draft itself."""
    name = clean(str(path)) if path else draft.id
    click.echo(
        f"{name}: {counted(draft.requirements, 'requirement')}, "
        f"{counted(draft.open_questions, 'open question')} (from {draft.format})",
        err=True,
    )
    if draft.kept:
        click.echo(f"  kept as notes: {clean(', '.join(draft.kept))}", err=True)
    for file, left in draft.left_out:
        click.echo(f"  left out: {left.what} ({clean(str(file))}:{left.line})", err=True)
    if path:
        click.echo(f"  next: factory check {clean(str(path))}", err=True)


def _row(draft: Imported, path: Path | None) -> dict[str, Any]:
    return {
        "id": draft.id,
        "path": str(path) if path else None,
        "source": str(draft.path),
        "format": draft.format,
        "requirements": draft.requirements,
        "open_questions": draft.open_questions,
        "kept": list(draft.kept),
        "left_out": [
            {"path": str(file), "line": left.line, "what": left.what}
            for file, left in draft.left_out
        ],
        **({} if path else {"text": draft.text}),
    }
