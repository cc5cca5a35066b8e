"""What a step in the browser takes for granted: pages, names of what is on them, texts shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from factory.scenarios.outline import Step
from factory.scenarios.text import REFERENCE
from factory.scenarios.use import Use

WITHIN = "within {seconds:number} second(s) "
_NAMES = ("name", "area_name", "target_name")
_SHOWN = re.compile(
    r"the page (?:title|shows)|(?:an alert|a status) says|a dialog asked"
    r"|the \{role:role\} \{name:string\}.* (?:says|has the value) "
)
_LISTED = re.compile(r"the (?:table|\{role:role\} \{name:string\}.*) (?:shows|offers) the ")


def page_uses(step: Step) -> Iterator[Use]:
    """What a step about a page uses; nothing of another step."""
    phrase = (step.phrase or "").removeprefix(WITHIN)
    values = step.values
    if phrase == "I open the page {path:string}" or phrase.endswith(" leads to {path:string}"):
        yield from _page(values["path"])
    if phrase == "the page address is {text:string}":
        yield from _page(values["text"])
    if "{role:role} {name:string}" in phrase:
        yield from (Use("name", values[one], values[one]) for one in _NAMES if one in values)
    if phrase == "I fill these fields:":
        yield from (Use("name", row[0], row[0]) for row in step.table or () if row)
    if _SHOWN.match(phrase):
        if "pattern" in values:
            yield Use("pattern", values["pattern"], values["pattern"])
        else:
            yield Use("message", values["text"], values["text"])
    if _LISTED.match(phrase):
        # The head of a table of rows is what its columns are called; a list has no head.
        rows = step.table or ()
        heads = 1 if " the rows" in phrase else 0
        yield from (Use("name", cell, cell) for row in rows[:heads] for cell in row)
        yield from (Use("text", cell, cell) for row in rows[heads:] for cell in row)


def values_given(steps: tuple[Step, ...]) -> str:
    """What the steps type, choose or send, in lower case: it may be what something is called."""
    given = []
    for step in steps:
        if step.asserts:
            continue
        kept = [value for name, value in step.values.items() if name not in _NAMES]
        first = 1 if step.phrase == "I fill these fields:" else 0
        cells = [cell for row in step.table or () for cell in row[first:]]
        given += [*kept, step.docstring or "", *cells]
    return "\n".join(given).casefold()


def _page(path: str) -> Iterator[Use]:
    if path.startswith("/") and not REFERENCE.match(path):
        yield Use("route", f"GET {path}", path)
