"""`factory spec diff`: what changed between two versions of a spec."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from factory.cli.output import FOLDER, json_option, print_json
from factory.cli.sheet import Block, Piece, print_blocks, signed

if TYPE_CHECKING:
    from factory.spec.versions.compare import RequirementChange, SpecDiff
    from factory.spec.versions.sides import Side

SIGNS = {"added": "+", "removed": "-", "reworded": "~", "renumbered": ">"}


@click.command("diff")
@click.argument("spec_id")
@click.argument("versions", required=False)
@click.option("--specs", type=FOLDER, default=".", help="The specs repository. Default: here.")
@json_option
def command(spec_id: str, versions: str | None, specs: Path, as_json: bool) -> int:
    """Show what changed in SPEC_ID: requirements, answers, front matter; not lines.

    VERSIONS is v1..v2, or v3.. for version 3 and the text in the folder. Without it, the version
    before the current text and that. Words that went stand in [- -], words that came in {+ +}.
    """
    from factory.spec.versions.compare import compare
    from factory.spec.versions.history import read_history
    from factory.spec.versions.sides import sides

    old, new = sides(read_history(specs, spec_id), versions)
    diff = compare(old.document, new.document)
    if as_json:
        print_json(_data(spec_id, old, new, diff))
    else:
        print_blocks(_blocks(spec_id, old, new, diff))
    return 0


def _data(spec_id: str, old: Side, new: Side, diff: SpecDiff) -> dict[str, Any]:
    return {
        "id": spec_id,
        "old": _side_data(old),
        "new": _side_data(new),
        "front-matter": [asdict(one) for one in diff.front],
        "requirements": [
            {**asdict(one), "words": _words_data(one.old, one.new)} for one in diff.requirements
        ],
        "sections": [{**asdict(one), "words": _words_data(one.old, one.new)} for one in diff.lines],
        "evaluation": {"covered": list(diff.covered), "uncovered": list(diff.uncovered)},
        "unseen": diff.unseen,
    }


def _side_data(side: Side) -> dict[str, Any]:
    made_by = side.made_by
    return {
        "version": side.version,
        "status": side.document.meta.get("status"),
        "digest": side.document.digest,
        "commit": made_by.commit if made_by else None,
        "path": made_by.path if made_by else side.document.path,
    }


def _words_data(old: str | None, new: str | None) -> list[list[str]]:
    from factory.spec.versions.words import marked

    return [[one.kind, one.text] for one in marked(old or "", new or "")]


def _blocks(spec_id: str, old: Side, new: Side, diff: SpecDiff) -> list[Block]:
    head = Block(heading=((f"{spec_id}: version {old.version} → {new.version}", "heading"),))
    for side in (old, new):
        head.row("", str(side.version), *_made_by(side))
    blocks = [head]
    if diff.front:
        block = Block(heading=(("Front matter", "heading"),))
        for one in diff.front:
            old_value, new_value = _value(one.old), _value(one.new)
            block.row("~", one.key, signed("removed", old_value), signed("added", new_value))
        blocks.append(block)
    if diff.requirements:
        block = Block(heading=(("Requirements", "heading"),))
        for requirement in diff.requirements:
            block.row(
                SIGNS[requirement.change],
                requirement.id or requirement.was or "",
                *_requirement(requirement),
            )
        blocks.append(block)
    for name in dict.fromkeys(one.section for one in diff.lines):
        block = Block(heading=((name or "Above the first section", "heading"),))
        for line in diff.lines:
            if line.section == name:
                sign = "+" if line.old is None else "-" if line.new is None else "~"
                block.row(sign, "", *_pieces(line.old, line.new))
        blocks.append(block)
    if diff.covered or diff.uncovered:
        block = Block(heading=(("Coverage by Evaluation", "heading"),))
        for sign, names in (("+", diff.covered), ("-", diff.uncovered)):
            if names:
                block.row(sign, "", (", ".join(names), ""))
        blocks.append(block)
    if diff.is_empty:
        text = "only comments or white space differ" if diff.unseen else "the texts are the same"
        blocks.append(Block(heading=((text, ""),)))
    return blocks


def _made_by(side: Side) -> list[Piece]:
    made_by = side.made_by
    if made_by is None:
        return [("the text in the folder, not committed", "faint")]
    author = made_by.author
    return [
        (made_by.commit[:12], "changed"),
        (f"{author.at:%Y-%m-%d}", ""),
        (f"{author.name} <{author.email}>", "faint"),
        (made_by.subject, ""),
    ]


def _requirement(one: RequirementChange) -> list[Piece]:
    if one.change != "renumbered":
        return _pieces(one.old, one.new)
    return [(f"was {one.was}:", "changed"), *_pieces(one.old, one.new)]


def _pieces(old: str | None, new: str | None) -> list[Piece]:
    """A line that came or went is whole: its row's sign says so. One that stayed has marks."""
    from factory.spec.versions.words import marked

    if old is None or new is None:
        return [(old or new or "", "removed" if new is None else "added")]
    return [signed("" if one.kind == "same" else one.kind, one.text) for one in marked(old, new)]


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "none"
    return "none" if value is None else str(value)
