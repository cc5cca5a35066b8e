"""Spec author: text that reaches people through the issue about a spec, or forges such an issue."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from factory.forge.comments import BODY_LIMIT_BYTES
from factory.forge.markdown import escaped
from factory.pipeline.conversation import text as conversation_text
from factory.pipeline.conversation.text import Failure, mark_of, spec_of, text, title
from factory.spec.document import parse_spec
from tests.unit.plan.made import FEATURE, order, past, public

PLACE = "https://github.example/acme/specs"
RUN = f"{PLACE}/actions/runs/7"
HOSTILE = [
    "@ann @acme/owners ann@example.com",
    "#1 acme/product#2 GH-3 gh-4",
    "https://evil.example www.evil.example mailto:a@evil.example",
    "[x](https://evil.example) ![x](https://evil.example/p.png) <https://evil.example>",
    "<img src=https://evil.example> <script>x</script> <!-- dark-factory spec other -->",
    "``` `code` ~~~ **bold** ~~gone~~ $x$",
    "| a | b | - [ ] task",
    "\u202eevil\u200b \x1b[31m",
    "&#64;ann &commat;ann",
]
READS_AS = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table")


def issue(where: str, words: str) -> str:
    """The issue of a spec with these words in one place, when all of it failed twice."""
    texts = {
        "title": FEATURE.replace("title: Shorten a URL", f"title: {words!r}"),
        "rule": FEATURE.replace("- R1: ", f"- R1: {words} is nice, "),
        "second line": FEATURE.replace("\n  has.", f"\n  {words} nice."),
    }
    path, reason = "specs/a.md", "no gain"
    if where == "path":
        path = f"specs/{words}.md"
    if where == "reason":
        reason = words
    spec = parse_spec(texts.get(where, FEATURE), path="x").as_record("a" * 40, path)
    one = order(spec=spec, history=(past(1, "R1"),), attempt=2)
    told = public(one, "R1", other=True)
    return text(
        Failure(
            order=one, reason=reason, cause="", public=told, spent_usd=1.0, place=PLACE, run_url=RUN
        )
    )


@pytest.mark.parametrize("where", ["title", "rule", "second line", "path", "reason", "question"])
@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_what_an_author_writes_calls_nobody_and_links_nowhere(
    where: str, words: str, monkeypatch
) -> None:
    if where == "question":  # Whatever of a spec a rule should come to quote.
        monkeypatch.setattr(conversation_text, "asked", lambda *_: {"R1": [words]})
    found = issue(where, words)
    rendered = READS_AS.render(found)
    links = re.findall(r'(?:href|src)="([^"]*)"', rendered)
    assert links and all(one.startswith((f"{PLACE}/blob/{'a' * 40}/", RUN)) for one in links)
    assert not re.search(r"<(script|img|svg|input|del|table|h1|h2|a(?! href))", rendered)
    # GitHub makes mentions and references of the rendered text; a comment parts its nodes.
    for node in re.split(r"<[^>]*>|<!-- -->", re.sub(r"<!-- -->", "\0", rendered)):
        for part in node.split("\0"):
            shown = part.replace("&amp;", "&")
            assert not re.search(r"@\w|#\d|\bgh-\d", shown, re.IGNORECASE), part
    # Nor does anything of it stand in the source as an address that is made a link.
    source = re.sub(r"\]\([^)\s]*\)", "", found)
    assert not re.search(r"https?://|www\.|mailto:", source)
    assert spec_of(found.partition("\n")[0]) is None
    assert not any(spec_of(line) for line in found.split("\n"))
    assert not re.search("[\x00-\x09\x0b-\x1f\u200b\u202e]", found)


def test_the_title_holds_nothing_of_an_author() -> None:
    """No title can be escaped; an id is of letters, digits and hyphens."""
    assert title("one") == "The spec one is not built"
    assert spec_of(mark_of("one")) == "one"


def test_a_spec_of_many_words_makes_no_issue_that_is_too_long() -> None:
    rules = "".join(f"- R{n}: it is nice {'@nice ' * 3000}\n" for n in range(1, 4))
    text_ = FEATURE.replace("- R1: ", rules + "- R9: ")
    spec = parse_spec(text_, path="x").as_record("a" * 40, "specs/a.md")
    one = order(spec=spec)
    failure = Failure(
        order=one, reason="r" * 9999, cause="", public=public(one, "R1", "R2", "R3"),
        spent_usd=1.0, place=PLACE,
    )  # fmt: skip
    assert len(text(failure).encode()) < BODY_LIMIT_BYTES / 2


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_escaped_reads_as_it_is(words: str) -> None:
    """Comments that part what GitHub would link are seen by nobody."""
    html = READS_AS.render(escaped(words, limit=500))
    seen = re.sub(r"<!-- -->|</?p>", "", html).strip()
    plain = re.sub("[\x00-\x1f\u200b\u202e]", " ", words)
    said = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert re.sub(r"\s+", "", seen) == re.sub(r"\s+", "", said)
