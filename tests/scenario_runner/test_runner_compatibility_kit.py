"""Cucumber's compatibility kit: its feature files are read, and its scenarios end, as it says.

The kit's statuses are held against our outcomes so: PASSED is `passed`, FAILED is `failed`, every
other is `invalid`, which is never a pass. Left out are the parts for features that this runner does
not have: hooks, attachments and retries written in step code, Markdown as Gherkin. Two differences
are meant: a scenario without a Then is refused here, so those of the kit get one more step, `Then
it is over`; and where a step is undefined or ambiguous nothing of the run is executed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from scenario_runner.suite.feature_file import parse_bytes

from tests.conftest import give_up

STEPS = """
import pytest
from pytest_bdd import parsers, step, then
parse, re = parsers.parse, parsers.re
"""
OVER = "\n@then('it is over')\ndef over(): pass\n"
ORDER = "@step(parse('an order for \"{food}\"'))\ndef order(food): pass\n"
OUTCOME = "@step('an action')\ndef action(): pass\n@step('an outcome')\ndef outcome(): pass\n"
EATING = """
@step(parse('there are {n:d} cucumbers'), target_fixture='left')
def cucumbers(n): return n
@step(parse('there are {n:d} friends'), target_fixture='friends')
def friends(n): return n
@step(parse('I eat {n:d} cucumbers'), target_fixture='left')
def eat(left, n): return left - n
@step(parse('I should have {n:d} cucumbers'))
def have(left, n): assert left == n
@step(parse('each person can eat {n:d} cucumbers'))
def share(left, friends, n): assert left // (1 + friends) == n
"""
DEFINITIONS = {
    "ambiguous": "@step(re('a (.*?) with (.*?)'))\ndef one(): pass\n"
    "@step(re('a step with (.*?)'))\ndef two(): pass\n",
    "backgrounds": ORDER + OUTCOME,
    "cdata": "@step(parse('I have {n:d} <![CDATA[cukes]]> in my belly'))\ndef have(n): pass\n",
    "data-tables": """
@step('the following table is transposed:', target_fixture='table')
def transpose(datatable): return [list(row) for row in zip(*datatable)]
@step('it should be:')
def be(table, datatable): assert table == datatable
""",
    "data-tables-doc-strings": """
@step('a step with a data table a doc string')
def one(datatable, docstring): assert (datatable, docstring) == ([['hello']], 'world')
@step('a step with a doc string a data table')
def two(datatable, docstring): assert (datatable, docstring) == ([['world']], 'hello')
""",
    "data-tables-with-expression": """
@step(parse('a "{name}" with a table'))
def table(name, datatable): assert (name, datatable[0][0]) == ('Cucumber', 'Species')
""",
    "doc-strings": "@step('a doc string:')\ndef doc(docstring): assert docstring\n",
    "doc-strings-with-expression": """
@step(parse('a "{name}" with a doc string:'))
def doc(name, docstring): assert (name, docstring) == ('Cucumber', 'Cucumis sativus')
""",
    "examples-tables": EATING,
    "examples-tables-undefined": EATING,
    "examples-tables-undefined-multiple": EATING,
    "minimal": "@step(parse('I have {n:d} cukes in my belly'))\ndef have(n): assert n == 42\n",
    "multiple-features": ORDER,
    "parameter-types": """
@step(re('(?P<flight>[A-Z]{3}-[A-Z]{3}) has been delayed', ),
      converters={'flight': lambda text: tuple(text.split('-'))})
def delayed(flight): assert flight == ('LHR', 'CDG')
""",
    "pending": """
@step('an implemented non-pending step')
def done(): pass
@step('an implemented step that is skipped')
def never(): raise AssertionError
@step('an unimplemented pending step')
def pending(): pytest.skip('pending')
""",
    "regular-expression": """
@step(re('a (?P<a>.*?)(?: and a (?P<b>.*?))?(?: and a (?P<c>.*?))?'))
def vegetables(a, b, c): assert a == 'cucumber'
""",
    "rules": """
@step(parse('the customer has {n:d} cents'), target_fixture='money')
def money(n): return n
@step('there are chocolate bars in stock', target_fixture='stock')
def some(): return ['Mars']
@step('there are no chocolate bars in stock', target_fixture='stock')
def none(): return []
@step(parse('the customer tries to buy a {n:d} cent chocolate bar'), target_fixture='sold')
def buy(n, money, stock): return bool(stock) and money >= n
@step('the sale should not happen')
def no(sold): assert not sold
@step('the sale should happen')
def yes(sold): assert sold
""",
    "rules-backgrounds": ORDER + OUTCOME,
    "skipped": """
@step('a step that does not skip')
def done(): pass
@step('a step that is skipped')
def never(): raise AssertionError
@step('I skip a step')
def skip(): pytest.skip('skipped')
""",
    "stack-traces": "@step('a step throws an exception')\ndef throw(): raise ValueError('BOOM')\n",
    "undefined": "@step('an implemented step')\ndef one(): pass\n"
    "@step('a step that will be skipped')\ndef two(): pass\n",
    "undefined-multiple": "@step('an implemented step')\ndef one(): pass\n"
    "@step('a step that will be skipped')\ndef two(): pass\n",
    "unknown-parameter-type": "",
    "unused-steps": "@step('a step that is used')\ndef one(): pass\n"
    "@step('a step that is not used')\ndef two(): raise AssertionError\n",
}  # fmt: skip
OUTCOMES = {"PASSED": "passed", "FAILED": "failed"}


def kit() -> Path:
    try:
        from cucumber_compatibility_kit import CompatibilityKit
    except ImportError:
        give_up("needs the package cucumber-compatibility-kit")
    return CompatibilityKit().cck_features_folder_location


def messages(file: Path) -> dict[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    for line in file.read_text(encoding="utf-8").splitlines():
        for kind, message in json.loads(line).items():
            found[kind].append(message)
    return found


def statuses(stream: dict[str, list[dict[str, Any]]]) -> list[tuple[str, str, list[str]]]:
    """File, name and the status of each step, hooks left out, in the order of the pickles."""
    attempts = {each["id"]: each["testCaseId"] for each in stream["testCaseStarted"]}
    told = {
        (attempts[each["testCaseStartedId"]], each["testStepId"]): each["testStepResult"]["status"]
        for each in stream["testStepFinished"]
    }
    cases = {case["pickleId"]: case for case in stream["testCase"]}
    return sorted(
        (
            Path(pickle["uri"]).name,
            pickle["name"],
            [
                told[(cases[pickle["id"]]["id"], step["id"])]
                for step in cases[pickle["id"]]["testSteps"]
                if "pickleStepId" in step
            ],
        )
        for pickle in stream["pickle"]
        if pickle["id"] in cases
    )


def with_a_then(file: Path) -> str:
    """The file with `Then it is over` below the steps of each scenario that has no Then."""
    from gherkin.parser import Parser

    text = file.read_text(encoding="utf-8")
    document: Any = Parser().parse(text)
    children = document["feature"]["children"]
    children += [each for child in children for each in child.get("rule", {}).get("children", [])]
    lines = text.split("\n")
    for child in sorted(children, key=lambda each: -next(iter(each.values()))["location"]["line"]):
        steps = child.get("scenario", {}).get("steps") or []
        if steps and not any(step["keywordType"] == "Outcome" for step in steps):
            lines.insert(last_line(steps[-1]), "  Then it is over")
    return "\n".join(lines)


def last_line(step: dict[str, Any]) -> int:
    found = step["location"]["line"]
    if "dataTable" in step:
        found = max(found, step["dataTable"]["rows"][-1]["location"]["line"])
    if "docString" in step:
        doc = step["docString"]
        found = max(found, doc["location"]["line"] + doc["content"].count("\n") + 2)
    return found


def test_every_feature_file_of_the_kit_is_read_as_its_pickles_say():
    compared = 0
    for file in sorted(kit().glob("*/*.feature")):
        ndjson = next(file.parent.glob("*.ndjson"))
        pickles = [
            pickle for pickle in messages(ndjson)["pickle"] if pickle["uri"].endswith(file.name)
        ]
        parsed = parse_bytes(file.read_bytes(), file.name)
        ours = {each.line: each for each in parsed.scenarios}
        assert len(ours) == len(parsed.scenarios) == len(pickles), file
        for pickle in pickles:
            scenario = ours[pickle["location"]["line"]]
            assert scenario.name == pickle["name"]
            assert list(scenario.tags) == [tag["name"] for tag in pickle["tags"]]
            if not pickle["steps"]:
                continue
            assert len(scenario.steps) == len(pickle["steps"])
            for step, theirs in zip(scenario.steps, pickle["steps"], strict=True):
                argument = theirs.get("argument", {})
                rows = argument.get("dataTable", {}).get("rows")
                table = rows and tuple(tuple(c["value"] for c in row["cells"]) for row in rows)
                assert (step.text, step.table) == (theirs["text"], table)
                assert step.docstring == argument.get("docString", {}).get("content")
                compared += 1
    assert compared > 100


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_every_scenario_ends_as_the_kit_says(suite, run, tmp_path, name):
    folder = kit() / name
    files = {file.name: with_a_then(file).encode() for file in folder.glob("*.feature")}
    root = suite({**files, "steps/own.py": STEPS + DEFINITIONS[name] + OVER})
    ndjson = tmp_path / "m.ndjson"
    ran = run(root, "--messages", str(ndjson))
    theirs = statuses(messages(folder / f"{name}.ndjson"))
    ours = statuses(messages(ndjson))
    outcomes = sorted((each["path"], each["name"]) for each in ran.report["scenarios"])
    assert outcomes == [(file, scenario) for file, scenario, _ in theirs]
    expected = sorted((s, OUTCOMES.get(worst(told), "invalid")) for _, s, told in theirs)
    found = sorted((each["name"], each["outcome"]) for each in ran.report["scenarios"])
    assert found == expected
    refused = ("UNDEFINED", "AMBIGUOUS")
    nothing_ran = ran.code == 2
    for (_, _, want), (_, _, got) in zip(theirs, ours, strict=True):
        if nothing_ran:
            assert [s if s in refused else "" for s in got[: len(want)]] == [
                s if s in refused else "" for s in want
            ]
        elif set(want) <= {"PASSED", "FAILED", "SKIPPED"} and name != "skipped":
            assert got[: len(want)] == want
    if any(status not in ("PASSED", "SKIPPED") for _, _, told in theirs for status in told):
        assert ran.report["verdict"] != "pass"


def worst(told: list[str]) -> str:
    return next((status for status in told if status != "PASSED"), "PASSED")


def test_an_empty_scenario_is_refused_where_the_kit_ignores_it(suite, run):
    ran = run(suite({"a.feature": (kit() / "empty/empty.feature").read_bytes()}))
    assert (ran.code, list(ran.outcomes.values())) == (2, ["invalid"])
