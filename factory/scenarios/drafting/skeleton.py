"""Skeletons of scenarios from a spec's own words, without a model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from factory.scenarios.drafting.mapping import acts, checks, first_act, values
from factory.scenarios.drafting.parts import DraftScenario, DraftStep, Keyword, missing
from factory.spec.document import SpecDocument

_GIVEN = re.compile(
    r"(?:given (?P<given>.*?),?\s+)?when (?P<when>.*?),?\s+then (?P<then>.*)", re.I | re.S
)
_AND = re.compile(r",? and (?=(?:[^`]*`[^`]*`)*[^`]*$)")


def skeletons(document: SpecDocument, program: str) -> Iterator[DraftScenario]:
    """A scenario for each line of the Evaluation section, then one for each requirement.

    Args:
        document: the spec.
        program: what the subject is called on a command line, or "".
    """
    has_errors = '"error"' in document.text
    known = {one.id for one in document.requirements()}
    for item, ids, text in document.coverage():
        mine = tuple(one for one in ids if one in known)
        if mine:
            yield _evaluation(mine, text, item.text, program, has_errors)
    for requirement in document.requirements():
        yield _requirement(requirement.id, requirement.text, program, has_errors)


def _evaluation(
    ids: tuple[str, ...], text: str, source: str, program: str, has_errors: bool
) -> DraftScenario:
    found = _GIVEN.fullmatch(text.strip())
    if found is None:
        return _whole(ids, text, source, _both(text, program, has_errors))
    steps: list[DraftStep] = []
    if found["given"]:
        steps.append(_as_written("Given", found["given"]))
    when = acts(found["when"], program)
    steps += when or [_as_written("When", found["when"])]
    steps += _thens(found["then"], program, has_errors)
    return _whole(ids, found["when"], source, steps)


def _requirement(name: str, text: str, program: str, has_errors: bool) -> DraftScenario:
    return _whole((name,), text, f"{name}: {text}", _both(text, program, has_errors))


def _both(text: str, program: str, has_errors: bool) -> list[DraftStep]:
    """Of words that do not say what is done and what is seen: what stands in them of each."""
    act = first_act(text, program)
    step, done = act or (missing("When", "what is done", says=text), "")
    seen = checks(text, of_http=not program, has_errors=has_errors, done=done)
    return [step, *(seen or [_as_written("Then", text)])]


def _thens(text: str, program: str, has_errors: bool) -> list[DraftStep]:
    """Each part between `and`s by itself, where that expresses as much as the whole."""

    def mapped(says: str) -> list[DraftStep]:
        return checks(says, of_http=not program, has_errors=has_errors)

    whole, parts = mapped(text), _AND.split(text)
    each = [mapped(one) for one in parts]
    if sum(one.known for some in each for one in some) < sum(one.known for one in whole):
        return whole  # "`a` and `b` are null"
    if not whole:
        return [_as_written("Then", one) for one in (parts if len(parts) > 1 else [text])]
    return [
        step
        for says, steps in zip(parts, each, strict=True)
        for step in (steps or [_as_written("Then", says)])
    ]


def _as_written(keyword: Keyword, text: str) -> DraftStep:
    """The words themselves: a step where the library has it word by word."""
    return DraftStep(keyword=keyword, text=text.strip().rstrip("."), says=text.strip())


def _whole(ids: tuple[str, ...], title: str, source: str, steps: list[DraftStep]) -> DraftScenario:
    needed = [missing("Given", f"a value for ${{{name}}}") for name in values(steps)]
    return DraftScenario(
        title=f"{', '.join(ids)}: {title}", ids=ids, steps=(*needed, *steps), source=source
    ).whole()
