"""Numbers in front matter: read as they are written, or told."""

import pytest

from factory import resources
from factory.spec.document import parse_spec
from factory.spec.gate import check_specs

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")
BUDGET = "{usd: 5, minutes: 30, attempts: 3}"


def told(old: str, new: str) -> list[tuple[str, str, str]]:
    """(what stands at the place, message, mend) of each finding."""
    assert old in FEATURE
    text = FEATURE.replace(old, new, 1)
    lines = text.split("\n")
    return [
        (lines[one.line - 1][one.column - 1 :], one.message, one.mend)
        for one in check_specs([parse_spec(text, path="x.md")])
        if one.rule == "front-matter"
    ]


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ("version: 1 ", "version: 1:30 ", "1:30", "version is '1:30'"),
        ("version: 1 ", "version: 010 ", "010", "version is '010'"),
        ("version: 1 ", "version: 0x1F ", "0x1F", "version is '0x1F'"),
        (BUDGET, "{usd: 1:30.5}", "1:30.5", "budget.usd is '1:30.5'"),
        (BUDGET, "{minutes: 2:30, usd: 5}", "2:30", "budget.minutes is '2:30'"),
        (BUDGET, "\n  usd: 1:0", "1:0", "budget.usd is '1:0'"),
    ],
)
def test_what_only_old_yaml_takes_for_a_number(old: str, new: str, at: str, says: str) -> None:
    [(place, message, mend)] = told(old, new)
    assert place.startswith(at) and says in message and "write " in mend


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 1 ", "version: 12 "),
        (BUDGET, "{usd: 0.5, minutes: 1_000}"),
        (BUDGET, "{usd: 1e2, minutes: +5}"),
        (BUDGET, "{usd: .5,minutes: 5.}"),
    ],
)
def test_other_numbers_are_read(old: str, new: str) -> None:
    assert told(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        (BUDGET, "{usd: .nan}", "budget.usd"),
        (BUDGET, "{minutes: .inf}", "budget.minutes"),
        (BUDGET, "{minutes: 99999999999}", "budget.minutes"),
        ("title: Shorten a URL", 'title: "     "', "title"),
        ('owner: "@acme/product"', 'owner: " "', "owner"),
    ],
)
def test_what_no_run_could_use_is_refused(old: str, new: str, names: str) -> None:
    [(place, message, mend)] = told(old, new)
    assert message.startswith(names) and mend and place
