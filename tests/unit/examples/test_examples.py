"""The example products: specs that pass the gate, holdouts that cover them, code that works."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from factory import resources
from factory.config.factory_file import load_configuration
from factory.config.validate import require_valid
from factory.config.yaml_source import parse_yaml
from factory.spec.context import check_context, read_context
from factory.spec.document import SpecDocument
from factory.spec.gate import check_files
from factory.spec.library import read_library

EXAMPLES = resources.folder("examples")
CHAINS = {
    "shortener": ["link-expiry", "custom-aliases", "rate-limits", "statistics"],
    "tally": ["monthly-report", "budget-alerts", "import-rules"],
}
KEYS = {"id", "title", "kind", "status", "version", "product", "owner", "stakes"}
SECTIONS = {
    "feature": [
        "What",
        "Who",
        "Inputs",
        "Outputs",
        "Rules",
        "Edge cases",
        "Evaluation",
        "Constraints",
    ]
}
REQUIREMENT_TAG = re.compile(r"@[REC][0-9]+")
WEIGHT_TAGS = {"@must", "@should", "@sealed"}
SPECS = [(product, spec) for product, chain in CHAINS.items() for spec in chain]

every_product = pytest.mark.parametrize("product", CHAINS)
every_spec = pytest.mark.parametrize(("product", "spec"), SPECS)


def documents(product: str) -> dict[str, SpecDocument]:
    library = read_library(EXAMPLES / product / "specs")
    return {document.meta["id"]: document for document in library}


def pickles(product: str, spec: str) -> list[dict[str, Any]]:
    """All scenarios of a spec, a row of an outline each, as Gherkin's own compiler sees them."""
    found = []
    for path in sorted((EXAMPLES / product / "scenarios/scenarios" / spec).glob("*.feature")):
        tree = Parser().parse(path.read_text("utf-8"))
        found += Compiler().compile({**tree, "uri": path.name})
    return found


def tags(pickle: dict[str, Any]) -> set[str]:
    return {tag["name"] for tag in pickle["tags"]}


def requirement_ids(product: str, spec: str) -> list[str]:
    return [one.id for one in documents(product)[spec].requirements()]


@every_product
def test_the_gate_has_nothing_to_say(product: str) -> None:
    findings, count = check_files([EXAMPLES / product / "specs"])
    assert findings == []
    assert count == len(CHAINS[product])


@every_product
def test_specs_are_ready_and_ship_one_after_the_other(product: str) -> None:
    found = documents(product)
    assert set(found) == set(CHAINS[product])
    before: list[str] = []
    for spec in CHAINS[product]:
        front = found[spec].meta
        assert set(front) >= KEYS
        assert (front["status"], front["version"]) == ("ready", 1)
        assert front["product"] == product
        assert front.get("depends-on", []) == before
        before = [spec]


@every_spec
def test_sections_stand_in_the_contracts_order(product: str, spec: str) -> None:
    document = documents(product)[spec]
    path = EXAMPLES / product / "specs/specs" / f"{spec}.md"
    headings = re.findall(r"^## (.+)$", path.read_text("utf-8"), re.MULTILINE)
    assert headings == SECTIONS[document.meta["kind"]]


@every_spec
def test_six_to_twelve_requirements_each_once(product: str, spec: str) -> None:
    ids = requirement_ids(product, spec)
    assert 6 <= len(ids) <= 12
    assert max(Counter(ids).values()) == 1
    assert {one[0] for one in ids} == {"R", "E", "C"}


@every_product
def test_configuration_and_context_can_be_read(product: str) -> None:
    folder = EXAMPLES / product / "specs"
    assert set(load_configuration(folder).products) == {product}
    context = read_context(folder, "builder")
    assert [one.kind for one in context.files] == ["product", "standards", "glossary"]
    assert check_context(folder, {"builder"}) == []
    terms = yaml.safe_load((folder / "context/glossary.yml").read_text("utf-8"))["terms"]
    assert terms
    assert all(set(term) == {"term", "meaning", "synonyms"} for term in terms)


@every_product
def test_the_scenario_repository_answers_each_spec(product: str) -> None:
    path = EXAMPLES / product / "scenarios/scenarios.yml"
    require_valid(parse_yaml(path.read_text("utf-8"), path=str(path)), "scenarios.schema.json")
    content = yaml.safe_load(path.read_text("utf-8"))
    assert content["specs"] == {spec: {"answers-version": 1} for spec in CHAINS[product]}
    folders = {one.name for one in (EXAMPLES / product / "scenarios/scenarios").iterdir()}
    assert folders == set(CHAINS[product])


@every_spec
def test_each_requirement_is_backed_by_two_scenarios_before_the_last_round(
    product: str, spec: str
) -> None:
    seen = Counter(
        tag[1:]
        for pickle in pickles(product, spec)
        if "@sealed" not in tags(pickle)
        for tag in tags(pickle)
    )
    assert {one: seen[one] for one in requirement_ids(product, spec) if seen[one] < 2} == {}


@every_spec
def test_each_scenario_is_tied_to_requirements_that_exist(product: str, spec: str) -> None:
    ids = set(requirement_ids(product, spec))
    for pickle in pickles(product, spec):
        tied = {tag[1:] for tag in tags(pickle) if REQUIREMENT_TAG.fullmatch(tag)}
        assert tied, pickle["name"]
        assert tied <= ids, pickle["name"]
        assert tags(pickle) - {f"@{one}" for one in tied} <= WEIGHT_TAGS, pickle["name"]


@every_spec
def test_each_suite_has_enough_scenarios_of_each_weight(product: str, spec: str) -> None:
    found = pickles(product, spec)
    assert len(found) >= 9
    assert len({pickle["astNodeIds"][0] for pickle in found}) >= 9
    assert any("@sealed" in tags(pickle) for pickle in found)
    assert any("@should" in tags(pickle) for pickle in found)


def test_there_are_enough_scenarios_without_counting_rows() -> None:
    nodes = {
        (spec, pickle["astNodeIds"][0])
        for product, spec in SPECS
        for pickle in pickles(product, spec)
    }
    assert len(nodes) >= 60


@every_product
def test_no_python_below_the_scenarios(product: str) -> None:
    assert list((EXAMPLES / product / "scenarios").rglob("*.py")) == []


@every_product
def test_no_spec_tells_the_name_of_a_scenario(product: str) -> None:
    files = (EXAMPLES / product / "specs").rglob("*.*")
    public = "".join(path.read_text("utf-8") for path in files).lower()
    told = {
        pickle["name"]
        for spec in CHAINS[product]
        for pickle in pickles(product, spec)
        if pickle["name"].lower() in public
    }
    assert told == set()


@every_product
def test_the_runner_knows_every_step_and_a_subject_that_does_nothing_passes_none(
    product: str, tmp_path: Path
) -> None:
    runner = str(Path(__file__).parents[3] / "scenario-runner")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "scenario_runner", "run"),
            str(EXAMPLES / product / "scenarios/scenarios"),
            *("--subject", "/bin/false", "--report", str(tmp_path / "report"), "--quiet-names"),
        ],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": runner, "HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    report = json.loads((tmp_path / "report/report.json").read_text("utf-8"))
    assert report["errors"] == [], done.stderr
    assert {one["outcome"] for one in report["scenarios"]} == {"failed"}
    assert done.returncode == 1


@every_product
def test_the_products_own_tests_pass(product: str) -> None:
    done = subprocess.run(
        ["python3", "-m", "unittest", "-q"],
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=EXAMPLES / product / "product",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ran = re.search(r"^Ran ([0-9]+) tests", done.stderr, re.MULTILINE)
    assert ran is not None
    assert int(ran[1]) >= 9
