"""Entries and chains of them, made for tests."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import msgspec

from factory.ledger import events
from factory.ledger.chain import COUNT, LAST, Change, Step
from factory.records import LedgerEntry

ENTRY = LedgerEntry(
    at="2026-11-22T21:10:08Z",
    event="built",
    run_id="20261122t211008-0123abcd",
    attempt=1,
    spec_id="link-expiry",
    spec_version=1,
    spec_digest="sha256:" + "1" * 64,
    product="shortener",
    usd=0.25,
)


def entry(**changes: object) -> LedgerEntry:
    return msgspec.structs.replace(ENTRY, **changes)


def run(number: int, **changes: object) -> LedgerEntry:
    """An entry of the run with this number."""
    return entry(run_id=f"20261122t211008-{number:08x}", **changes)


def unlinked(entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    return [msgspec.structs.replace(one, previous=None) for one in entries]


def git(*words: str, at: Path, stdin: bytes = b"") -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.invalid")
    done = subprocess.run(
        ["git", "-C", str(at), *who, *words], check=True, capture_output=True, input=stdin
    )
    return done.stdout.decode().strip()


def bare_repository(folder: Path) -> Path:
    subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
    return folder


def steps(groups: Sequence[Sequence[LedgerEntry]]) -> list[Step]:
    """The commits that append these groups of entries, linked as the factory links them."""
    last, count, found = None, 0, []
    for number, group in enumerate(groups):
        changes = []
        for one in group:
            data = events.file_of(msgspec.structs.replace(one, previous=last))
            last = events.digest(data)
            count += 1
            changes.append(added(events.path(one), data))
        message = f"some\n\n{COUNT}: {count}\n{LAST}: {last}\n"
        found.append(
            Step(commit=f"{number:040x}", parents=1, message=message, changes=tuple(changes))
        )
    return found


def added(path: str, data: bytes | None, mode: str = "100644") -> Change:
    return Change(path=path, old=None, new=mode, data=data)


def old_form(one: LedgerEntry) -> tuple[str, bytes]:
    """Path and content of an entry as the first ledgers had it, before there was a chain."""
    at = events.moment(one)
    name = f"events/{at:%Y}/{at:%m}/{at:%Y%m%dt%H%M%S}-{events.key(one)}.json"
    return name, events.file_of(msgspec.structs.replace(one, previous=None))


def commit_files(repository: Path, files: dict[str, bytes | None], message: str = "by hand") -> str:
    """Put a commit on top of the ledger that writes these files, None to remove; its id."""
    heads = git(
        "for-each-ref", "--format=%(objectname)", "refs/heads/factory/ledger", at=repository
    )
    text = message.encode()
    parts = [
        b"commit refs/heads/factory/ledger\ncommitter a <a@b.invalid> 1800000000 +0000\n",
        b"data %d\n%s\n" % (len(text), text),
        *([f"from {heads}\n".encode()] if heads else []),
    ]
    for path, data in files.items():
        quoted = '"' + "".join(
            chr(byte) if 32 < byte < 127 and byte not in b'"\\' else f"\\{byte:03o}"
            for byte in path.encode()
        ) + '"'  # fmt: skip
        if data is None:
            parts.append(f"D {quoted}\n".encode())
        else:
            parts.append(f"M 100644 inline {quoted}\ndata {len(data)}\n".encode() + data + b"\n")
    git("fast-import", "--quiet", "--force", at=repository, stdin=b"".join(parts))
    return git("rev-parse", "factory/ledger", at=repository)
