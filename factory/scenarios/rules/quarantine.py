"""Quarantine in scenarios.yml: of what is not there, soon over, unreasoned, or of all there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from factory.config.quarantine import Entry, entry_problems
from factory.ports.scenario_tags import is_should, requirements_of
from factory.scenarios.repository import Repository, Suite
from factory.scenarios.rules.found import finding
from factory.spec.finding import Finding

SOON_DAYS = 14
FEWEST_WORDS = 3
_WORD = re.compile(r"[^\W\d_]{2,}")


def check_quarantine(repository: Repository, today: date) -> Iterator[Finding]:
    """Findings on the entries of scenarios.yml, as of that day."""
    source = repository.settings
    if source is None:
        return
    for one in entry_problems(source, today):
        yield finding("quarantine", source.path, (one.line, one.column), one.message, one.mend)
    for entry in repository.quarantine:
        if entry.expired(today):
            yield finding(
                "quarantine-ends", source.path, entry.place,
                f"the quarantine ended on {entry.until}: a flake is no longer explained by it",
                "take the entry out, or look at the scenario again and set another day",
            )  # fmt: skip
            continue
        if (entry.until - today).days <= SOON_DAYS:
            yield finding(
                "quarantine-ends", source.path, entry.place,
                f"the quarantine ends on {entry.until}",
                "mend the scenario by then, or look at it again and set another day",
            )  # fmt: skip
        if not repository.covered(entry):
            yield finding(
                "quarantine", source.path, entry.place,
                "the scenario in quarantine is not there",
                "name it as it is called now, or take the entry out",
            )  # fmt: skip
        if len(_WORD.findall(entry.reason)) < FEWEST_WORDS:
            yield finding(
                "quarantine-reason", source.path, entry.place,
                f"the reason {entry.reason!r} tells nobody what to do",
                "say what makes the scenario flaky, and who mends it",
            )  # fmt: skip
    for suite in repository.suites:
        yield from _alone(suite, repository, today)


def quarantined_ids(suite: Suite, repository: Repository, today: date) -> dict[str, Entry]:
    """The scenarios of a suite that are in quarantine on that day, by id."""
    return {
        one.id: entry
        for entry in repository.quarantine
        if not entry.expired(today)
        for where, one in repository.covered(entry)
        if where is suite
    }


def _alone(suite: Suite, repository: Repository, today: date) -> Iterator[Finding]:
    source = repository.settings
    aside = quarantined_ids(suite, repository, today)
    if source is None or not aside:
        return
    must = [one for one in suite.outline.scenarios if not is_should(one.tags)]
    heard = {key for one in must if one.id not in aside for key in requirements_of(one.tags)}
    said: set[str] = set()
    for one in must:
        for key in requirements_of(one.tags):
            if key not in heard and key not in said:
                said.add(key)
                yield finding(
                    "quarantine-alone", source.path, aside[one.id].place,
                    f"{key} of {suite.spec_id} has @must scenarios in quarantine alone, so that "
                    "no candidate can pass",
                    "mend the scenario, or write another one",
                )  # fmt: skip
