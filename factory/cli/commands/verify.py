"""`factory verify`: whether a commit was judged, by whoever holds the key, and passed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    "--key", "keys", type=FILE, multiple=True,
    help="The public key, in PEM, of who judges. Repeat it while keys change.",
)  # fmt: skip
@click.option(
    "--bundle", type=FILE,
    help="Attestations of GitHub's on COMMIT, in place of checks: one Sigstore bundle, or one a "
    "line. Needs the extra `attestations`.",
)  # fmt: skip
@click.option(
    "--signer", metavar="WORKFLOW",
    help="With --bundle, in place of --key: OWNER/dark-factory/.github/workflows/attest.yml@REF, "
    "REF in full.",
)  # fmt: skip
@click.option("--source", help="With --bundle: owner/name of the repository whose run it was.")
@click.option("--source-ref", default="refs/heads/main", show_default=True,
              help="With --bundle: on which ref it was.")  # fmt: skip
@click.option("--trusted-root", type=FILE, help="With --bundle: Sigstore's trusted root, if it is "
              "not to be fetched.")  # fmt: skip
@json_option
def command(
    commit: str,
    repository: str | None,
    file: Path | None,
    keys: tuple[Path, ...],
    bundle: Path | None,
    signer: str | None,
    source: str | None,
    source_ref: str,
    trusted_root: Path | None,
    as_json: bool,
) -> int:
    """Say what was judged of COMMIT, a full commit id; a deployment goes on after 0 alone.

    Nothing is believed that is not signed: who could write checks, or gave you the file, does
    not matter. Exits 0 for pass, 1 for fail, 5 where no signed verdict says either.
    """
    from factory import verdict

    if sum(one is not None for one in (repository, file, bundle)) != 1:
        raise UsageError(
            "where is the statement?", mend="pass one of --repository, --statement and --bundle"
        )
    if len(commit) not in (40, 64) or not set(commit) <= set("0123456789abcdef"):
        raise UsageError(f"{commit!r} is not a full commit id", mend="see `git rev-parse`")
    if bundle:
        opened = verdict.attested_by(_signer(keys, signer, source, source_ref), trusted_root)
        texts = verdict.bundles_in(bundle.read_text("utf-8", "replace"))
        mend = "check --signer, --source and --source-ref: they are as the certificate has them"
    else:
        opened = _signed_with(keys, signer or source or trusted_root)
        texts = _from_file(file) if file else _from_checks(repository or "", commit)
        mend = "check the key, and that FACTORY_SIGNING_KEY is set where verdicts are published"
    found, refused = _read(texts, commit, opened)
    if not found:
        why = "; ".join(dict.fromkeys(refused)) or "there is no statement"
        raise Inconclusive(f"no signed verdict on {commit}: {why}", mend=mend)
    # One commit may have been judged again. What failed once stays failed until a person looks.
    word, statement = min(found, key=lambda one: ("fail", "pass", "inconclusive").index(one[0]))
    if as_json:
        print_json({"commit": commit, "verdict": word, "statement": statement})
    else:
        _tell(commit, word, statement)
    return VERDICT_EXIT[word]


def _signer(keys: Sequence[Path], signer: str | None, source: str | None, source_ref: str) -> Any:
    from factory.verdict import Signer

    if keys:
        raise UsageError(
            "a bundle is signed by no key of yours", mend="pass --signer and --source, not --key"
        )
    if not signer or not source or "/.github/workflows/" not in signer or "@" not in signer:
        raise UsageError(
            "whose signature counts is not said",
            mend="pass --signer OWNER/dark-factory/.github/workflows/attest.yml@refs/tags/v1 "
            "and --source OWNER/NAME",
        )
    return Signer(workflow=signer, source=source, source_ref=source_ref)


def _signed_with(keys: Sequence[Path], other: object) -> Callable[[str], Any]:
    from factory import verdict

    if other or not keys:
        raise UsageError(
            "--signer, --source and --trusted-root are for --bundle" if other
            else "whose signature counts is not said",
            mend="pass --key FILE",
        )  # fmt: skip
    texts = [one.read_text("utf-8", "replace") for one in keys]
    return lambda text: verdict.opened(text, texts)


def _read(
    texts: Sequence[str], commit: str, opened: Callable[[str], Any]
) -> tuple[list[tuple[VerdictWord, Any]], list[str]]:
    """The verdicts of good statements, and why others are not."""
    from factory import verdict

    found, refused = [], []
    for text in texts:
        try:
            statement = opened(text)
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


def _tell(commit: str, word: VerdictWord, statement: Any) -> None:
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
