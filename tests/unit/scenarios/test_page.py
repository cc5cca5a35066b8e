"""docs/scenarios.md explains every rule below a heading of its id, and no other."""

import re
from pathlib import Path

from factory.scenarios.catalogue import CATALOGUE
from factory.spec.catalogue import CATALOGUE as GATE
from factory.spec.pages import page

PAGE = Path(__file__).parents[3] / "docs" / "scenarios.md"


def test_every_rule_is_explained():
    found = re.findall(r"(?m)^#### (scenario-[a-z-]+)$", PAGE.read_text("utf-8"))
    assert sorted(found) == sorted(CATALOGUE)


def test_a_rule_leads_to_its_heading():
    assert page("scenario-sleep").endswith("/docs/scenarios.md#scenario-sleep")
    assert not any(one.startswith("scenario-") for one in GATE)
