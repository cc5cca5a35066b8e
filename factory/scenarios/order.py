"""Whether scenarios give the same outcome in any order: run in several, and compared."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from factory.ports.scratch import scratch
from factory.scenarios.lines import Lines
from factory.scenarios.repository import Repository, Suite
from factory.scenarios.rules.found import finding
from factory.scenarios.running import outcomes, pieces
from factory.spec.finding import Finding


def check_order(
    suite: Suite, repository: Repository, subject: str, *, orders: int, seed: int | None
) -> list[Finding]:
    """Run a suite as it is and in `orders` random orders; scenarios whose outcomes differ.

    Nothing is run of a suite that has errors: they are found otherwise. Of a subject that is an
    address, what `left_out` tells is not run.

    Args:
        subject: as `scenario-runner run --subject` takes it.

    Raises:
        SuiteError: the runner refuses the suite.
        RunnerFailed: it left no report.
    """
    if suite.outline.troubles:
        return []
    parts = list(pieces(suite, started=is_started(subject)))
    if not parts:
        return []
    shuffled = random.Random(seed)  # noqa: S311  An order is no secret.
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    with scratch("order") as folder:
        for number in range(orders + 1):
            if number:
                shuffled.shuffle(parts)
            for one, outcome in outcomes(parts, suite, repository, subject, folder / str(number)):
                seen[one][outcome] += 1
    return list(_differing(suite, seen))


def is_started(subject: str) -> bool:
    """Whether the runner starts it itself, or runs it anew each time."""
    return "://" not in subject.partition(" ")[0]


def _differing(suite: Suite, seen: Mapping[str, Counter[str]]) -> Iterator[Finding]:
    lines = Lines(suite.folder)
    for scenario in suite.outline.scenarios:
        counted = seen.get(scenario.id, Counter())
        if len(counted) > 1:
            told = ", ".join(f"{outcome} in {count}" for outcome, count in counted.most_common())
            yield finding(
                "order",
                suite.shown(scenario.path),
                lines.title(scenario),
                f'"{scenario.name}" depends on the order: of {counted.total()} runs {told}',
                "make in the scenario, or in its background, all that it needs; share no names",
            )
