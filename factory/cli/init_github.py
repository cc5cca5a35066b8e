"""`factory init --github OWNER`: from options to what is wanted, and what is said of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import click

from factory.cli.output import clean, print_json
from factory.errors import AuthenticationError, UsageError
from factory.forge.address import full_name
from factory.forge.settings import Settings, Unread
from factory.setup import links
from factory.setup.begin.run import Done, run
from factory.setup.begin.wanted import Wanted
from factory.setup.names import APP_ID, APP_KEY, MODEL_KEYS

_WORDS = {
    "made": "made     ",
    "would-make": "would make",
    "there": "is there ",
    "differs": "TO MEND  ",
    "refused": "REFUSED  ",
}


def begin(
    owner: str,
    *,
    product: str,
    code_owner: str | None,
    names: dict[str, str | None],
    app_id: str | None,
    push_app_id: str | None,
    public: bool,
    adopt: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Set up a factory for `owner`; returns 0, or 2 where something differs or was refused.

    Args:
        names: what `--specs`, `--scenarios` and `--repository` say.
    """
    from factory.spec.naming import require_code_owner, require_line

    settings = Settings(os.environ)
    product = require_line("product", product)
    defaults = {"specs": "specs", "scenarios": "scenarios", "repository": product}
    full = {
        key: _named(owner, names[key] or default, settings.server, f"--{key}")
        for key, default in defaults.items()
    }
    if len(set(full.values())) < len(full):
        raise UsageError("the three repositories are not three", mend="give each its own name")
    app = _number(app_id or os.environ.get(APP_ID))
    wanted = Wanted(
        owner=owner,
        product=product,
        code_owner=require_code_owner(code_owner or _caller(settings, full["specs"])),
        app_id=app,
        push_app_id=_number(push_app_id),
        public=public,
        adopt=adopt,
        **full,
    )
    told = (lambda done: None) if as_json else _tell
    done = run(settings, wanted, dry_run=dry_run, told=told)
    steps = list(_next(wanted, settings.server))
    left = any(one.outcome in ("differs", "refused") for one in done)
    if as_json:
        print_json(_document(wanted, done, dry_run, steps))
    else:
        _sum_up(done, dry_run, steps)
    return 2 if left else 0


def _named(owner: str, name: str, server: str, option: str) -> str:
    found = full_name(name if "/" in name else f"{owner}/{name}", server)
    if found is None or found.partition("/")[0].lower() != owner.lower():
        raise UsageError(
            f"{name!r} is no repository of {owner}", mend=f"write {option} NAME or {owner}/NAME"
        )
    return found


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise UsageError(
            f"{text!r} is no App id", mend="write the number that the App's page shows as App ID"
        )
    return int(text)


def _caller(settings: Settings, specs: str) -> str:
    """`@login` of whose token it is."""
    body: Any = settings.read(specs, "/user", {"metadata": "read"})
    if isinstance(body, Unread):
        raise AuthenticationError(
            f"GitHub does not say who we are: {body.told}",
            mend="set GITHUB_TOKEN, as with `GITHUB_TOKEN=$(gh auth token)`; an App must be told "
            "who guards the workflows: --owner @user",
        )
    return f"@{body['login']}"


def _tell(done: Done) -> None:
    click.echo(f"{_WORDS[done.outcome]} {clean(done.step.what)}")
    if done.mend:
        click.echo(f"    mend: {clean(done.mend)}")


def _sum_up(done: list[Done], dry_run: bool, steps: list[str]) -> None:
    changed = sum(one.outcome in ("made", "would-make") for one in done)
    left = sum(one.outcome in ("differs", "refused") for one in done)
    verb = "would be made" if dry_run else "made"
    if changed or left:
        click.echo(f"{changed} of {len(done)} {verb}")
    else:
        click.echo(f"nothing to change: all {len(done)} are there")
    if left:
        needs = "1 needs" if left == 1 else f"{left} need"
        click.echo(f"{needs} you: see each mend, then run this again")
    click.echo("next:")
    for step in steps:
        click.echo(f"  - {step}")


def _document(wanted: Wanted, done: list[Done], dry_run: bool, steps: list[str]) -> dict[str, Any]:
    return {
        "owner": wanted.owner,
        "dry_run": dry_run,
        "repositories": {
            "specs": wanted.specs,
            "scenarios": wanted.scenarios,
            "product": wanted.repository,
        },
        "steps": [
            {
                "kind": one.step.kind,
                "repository": one.step.repository,
                "what": one.step.what,
                "outcome": one.outcome,
                "mend": one.mend,
            }
            for one in done
        ],
        "next": steps,
    }


def _next(wanted: Wanted, server: str) -> Iterator[str]:
    """What no API can do, or only a person should."""
    specs = links.for_gh(server, wanted.specs)
    if wanted.app_id is None:
        yield "make a GitHub App (docs/setup.md), then run this again with --app-id ID"
    yield f"install the App on {wanted.repository}, and on no other repository"
    for name in ("factory-push", "factory-verdict"):
        yield f"gh secret set {APP_KEY} --env {name} --repo {specs} < app.private-key.pem"
    yield f"gh secret set {MODEL_KEYS[0]} --env factory-build --repo {specs}"
    if not wanted.public:
        yield (
            "a fine-grained token with `contents: read` on "
            f"{wanted.repository} alone: gh secret set FACTORY_READ_TOKEN --repo {specs}"
        )
    folder = wanted.specs.partition("/")[2]
    yield f"gh repo clone {specs} && factory doctor --github --specs {folder}"
