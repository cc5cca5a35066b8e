"""--html: one private file that loads nothing, runs nothing and shows everything as text."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import time
from html.parser import HTMLParser

import pytest
from scenario_runner.model import SuiteError
from scenario_runner.reports import page
from scenario_runner.reports.difference import MAX_LINES, side_by_side

from tests.conftest import require
from tests.scenario_runner.evidence_made import made
from tests.scenario_runner.test_runner_junit import MIXED, SKIP

NASTY = "</style></pre><script>alert(1)</script><img src=x onerror=alert(1)>\" onclick='x' {{7*7}}"


class Page(HTMLParser):
    """The elements, their attributes and the text that a reader sees."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.policy = ""
        self.style = ""
        self.text = ""
        self._in_style = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if dict(attrs).get("http-equiv") == "Content-Security-Policy":
            self.policy = dict(attrs)["content"]
        self._in_style = tag == "style"

    def handle_endtag(self, tag):
        self._in_style = False

    def handle_data(self, data):
        if self._in_style:
            self.style += data
        else:
            self.text += data


def check(text: str) -> Page:
    found = Page(text)
    assert not found.tags & {"script", "img", "iframe", "object", "embed", "link", "base", "form"}
    assert not {name for name in found.attributes if name.startswith("on")}
    assert not found.attributes & {"src", "href", "style", "srcset", "action"}
    assert "default-src 'none'" in found.policy
    digest = base64.b64encode(hashlib.sha256(found.style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in found.policy
    assert "url(" not in found.style and "@import" not in found.style
    return found


def test_an_author_sees_what_was_sent_what_came_and_what_differs(suite, run, tool, tmp_path):
    file = tmp_path / "page.html"
    root = suite({"a.feature": MIXED, "conftest.py": SKIP})
    run(root, "--html", str(file), "--scenario-timeout", "0.5", subject=tool)
    assert file.stat().st_mode & 0o777 == 0o600
    found = check(file.read_text())
    for text in ("Rule: a rule", "wrong 7", "timed out", 'arguments: ["csv"]', "name,amount"):
        assert text in found.text
    row = re.search(r"expected.*?seen(.*?)</tr>\s*</tbody>", file.read_text(), re.DOTALL)
    assert row and "<mark>7</mark>" in row[1] and "<mark>0</mark>" in row[1]
    for outcome in ("passed", "failed", "invalid", "timed_out"):
        assert f'id="show-{outcome}"' in file.read_text()
    assert 'id="show-missing"' not in file.read_text()


def test_everything_is_shown_as_text(tmp_path):
    detail = {
        "message": NASTY,
        "trace": NASTY,
        "expected": NASTY,
        "seen": NASTY + "\u202eevil\x1b[31m",
        "generated": {NASTY: NASTY},
        "steps": [{"outcome": "failed"}],
        "exchanges": [{"sent": {"body": NASTY, NASTY: 1}, "got": NASTY}],
    }
    error = SuiteError(NASTY, 1, NASTY)
    evidence = made(
        tmp_path / "r", ["failed"], "inconclusive", text=NASTY, errors=[error], detail=detail
    )
    text = "".join(page.render(evidence))
    found = check(text)
    assert found.text.count("<script>alert(1)</script>") >= 10
    assert "49" not in found.text
    assert "\u202e" not in text and "\x1b" not in text
    assert "\\u202eevil\\u001b[31m" in found.text


def test_a_text_and_a_number_that_look_alike_are_told_apart(tmp_path):
    evidence = made(tmp_path / "r", ["failed"], "fail", detail={"expected": "1", "seen": 1})
    detail = evidence.scenarios[0].detail
    assert (detail.expected, detail.seen) == ('"1"', "1")


def test_a_huge_run_keeps_the_page_small_and_tells_all_that_failed(tmp_path):
    outcomes = ["passed"] * page.MAX_FULL + ["failed"] * 3
    detail = {"message": "why", "exchanges": [{"sent": "x" * 50, "got": "y" * 50}]}
    text = "".join(page.render(made(tmp_path / "r", outcomes, "fail", detail=detail)))
    found = check(text)
    assert text.count("<details class=") == page.MAX_FULL
    assert text.count('<details class="scenario failed"') == 3
    assert "3 scenarios are shown by name alone" in found.text


_MEASURE = """<!doctype html><iframe src="page.html" width="{width}" height="900"></iframe>
<output></output><script>
const frame = document.querySelector("iframe");
frame.onload = () => {{
  const inside = frame.contentDocument.documentElement;
  const badge = frame.contentDocument.querySelector(".badge");
  document.querySelector("output").textContent =
    inside.scrollWidth - inside.clientWidth + " over, " +
    frame.contentWindow.getComputedStyle(badge).color;
}};
</script>"""


@pytest.mark.parametrize("width", [1280, 400])
def test_a_browser_shows_it_styled_and_never_wider_than_the_window(tmp_path, width):
    """In Chromium, under the page's own policy, with words that have no place to break."""
    require("chromium")
    long = "x" * 3000
    detail = {
        "message": long,
        "expected": long,
        "seen": {"a": long},
        "trace": long,
        "generated": {long: long},
        "exchanges": [{"sent": {"request": long, "body": long}, "got": long}],
    }
    evidence = made(tmp_path / "r", ["failed", "passed"], "fail", text=long, detail=detail)
    (tmp_path / "page.html").write_text("".join(page.render(evidence)))
    (tmp_path / "outer.html").write_text(_MEASURE.format(width=width))
    shown = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
         "--allow-file-access-from-files", "--virtual-time-budget=5000", "--window-size=1400,1000",
         f"--user-data-dir={tmp_path / 'chromium'}", (tmp_path / "outer.html").as_uri()],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout  # fmt: skip
    # The colour of "failed" comes from the style sheet: the policy let it in.
    assert "<output>0 over, rgb(194, 47, 47)</output>" in shown


@pytest.mark.parametrize(
    ("expected", "seen", "marked"),
    [
        ("a\nb\nc", "a\nx\nc", (["b"], ["x"])),
        ("status 200 OK", "status 201 OK", (["0"], ["1"])),
        ("a", "a\nb", ([], ["b"])),
        ("", "b", ([""], ["b"])),
        ("same", "same", ([], [])),
    ],
)
def test_what_differs_is_marked(expected, seen, marked):
    rows = side_by_side(expected, seen)
    left = [text for row in rows for text, differs in row.expected or () if differs]
    right = [text for row in rows for text, differs in row.seen or () if differs]
    assert (left, right) == marked


def test_hostile_texts_are_compared_in_bounded_work():
    started = time.process_time()
    rows = side_by_side("\n" * 20_000, "a\n" * 10_000)
    rows += side_by_side("ab" * 10_000, "ba" * 10_000)
    rows += side_by_side("\n".join(["ab" * 900] * 400), "\n".join(["ba" * 900] * 400))
    assert len(rows) <= 2 * MAX_LINES * 2 + 4
    assert time.process_time() - started < 60
