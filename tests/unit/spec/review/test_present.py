"""The words of the check: for strangers, within GitHub's limits, and never the author's markup."""

from __future__ import annotations

import re

import msgspec
import pytest
from markdown_it import MarkdownIt

from factory.records import GateFinding, GateReport, RefusedChange
from factory.spec.review.present import UNAVAILABLE, check_output, unavailable_output

REPORT = GateReport(head="a" * 40, base="b" * 40, pull=7, specs=3, changed_specs=1)
EVIL = [
    "::error file=x::planted",
    "${{ secrets.GITHUB_TOKEN }}",
    "x](javascript:alert(1)) [y](http://evil.example)",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "@acme/everyone and #1 and @ann",
    "a | b | c",
    "line\n# heading\n\n- [ ] task\n| --- |",
    "`code` ``` fence",
    "\u202e\u200b\x1b[31mred",
    "![x](http://evil.example/x.png)",
    "http://evil.example www.evil.example mail@evil.example",
    "x" * 100_000,
    "&lt;script&gt; &#64;acme",
]


def report(**changes: object) -> GateReport:
    return msgspec.structs.replace(REPORT, **changes)


PAGE = "https://github.com/acme/dark-factory/blob/v1/docs/rules/section-thin.md"


@pytest.fixture(autouse=True)
def no_server_of_ones_own(monkeypatch):
    monkeypatch.delenv("GITHUB_SERVER_URL", raising=False)


def finding(**changes: object) -> GateFinding:
    given = {"path": "specs/a.md", "line": 3, "message": "says nothing", "mend": "say it"}
    given |= {"rule": "section-thin"}
    return GateFinding(severity="error", column=1, **(given | changes))


def link(path: str, line: int) -> str:
    return f"https://github.example/x#L{line}"


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "Passed: 1 changed spec, no error"),
        ({"changed_specs": 2, "warnings": 1}, "Passed: 2 changed specs, no error, 1 warning"),
        ({"changed_specs": 0}, "Passed: no spec is changed"),
        ({"errors": 1}, "Failed: 1 error to mend"),
        ({"errors": 4, "warnings": 9}, "Failed: 4 errors to mend"),
        ({"refused_count": 1}, "Refused: specs and protected files change together"),
        (
            {"refused_count": 1, "errors": 2},
            "Refused: specs and protected files change together; and 2 errors in specs",
        ),
    ],
)
def test_titles(changes, title):
    assert check_output(report(**changes)).title == title


def test_a_finding_is_a_row_with_a_link_and_an_annotation_on_its_line():
    output = check_output(report(errors=1, findings=(finding(),)), link)
    place, rule = r"[specs/a\.md\:3](https://github.example/x#L3)", f"[section-thin]({PAGE})"
    assert f"| {place} | {rule} | says nothing | say it |" in output.summary
    (one,) = output.annotations
    assert (one.path, one.start_line, one.end_line) == ("specs/a.md", 3, 3)
    assert (one.level, one.title) == ("failure", "section-thin")
    assert one.message == f"says nothing\n\nTo mend it: say it\n\nWhy, with an example: {PAGE}"


def test_the_page_of_a_rule_is_on_the_server_at_hand_and_only_of_rules_that_have_one(monkeypatch):
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://ghe.example")
    found = (finding(mend=""), finding(rule="configuration", line=4))
    output = check_output(report(errors=2, findings=found))
    page = PAGE.replace("github.com", "ghe.example")
    assert f"| [section-thin]({page}) |" in output.summary and "| configuration |" in output.summary
    assert [one.message.split("\n\n")[-1] for one in output.annotations] == [
        f"Why, with an example: {page}",
        "To mend it: say it",
    ]


def test_what_the_commit_does_not_have_is_told_but_not_annotated():
    gone = RefusedChange(path="factory.yml", why="no owner", in_commit=False)
    there = RefusedChange(path="CODEOWNERS", why="no owner")
    output = check_output(
        report(
            errors=1,
            findings=(finding(in_commit=False),),
            refused=(gone, there),
            refused_count=3,
        ),
        link,
    )
    assert [one.path for one in output.annotations] == ["CODEOWNERS"]
    assert "| specs/a\\.md\\:3 |" in output.summary
    assert "factory\\.yml: no owner" in output.summary
    assert "- and 1 more" in output.summary


def test_what_is_cut_is_counted():
    found = tuple(finding(line=n + 1, message="m" * 500, mend="n" * 500) for n in range(200))
    output = check_output(report(errors=300, findings=found))
    assert len(output.summary.encode()) <= 65_535
    shown = output.summary.count("| specs/a")
    assert 0 < shown < 200
    assert f"… and {300 - shown} more." in output.summary
    assert len(output.annotations) == 200


def test_everything_at_its_largest_fits():
    wide = "\U0001f600" * 400
    found = tuple(finding(line=n + 1, message=wide, mend=wide, path=wide) for n in range(250))
    refused = tuple(RefusedChange(path=wide, why=wide) for _ in range(50))
    output = check_output(
        report(
            errors=9999, warnings=9999, findings=found, known=found[:20], known_errors=99,
            refused=refused, refused_count=99,
        ),
        lambda path, line: "https://github.example/" + "%F0" * 1600,
    )  # fmt: skip
    assert len(output.summary.encode()) <= 65_535
    assert output.summary.rstrip().endswith("on your own machine.")


@pytest.mark.parametrize("text", EVIL, ids=range(len(EVIL)))
def test_what_authors_wrote_stands_there_as_itself(text):
    output = check_output(
        report(
            errors=1,
            known_errors=1,
            findings=(finding(path=text, message=text, mend=text),),
            known=(finding(message=text),),
            refused=(RefusedChange(path=text, why=text),),
            refused_count=1,
        ),
        link,
    )
    page = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    rendered = page.render(output.summary)
    assert set(re.findall(r'(?:href|src)="([^"]*)"', rendered)) == {
        "https://github.example/x#L3",
        PAGE,
    }
    assert not re.search(r"<(script|img|h1|input|svg)", rendered)
    cells = {row.count("<td") for row in rendered.split("<tr>")[1:]}
    assert cells <= {0, 4}
    seen = re.sub(r"<code>[^<]*</code>", "", rendered)
    assert not re.search(r"(?<![\w])@(?!<!-- -->)\w", seen)
    assert not re.search(r"^\s*::|##\[", output.summary, re.MULTILINE)
    for one in output.annotations:
        for part in (one.title, one.message):
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200b\u202e]", part)
            assert len(part.encode()) < 64 * 1024


@pytest.mark.parametrize("cause", UNAVAILABLE)
def test_why_there_is_no_report(cause):
    output = unavailable_output(cause)
    assert "could not judge" in output.title
    assert "To mend it:" in output.summary
    assert output.annotations == ()


def test_who_let_protected_files_through_is_told():
    assert "owner ann has let" in check_output(report(allowed_by="ann")).summary
