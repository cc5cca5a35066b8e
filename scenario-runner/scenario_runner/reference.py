"""The page docs/steps.md, written from the step library: `python -m scenario_runner.reference`."""

from __future__ import annotations

import re
from importlib import import_module
from itertools import groupby

from scenario_runner.engine import phrases
from scenario_runner.engine.phrases import LibraryStep

_HEAD = """# Steps

The phrases that `scenario-runner` knows without any code, with an example each. In a shell:
`scenario-runner steps WORD`.

A value in quotes may hold `${name}`: what an earlier step remembered under that name. Letters in
parentheses may be left out. `And` and `But` go on with the keyword before them. A scenario needs at
least one `Then`.

Written by `python -m scenario_runner.reference`; change the library, not this page.
"""


def rendered() -> str:
    """The whole page."""
    parts = [_HEAD]
    for group, steps in groupby(phrases.library(), key=lambda step: step.group):
        parts.append(f"## {_title(group)}\n")
        for family in _families(list(steps)):
            parts.append(_entry(family))
    return "\n".join(parts)


def _title(group: str) -> str:
    doc = import_module(f"scenario_runner.steps.{group}").__doc__ or group
    return doc.split("\n", 1)[0].rstrip(".").replace("`", "")


def _families(steps: list[LibraryStep]) -> list[list[LibraryStep]]:
    """Phrases that say one check of several sources stand together, in the library's order."""
    found: dict[str, list[LibraryStep]] = {}
    for step in steps:
        found.setdefault(step.family, []).append(step)
    return list(found.values())


def _entry(family: list[LibraryStep]) -> str:
    first, *others = family
    also = ""
    if others:
        also = "\n\nAlso:\n\n" + "\n".join(f"- `{_shown(step.phrase)}`" for step in others)
    example = first.example.replace("\n", "\n  ")
    return (
        f"### {first.keyword} {_shown(first.phrase)}\n\n{first.about}\n\n"
        f"```gherkin\n  {example}\n```{also}\n"
    )


def _shown(phrase: str) -> str:
    return re.sub(r"\{(\w+):\w+\}", r"{\1}", phrase)


if __name__ == "__main__":
    print(rendered(), end="")
