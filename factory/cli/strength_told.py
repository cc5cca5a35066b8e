"""How `factory scenarios strength` tells what came of it."""

from __future__ import annotations

from collections.abc import Iterator

from factory.cli.output import clean
from factory.cli.strength import LEAST_RATE, Strength
from factory.counted import counted
from factory.scenarios.strength.advice import advice
from factory.scenarios.strength.mutation import Mutation, Survivor


def told(strength: Strength, private: bool) -> Iterator[str]:
    """For people; in a log that may be public (`private` False) nothing of what survived."""
    for row in strength.judged:
        passed = f"{row.passed} of {counted(row.scenarios, 'scenario')} pass"
        whole = f"; wholly: {', '.join(row.requirements)}" if row.requirements else ""
        yield f"{clean(row.spec)}  {row.strawman:<18}  {passed}{whole}"
    for one in strength.not_judged:
        yield f"{clean(one.spec)}  {one.strawman:<18}  not judged: {one.why}"
    if strength.judged:
        yield f"passed by what must fail: {counted(strength.weak, 'requirement')}"
    if strength.mutation:
        yield from _mutation_told(strength.mutation, private)


def _mutation_told(found: Mutation, private: bool) -> Iterator[str]:
    for one in found.survivors if private else ():
        yield from _survivor_told(one)
    for lost in found.mismarked if private else ():
        yield f"{clean(lost.path)}:{lost.line}  {lost.digest} is marked as equivalent, but died"
    for digest in found.unknown_marks if private else ():
        yield f"{digest}  marked as equivalent, and no mutant of this product: unmark it"
    fates = found.fates
    size = len(found.trials) + len(found.equivalent)
    yield (
        f"mutants: {size} of {found.made} tried: {fates['killed']} killed, "
        f"{fates['timed-out']} timed out, {fates['not-started']} did not start, "
        f"{fates['survived']} survived; {len(found.equivalent)} marked as equivalent"
    )
    if found.mismarked:
        yield f"{len(found.mismarked)} marked as equivalent were killed: they were not"
    yield (f"{found.rate:.1%} of those not equivalent were killed; {LEAST_RATE:.0%} are wanted")


def _survivor_told(one: Survivor) -> Iterator[str]:
    mutant = one.mutant
    inside = f" in {mutant.function}" if mutant.function else ""
    yield f"survived: {clean(mutant.path)}:{mutant.line}{clean(inside)}  {mutant.digest}"
    yield from (
        f"    {clean(line)}" for line in mutant.diff.splitlines() if line[:1] in "+-"
        and line[:3] not in ("---", "+++")
    )  # fmt: skip
    if one.escape.at_start:
        yield "    escaped: not to be told, the line runs when the product starts"
    elif not one.escape.requirements:
        yield "    escaped: every requirement; no scenario depends on this line"
    for spec, counts in one.escape.requirements.items():
        ids = ", ".join(f"{name} ({count})" for name, count in counts.items())
        yield f"    escaped: {clean(spec)} {ids}"
    yield f"    {advice(mutant.operator, one.escape)}"
    yield ""
