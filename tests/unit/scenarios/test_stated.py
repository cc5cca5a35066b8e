"""What a spec states, and how the texts of scenarios are read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.scenarios.check import read_specs
from factory.scenarios.running import parted
from factory.scenarios.text import REFERENCE, keys, leaves, parsed, pieces
from factory.spec.document import parse_spec
from tests.unit.scenarios.made import SPECS

HEAD = "---\nid: thing\nkind: feature\nproduct: {product}\n---\n\n"


@pytest.fixture(scope="module")
def specs():
    return read_specs(SPECS)


def stated(specs, text, product="parcels"):
    document = parse_spec(HEAD.format(product=product) + text, path="thing.md")
    return specs.stated(document)


@pytest.mark.parametrize(
    ("text", "method", "path", "known"),
    [
        ("`GET /links/<alias>`", "GET", "/links/x", True),
        ("`GET /links/<alias>`", "PUT", "/links/x", False),
        ("`GET /links/<alias>`", "GET", "/links", False),
        ("`GET /links/{alias}/stats?days=N`", "GET", "/links/x/stats?days=3", True),
        ("`GET /links/:alias`", "GET", "/links/x", True),
        ("`GET /links/ALIAS`", "GET", "/links/x", True),
        ("GET `/links`", "GET", "/links", True),
        ("`GET|HEAD /links`", "HEAD", "/links", True),
        ("`/links` is not counted", "DELETE", "/links", True),
        ("`/links`, and `GET /links`", "DELETE", "/links", False),
        ("and/or https://a.example/links", "GET", "/links", False),
        ("nothing", "GET", "/health", True),  # factory.yml says so
        ("nothing", "POST", "/health", False),
        # A bound constraint and a standard count; another feature does not.
        ("nothing", "PUT", "/labels/x", False),
    ],
)
def test_routes(specs, text, method, path, known):
    assert stated(specs, f"## Rules\n\n- R1: {text}.\n").route(method, path) is known


def test_what_binds_a_spec_is_stated_and_what_it_depends_on(specs):
    of_parcels = specs.stated(specs.named("parcels"))
    assert of_parcels.status(413) and of_parcels.word("too_large")  # a constraint
    assert of_parcels.route("PUT", "/labels/x") and of_parcels.status(204)  # depends-on
    assert of_parcels.token("message")  # the standards
    assert not of_parcels.status(409) and not of_parcels.status(250000)
    of_ledger = specs.stated(specs.named("ledger"))
    assert not of_ledger.status(413)


def test_front_matter_and_comments_state_nothing(specs):
    found = stated(specs, "## Rules\n\n<!-- answers 418 -->\n- R1: It answers 200.\n")
    assert found.status(200) and not found.status(418) and not found.word("kind")


def test_exit_codes_are_those_said_of_an_exit(specs):
    found = stated(
        specs,
        "## Inputs\n\n| input | exit code |\n| --- | --- |\n| wrong | 4 |\n\n"
        "| size | count |\n| --- | --- |\n| big | 7 |\n\n"
        "## Rules\n\n- R1: It has 9 rows. It exits 3.\n",
    )
    assert {number for number in range(12) if found.exit_code(number)} == {0, 2, 3, 4}


def test_commands_are_those_of_the_program(specs):
    found = stated(specs, "## What\n\n    ledger sum FILE\n\n`git commit`\n", "ledger")
    assert found.command("sum") and not found.command("commit") and not found.command("FILE")
    assert stated(specs, "## What\n\nNo command.\n", "ledger").command("anything")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": ${n}}', {"a": "${n}"}),
        ('{"a": -${n}.5}', {"a": "-${n}.5"}),
        ('{"a": "x ${n} y"}', {"a": "x ${n} y"}),
        ('["${a}", ${b}]', ["${a}", "${b}"]),
        ('{"a"', None),
        ("", None),
    ],
)
def test_json_with_references(text, value):
    assert parsed(text) == value


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES)
def test_json_without_references_stays_itself(value):
    assert parsed(json.dumps(value)) == value
    assert all(isinstance(one, str) for one in [*keys(value), *leaves(value)])


def test_depth_and_length_are_no_bug():
    deep = parsed("[" * 900 + '{"a": 1}' + "]" * 900)
    assert list(keys(deep)) in (["a"], []) and list(leaves(deep)) in (["1"], [])
    assert parsed("[" * 100_000) is None
    assert parsed('"${a}' + "a" * 50_000) is None and parsed("${a} " + "a." * 25_000) is None


@given(st.text(max_size=80))
def test_reading_any_text_raises_nothing(text):
    parsed(text)
    assert "".join(pieces(text)) == REFERENCE.sub("", text)


@given(st.lists(st.sampled_from(["", "@a", "# c", "Scenario: x", "  Given y", '"""']), min_size=3))
def test_parts_of_a_file_hold_all_its_lines_but_the_head_once(lines):
    titles = [n for n, line in enumerate(lines, 1) if line.startswith("Scenario")]
    if not titles:
        return
    found = list(parted("\n".join(lines), titles).values())
    head = next(n for n in range(len(lines) + 1) if found[0].split("\n")[: n + 1] != lines[: n + 1])
    assert head >= titles[0]
    assert sum(one.count("Scenario") for one in found) == len(titles)
