"""The shipped product, wrong in one way: off by one, or slow. Which requirements do not notice?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from http import HTTPStatus

from factory.errors import Inconclusive
from factory.ports.scenario_tags import requirements_of
from factory.scenarios.outline import Scenario
from factory.scenarios.repository import Repository, Suite
from factory.scenarios.running import pieces
from factory.scenarios.strength.judge import Judged, NotJudged, judged, outcomes_of
from factory.scenarios.strength.proxy import Fault, proxied
from factory.spec.document import SpecDocument
from factory.spec.language.measures import measures
from factory.spec.language.prose import sentences

OFF_BY_ONE = {"one-more": 1, "one-less": -1}
SLOW = "slow"
NAMES = (*OFF_BY_ONE, SLOW)

_LONGEST_BOUND_SECONDS = 30.0
# Later than the bound by so much, that no clock tells it from the bound itself.
_LATER, _LATER_SECONDS = 1.2, 0.2
_STATUSES = frozenset(int(one) for one in HTTPStatus)
# A number, or a made one, where JSON has a value or a query a parameter.
_SENT = re.compile(r"[:\[,]\s*-?(?:\d+|\$\{[^}\"]*\})\s*[,}\]]|[?&][^=&\s\"]+=(?:\d+|\$\{)")


def judge_wrong(
    suite: Suite,
    repository: Repository,
    document: SpecDocument,
    address: str,
    *,
    say: Callable[[str], None] = lambda _: None,
) -> tuple[list[Judged], list[NotJudged]]:
    """Run one suite against the good subject at `address`, made wrong in each way.

    Off by one: each whole number that a scenario sends arrives as one more, or one less, as if
    the product's bounds had moved; judged are requirements that state a number and whose
    scenarios send one. Slow: each answer comes later than a constraint allows; judged are
    constraints that state a time, by their own scenarios.

    Raises:
        Inconclusive: the good subject does not pass.
        SuiteError: the suite has errors, or the runner refuses it.
        RunnerFailed: the runner left no report, or not of every scenario.
    """
    suite.require_readable()
    found: list[Judged] = []
    passed_over: list[NotJudged] = []
    say(f"{suite.spec_id}: the product itself")
    _require_good(suite, repository, address)
    timed = _timed(document)
    bounded = _numbered(suite, document) - set(timed)
    for name, shift in OFF_BY_ONE.items():
        if not bounded:
            why = "no requirement states a number that a scenario sends"
            passed_over.append(NotJudged(spec=suite.spec_id, strawman=name, why=why))
            continue
        say(f"{suite.spec_id}: {name}")
        found.append(_seen(name, suite, repository, address, Fault(shift=shift), bounded))
    if not timed:
        why = f"no constraint states a time of at most {_LONGEST_BOUND_SECONDS:g} seconds"
        passed_over.append(NotJudged(spec=suite.spec_id, strawman=SLOW, why=why))
    for one, seconds in timed.items():
        if not any(one in requirements_of(scenario.tags) for scenario in suite.outline.scenarios):
            why = f"no scenario is for {one}"
            passed_over.append(NotJudged(spec=suite.spec_id, strawman=SLOW, why=why))
            continue
        say(f"{suite.spec_id}: {SLOW} for {one}")
        fault = Fault(delay_seconds=seconds * _LATER + _LATER_SECONDS)
        found.append(_seen(SLOW, suite, repository, address, fault, {one}, only=one))
    return found, passed_over


def _require_good(suite: Suite, repository: Repository, address: str) -> None:
    with proxied(address, Fault()) as honest:
        seen = outcomes_of(list(pieces(suite)), suite, repository, honest)
    lost = sum(one != "passed" for one in seen.values())
    if lost:
        raise Inconclusive(
            f"{lost} of the {len(seen)} scenarios for {suite.spec_id} do not pass with the "
            "product as it is, so that nothing can be told from it where it is wrong",
            mend="mend the suite or the product; --spec leaves out specs that have not shipped",
        )


def _seen(
    name: str,
    suite: Suite,
    repository: Repository,
    address: str,
    fault: Fault,
    requirements: Set[str],
    only: str | None = None,
) -> Judged:
    """What the suite, or its scenarios for one requirement, make of a fault."""

    def chosen(scenario: Scenario) -> bool:
        return only is None or only in requirements_of(scenario.tags)

    parts = [one for one in pieces(suite) if any(map(chosen, one.scenarios))]
    with proxied(address, fault) as wrong:
        seen = outcomes_of(parts, suite, repository, wrong)
    mine = [one for one in suite.outline.scenarios if chosen(one)]
    return judged(name, suite.spec_id, mine, seen, among=requirements)


def _numbered(suite: Suite, document: SpecDocument) -> set[str]:
    """Requirements that state a whole number, no status, and whose scenarios send one."""
    sending = {
        one
        for scenario in suite.outline.scenarios
        if _sends_number(scenario)
        for one in requirements_of(scenario.tags)
    }
    return {
        one.id for one in document.requirements() if one.id in sending and _states_number(one.text)
    }


def _sends_number(scenario: Scenario) -> bool:
    return any(step.acts and _SENT.search(step.written) for step in scenario.steps)


def _states_number(text: str) -> bool:
    return any(
        sentence.words[one.at][0].isdigit() and one.value not in _STATUSES
        for sentence in sentences(text)
        for one in measures(sentence)
    )


def _timed(document: SpecDocument) -> dict[str, float]:
    """Constraint → the longest time that it states, in seconds."""
    found: dict[str, float] = {}
    for requirement in document.requirements():
        if requirement.id.startswith("C"):
            times: Sequence[float] = [
                one.value / 1000
                for sentence in sentences(requirement.text)
                for one in measures(sentence)
                if one.dimension == "time"
            ]
            if times and max(times) <= _LONGEST_BOUND_SECONDS:
                found[requirement.id] = max(times)
    return found
