"""What a GitHub runner reads: its own commands and no others; the first ten of each kind."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from made_findings import FINDINGS, finding

from factory.cli.findings import github
from factory.cli.findings.github import SUMMARY_BYTES
from factory.ports.workflow import SUMMARY_LIMIT_BYTES

COMMAND = re.compile(r"::(error|warning) ([^:]*)::(.*)")
CODES = {"%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}


def unescaped(text):
    return re.sub("%25|%0D|%0A|%3A|%2C", lambda found: CODES[found[0]], text)


def commands(out):
    """(level, properties, message) of each annotation, as the runner takes a line for one."""
    found = []
    for line in out.split("\n"):
        if not line.lstrip().startswith("::"):
            assert "##[" not in line, line
        elif "group::" not in line[:12]:
            level, properties, message = COMMAND.fullmatch(line).groups()
            pairs = (pair.split("=", 1) for pair in properties.split(","))
            found.append((level, {k: unescaped(v) for k, v in pairs}, unescaped(message)))
    return found


def printed(findings, specs=1, env=None):
    return "".join(github.render(findings, specs, env=env or {}))


def test_a_finding_is_an_annotation_on_its_line(folder):
    out = printed([finding()])
    assert commands(out) == [
        (
            "error",
            {"title": "vague-word", "file": "specs/a.md", "line": "3", "col": "18"},
            '"fast" has no measure\nMend: say in how many milliseconds\n'
            "https://github.com/acme/dark-factory/blob/v1/docs/rules/vague-word.md",
        )
    ]
    assert 'specs/a.md:3:18: error[vague-word] "fast" has no measure. Mend: ' in out
    assert out.endswith("1 spec checked: 1 error, 0 warnings\n")


def test_a_note_is_a_warning_of_the_run_and_stands_before_the_others(folder):
    many = [finding(severity="warning", line=n) for n in range(1, 11)]
    out = "".join(github.render(many, 1, notes=["a%b\n::error::c"], env={}))
    first, *others = commands(out)
    assert first == ("warning", {"title": "factory check"}, "a%b ::error::c")
    assert len(others) == 9 and "not shown: 1 more warning." in out
    assert "10 errors" in out


def test_only_ten_of_each_are_shown_and_the_rest_is_told(folder):
    many = [finding(severity="warning", line=n) for n in range(1, 13)]
    many += [finding(line=n) for n in range(1, 12)]
    out = printed(many)
    levels = [level for level, _, _ in commands(out)]
    assert levels == ["error"] * 10 + ["warning"] * 10
    assert "not shown: 1 more error, 2 more warnings." in out
    assert sum(line.startswith("specs/a.md:") for line in out.splitlines()) == len(many)


def test_without_findings_there_is_one_line(folder):
    assert printed([], 4) == "4 specs checked: 0 errors, 0 warnings\n"


def test_paths_are_from_the_top_of_the_repository(folder, monkeypatch):
    monkeypatch.chdir(folder / "specs")
    inside = printed([finding(path="a.md")], env={"GITHUB_WORKSPACE": str(folder)})
    assert commands(inside)[0][1]["file"] == "specs/a.md"
    outside = printed([finding(path="a.md")], env={"GITHUB_WORKSPACE": str(folder / "other")})
    assert commands(outside)[0][1]["file"] == "a.md"


def test_the_summary_is_a_table_with_errors_first(folder):
    env = {"GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    hostile = finding(message="a | b `c` <img src=x> @acme #1 [x](y)\n| z", path="specs/a|b.md")
    printed([finding(severity="warning", rule="passive"), hostile], 2, env)
    lines = (folder / "summary.md").read_text("utf-8").splitlines()
    assert lines[0] == "### 2 specs checked: 1 error, 1 warning"
    rows = [line for line in lines if line.startswith(("| error", "| warning"))]
    assert [row.split(" | ")[0] for row in rows] == ["| error", "| warning"]
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) == 6, row
    assert "<img" not in rows[0] and "\\[x\\]\\(y\\)" in rows[0]


def test_a_summary_beyond_the_limit_says_what_it_left_out(folder):
    env = {"GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    long = [finding(message="x" * 400, mend="y" * 400, line=n) for n in range(1, 2000)]
    printed([finding(severity="warning", message="w" * 400), *long], 1, env)
    text = (folder / "summary.md").read_text("utf-8")
    assert SUMMARY_BYTES - 2000 < len(text.encode()) < SUMMARY_LIMIT_BYTES
    kept = text.count("| error |")
    assert f"{len(long) + 1 - kept} more findings did not fit" in text
    assert "| warning |" not in text


def test_without_a_summary_file_none_is_written(folder):
    printed([finding()])
    assert sorted(one.name for one in folder.iterdir()) == ["specs"]


@given(st.lists(FINDINGS, max_size=6))
def test_no_finding_becomes_another_command(findings):
    out = printed(findings)
    got = commands(out)
    ordered = sorted(findings, key=lambda one: one.severity)
    assert len(got) == len(findings)
    for (level, properties, _), one in zip(got, ordered, strict=True):
        assert level == one.severity
        assert properties["line"] == str(one.line) and properties["col"] == str(one.column)
        assert properties["file"] == one.path.replace("\udcff", "\ufffd")
    out.encode()
