"""What a person reads: golden outputs, colours where they belong, nothing that acts."""

from __future__ import annotations

import io
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_findings import FINDINGS, HOSTILE, Written, finding

from factory.cli.findings import text
from factory.cli.findings.source import Sources

PLAIN = text.Look(columns=100, colour=False, wrap=False)
GOLDEN = """\
specs/a.md:3:19: error[vague-word] "fast" has no measure
   3 | - R1: The page is fast.
     |                   ^^^^
     = mend: say in how many milliseconds
     = page: https://github.com/acme/dark-factory/blob/v1/docs/rules/vague-word.md

specs/a.md:3:19: error[vague-word] "fast" is still there
   3 | - R1: The page is fast.
     |                   ^^^^
     = mend: say in how many milliseconds

specs/gone.md:12345:1: warning[passive] nobody acts
       = mend: say who acts
       = page: https://github.com/acme/dark-factory/blob/v1/docs/rules/passive.md

2 specs checked: 2 errors, 1 warning
     2  error[vague-word]
     1  warning[passive]
"""


def printed(findings, specs=1, sources=None, look=PLAIN):
    return "".join(text.render(findings, specs, sources=sources or Sources(), look=look))


def test_the_form_of_a_compiler(folder):
    findings = [
        finding(column=19),
        finding(column=19, message='"fast" is still there'),
        finding(
            rule="passive",
            severity="warning",
            path="specs/gone.md",
            line=12345,
            column=1,
            message="nobody acts",
            mend="say who acts",
        ),
    ]
    assert printed(findings, 2) == GOLDEN


@pytest.mark.parametrize(
    ("findings", "specs", "last"),
    [
        ([], 0, "0 specs checked: 0 errors, 0 warnings"),
        ([], 1, "1 spec checked: 0 errors, 0 warnings"),
        ([finding()], 1, "1 spec checked: 1 error, 0 warnings"),
        ([finding(severity="warning")] * 2, 3, "3 specs checked: 0 errors, 2 warnings"),
    ],
)
def test_the_counts(findings, specs, last):
    assert printed(findings, specs).splitlines()[-1] == last


def test_on_a_narrow_terminal_advice_is_broken_between_words(folder):
    mend = "say in how many milliseconds the page is complete, and on which connection"
    look = text.Look(columns=50, colour=False, wrap=True)
    lines = printed([finding(column=19, mend=mend)], look=look).splitlines()
    assert lines[3:5] == [
        "     = mend: say in how many milliseconds the page",
        "             is complete, and on which connection",
    ]
    assert all(len(line) <= 50 for line in lines[1:5])


def test_colours_are_for_a_terminal_without_no_color():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    assert text.look(Terminal(), {"TERM": "xterm"}).colour
    assert text.look(Terminal(), {"TERM": "xterm", "NO_COLOR": ""}).colour
    assert not text.look(Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}).colour
    assert not text.look(Terminal(), {"TERM": "dumb"}).colour
    assert not text.look(io.StringIO(), {"TERM": "xterm"}).colour
    assert not text.look(io.StringIO(), {"TERM": "xterm"}).wrap


def test_with_colours_the_words_are_the_same(folder):
    coloured = printed([finding(column=19)], look=text.Look(columns=100, colour=True, wrap=False))
    assert "\x1b[31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == printed([finding(column=19)])


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("specs/a\nb.md", "specs/a\\nb.md"),
        ("specs/a:b,c%é.md", "specs/a:b,c%é.md"),
        ("-dash.md", "-dash.md"),
        ("::error::x.md", "\\x3a:error::x.md"),
        ("##[error]x.md", "##\\x5berror]x.md"),
        ("a\u202eb.md", "a\\u{202e}b.md"),
        ("a\x1b[31m.md", "a\\x1b[31m.md"),
        ("a\udcffb.md", "a\\xffb.md"),
        ("a  b.md", "a  b.md"),
    ],
)
def test_the_place_is_one_line_that_names_the_file(path, shown):
    assert printed([finding(path=path)]).startswith(f"{shown}:3:18: error[vague-word] ")


def test_lines_are_counted_as_the_gate_counts_them(folder):
    """Line feeds alone: not the other characters at which Python would split."""
    (folder / "specs" / "a.md").write_bytes("\ufeffone\r\ntwo\x0b\x0c\u2028\r\nfast\r\n".encode())
    assert Sources().line("specs/a.md", 1) == "one"
    assert Sources().line("specs/a.md", 3) == "fast"
    assert Sources().line("specs/a.md", 0) is None
    assert Sources().line("specs/a.md", 5) is None
    assert Sources().line("specs", 1) is None


@given(st.lists(FINDINGS, max_size=5), HOSTILE, st.integers(1, 150), st.booleans())
def test_nothing_of_a_finding_acts_on_a_terminal(findings, line, columns, wrap):
    look = text.Look(columns=columns, colour=False, wrap=wrap)
    out = printed(findings, 5, Written(line.replace("\n", "")), look)
    for char in out:
        assert char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    firsts = [one for one in out.splitlines() if one and not one.startswith(" ")]
    own = [one for one in firsts if re.search(r":\d+:\d+: (error|warning)\[[a-z-]+\]", one)]
    assert len(own) >= sum(not one.path.startswith(" ") for one in findings)
    for one in findings:
        assert f":{one.line}:{one.column}: {one.severity}[{one.rule}]" in out
    assert not any(one.lstrip().startswith("::") for one in out.splitlines())
