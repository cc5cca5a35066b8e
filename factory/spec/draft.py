"""A new spec from the template that wins: what its author must answer stands there as TODO."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from factory import resources
from factory.spec.document import parse_spec
from factory.spec.form import FOLDER, form_in, meaning_of, read_template, team_template
from factory.spec.front_matter import with_values

# What stands in each section of our own forms until its author has answered, and in a team's where
# the template repeats ours. The words say what is asked, so that nothing but the open question is
# found there.
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
-->"""
_SECTION = re.compile(r"^(?=## )", re.MULTILINE)


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
    ours = (resources.folder(FOLDER) / f"{kind}.md").read_text("utf-8")
    template = team_template(root, kind)
    text, path = ours, f"{kind}.md"
    if template is not None:
        document = read_template(template)
        form_in(document)  # One that is no form is refused.
        text, path = document.text, str(template)
    fixed: dict[str, str | int] = {"kind": kind, "status": "draft", "version": 1}
    keys = {**_unanswered(text, ours, path), **values, **fixed}
    asking = _asking(text, ours, kind)
    return Draft(text=with_values(asking, keys, path=path), template=template)


def _unanswered(template: str, ours: str, path: str) -> dict[str, str]:
    """What stands in the front matter where nobody answers: not the names in our example."""
    said, example = (parse_spec(text, path=path).meta for text in (template, ours))
    open_keys = [key for key in ("product", "owner") if said.get(key) in (None, example[key])]
    stakes = {} if said.get("stakes") else {"stakes": "normal"}
    return {**dict.fromkeys(open_keys, "TODO"), **stakes}


def _asking(template: str, ours: str, kind: str) -> str:
    """A template in which all answers that are those of ours are examples, with TODO below them."""
    introduction, examples = _example(ours)
    head, *sections = _SECTION.split(template)
    asked = [
        _asked(one, kind) if _body(one) == examples.get(_name(one)) else one for one in sections
    ]
    return head.replace(introduction, _INTRODUCTION) + "".join(asked).rstrip("\n") + "\n"


def _example(ours: str) -> tuple[str, dict[str, str]]:
    """The introduction of our template, and what it says below each heading."""
    head, *sections = _SECTION.split(ours)
    return head[head.index("<!--") :].rstrip(), {_name(one): _body(one) for one in sections}


def _name(section: str) -> str:
    return meaning_of(section.partition("\n")[0].removeprefix("## ").strip())


def _body(section: str) -> str:
    return section.partition("\n")[2].strip()


def _asked(section: str, kind: str) -> str:
    heading = section.partition("\n")[0]
    guidance, _, example = _body(section).partition("\n-->\n")
    lines = "\n".join(_todo(_name(section), kind))
    return f"{heading}\n\n{guidance.strip()}\n\nExample:\n\n{example.strip()}\n-->\n\n{lines}\n\n"


def _todo(section: str, kind: str) -> tuple[str, ...]:
    if section == "Evaluation":
        return tuple(f"- {one}Given TODO, when TODO, then TODO" for one in _COVERED[kind])
    return _ASKED[section]
