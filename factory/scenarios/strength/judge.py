"""Which requirements a straw man passes: there the suite is too weak to tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from factory.ports.scenario_runner import RunnerFailed
from factory.ports.scenario_tags import requirements_of
from factory.ports.scratch import scratch
from factory.scenarios.outline import Scenario
from factory.scenarios.repository import Repository, Suite
from factory.scenarios.running import Piece, outcomes, pieces
from factory.scenarios.strength.canned import canned
from factory.scenarios.strength.strawmen import STRAWMEN, standing
from factory.spec.document import SpecDocument


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What one straw man did with one suite.

    `passed` of `scenarios` passed; `requirements` are those that it must fail and whose every
    scenario passed.
    """

    spec: str
    strawman: str
    scenarios: int
    passed: int
    requirements: tuple[str, ...]

    def to_data(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "spec": self.spec,
            "strawman": self.strawman,
            "scenarios": self.scenarios,
            "passed": self.passed,
            "requirements": list(self.requirements),
        }


@dataclass(frozen=True, kw_only=True)
class NotJudged:
    """What a suite, or a part of it, was not run against, and why: so that nobody takes it for
    done. `strawman` is "any" where it is nothing at all.
    """

    spec: str
    strawman: str
    why: str

    def to_data(self) -> dict[str, str]:
        """As JSON."""
        return {"spec": self.spec, "strawman": self.strawman, "why": self.why}


def judge(
    suite: Suite,
    repository: Repository,
    document: SpecDocument,
    *,
    say: Callable[[str], None] = lambda _: None,
) -> list[Judged]:
    """Run one suite against each straw man.

    Raises:
        SuiteError: the suite has errors, or the runner refuses it.
        RunnerFailed: the runner left no report, or not of every scenario.
    """
    suite.require_readable()
    answers, parts = canned(document), list(pieces(suite))
    found = []
    for name in STRAWMEN:
        say(f"{suite.spec_id}: {name}")
        with standing(name, answers) as address:
            seen = outcomes_of(parts, suite, repository, address)
            found.append(judged(name, suite.spec_id, suite.outline.scenarios, seen))
    return found


def sends_requests(suite: Suite) -> bool:
    """Whether a suite's subject is a service."""
    return any("method" in step.values for one in suite.outline.scenarios for step in one.steps)


def outcomes_of(
    parts: list[Piece], suite: Suite, repository: Repository, address: str
) -> dict[str, str]:
    """The outcome of each scenario of these pieces, by its id in the outline.

    Raises:
        SuiteError: the runner refuses the suite.
        RunnerFailed: the runner left no report, or not of every scenario.
    """
    with scratch("strength") as folder:
        found = dict(outcomes(parts, suite, repository, address, folder / "run"))
    if len(found) != sum(len(one.scenarios) for one in parts):
        raise RunnerFailed("the scenario runner did not report every scenario")
    return found


def judged(
    name: str,
    spec: str,
    scenarios: Sequence[Scenario],
    seen: Mapping[str, str],
    among: Container[str] | None = None,
) -> Judged:
    """What a straw man did, by the outcomes of these scenarios; `among`: what it must fail."""
    passed: dict[str, list[bool]] = defaultdict(list)
    for scenario in scenarios:
        for one in requirements_of(scenario.tags):
            # One that was left out might have failed it, so that nothing is said of it.
            passed[one].append(seen.get(scenario.id) == "passed")
    mine = [one for one in scenarios if seen.get(one.id) == "passed"]
    return Judged(
        spec=spec,
        strawman=name,
        scenarios=sum(one.id in seen for one in scenarios),
        passed=len(mine),
        requirements=tuple(
            one
            for one, all_of_it in passed.items()
            if all(all_of_it) and (among is None or one in among)
        ),
    )
