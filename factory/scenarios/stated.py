"""What a spec states, with all that binds it: the words, routes and numbers one may test."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from factory.scenarios.text import METHOD, WORD
from factory.spec.binding import bound
from factory.spec.context import Context
from factory.spec.document import SpecDocument

_ROUTE = re.compile(
    rf"(?<![A-Za-z])((?:{METHOD})(?:[|/,] ?(?:{METHOD})){{0,6}})`?\s+(?:of )?`?"
    r"(/[^\s`\"',;)\]]{0,300})"
)
_BARE = re.compile(r"`(/[^`\s]{0,300})`")
_WILD = re.compile(r"<[^<>]*>|\{[^{}]*\}|:[a-z_]+|\*|…|[A-Z][A-Z_]+")
_INTEGER = re.compile(r"(?<![\w.-])\d{1,3}(?![\w-]|\.\d)")
_SENTENCE = re.compile(r"(?<=[.;])\s+|\n")
_RULE = re.compile(r"[\s|:-]*-[\s|:-]*")
_CODE = re.compile(r"`([^`\n]{1,300})`")


@dataclass(frozen=True, kw_only=True)
class Stated:
    """`path` names the spec in messages; `texts` is all that is stated, the spec first.

    `program`: what the subject is called on a command line, or "". `ready`: the path that tells
    whether the subject is up, or "".
    """

    path: str
    texts: tuple[str, ...]
    program: str = ""
    ready: str = ""
    exits: frozenset[int] = field(default=frozenset())

    @cached_property
    def whole(self) -> str:
        """All of it, white space made one space and marks of code taken out."""
        return " ".join("\n".join(self.texts).replace("`", "").replace("**", "").split())

    @cached_property
    def _folded(self) -> frozenset[str]:
        return frozenset(word.casefold() for word in WORD.findall(self.whole))

    @cached_property
    def _routes(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(method or "", segments); a path alone counts only where it never has a method."""
        told, bare = [], []
        for text in self.texts:
            for methods, path in _ROUTE.findall(text):
                told += [(one, _segments(path)) for one in re.findall(METHOD, methods)]
            bare += [("", _segments(path)) for path in _BARE.findall(text)]
        known = {segments for _, segments in told}
        return (*told, *(one for one in bare if one[1] not in known))

    @cached_property
    def _commands(self) -> frozenset[str]:
        """The words that follow the program's name in code; empty where it has no commands."""
        if not self.program:
            return frozenset()
        follows = re.compile(rf"(?m)(?:^|`|\s){re.escape(self.program)} ([a-z][a-z0-9-]*)(?![\w.])")
        code = (line for text in self.texts for line in _code(text))
        return frozenset(found for line in code for found in follows.findall(line))

    def word(self, word: str) -> bool:
        """Whether a word stands there, in upper or lower case."""
        return word.casefold() in self._folded

    def token(self, token: str) -> bool:
        """Whether a text stands there, not as a part of a longer word."""
        return bool(re.search(rf"(?<![\w-]){re.escape(token)}(?![\w-])", self.whole))

    def phrase(self, phrase: str) -> bool:
        """Whether these words stand there one after the other."""
        return " ".join(phrase.split()) in self.whole

    def status(self, number: int) -> bool:
        """Whether a number stands there that may be a status."""
        return bool(re.search(rf"(?<![\w.,-]){number}(?![\w-]|[.,]\d)", self.whole))

    def exit_code(self, number: int) -> bool:
        """Whether it is said of an exit."""
        return number in self.exits

    def command(self, word: str) -> bool:
        """Whether a word is a command of the program; any is where no command is stated."""
        return not self._commands or word in self._commands

    def route(self, method: str, path: str) -> bool:
        """Whether a request is stated; `${name}` in a path stands for anything."""
        if path.partition("?")[0] == self.ready and method == "GET":
            return True
        segments = _segments(path)
        return any(
            wanted in ("", method) and _fits(template, segments)
            for wanted, template in self._routes
        )

    def parameters(self, path: str) -> Iterator[str]:
        """The segments of a path that fill a place which the spec leaves open."""
        segments = _segments(path)
        template = next((one for _, one in self._routes if _fits(one, segments)), ())
        for wanted, given in zip(template, segments, strict=False):
            if _WILD.fullmatch(wanted):
                yield given


def stated_by(
    document: SpecDocument,
    library: Sequence[SpecDocument],
    context: Context,
    *,
    program: str = "",
    ready: str = "",
) -> Stated:
    """What a spec states together with those that bind it or that it depends on, and its context.

    Args:
        document: the spec.
        library: all specs of the repository.
        context: the context library.
        program, ready: see `Stated`.
    """
    documents = [document, *_before(document, library)]
    for one in bound(document, library):
        if one not in documents:
            documents.append(one)
    # The words of a front matter state nothing.
    texts = [one.body for one in documents]
    texts += [one.text for one in context.files]
    exits = {number for one in documents for number in _exits(one)}
    exits |= {number for one in context.files for number in _exits_in(one.text)}
    return Stated(
        path=document.path, texts=tuple(texts), program=program, ready=ready, exits=frozenset(exits)
    )


def _before(document: SpecDocument, library: Iterable[SpecDocument]) -> list[SpecDocument]:
    """The specs that it depends on, and those that they depend on: what was there before."""
    by_id = {one.id: one for one in library}
    found: list[SpecDocument] = []
    left = _depends(document)
    while left:
        one = by_id.get(left.pop(0))
        if one is not None and one is not document and one not in found:
            found.append(one)
            left += _depends(one)
    return found


def _depends(document: SpecDocument) -> list[str]:
    named = document.meta.get("depends-on")
    return [one for one in named if isinstance(one, str)] if isinstance(named, list) else []


def _exits(document: SpecDocument) -> Iterator[int]:
    for section in document.sections:
        speaks = False
        for block in section.blocks:
            if block.kind == "row":
                if _RULE.fullmatch("".join(document.lines[block.line : block.line + 1])):
                    speaks = "exit" in block.text.lower()  # The head of a table.
                cells = block.text.split(" | ")
                yield from (int(one) for one in cells if speaks and re.fullmatch(r"\d{1,3}", one))
            yield from _exits_in(block.text)


def _exits_in(text: str) -> Iterator[int]:
    for sentence in _SENTENCE.split(text):
        if re.search(r"\bexit", sentence, re.IGNORECASE):
            yield from (int(one) for one in _INTEGER.findall(sentence))


def _code(text: str) -> Iterator[str]:
    yield from _CODE.findall(text)
    fenced = False
    for line in text.split("\n"):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif fenced or line.startswith(("    ", "\t")):
            yield line.strip()


def _segments(path: str) -> tuple[str, ...]:
    clean = path.partition("?")[0].partition("#")[0].rstrip("/.:")
    return tuple(clean.split("/")[1:])


def _fits(template: tuple[str, ...], segments: tuple[str, ...]) -> bool:
    return len(template) == len(segments) and all(
        (bool(given) if _WILD.fullmatch(wanted) else wanted == given)
        for wanted, given in zip(template, segments, strict=True)
    )
