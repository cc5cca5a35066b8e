"""From feature files to the Inventory: what is expected, before anything runs."""

from __future__ import annotations

from factory.evaluate.runner import RunnerScenario, SuiteError, take_inventory
from factory.evaluate.scenarios import ScenarioSource, Suite, SuiteSettingsError, checkout
from factory.ports.scenario_tags import is_sealed, is_should, requirements_of
from factory.records import Candidate, ExpectedScenario, Inventory, SpecText


def preflight(source: ScenarioSource, spec: SpecText) -> int:
    """Check, before money is spent, that there is a suite for `spec` that can run.

    Returns the number of scenarios; raises as `checkout` and `expected` do.
    """
    with checkout(source, spec.id) as suite:
        return len(expected(suite, spec))


def tags_of(source: ScenarioSource, folder: str) -> tuple[tuple[str, ...], int | None]:
    """For a folder that has no spec: the requirements its tags name, and the version it answers.

    The ids come rules first, then edge cases, then constraints, each by number.

    Raises:
        SuiteError: it names none; and as `checkout`.
    """
    with checkout(source, folder) as suite:
        scenarios = take_inventory(suite.features)
        ids = {one for scenario in scenarios for one in requirements_of(scenario.tags)}
        if not ids:
            raise SuiteError(
                "no scenario is tied to a requirement",
                path=f"scenarios/{folder}",
                mend="tag each scenario with what it judges, such as @R1",
            )
        ordered = sorted(ids, key=lambda one: ("REC".index(one[0]), int(one[1:])))
        return tuple(ordered), suite.settings.answers_version


def take(suite: Suite, candidate: Candidate) -> Inventory:
    """The Inventory for one candidate."""
    order = candidate.work_order
    return Inventory(
        run_id=order.run_id,
        nonce=order.nonce,
        attempt=order.attempt,
        candidate=candidate.commit,
        suite_digest=suite.keyed_digest(order.nonce),
        should_threshold=suite.settings.should_threshold,
        scenarios=tuple(expected(suite, order.spec)),
    )


def expected(suite: Suite, spec: SpecText) -> list[ExpectedScenario]:
    """Every scenario of the suite with the requirements it is tied to.

    Raises:
        SuiteError: an unreadable file, no scenario, a tag that names no requirement of the spec,
            a scenario tied to none, or a suite that answers another version of the spec.
        SuiteSettingsError: a quarantine that has not expired is of no scenario that there is.
    """
    version = suite.settings.answers_version
    if version is not None and version != spec.version:
        raise SuiteError(
            f"the scenarios answer version {version} of {spec.id}, which is at {spec.version}",
            path="scenarios.yml",
            mend="bring the scenarios up to date, then raise answers-version",
        )
    known = {one.id for one in spec.requirements}
    found = []
    scenarios = take_inventory(suite.features)
    until = _quarantines(suite, scenarios)
    for scenario in scenarios:
        ids = requirements_of(scenario.tags)
        _require_known(scenario, ids, known, spec.id)
        found.append(
            ExpectedScenario(
                id=scenario.id,
                requirements=ids,
                weight="should" if is_should(scenario.tags) else "must",
                sealed=is_sealed(scenario.tags),
                quarantined_until=until.get(scenario.id),
            )
        )
    return found


def _quarantines(suite: Suite, scenarios: list[RunnerScenario]) -> dict[str, str]:
    """The last day of each scenario's quarantine, by id; of two the one that ends first."""
    found: dict[str, str] = {}
    for entry in suite.settings.quarantine:
        covered = [
            one for one in scenarios if entry.covers(one.path, one.name, one.id, one.tags)
        ]  # fmt: skip
        if not covered and not entry.expired(suite.today):
            raise SuiteSettingsError(
                "a scenario in quarantine is not there",
                path="scenarios.yml",
                line=entry.place[0],
                column=entry.place[1],
                mend="name it as it is called now, or take the entry out",
            )
        for one in covered:
            found[one.id] = min(found.get(one.id, "9999-12-31"), entry.until.isoformat())
    return found


def _require_known(
    scenario: RunnerScenario, ids: tuple[str, ...], known: set[str], spec_id: str
) -> None:
    unknown = [one for one in ids if one not in known]
    if unknown or not ids:
        what = f"is tagged @{unknown[0]}, which {spec_id} does not have" if unknown else (
            "is tied to no requirement"
        )  # fmt: skip
        raise SuiteError(
            f"a scenario {what}",
            path=scenario.path,
            line=scenario.line,
            mend=f"tag it with requirements of {spec_id}: {', '.join(sorted(known))}",
        )
