"""What `status`, `runs` and `logs` share: the ledger of a specs repository as a clone has it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from factory.errors import FactoryError, InputError
from factory.moment import moment_of, moment_text

if TYPE_CHECKING:
    from factory.ledger.facts import RunFacts
    from factory.ledger.index import Index
    from factory.ledger.standing import Front

T = TypeVar("T")
DAY_USD = 100.0
COLOURS = {"pass": "green", "fail": "red", "inconclusive": "yellow"}


@dataclass(frozen=True, kw_only=True)
class Source:
    """Which heads of the ledger a clone has, and how fresh they are.

    `heads` is empty where it has no ledger. `fetched_at` is when origin was last asked; None where
    there is no origin, or it was never asked.
    """

    folder: Path
    heads: dict[str, str]
    origin: str | None
    fetched_at: datetime | None
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "heads": self.heads,
            "origin": self.origin,
            "fetched-at": moment_text(self.fetched_at) if self.fetched_at else None,
        }

    def to_line(self, now: datetime) -> str:
        """For people: where this is from, and how fresh it is."""
        if not self.heads:
            return "no ledger yet"
        if "origin" not in self.heads:
            return "of this repository, as it is now"
        age = f"fetched {ago(self.fetched_at, now)}" if self.fetched_at else "age not known"
        both = "; with this repository's own" if "own" in self.heads else ""
        return f"of origin, {age}{both}"


def source(folder: Path, *, fetch: bool) -> Source:
    """Look at the clone in a folder, after asking origin where `fetch` says so.

    Raises:
        InputError: it is no git repository.
    """
    from factory.ledger import clone
    from factory.ports.git.address import shown_url
    from factory.ports.git.refs import common_folder
    from factory.ports.git.remote import origin

    common_folder(folder)
    address = origin(folder)
    notes = []
    if fetch and address is None:
        notes.append("there is no remote `origin` to fetch from")
    elif fetch and address is not None:
        notes += _fetched(folder, address)
    heads = clone.heads(folder)
    return Source(
        folder=folder,
        heads=heads,
        origin=shown_url(address) if address else None,
        fetched_at=clone.fetched_at(folder) if address else None,
        notes=tuple(notes),
    )


def _fetched(folder: Path, address: str) -> list[str]:
    from factory.cli.wiring import make_forge
    from factory.ledger import clone

    try:
        forge = make_forge()
        clone.fetch(folder, forge.clone_url(address), forge.git_environment(address))
    except FactoryError as error:
        return [f"origin could not be asked, so this is what was fetched before: {error.message}"]
    return []


def asked(found: Source, work: Callable[[Index], T]) -> T:
    """What `work` makes of the index; the ledger must exist."""
    from factory.ledger.index_file import is_kept, using
    from factory.ledger.place import here

    place = here(found.folder)
    if found.heads and sys.stderr.isatty() and not is_kept(place, found.heads):
        click.echo("reading the ledger for the first time …", err=True)
    return using(place, found.heads, work)


def forget(found: Source) -> None:
    """Have the index of these heads made anew."""
    from factory.ledger.index_file import forget as forget_index
    from factory.ledger.place import here

    forget_index(here(found.folder), found.heads)


def require_ledger(found: Source) -> None:
    """Raise InputError where the clone has no ledger, with what to do."""
    if not found.heads:
        from factory.ledger.place import BRANCH
        from factory.ledger.verify import gone

        if lost := gone(found.folder):
            raise InputError(lost.what, mend=lost.mend)
        mend = "`factory run` writes one"
        if found.origin:
            mend = f"pass --fetch, or `git fetch origin {BRANCH}`; a first run writes one"
        raise InputError(f"this clone has no ledger: no branch {BRANCH}", mend=mend)


def warnings(found: Source, index: Index) -> list[str]:
    """What must be said first: that the ledger was altered."""
    if not found.heads:
        from factory.ledger.verify import gone

        lost = gone(found.folder)
        return [f"{lost.what}; {lost.mend}"] if lost else []
    return [
        f"the ledger was altered: {f'{path} ' if path else ''}{what}; see `factory ledger verify`"
        for path, what, _ in index.faults()[:3]
    ]


def caps(folder: Path, index: Index) -> dict[str, Any]:
    """The `budget` of factory.yml; kept by its text, since checking it takes longest of all.

    Raises:
        ConfigurationError: factory.yml is missing or does not fit its schema.
    """

    def make() -> dict[str, Any]:
        from factory.config.factory_file import FILE_NAME as name
        from factory.config.validate import require_valid
        from factory.config.yaml_source import parse_yaml
        from factory.errors import ConfigurationError

        text = data.decode("utf-8-sig", "replace")
        parsed = parse_yaml(text, path=str(folder / name), error=ConfigurationError)
        require_valid(parsed, "factory.schema.json")
        return {"budget": parsed.data.get("budget", {})}

    path = folder / "factory.yml"
    try:
        data = path.read_bytes()
    except OSError:
        return {}
    budget: dict[str, Any] = index.kept(data, make)["budget"]
    return budget


def fronts(folder: Path, index: Index) -> tuple[list[Front], list[str]]:
    """What the front matter of every spec in a folder says, and which cannot be read."""
    from factory.ledger.standing import Front
    from factory.spec.library import find_specs

    found, notes = [], []
    try:
        paths = find_specs(folder)
    except InputError as error:
        return [], [error.message]
    for path in paths:
        try:
            data = index.kept(path.read_bytes(), lambda path=path: _front(path))  # type: ignore[misc]
        except OSError as error:
            notes.append(f"{path} cannot be read: {error.strerror}")
        except FactoryError as error:
            notes.append(f"{error.place or path}: {error.message}")
        else:
            found.append(Front(**{**data, "depends_on": tuple(data["depends_on"])}))
    return found, notes


def _front(path: Path) -> dict[str, Any]:
    from factory.spec.document import read_spec

    document = read_spec(path)
    meta = document.meta
    version = meta.get("version")
    depends = meta.get("depends-on") or ()
    return {
        "id": document.id,
        "version": version if isinstance(version, int) else 0,
        "title": str(meta.get("title", "")),
        "status": str(meta.get("status", "")),
        "kind": str(meta.get("kind", "")),
        "product": str(meta.get("product", "")),
        "depends_on": [str(one) for one in depends] if isinstance(depends, list) else [],
    }


def ago(moment: datetime | str, now: datetime) -> str:
    """How long ago, in the largest unit; `moment` may be as records hold it."""
    if isinstance(moment, str):
        try:
            at = moment_of(moment)
        except ValueError:
            return moment
    else:
        at = moment
    seconds = max((now - at).total_seconds(), 0)
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' * (count > 1)} ago"
    return "just now"


def event_text(run: RunFacts) -> str:
    """The latest event of a run, coloured where it is a verdict's."""
    if run.event == "judged" and run.verdict:
        return click.style(f"judged {run.verdict}", fg=COLOURS.get(run.verdict))
    if run.event == "shipped":
        return click.style("shipped", fg="green")
    return run.event


def print_row(*cells: tuple[str, int]) -> None:
    """Cells with the width each is padded to; colours do not count."""
    padded = (text + " " * (width - len(click.unstyle(text))) for text, width in cells)
    click.echo("  " + "  ".join(padded).rstrip())


specs_option = click.option(
    "--specs",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    default=".",
    help="A clone of the specs repository. Default: here.",
)
fetch_option = click.option("--fetch", is_flag=True, help="Ask origin for its newest ledger first.")
