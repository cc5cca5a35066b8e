"""`factory verify`: whether a commit was judged, by whoever holds the key, and passed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from factory.cli.output import FILE, VERDICT_EXIT, clean, json_option, print_json
from factory.cli.wiring import make_forge
from factory.errors import Inconclusive, RecordError, UsageError
from factory.records.verdict import VerdictWord


@click.command("verify")
@click.argument("commit")
@click.option("--repository", help="owner/name: reads the checks `factory / verdict` of COMMIT.")
@click.option("--statement", "file", type=FILE, help="A signed statement, in place of checks.")
@click.option(
    "--key", "keys", type=FILE, multiple=True, required=True,
    help="The public key, in PEM, of who judges. Repeat it while keys change.",
)  # fmt: skip
@json_option
def command(
    commit: str, repository: str | None, file: Path | None, keys: tuple[Path, ...], as_json: bool
) -> int:
    """Say what was judged of COMMIT, a full commit id; a deployment goes on after 0 alone.

    Nothing is believed that is not signed: who could write checks, or gave you the file, does
    not matter. Exits 0 for pass, 1 for fail, 5 where no signed verdict says either.
    """
    if (repository is None) == (file is None):
        raise UsageError("where is the statement?", mend="pass --repository or --statement")
    if len(commit) not in (40, 64) or not set(commit) <= set("0123456789abcdef"):
        raise UsageError(f"{commit!r} is not a full commit id", mend="see `git rev-parse`")
    texts = _from_file(file) if file else _from_checks(repository or "", commit)
    found, refused = _read(texts, commit, [one.read_text("utf-8", "replace") for one in keys])
    if not found:
        why = "; ".join(dict.fromkeys(refused)) or "there is no statement"
        raise Inconclusive(
            f"no signed verdict on {commit}: {why}",
            mend="check the key, and that FACTORY_SIGNING_KEY is set where verdicts are published",
        )
    # One commit may have been judged again. What failed once stays failed until a person looks.
    word, statement = min(found, key=lambda one: ("fail", "pass", "inconclusive").index(one[0]))
    if as_json:
        print_json({"commit": commit, "verdict": word, "statement": statement})
    else:
        from factory.verdict.statement import EXTENSION

        told = statement["predicate"][EXTENSION]
        click.echo(f"{commit[:12]}: {word}")
        several = told.get("specs", [])
        specs = several or [told]
        for one in specs:
            said = f": {one['verdict']}" if several else ""
            click.echo(clean(f"  spec {one['spec']['id']} version {one['spec']['version']}{said}"))
        click.echo(clean(f"  run {told['run']}, attempt {told['attempt']}"))
        for one in specs:
            click.echo(clean(f"  scenarios {one['suite'] or 'none'}"))
    return VERDICT_EXIT[word]


def _read(
    texts: list[str], commit: str, keys: list[str]
) -> tuple[list[tuple[VerdictWord, Any]], list[str]]:
    """The verdicts of good statements, and why others are not."""
    from factory import verdict

    found, refused = [], []
    for text in texts:
        try:
            statement = verdict.opened(text, keys)
            found.append((verdict.told(statement, commit), statement))
        except RecordError as error:
            refused.append(error.message)
    return found, refused


def _from_file(path: Path) -> list[str]:
    from factory import verdict

    text = path.read_text("utf-8", "replace")
    return [verdict.envelope_in(text) or text]


def _from_checks(repository: str, commit: str) -> list[str]:
    from factory import verdict
    from factory.pipeline.check import CHECK

    found = [
        verdict.envelope_in(text) for text in make_forge().check_texts(repository, commit, CHECK)
    ]
    return [one for one in found if one]
