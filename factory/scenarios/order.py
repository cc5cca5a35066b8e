"""Whether scenarios give the same outcome in any order: run in several, and compared."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from factory.ports.scratch import scratch
from factory.scenarios.lines import Lines
from factory.scenarios.outline import Scenario
from factory.scenarios.repository import Repository, Suite
from factory.scenarios.rules.found import finding
from factory.scenarios.running import copy_code, run_suite
from factory.spec.finding import Finding


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A feature file with one scenario of another, or the whole of one that cannot be parted.

    `scenarios` are what it holds, in the order of its lines.
    """

    folder: str
    text: str
    scenarios: tuple[Scenario, ...]


def check_order(
    suite: Suite, repository: Repository, subject: str, *, orders: int, seed: int | None
) -> list[Finding]:
    """Run a suite as it is and in `orders` random orders; scenarios whose outcomes differ.

    Nothing is run of a suite that has errors: they are found otherwise.

    Args:
        subject: as `scenario-runner run --subject` takes it.

    Raises:
        SuiteError: the runner refuses the suite.
        RunnerFailed: it left no report.
    """
    if suite.outline.troubles:
        return []
    parts = list(pieces(suite))
    shuffled = random.Random(seed)  # noqa: S311  An order is no secret.
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    with scratch("order") as folder:
        for number in range(orders + 1):
            if number:
                shuffled.shuffle(parts)
            for one, outcome in _run(parts, suite, repository, subject, folder / str(number)):
                seen[one][outcome] += 1
    return list(_differing(suite, seen))


def pieces(suite: Suite) -> Iterator[Piece]:
    """The suite's feature files, parted into one for each scenario, in their order.

    A file with a `Rule` stays whole, since its rules may have backgrounds of their own.
    """
    by_path: dict[str, list[Scenario]] = defaultdict(list)
    for scenario in suite.outline.scenarios:
        by_path[scenario.path].append(scenario)
    for path, scenarios in by_path.items():
        text = (suite.folder / path).read_bytes().decode("utf-8").replace("\r\n", "\n")
        folder = str(Path(path).parent)
        if any(one.rule is not None for one in scenarios):
            yield Piece(folder=folder, text=text, scenarios=tuple(scenarios))
            continue
        for title, block in parted(text, sorted({one.title_line for one in scenarios})).items():
            mine = tuple(one for one in scenarios if one.title_line == title)
            yield Piece(folder=folder, text=block, scenarios=mine)


def parted(text: str, titles: list[int]) -> Mapping[int, str]:
    """What stands before the first scenario, and one scenario, for each line of a title."""
    lines = text.split("\n")
    starts = []
    for title in titles:
        start = title - 1
        while start > 0 and lines[start - 1].lstrip().startswith(("@", "#")):
            start -= 1
        starts.append(start)
    head = lines[: starts[0]]
    ends = [*starts[1:], len(lines)]
    return {
        title: "\n".join([*head, *lines[start:end], ""])
        for title, start, end in zip(titles, starts, ends, strict=True)
    }


def _run(
    parts: list[Piece], suite: Suite, repository: Repository, subject: str, folder: Path
) -> Iterator[tuple[str, str]]:
    """(id of the scenario, outcome) of each scenario in one order."""
    features, report = folder / "suite", folder / "report"
    own = copy_code(suite, repository, features)
    names: dict[str, Piece] = {}
    for number, part in enumerate(parts):
        path = own / part.folder / f"{number:05}.feature"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(part.text, encoding="utf-8", newline="\n")
        names[path.relative_to(features).as_posix()] = part
    rows = run_suite(features, subject, report, shown=suite.shown(""))
    by_path = defaultdict(list)
    for row in sorted(rows, key=lambda one: (one["path"], one["line"])):
        by_path[row["path"]].append(row)
    for path, found in by_path.items():
        for scenario, row in zip(names[path].scenarios, found, strict=True):
            yield scenario.id, row["outcome"]


def _differing(suite: Suite, seen: Mapping[str, Counter[str]]) -> Iterator[Finding]:
    lines = Lines(suite.folder)
    for scenario in suite.outline.scenarios:
        outcomes = seen.get(scenario.id, Counter())
        if len(outcomes) > 1:
            told = ", ".join(f"{outcome} in {count}" for outcome, count in outcomes.most_common())
            yield finding(
                "order",
                suite.shown(scenario.path),
                lines.title(scenario),
                f'"{scenario.name}" depends on the order: of {outcomes.total()} runs {told}',
                "make in the scenario, or in its background, all that it needs; share no names",
            )
