"""The message of a candidate's commit: an untrusted title, trailers that cannot be forged."""

from __future__ import annotations

import unicodedata

from factory.errors import RecordError
from factory.moment import moment_of
from factory.records import WorkOrder

TITLE_CHARACTERS = 72
SPEC = "Factory-Spec"
SPEC_VERSION = "Factory-Spec-Version"
RUN = "Factory-Run"
ATTEMPT = "Factory-Attempt"


def commit_message(order: WorkOrder) -> str:
    """Title, a sentence, and the four trailers that tie a commit to its run."""
    return "\n".join(
        [
            clean_title(order.spec.title) or order.spec.id,
            "",
            "Written by an agent of the factory and held for judgement.",
            "",
            *(f"{key}: {value}" for key, value in expected_trailers(order).items()),
            "",
        ]
    )


def expected_trailers(order: WorkOrder) -> dict[str, str]:
    """The trailers of the candidate of `order`."""
    return {
        SPEC: order.spec.id,
        SPEC_VERSION: str(order.spec.version),
        RUN: order.run_id,
        ATTEMPT: str(order.attempt),
    }


def clean_title(title: str) -> str:
    """One visible line of at most 72 characters.

    Control, bidi, zero-width and unassigned characters go. Square brackets become round, since
    GitHub obeys `[skip ci]` in a commit message and runners obey `##[…]` in a log; leading colons
    go, since runners obey `::…` too.
    """
    kept = []
    for character in unicodedata.normalize("NFC", title):
        kind = unicodedata.category(character)
        if kind[0] == "Z" or character in "\t\n\r\v\f":
            kept.append(" ")
        elif kind[0] != "C":
            kept.append({"[": "(", "]": ")"}.get(character, character))
    line = " ".join("".join(kept).split()).lstrip(":# ")
    if len(line) > TITLE_CHARACTERS:
        line = line[: TITLE_CHARACTERS - 1].rstrip() + "…"
    return line


def commit_time(order: WorkOrder) -> int:
    """Seconds since 1970 of the order's creation, so that the same order gives the same commit.

    Raises:
        RecordError: `created_at` is not UTC in the form 2026-11-22T21:10:08Z.
    """
    try:
        moment = moment_of(order.created_at)
    except ValueError as error:
        raise RecordError(
            f"work_order.created_at is not a UTC time: {order.created_at[:40]!r}",
            mend="pass the record that the stage before wrote, unchanged",
        ) from error
    return int(moment.timestamp())
