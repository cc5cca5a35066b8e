"""The figures in likeness.py's docstring, measured again."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from factory import resources
from factory.spec.document import read_spec
from factory.spec.versions.likeness import NEARLY, REUSED, Gist, meaning

CASES = Path(__file__).parents[3] / "cases" / "versions" / "likeness.yml"
PAIRS = yaml.safe_load(CASES.read_text("utf-8"))


def likeness(pair: list[str]) -> float:
    return Gist(pair[0]).likeness(Gist(pair[1]))


@pytest.mark.parametrize(
    ("name", "alarms", "same", "found", "other"),
    [("tuning", 1, 40, 16, 20), ("held", 1, 40, 25, 30), ("fresh", 0, 20, 14, 20)],
)
def test_pairs_written_for_this(name: str, alarms: int, same: int, found: int, other: int) -> None:
    kinds = PAIRS[name]
    assert (len(kinds["same"]), len(kinds["other"])) == (same, other)
    assert sum(likeness(one) < REUSED for one in kinds["same"]) == alarms
    assert sum(likeness(one) < REUSED for one in kinds["other"]) == found
    assert not [one for one in kinds["other"] if Gist(one[0]).is_nearly(Gist(one[1]))]


def test_neighbours_in_the_examples_are_told_apart() -> None:
    pairs = []
    for path in sorted(resources.folder("examples").glob("*/specs/specs/*.md")):
        texts = [one.text for one in read_spec(path).requirements()]
        pairs += [[a, b] for at, a in enumerate(texts) for b in texts[at + 1 :]]
    scores = [likeness(one) for one in pairs]
    # Specs of the examples may change; what the docstring claims must stay about true.
    assert len(pairs) > 400
    assert sum(one < REUSED for one in scores) / len(scores) > 0.75
    assert max(scores) < NEARLY - 0.1


def test_only_the_same_text_is_wholly_alike() -> None:
    assert likeness(["It answers 204.", " It  answers\n204. <!-- seen by nobody -->"]) == 1
    assert likeness(["It answers 204.", "It answers 204!"]) < 1
    assert likeness(["...", "???"]) == 0
    assert meaning("a <!-- b\nc --> d <!-- e") == "a d"


def test_names_are_part_of_nearly_the_same() -> None:
    text = "Where `url` is missing in the body of `POST /links`, the answer is 422 with no link."
    assert Gist(text).is_nearly(Gist(text.replace("with no", "and no")))
    assert not Gist(text).is_nearly(Gist(text.replace("`url`", "`alias`")))
