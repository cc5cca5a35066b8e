"""Drafts from a spec's own words: what is expressed, what is marked, and that none can pass."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factory.scenarios.drafting import draft_offline
from factory.scenarios.drafting.mapping import acts, checks
from factory.scenarios.drafting.parts import DraftScenario, DraftStep, written
from factory.scenarios.outline import read_outline
from factory.spec.document import parse_spec, read_spec
from tests.unit.scenarios.made import SPECS

EXAMPLES = Path(__file__).parents[3] / "examples"
SHIPPED = sorted(EXAMPLES.glob("*/specs/specs/*.md"))
RUN = (SHIPPED[0], SHIPPED[-1])
"""Drafts that the runner is given: they all have the same form."""
HEAD = """---
id: thing
title: A thing
kind: feature
version: 4
---

"""


def drafted(text, program=""):
    return draft_offline(parse_spec(HEAD + text, path="thing.md"), program)


def texts(steps):
    return [one.text if one.known else f"! {one.text}" for one in steps]


def of_service(says):
    return texts(checks(says, of_http=True, has_errors=True))


def of_command(says):
    return texts(checks(says, of_http=False, has_errors=False))


@pytest.mark.parametrize(
    ("says", "steps"),
    [
        ("the answer is 404", ["the response status is 404"]),
        ("it answers 404.", ["the response status is 404"]),
        (
            "the answer is 422 `bad_name`",
            ["the response status is 422", 'the response JSON at "error" is "bad_name"'],
        ),
        ("`open` is false", ['the response JSON at "open" is false']),
        ("`open` is `true`", ['the response JSON at "open" is true']),
        ('`state` is `"new"`', ['the response JSON at "state" is "new"']),
        ("`state` is `new`", ['the response JSON at "state" is "new"']),
        (
            "`a` and `b` are null",
            ['the response JSON at "a" is null', 'the response JSON at "b" is null'],
        ),
        ("`left` is at most 3600", ['the response JSON at "left" is at most 3600']),
        ("`left` is a number", ['the response JSON at "left" is a number']),
        (
            "the answer is 302 with `Cache-Control: no-store`",
            [
                "the response status is 302",
                'the response header "Cache-Control" is "no-store"',
            ],
        ),
        (
            "the answer is 410 without `Location`",
            ["the response status is 410", 'the response header "Location" is absent'],
        ),
        # What the words say beyond it is left to be written.
        (
            "the answer is 200 with its details",
            ["the response status is 200", "! to be written: all else of it"],
        ),
        ("`percent` is 66%", []),
        ("300 clicks are counted", []),
        ("it is listed", []),
    ],
)
def test_what_is_seen_of_a_service(says, steps):
    assert of_service(says) == steps


@pytest.mark.parametrize(
    ("says", "steps"),
    [
        ("the exit code is 3", ["the exit code is 3"]),
        ("the command exits with 1", ["the exit code is 1", "! to be written: all else of it"]),
        ("the error output contains `no such file`", ['the error output contains "no such file"']),
        ("the output does not contain `x`", ['the output does not contain "x"']),
        ("the output is `4`", ["the output is:"]),
        ("nothing is printed to the output", ["the output is empty"]),
        ("the answer is 404", []),
    ],
)
def test_what_is_seen_of_a_command(says, steps):
    assert of_command(says)[: len(steps)] == steps
    assert bool(of_command(says)) is bool(steps)


def test_what_is_done():
    assert texts(acts("`GET /links/<the alias>` is sent", "")) == [
        'I send GET "/links/${the_alias}"'
    ]
    [step] = acts('`POST /links` with `{"url": "<URL>", "seconds": N}` is sent', "")
    assert step.text == 'I send POST "/links" with JSON:'
    assert step.docstring == '{"url": "${url}", "seconds": ${n}}'
    assert texts(acts("`tally report FILE --month YYYY-MM [--total]`", "tally")) == [
        'I run it with "report ${file} --month ${yyyy_mm}"'
    ]
    assert texts(acts("`tally`", "tally")) == ["I run it with no arguments"]
    assert texts(acts("`tally report` is run", "tally")) == ['I run it with "report"']
    assert acts("`telly report`", "tally") == [] == acts("GET /links", "")


def test_a_line_that_is_a_step_word_by_word_is_that_step():
    draft = drafted(
        "## Rules\n\n- R1: It works.\n\n## Evaluation\n\n"
        '- R1: Given an empty file "a.txt", when I run it with no arguments, '
        "then the exit code is 0 and the output is empty.\n",
        program="thing",
    )
    first = draft.text.split("@R1")[1]
    assert (
        '    Given an empty file "a.txt"\n    When I run it with no arguments\n'
        "    Then the exit code is 0\n" in first
    )
    assert "not expressed" not in first.split("Scenario")[1]


def test_a_requirement_that_is_wholly_expressed_has_no_mark():
    draft = drafted("## Rules\n\n- R1: `GET /health` answers 200.\n")
    assert draft.unwritten == 0 and draft.scenarios == 1
    assert '    When I send GET "/health"\n    Then the response status is 200\n' in draft.text


@pytest.mark.parametrize(
    "path",
    [
        SPECS / "specs" / "parcels.md",
        SHIPPED[0],
        *(pytest.param(one, marks=pytest.mark.nightly) for one in SHIPPED[1:]),
    ],
    ids=lambda one: one.stem,
)
def test_drafts_of_specs_are_read_by_the_runner_and_never_pass(path, tmp_path):
    document = read_spec(path)
    draft = draft_offline(document, "tally" if "tally" in str(path) else "")
    file = tmp_path / "draft.feature"
    file.write_text(draft.text)
    outline = read_outline(file)
    assert not outline.troubles and len(outline.scenarios) == draft.scenarios
    tagged = {tag for one in outline.scenarios for tag in one.tags}
    assert tagged == {f"@{one.id}" for one in document.requirements()}
    assert draft.scenarios == len(list(document.coverage())) + len(list(document.requirements()))
    marked = [step for one in outline.scenarios for step in one.steps if step.problem]
    assert len(marked) == draft.unwritten == draft.text.count("# not expressed: ")
    if path not in RUN:
        return
    done = subprocess.run(
        [sys.executable, "-m", "scenario_runner", "run", file, "--subject", "true",
         "--report", tmp_path / "report"],
        capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2


LINES = st.text(
    st.one_of(
        st.sampled_from('`"\'<>{}$|\\#@:,.*- \tAZaz09é\u2028\u202e\x85"'),
        st.characters(blacklist_categories=("Cs",), blacklist_characters="\n\r\x00"),
    ),
    max_size=60,
)
WORDS = st.lists(
    st.one_of(
        LINES,
        st.sampled_from(
            ["given", "when", "then", "and", "`GET /x/<y>`", "with `{\"a\": \"<b>\"}`",
             "answers 404 `no_such`", "the output is `\"\"\"`", "`a` is `b`", "Scenario:",
             "| a | b |", "exit code 3", "`t FILE`", "@tag", "# comment", "Examples:"]
        ),
    ),
    min_size=1, max_size=8,
).map(" ".join)  # fmt: skip


# Each example starts the runner, so that an example holds many lines.
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(st.lists(WORDS, min_size=8, max_size=30), st.sampled_from(["", "t"]))
def test_whatever_a_spec_says_its_draft_can_be_read(lines, program):
    rules = "\n".join(f"- R{number}: {line}" for number, line in enumerate(lines, 1))
    cases = "\n".join(f"- R{number}: Given {line}" for number, line in enumerate(lines, 1))
    drafted(f"## Rules\n\n{rules}\n\n## Evaluation\n\n{cases}\n", program)


STEPS = st.builds(
    DraftStep,
    keyword=st.sampled_from(["Given", "When", "Then"]),
    text=LINES.map(lambda text: f"x{text}"),
    says=LINES,
    docstring=st.none() | st.lists(LINES, min_size=1, max_size=3).map("\n".join),
    known=st.booleans(),
)


@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(LINES, st.lists(STEPS, min_size=1, max_size=4)), min_size=5, max_size=20))
def test_whatever_stands_in_a_draft_is_one_step_a_line(tmp_path, rows):
    scenarios = [
        DraftScenario(title=title, ids=("R1",), steps=tuple(steps), source=title).whole()
        for title, steps in rows
    ]
    path = tmp_path / "draft.feature"
    path.write_text(written("Title", ["head"], scenarios), encoding="utf-8", newline="\n")
    outline = read_outline(path)
    assert not outline.troubles
    assert [len(one.steps) for one in outline.scenarios] == [len(one.steps) for one in scenarios]
