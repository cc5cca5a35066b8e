"""A new spec from the template that wins: what its author must answer stands there as TODO."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from factory import resources
from factory.spec.document import read_spec
from factory.spec.form import FOLDER, form_in, team_template
from factory.spec.front_matter import with_values

# What stands in each section of our own forms until its author has answered. The words say what is
# asked, so that nothing but the open question is found there.
_ASKED = {
    "What": ("TODO: say what exists once this is built, and what it is good for.",),
    "Who": ("TODO: say who uses it, from where, and what they need for it.",),
    "Inputs": ("- Valid: TODO", "- Invalid: TODO gets TODO"),
    "Outputs": ("- TODO: say what comes out, in its exact form.",),
    "Rules": ("- R1: TODO",),
    "Edge cases": ("- E1: TODO",),
    "Constraints": ("- C1: TODO: give a number with its unit, or say what never happens.",),
    "Components": ("- TODO: name a part, its task, and what it does not know.",),
    "Seams": ("- TODO: say which part calls which, and with what.",),
    "Data flow": ("1. TODO: say where data comes in, and what happens to it first.",),
    "Never": ("- TODO: say what never happens, whatever a feature asks for.",),
    "Targets": ("- TODO: give a number with its unit, or say what never happens.",),
    "Applies to": ("- TODO: say what it binds, in words.",),
}
_COVERED = {"feature": ("R1: ", "E1: ", "C1: "), "architecture": ("",), "constraint": ("C1: ",)}
_INTRODUCTION = """\
<!--
Write your answer in place of each TODO; `factory check` lists those that are left.
Where it finds what is none, a comment `gate: allow RULE: the reason` on that line silences it.
Comments are for authors; no agent reads them. Delete them when you are done.
-->
"""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The text of a new spec; `template` is the team's file it comes from, None for our own."""

    text: str
    template: Path | None


def draft(root: Path, kind: str, values: Mapping[str, str]) -> Draft:
    """A draft in the form of that kind.

    Args:
        root: the specs repository; its own template wins.
        kind: one of the three kinds.
        values: of the front matter: id, title, and product and owner where known.

    Raises:
        InputError: the team's template cannot be used.
    """
    fixed: dict[str, str | int] = {"kind": kind, "status": "draft", "version": 1}
    template = team_template(root, kind)
    if template is not None:
        document = read_spec(template)
        form_in(document, template)  # One that is no form is refused.
        text = with_values(document.text, {**values, **fixed}, path=str(template))
        return Draft(text=text, template=template)
    ours = resources.folder(FOLDER) / f"{kind}.md"
    text = _asking(ours.read_text("utf-8"), kind)
    unknown = {"product": "TODO", "owner": "TODO"}
    return Draft(text=with_values(text, {**unknown, **values, **fixed}, path=ours.name),
                 template=None)  # fmt: skip


def _asking(template: str, kind: str) -> str:
    """Our template with its answers taken for examples, and TODO in their place."""
    head, *sections = re.split(r"^(?=## )", template, flags=re.MULTILINE)
    front = head[: head.index("<!--")]
    return front + _INTRODUCTION + "\n" + "\n".join(_asked(one, kind) for one in sections)


def _asked(section: str, kind: str) -> str:
    heading, _, rest = section.partition("\n")
    guidance, _, example = rest.partition("\n-->\n")
    name = heading.removeprefix("## ")
    lines = "\n".join(_todo(name, kind))
    return f"{heading}\n\n{guidance.strip()}\n\nExample:\n\n{example.strip()}\n-->\n\n{lines}\n"


def _todo(section: str, kind: str) -> tuple[str, ...]:
    if section == "Evaluation":
        return tuple(f"- {one}Given TODO, when TODO, then TODO" for one in _COVERED[kind])
    return _ASKED[section]
