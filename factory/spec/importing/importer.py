"""Documents in, drafts in our form out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from factory.errors import InputError
from factory.spec.importing import questions
from factory.spec.importing.answers import Answers, front_matter
from factory.spec.importing.blocks import Block, Code, Listing, Paragraph, Part, Table
from factory.spec.importing.collect import Found, collect
from factory.spec.importing.draft import Draft, Place
from factory.spec.importing.facts import facts_in
from factory.spec.importing.formats import PLACING, Format, bare_title, detect, is_structure
from factory.spec.importing.headings import NOTES, meaning_of
from factory.spec.importing.hidden import LeftOut
from factory.spec.importing.naming import plain, spec_id, spec_title
from factory.spec.importing.placing import Placing
from factory.spec.importing.render import render
from factory.spec.importing.source import Source, read_source
from factory.spec.importing.words import standing_alone

_BRANCH = re.compile(r"Feature Branch: `?([\w/.-]+)`?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Imported:
    """One draft.

    `requirements` counts the numbered lines that come from the source, `open_questions` what the
    draft asks; `kept` names the headings whose text found no section of ours; `left_out` pairs a
    file with what nobody sees in it.
    """

    id: str
    path: Path
    format: Format
    text: str
    requirements: int
    open_questions: int
    kept: tuple[str, ...]
    left_out: tuple[tuple[Path, LeftOut], ...]


def import_documents(
    paths: Iterable[Path], *, format: Format | None = None, answers: Answers
) -> tuple[list[Imported], list[Path]]:
    """A draft of every document at these paths, and the Markdown files that were passed over.

    Args:
        paths: files and folders.
        format: what they are in; found out for each where None.
        answers: values for the front matter; `id` only for a single document.

    Raises:
        UsageError: an answer is no value that the front matter can have.
        InputError: a path cannot be read, as `read_source` says, or a document says nothing.
    """
    answers.require_valid()
    found: list[Found] = []
    passed_over: list[Path] = []
    for path in paths:
        here, others = collect(path)
        found += here
        passed_over += others
    drafts: list[Imported] = []
    for one in found:
        drafts.append(_import(one, format, answers, {draft.id for draft in drafts}))
    return drafts, passed_over


def _import(
    found: Found, format: Format | None, answers: Answers, taken: Iterable[str]
) -> Imported:
    sources = [read_source(file) for file in found.files]
    if not any(one.front or _says_something(one.root) for one in sources):
        raise InputError(
            "says nothing", path=str(found.path), mend="name a document with text, or leave it out"
        )
    formed: Format = format or ("openspec" if found.is_change else detect(sources[0].root))
    draft = Draft()
    placing = PLACING[formed](draft)
    first, *others = sources
    heading = bare_title(_title_apart(first.root)[0], formed)
    names = [str(first.front.get("title", "")), heading]
    title = spec_title([*names, found.name, found.path.stem])
    if heading and plain(heading) != title:
        draft.put(Place("What"), Paragraph((standing_alone(heading),)))
    _fill(placing, first)
    for source in others:
        _fill(placing, source, within=(source.path.parent.name,))
    requirements, kept = draft.requirements(), draft.kept()
    draft.finish()
    front = front_matter(
        answers,
        id=spec_id([found.name, _branch(first.root), *names, found.path.stem], taken),
        title=title,
    )
    return Imported(
        id=str(front["id"]),
        path=found.path,
        format=formed,
        text=render(draft, front),
        requirements=requirements,
        open_questions=draft.open_questions() + len(questions.TODO & set(front.values())),
        kept=kept,
        left_out=tuple((one.path, left) for one in sources for left in one.left_out),
    )


def _says_something(part: Part) -> bool:
    return bool(part.title or part.blocks) or any(map(_says_something, part.parts))


def _fill(placing: Placing, source: Source, within: tuple[str, ...] = ()) -> None:
    """Place a whole document; `within` is the heading to put it below, if any."""
    title, blocks, parts = _title_apart(source.root)
    notes = Place(NOTES, within)
    if within and title:
        placing.draft.put(notes, Paragraph((standing_alone(title),)))
    if source.front_text:
        placing.draft.put(notes.below("Front matter"), Code(source.front_text, "yaml"))
    _preamble(placing, blocks, within)
    placing.parts(parts, notes)


def _title_apart(root: Part) -> tuple[str, tuple[Block, ...], tuple[Part, ...]]:
    """The title, what stands below it before the next heading, and the other parts."""
    first = root.parts[0] if root.parts else None
    named = first is not None and first.level == 1 and not meaning_of(first.title)
    if first is None or not named or is_structure(first.title):
        return "", root.blocks, root.parts
    return first.title, (*root.blocks, *first.blocks), (*first.parts, *root.parts[1:])


def _preamble(placing: Placing, blocks: Sequence[Block], within: tuple[str, ...]) -> None:
    """What stands above all headings: facts about the document to the notes, the rest to What."""
    what, notes = Place("What", within), Place(NOTES, within)
    rest: list[Block] = []
    for block in blocks:
        facts = facts_in(block)
        if isinstance(block, Table):
            placing.draft.put(notes, block)
        elif not facts:
            rest.append(block)
        for fact in facts:
            item = Paragraph((fact,))
            if fact.startswith("Input: "):
                placing.draft.put(what, item)
            else:
                placing.draft.put(notes, Listing(((item,),)))
    placing.blocks(rest, what)


def _branch(root: Part) -> str:
    for part in (root, *root.parts[:1]):
        for block in part.blocks:
            found = _BRANCH.search(block.text) if isinstance(block, Paragraph) else None
            if found:
                return found[1].rpartition("/")[2]
    return ""
