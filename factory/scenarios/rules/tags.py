"""Tags that name no requirement of the spec, or none clearly, or two weights."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from factory.ports.scenario_tags import REQUIREMENT, requirements_of
from factory.scenarios.rules.found import Looked
from factory.spec.finding import Finding

_NEARLY = re.compile(r"@([RECrec])[-_ ]?0*([1-9][0-9]{0,2})")


def check_tags(looked: Looked, known: Collection[str]) -> Iterator[Finding]:
    """Findings on the tags of one scenario; `known` are the ids of the spec's requirements."""
    scenario, spec_id = looked.scenario, looked.suite.spec_id
    ids = requirements_of(scenario.tags)
    listed = ", ".join(sorted(known, key=_by_number)) or "none"
    for one in ids:
        if one not in known:
            yield looked.finding(
                "requirement-unknown",
                looked.lines.tag(scenario, f"@{one}"),
                f'"{scenario.name}" is tagged @{one}, which {spec_id} does not have',
                f"tag it with requirements of {spec_id}: {listed}",
            )
    for tag in scenario.tags:
        near = _NEARLY.fullmatch(tag)
        if near and not REQUIREMENT.fullmatch(tag):
            yield looked.finding(
                "tag-unclear",
                looked.lines.tag(scenario, tag),
                f"the tag {tag} names no requirement",
                f"write @{near[1].upper()}{near[2]}, or another name where it is none",
            )
    if not ids:
        yield looked.finding(
            "untagged",
            looked.lines.title(scenario),
            f'"{scenario.name}" is tied to no requirement',
            f"tag it with requirements of {spec_id}: {listed}",
        )
    if {"@must", "@should"} <= set(scenario.tags):
        yield looked.finding(
            "weight-twice",
            looked.lines.tag(scenario, "@should"),
            f'"{scenario.name}" is both @must and @should',
            "leave one of the two; without either it is @must",
        )


def _by_number(one: str) -> tuple[str, int]:
    return one[0], int(one[1:])
