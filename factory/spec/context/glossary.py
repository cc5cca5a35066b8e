"""The glossary: what each term means, and which words not to use for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from factory.config.validate import problems
from factory.config.yaml_source import Key, YamlSource, parse_yaml
from factory.errors import InputError
from factory.spec.context.fault import Fault, nothing_said
from factory.spec.language.prose import LITERAL, sentences
from factory.spec.text_file import read_text_file
from factory.spec.visible import HIDDEN, HIDDEN_IN_LINE, hidden_characters

NAME = "context/glossary.yml"
SCHEMA = "glossary.schema.json"
SIZE_LIMIT_BYTES = 256 * 1024


@dataclass(frozen=True, kw_only=True)
class Term:
    """One term as it is written; `line` and `column` are where, 1-based."""

    term: str
    meaning: str
    synonyms: tuple[str, ...]
    line: int
    column: int


@dataclass(frozen=True, kw_only=True)
class Glossary:
    """Terms and synonyms by `spelling`.

    `terms` maps a term to what is said of it, `synonyms` a synonym to the term to use instead.
    """

    terms: Mapping[str, Term]
    synonyms: Mapping[str, Term]

    def shown(self) -> str:
        """All of it as a Markdown list, as an agent is given it."""
        return "\n".join(_line(one) for one in self.terms.values())


def spelling(word: str) -> str:
    """What two spellings of one word have in common: its words and marks as prose is read.

    Rules find it by that in a sentence, where `read/write` is three and `e.V.` two. What prose
    reads as a literal no sentence holds as words.
    """
    words = [one for sentence in sentences(word) for one in sentence.words]
    return " ".join(words) if words and LITERAL not in words else " ".join(word.split()).casefold()


def read_glossary(root: Path) -> Glossary | None:
    """The glossary of a specs repository; None where it has none.

    Raises:
        InputError: it cannot be read, is not YAML, or something in it is wrong; with line and
            column.
    """
    path = root / NAME
    if not path.exists() and not path.is_symlink():
        return None
    shown = str(path)
    text = read_text_file(path, shown=shown, limit_bytes=SIZE_LIMIT_BYTES).text
    return parse_glossary(text, path=shown)


def parse_glossary(text: str, *, path: str) -> Glossary:
    """Read a glossary's text; raises InputError as `read_glossary` does."""
    source = parse_source(text, path=path)
    for fault in faults(source):
        if fault.severity == "error":
            raise InputError(
                fault.message, path=path, line=fault.line, column=fault.column, mend=fault.mend
            )
    terms = {spelling(one.term): one for one in _terms(source)}
    synonyms = {spelling(word): one for one in terms.values() for word in one.synonyms}
    return Glossary(terms=terms, synonyms=synonyms)


def parse_source(text: str, *, path: str) -> YamlSource:
    """The YAML of a glossary.

    Raises:
        InputError: it is not YAML, or holds a character that nobody sees.
    """
    for line, column, name in hidden_characters(text):
        # YAML takes some of them for line ends, so its line numbers would be wrong too.
        raise InputError(
            f"holds {name}, which nobody sees",
            path=path,
            line=line,
            column=column,
            mend="remove it",
        )
    if text.endswith("\n"):
        return parse_yaml(text, path=path)
    # YAML begins a line at the end of a file, also where the file does not.
    last, end = text.count("\n") + 1, len(text) - text.rfind("\n")
    try:
        source = parse_yaml(text, path=path)
    except InputError as error:
        if error.line and error.line > last:
            error.line, error.column = last, end
        raise
    places = {key: at if at[0] <= last else (last, end) for key, at in source.positions.items()}
    return msgspec.structs.replace(source, positions=places)


def faults(source: YamlSource) -> Iterator[Fault]:
    """What is wrong in a glossary that is YAML; that it is empty is a warning."""
    if source.data is None or source.data == {"terms": []}:
        yield nothing_said()
        return
    for problem in problems(source, SCHEMA):
        yield Fault(
            rule="context-glossary",
            message=problem.message,
            mend=problem.mend,
            line=problem.line,
            column=problem.column,
        )
    yield from _hidden(source)
    yield from _clashes(source)


def _terms(source: YamlSource) -> Iterator[Term]:
    for index, body in enumerate(source.data["terms"] if source.data else ()):
        line, column = source.place(("terms", index, "term"))
        yield Term(
            term=body["term"],
            meaning=body["meaning"],
            synonyms=tuple(body.get("synonyms", ())),
            line=line,
            column=column,
        )


def _words(source: YamlSource) -> Iterator[tuple[str, str, Key]]:
    """(`term`, `meaning` or `synonym`, the text, its key) of every text that is one.

    What breaks the schema is passed over, so that it does not hide what else is wrong.
    """
    for index, body in enumerate(_items(source.data, "terms")):
        for kind in ("term", "meaning"):
            if _is_text(body, kind):
                yield kind, body[kind], ("terms", index, kind)
        for number, word in enumerate(_items(body, "synonyms")):
            if isinstance(word, str) and word.strip():
                yield "synonym", word, ("terms", index, "synonyms", number)


def _items(data: Any, key: str) -> list[Any]:
    """The items of a list in YAML; none where there is no such list."""
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, list) else []


def _is_text(data: Any, key: str) -> bool:
    found = data.get(key) if isinstance(data, dict) else None
    return isinstance(found, str) and bool(found.strip())


def _hidden(source: YamlSource) -> Iterator[Fault]:
    """YAML can write one as an escape, which the lines do not show."""
    for kind, text, key in _words(source):
        pattern = HIDDEN if kind == "meaning" else HIDDEN_IN_LINE
        found = pattern.search(text)
        if found:
            line, column = source.place(key)
            yield Fault(
                rule="hidden-character",
                message=f"a {kind} holds U+{ord(found[0]):04X}, which nobody sees",
                mend="remove it",
                line=line,
                column=column,
            )


def _clashes(source: YamlSource) -> Iterator[Fault]:
    """A word that stands for two things, or twice for one."""
    terms: dict[str, tuple[int, int]] = {}
    for kind, text, key in _words(source):
        if kind == "term":
            line, column = source.place(key)
            first = terms.setdefault(spelling(text), (line, column))
            if first != (line, column):
                yield _fault(f"the term {text!r} stands in line {first[0]} already", line, column)
    owners: dict[str, tuple[str, int, int]] = {}
    for kind, text, key in _words(source):
        if kind != "synonym":
            continue
        line, column = source.place(key)
        body = source.data["terms"][key[1]]
        word, term = spelling(text), body["term"] if _is_text(body, "term") else ""
        owner = owners.setdefault(word, (term, line, column))
        if word in terms:
            yield _fault(
                f"the synonym {text!r} is a term itself, in line {terms[word][0]}", line, column
            )
        elif owner != (term, line, column):
            whose = f", for {owner[0]!r}" if owner[0] else ""
            yield _fault(
                f"the synonym {text!r} stands in line {owner[1]} already{whose}", line, column
            )


def _fault(message: str, line: int, column: int) -> Fault:
    return Fault(
        rule="context-glossary",
        message=message,
        mend="let each word mean one thing",
        line=line,
        column=column,
    )


def _line(term: Term) -> str:
    meaning = " ".join(term.meaning.split()).removesuffix(".")
    instead = f" Not called: {', '.join(term.synonyms)}." if term.synonyms else ""
    return f"- {term.term}: {meaning}.{instead}"
