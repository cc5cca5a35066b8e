"""`factory answer`: answer what somebody said on a spec's issue."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from factory.cli.output import clean, json_option, print_json
from factory.cli.wiring import ledger_of, make_forge
from factory.errors import InputError, UsageError

if TYPE_CHECKING:
    from factory.pipeline.conversation import Heard
    from factory.pipeline.planning import Ledger


@click.command("answer")
@json_option
def command(as_json: bool) -> int:
    """Carry out `/factory retry`, `resume`, `pause` or `status`, said on the issue of a spec.

    Takes the comment from the event of a GitHub job. It is heard if its first line is exactly
    that, on an issue of the factory's, from a person who may write to the specs repository now;
    else nothing happens, and the log says why.
    """
    from factory.pipeline.conversation import carry_out, hear
    from factory.plan import fetched_source
    from factory.ports.scratch import scratch

    repository = os.environ.get("GITHUB_REPOSITORY", "")
    books, forge = ledger_of(None), make_forge()
    talk = forge.conversation(repository) if repository else None
    if books is None or talk is None:
        raise UsageError(
            "there is nobody to answer",
            mend="run this in a GitHub job of the specs repository (docs/conversations.md)",
        )
    heard = hear(_event(), repository, talk)
    if isinstance(heard, str):
        return _tell(as_json, {"heard": None, "why": heard})
    now = datetime.now(UTC)
    with scratch("answer") as folder:
        commit = os.environ.get("GITHUB_SHA", "")
        specs = fetched_source(books.url, commit, folder, books.env).folder
        said, wants_plan = carry_out(heard, books, now=now, lost_after=_lost_after(specs))
        if wants_plan:
            forge.request_plan(repository)
        talk.answer(heard.issue, heard.mark, _answer(heard, said, specs, books, now))
    return _tell(as_json, {"heard": heard.order, "spec": heard.spec_id, "why": said})


def _event() -> Mapping[str, Any]:
    path = Path(os.environ.get("GITHUB_EVENT_PATH", ""))
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(
            "the event of the job cannot be read",
            path=str(path),
            mend="run this in a GitHub job; the runner sets GITHUB_EVENT_PATH",
        ) from error
    return data if isinstance(data, dict) else {}


def _lost_after(specs: Path) -> timedelta:
    """What factory.yml says; the default where it cannot be read, for people are heard then too."""
    from factory.config.factory_file import load_configuration
    from factory.errors import FactoryError
    from factory.plan.standing import LOST_AFTER

    try:
        return load_configuration(specs).lost_after
    except FactoryError:
        return LOST_AFTER


def _answer(heard: Heard, said: str, specs: Path, books: Ledger, now: datetime) -> str:
    """The comment: what was done, and where the spec stands now, as text that nothing acts on."""
    from factory.forge.markdown import escaped

    status = _status(heard.spec_id, specs, books, now)
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", status))])
    head = (
        f"`/factory {heard.order}` of {escaped(heard.login, limit=60)}, {now:%Y-%m-%d %H:%M} UTC."
    )
    return f"{head} {said}\n\n{fence}text\n{status}{fence}\n"


def _status(spec_id: str, specs: Path, books: Ledger, now: datetime) -> str:
    """What `factory status ID` prints, of the default branch and the ledger as they are now."""
    from factory import ledger
    from factory.cli.commands.status import gather, written
    from factory.cli.overview import Source

    source = Source(folder=specs, heads={"own": books.url}, origin=None, fetched_at=None)
    try:
        found = ledger.ask(
            lambda entries: gather(source, entries.lookup, spec_id, now),
            url=books.url,
            env=books.env,
        )
    except UsageError as error:
        return f"{clean(error.message)}\n"
    return written(source, found, now)


def _tell(as_json: bool, told: dict[str, Any]) -> int:
    if as_json:
        print_json(told)
    elif told["heard"]:
        click.echo(clean(f"{told['spec']}: {told['heard']}. {told['why']}"))
    else:
        click.echo(f"nothing is done: {clean(told['why'])}")
    return 0
