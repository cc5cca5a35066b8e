"""`quarantine` of scenarios.yml: scenarios whose flakes are explained, each until a day.

An entry names a scenario by its file and its name, so that whoever reviews it sees which it is:
`scenarios/<spec-id>/links.feature:An alias of one's own`, or `…/links.feature:@id:alias`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from factory.config.validate import SchemaProblem
from factory.config.yaml_source import YamlSource

# A quarter: long enough to plan the mending, short enough that somebody looks four times a year.
LONGEST_DAYS = 90

_ENDING = ".feature:"
_FORM = re.compile(r"scenarios/[^/]+/.*\.feature:.")
_ID_TAG = "@id:"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry. `until` is the last day on which it counts; `place` its line and column."""

    scenario: str
    until: date
    reason: str
    place: tuple[int, int]

    @property
    def path(self) -> str:
        """The feature file, from the root of the scenario repository."""
        before, ending, _ = self.scenario.partition(_ENDING)
        return before + ending[:-1]

    @property
    def spec_id(self) -> str:
        """The spec whose folder the file is in."""
        return self.path.split("/")[1]

    def expired(self, today: date) -> bool:
        """Whether it counts no more."""
        return today > self.until

    def covers(self, path: str, name: str, identity: str, tags: Collection[str]) -> bool:
        """Whether it is about this scenario; all rows of an outline that read alike are one."""
        given = self.scenario.partition(_ENDING)[2]
        if self.path != path:
            return False
        if not given.startswith(_ID_TAG):
            return given == name
        return given in tags or given.removeprefix(_ID_TAG) == identity


def utc_today() -> date:
    """The day on which what happens now is written down."""
    return datetime.now(UTC).date()


def entries(source: YamlSource) -> list[Entry]:
    """Those that fit the schema and give a day that there is; `entry_problems` tells of others."""
    found = []
    for number, said in _listed(source):
        until = _day(said["until"])
        if until is not None:
            place = source.place(("quarantine", number, "scenario"))
            found.append(
                Entry(scenario=said["scenario"], until=until, reason=said["reason"], place=place)
            )
    return found


def entry_problems(source: YamlSource, today: date) -> Iterator[SchemaProblem]:
    """What a schema cannot say: days that there are not, or too far ahead; a scenario twice."""
    seen: set[str] = set()
    for number, said in _listed(source):
        until = _day(said["until"])
        at = source.place(("quarantine", number, "until"))
        if until is None:
            yield _problem(at, f"there is no day {said['until']}", "write it as 2026-12-31")
        elif until - today > timedelta(days=LONGEST_DAYS):
            last = today + timedelta(days=LONGEST_DAYS)
            yield _problem(
                at,
                f"the quarantine lasts until {until}, over {LONGEST_DAYS} days from today",
                f"end it by {last}, and look at it again then",
            )
        if said["scenario"] in seen:
            at = source.place(("quarantine", number, "scenario"))
            yield _problem(at, "the scenario is in quarantine twice", "take one of the two out")
        seen.add(said["scenario"])


def _listed(source: YamlSource) -> Iterator[tuple[int, dict[str, Any]]]:
    data = source.data.get("quarantine") if isinstance(source.data, dict) else None
    for number, said in enumerate(data if isinstance(data, list) else ()):
        if not isinstance(said, dict):
            continue
        words = [said.get(key) for key in ("scenario", "until", "reason")]
        if all(isinstance(word, str) for word in words) and _FORM.match(said["scenario"]):
            yield number, said


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _problem(place: tuple[int, int], message: str, mend: str) -> SchemaProblem:
    return SchemaProblem(
        message=message, mend=mend, line=place[0], column=place[1], unknown_key=False
    )
