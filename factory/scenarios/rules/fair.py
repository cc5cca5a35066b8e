"""Fairness: a scenario tests what its spec states, with values that the spec does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from factory.scenarios.outline import Step
from factory.scenarios.page_uses import values_given
from factory.scenarios.rules.found import Looked
from factory.scenarios.stated import Stated
from factory.scenarios.text import REFERENCE, WORD, leaves, parsed, pieces
from factory.scenarios.use import Use
from factory.scenarios.uses import arguments, uses, words_given
from factory.spec.finding import Finding

_CLASS = re.compile(r"\[(?:[^\]\\]|\\.)*\]|\\.|\(\?[a-zA-Z]+\)|\{[\d,]*\}")
_PATTERN_WORD = re.compile(r"[^\W\d_]\w{3,}")


def check_stated(looked: Looked, stated: Stated) -> Iterator[Finding]:
    """What a scenario uses that its spec, with all that binds it, nowhere states."""
    scenario = looked.scenario
    given, named = words_given(scenario.steps), values_given(scenario.steps)
    told: set[tuple[str, str]] = set()
    for step in scenario.steps:
        for use in uses(step):
            for lacking, words in _lacking(use, stated, named if use.kind == "name" else given):
                if (use.kind, lacking) in told:
                    continue
                told.add((use.kind, lacking))
                kind = "text" if use.kind in ("message", "pattern") else use.kind
                yield looked.finding(
                    "unstated",
                    looked.lines.inside(scenario, step, words),
                    f"the {kind} {lacking!r} is stated nowhere in {stated.path}, nor in what "
                    "binds it: the spec is incomplete, or the scenario unfair",
                    f"state it in {stated.path}, or take it out of the scenario",
                )


def check_copied(looked: Looked, stated: Stated) -> Iterator[Finding]:
    """Whether all that a scenario gives to its subject is found in the spec."""
    values = [value for step in looked.scenario.steps for value in _given_values(step, stated)]
    if not values or any(REFERENCE.search(one) for one in values):
        return
    if all(stated.token(one) for one in values):
        yield looked.finding(
            "copied",
            looked.lines.title(looked.scenario),
            f'every value that "{looked.scenario.name}" uses stands in {stated.path}: canned '
            "answers would pass it",
            'use other values, or made ones: Given a random word as "word"',
        )


def _lacking(use: Use, stated: Stated, given: str) -> Iterator[tuple[str, str]]:
    """(what is not stated, how it is written in the step)."""
    value = use.value
    if use.kind == "route":
        method, _, path = value.partition(" ")
        if not stated.route(method, REFERENCE.sub("x", path)):
            yield value, use.words
    elif use.kind == "status":
        if not stated.status(int(value)):
            yield value, use.words
    elif use.kind == "exit code":
        if value.isdecimal() and not stated.exit_code(int(value)):
            yield value, use.words
    elif use.kind == "command":
        if not stated.command(value):
            yield value, use.words
    elif use.kind == "field":
        if value and not REFERENCE.search(value) and not stated.token(value):
            yield value, use.words
    elif use.kind == "option":
        if not stated.token(value):
            yield value, use.words
    elif use.kind == "header":
        if value.casefold() not in stated.whole.casefold():
            yield value, use.words
    elif use.kind == "pattern":
        plain = _CLASS.sub(" ", REFERENCE.sub(" ", value))
        yield from _words(_PATTERN_WORD.findall(plain), stated, given)
    else:
        for piece in pieces(value):
            found = list(_words(WORD.findall(piece), stated, given))
            yield from found
            if not found and use.kind in ("message", "name"):
                yield from _phrases(piece, stated, given)


def _words(words: list[str], stated: Stated, given: str) -> Iterator[tuple[str, str]]:
    for word in words:
        if word.casefold() not in given and not stated.word(word):
            yield word, word


def _phrases(piece: str, stated: Stated, given: str) -> Iterator[tuple[str, str]]:
    """Words of a message that are stated, but never in this order."""
    run: list[str] = []
    for token in [*piece.split(), ""]:
        bare = token.strip(".,:;!?\"'()")
        own = [word for word in WORD.findall(bare) if word.casefold() not in given]
        if own or (bare and not WORD.search(bare) and not bare.isdecimal()):
            run.append(token)
            continue
        words = " ".join(run).strip(".,:;!?\"'()")
        if len(run) > 1 and not stated.phrase(words):
            yield words, words
        run = []


def _given_values(step: Step, stated: Stated) -> Iterator[str]:
    values = step.values
    if step.phrase is None or step.asserts:
        return
    if "method" in values:
        yield from stated.parameters(values["path"])
        yield from leaves(parsed(step.docstring or ""))
    elif "arguments" in values:
        words = arguments(values["arguments"])
        for word in words:
            # A file's name is nobody's value, unless it was made.
            if REFERENCE.search(word) or not (word.startswith("-") or "." in word):
                yield word
    elif step.phrase.startswith("the request header"):
        yield values["value"]
    elif step.phrase.startswith(("I fill ", "I type ", "I select ")):
        yield from (values[one] for one in ("text", "options") if one in values)
        yield from (row[-1] for row in step.table or ())
    elif step.phrase.startswith("I open the page"):
        yield from stated.parameters(values["path"])
    if step.docstring is not None and "method" not in values:
        yield from (one for one in re.findall(r"\$\{[^}]*\}|[\w.-]{2,}", step.docstring))
