"""One thing that a step takes for granted of its subject."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal[
    "route", "field", "status", "exit code", "command", "option", "header", "message", "text",
    "pattern", "name",
]  # fmt: skip


class Use(NamedTuple):
    """`value` is what is used, `words` how it is written in the step.

    A `name` is what something on a page is called: a person, and a builder, has to know it before
    anything is given, so that what the scenario writes elsewhere does not state it.
    """

    kind: Kind
    value: str
    words: str
