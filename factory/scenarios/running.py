"""Run a suite against a subject and read what was observed."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory.ports import scenario_runner
from factory.ports.scenario_runner import SuiteError
from factory.scenarios.outline import Scenario
from factory.scenarios.repository import FOLDER, Repository, Suite

SCENARIO_SECONDS = 60.0
RUN_SECONDS = 1800.0
_KILLED = frozenset(
    {
        "the service is killed and started again",
        "the service is killed",
        "the service is started again",
    }
)
_FRESH = frozenset({"@fresh:scenario", "@fresh:feature"})


def run_suite(
    features: Path,
    subject: str,
    report: Path,
    *,
    shown: str,
    scenario_seconds: float = SCENARIO_SECONDS,
    total_seconds: float = RUN_SECONDS,
    more: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """The rows of the runner's report: `path`, `line`, `outcome` and more of each scenario.

    Args:
        features: the folder that the runner is given.
        subject: as `scenario-runner run --subject` takes it.
        report: a folder for the report; the one above it exists.
        shown: what to call the suite in messages.
        scenario_seconds, total_seconds: what one scenario, and all of them, may take.
        more: further options of the runner.

    Raises:
        SuiteError: the runner refuses the suite before the first scenario.
        RunnerFailed: it left no report.
    """
    (rows, errors), code = scenario_runner.run(
        features,
        subject,
        report,
        lambda data: (list(data["scenarios"]), data["errors"]),
        scenario_seconds=scenario_seconds,
        total_seconds=total_seconds,
        more=more,
    )
    if code == 2:
        said = errors[0]["message"] if errors else "without saying why"
        raise SuiteError(f"the scenario runner refused the suite: {said}", path=shown)
    return rows


def wants_own(scenario: Scenario) -> bool:
    """Whether only a runner that starts the subject itself can run it: it is killed, or fresh.

    What step code of the suite does to its subject is not seen.
    """
    killed = any(step.phrase in _KILLED for step in scenario.steps)
    return killed or not _FRESH.isdisjoint(scenario.tags)


def left_out(suite: Suite) -> tuple[Scenario, ...]:
    """The scenarios that cannot be run on an address; see `pieces`."""
    run = {scenario.id for piece in pieces(suite) for scenario in piece.scenarios}
    return tuple(one for one in suite.outline.scenarios if one.id not in run)


def copy_suite(suite: Suite, repository: Repository, features: Path) -> None:
    """Copy a suite as it is run on an address, with the code that it may use; `features` is made.

    It is as it stands, unless something is left out of it.
    """
    if left_out(suite):
        lay_out(list(pieces(suite)), suite, repository, features)
        return
    own = copy_code(suite, repository, features)
    for path in {one.path for one in suite.outline.scenarios}:
        (own / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(suite.folder / path, own / path)


def copy_code(suite: Suite, repository: Repository, features: Path) -> Path:
    """Copy what is no feature file: the shared, and the suite's own; the suite's new folder."""

    def ignored(folder: str, names: list[str]) -> list[str]:
        return [one for one in names if one.endswith(".feature") or one.startswith(".")]

    def shared(folder: str, names: list[str]) -> list[str]:
        at_root = Path(folder) == repository.root
        return [*ignored(folder, names), *([FOLDER] if at_root and FOLDER in names else [])]

    shutil.copytree(repository.root, features, ignore=shared, symlinks=True)
    own = features / FOLDER / suite.spec_id
    shutil.copytree(suite.folder, own, ignore=ignored, symlinks=True)
    for path in (repository.root / FOLDER).glob("*.py"):
        shutil.copy(path, features / FOLDER)
    return own


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A feature file with one scenario of another, or the whole of one that cannot be parted.

    `scenarios` are what it holds, in the order of its lines.
    """

    folder: str
    text: str
    scenarios: tuple[Scenario, ...]


def pieces(suite: Suite, *, started: bool = False) -> Iterator[Piece]:
    """The suite's feature files, parted into one for each scenario, in their order.

    A file with a `Rule` stays whole, since its rules may have backgrounds of their own. Unless the
    runner has `started` the subject, pieces with a scenario that wants that are left out.
    """
    for piece in _parted(suite):
        if started or not any(map(wants_own, piece.scenarios)):
            yield piece


def _parted(suite: Suite) -> Iterator[Piece]:
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


def lay_out(
    parts: Sequence[Piece], suite: Suite, repository: Repository, features: Path
) -> dict[str, Piece]:
    """Write the pieces, with the code that they may use; each by its path below `features`."""
    own = copy_code(suite, repository, features)
    names: dict[str, Piece] = {}
    for number, part in enumerate(parts):
        path = own / part.folder / f"{number:05}.feature"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(part.text, encoding="utf-8", newline="\n")
        names[path.relative_to(features).as_posix()] = part
    return names


def outcomes(
    parts: list[Piece], suite: Suite, repository: Repository, subject: str, folder: Path
) -> Iterator[tuple[str, str]]:
    """Run the pieces in this order; (id of the scenario, outcome) of each that was reported.

    `folder` is made, and holds the suite as it was run and its report. Raises as `run_suite`.
    """
    features, report = folder / "suite", folder / "report"
    names = lay_out(parts, suite, repository, features)
    rows = run_suite(features, subject, report, shown=suite.shown(""))
    by_path: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: (one["path"], one["line"])):
        by_path[row["path"]].append(row)
    for place, found in by_path.items():
        for scenario, row in zip(names[place].scenarios, found, strict=True):
            yield scenario.id, row["outcome"]
