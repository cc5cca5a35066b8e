"""What authors allow, as written: `<!-- gate: allow RULE: reason -->`, in YAML `# gate: …`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from factory.spec.catalogue import CATALOGUE
from factory.spec.comments import YamlComments, html_comments
from factory.spec.document import SpecDocument
from factory.spec.facts import Silence
from factory.spec.language.late import late
from factory.spec.leaves import Leaf, leaves, leaves_with_html
from factory.spec.parts import parts_with_comments
from factory.spec.visible import body_of

# Several may stand in one comment, each on a line of its own.
_IN_COMMENT = late(
    r"^(?:[^\S\n]|>)*(?P<gate>gate):\s*(?P<verb>\w+)\b", re.IGNORECASE | re.MULTILINE
)
_IN_FRONT_MATTER = late(r"#\s*gate:\s*(\w+)\b", re.IGNORECASE)
# What other tools call it; `<!-- gate: B12 -->` may be anything.
_MEANT = frozenset(
    ("ignore", "ignores", "allows", "allowed", "disable", "silence", "skip", "suppress", "permit",
     "accept", "off", "noqa", "except")
)  # fmt: skip
# Of a whole section, and told where in it somebody would mend it.
_OF_A_SECTION = frozenset(("section-thin", "invalid-inputs", "edge-case-none"))
_APART = late(r"[\s,]+")
_LINE_END = late("\n")


def silences(document: SpecDocument) -> Iterator[Silence]:
    """Each rule that a comment of the spec allows, or means to; by line.

    What stands in code, or in a value of the front matter, is no comment.
    """
    yield from _in_front_matter(document)
    if "<!--" in document.text and "gate:" in document.text.lower():
        yield from _in_body(document)


def _in_front_matter(document: SpecDocument) -> Iterator[Silence]:
    lines = document.lines[1 : document.front_end - 1]
    text = "\n".join(lines)
    if "gate:" not in text.lower():
        return
    comments = YamlComments(text)
    for at, line in enumerate(lines):
        found = _IN_FRONT_MATTER.finditer(line)
        first = next((one for one in found if comments.begin_at(at, one.start())), None)
        if first:
            number = at + 2
            for rule, reason in _read(first[1], line[first.end() :]):
                yield Silence(
                    rule=rule, reason=reason, line=number, column=first.start() + 1,
                    first=number, last=number,
                )  # fmt: skip


def _in_body(document: SpecDocument) -> Iterator[Silence]:
    read = list(leaves(document.body))
    firsts = [leaf.first for leaf in read]
    starts = [one.line for one in document.sections]
    ends = {line: after - 1 for line, after in pairwise([*starts, len(document.lines) + 1])}
    for one in _written(document):
        at = bisect_right(firsts, one.first)
        above, below = read[at - 1] if at else None, read[at] if at < len(read) else None
        if above and one.first <= above.last:
            about = [above]
        elif below and below.first <= one.last:
            about = [below]
        else:  # It stands alone.
            heading = above if above and above.kind == "heading" else None
            about = [leaf for leaf in (heading, below) if leaf]
        yield _reaching(one, about, ends)


def _reaching(one: Silence, about: Sequence[Leaf], section_ends: Mapping[int, int]) -> Silence:
    """A comment with the lines of the leaves that it is about, or maybe of their sections."""
    last = [leaf.last for leaf in about]
    if one.rule in _OF_A_SECTION:
        last += [section_ends.get(leaf.first, 0) for leaf in about]
    return msgspec.structs.replace(
        one, first=min([leaf.first for leaf in about], default=one.line),
        last=max(last, default=one.line),
    )  # fmt: skip


def _written(document: SpecDocument) -> Iterator[Silence]:
    """What the comments of the body say; the lines of each are those of its comment."""
    body = body_of(document.text).replace("\r", " ")  # As it is parsed.
    lines = body.split("\n")
    for leaf in _leaves(body):
        text = "\n".join(lines[leaf.first - 1 : leaf.last])
        if leaf.kind == "code" or "<!--" not in text:
            continue
        starts = [0, *(one.end() for one in _LINE_END.finditer(text))]
        for start, end in html_comments(text, with_code=leaf.kind != "html"):
            first, last = (leaf.first + bisect_right(starts, at) - 1 for at in (start, end - 1))
            for place, rule, reason in _allowed(text, start, end):
                above = bisect_right(starts, place) - 1
                yield Silence(
                    rule=rule, reason=reason, line=leaf.first + above,
                    column=place - starts[above] + 1, first=first, last=last,
                )  # fmt: skip


def _leaves(body: str) -> Iterator[Leaf]:
    """The leaves of the parts that comments stand in."""
    for before, part in parts_with_comments(body):
        for leaf in leaves_with_html(part):
            yield Leaf(leaf.kind, before + leaf.first, before + leaf.last)


def _allowed(text: str, start: int, end: int) -> Iterator[tuple[int, str, str]]:
    """(place, rule, reason) of each rule that the comment between two places names."""
    inside = text[start + len("<!--") : end].removesuffix("-->")
    said = list(_IN_COMMENT.finditer(inside))
    for one, after in pairwise([*said, None]):
        assert one
        place = start + len("<!--") + one.start("gate")
        if one is said[0] and not inside[: one.start("gate")].strip():
            place = start
        for rule, reason in _read(one["verb"], inside[one.end() : after and after.start()]):
            yield place, rule, reason


def _read(verb: str, text: str) -> list[tuple[str, str]]:
    """Each rule with the reason; none of a comment that is about something else."""
    verb = verb.lower()
    if verb in _MEANT:
        return [(f"{verb} {text.partition(':')[0].strip()}".strip(), "")]
    if verb != "allow":
        return []
    text = " ".join(text.split())
    head, colon, reason = text.partition(":")
    names = [name for name in _APART.split(head) if name]
    # `unmeasured, vague-word: the editor decides it`; the colon may lack where one is named.
    if not (names and colon and ("," in head or all(name in CATALOGUE for name in names))):
        name, _, reason = text.partition(" ")
        names, reason = [name.rstrip(":")], reason.strip().removeprefix(":")
    return [(name, reason.strip()) for name in dict.fromkeys(names)]
