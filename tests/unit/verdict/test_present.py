"""check_output: a person's words, built from what is public, safe and within limits."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from factory.forge.markdown import escaped
from factory.records import (
    AgentProfile,
    Budget,
    Product,
    Requirement,
    SpecText,
    Subject,
    WorkOrder,
    digest_of,
)
from factory.verdict import check_output, unavailable


def order_of(*texts: str, title: str = "Links expire", attempt: int = 1) -> WorkOrder:
    requirements = tuple(
        Requirement(id=f"R{number}", text=text, line=number)
        for number, text in enumerate(texts or ("A link expires.", "It says so."), 1)
    )
    spec = SpecText(
        id="link-expiry",
        title=title,
        version=1,
        path="specs/link-expiry.md",
        commit="a" * 40,
        digest=digest_of("…"),
        text="…",
        requirements=requirements,
    )
    return WorkOrder(
        run_id="20261122t211008-0123abcd",
        nonce="ab" * 16,
        created_at="2026-11-22T21:10:08Z",
        spec=spec,
        product=Product(name="shortener", repository="acme/shortener", subject=Subject(start="x")),
        base_commit="b" * 40,
        agent=AgentProfile(name="builder", uses="replay"),
        budget=Budget(),
        brief="…",
        attempt=attempt,
    )


def public_of(order: WorkOrder, **changes):
    return msgspec.structs.replace(unavailable(order, "key-refused"), **changes)


def test_a_fail_names_requirements_and_whose_turn_it_is():
    order = order_of()
    public = public_of(
        order, verdict="fail", failure_class="behaviour", requirements_not_met=("R2",), cause=""
    )
    output = check_output(public, order, spent_usd=1.25)
    assert output.title.startswith("Failed: it does not do what the spec says")
    assert "| R2 | It says so\\. | **not met** |" in output.summary
    assert "| R1 | A link expires\\. | not told |" in output.summary
    assert "Attempt 1 of 3. **Next:** the builder; attempt 2 follows" in output.summary
    assert "1.25 USD, of 15.00 USD" in output.summary


@pytest.mark.parametrize(
    ("attempt", "spent", "says"),
    [(3, 1.0, "no attempt is left"), (1, 15.0, "the budget is used up")],
)
def test_the_last_fail_goes_to_the_owner_of_the_spec(attempt, spent, says):
    order = order_of(attempt=attempt)
    output = check_output(public_of(order, verdict="fail"), order, spent_usd=spent)
    assert f"**Next:** the owner of the spec; {says}." in output.summary


def test_an_inconclusive_says_why_and_what_to_do():
    order = order_of()
    output = check_output(unavailable(order, "key-refused"), order)
    assert output.title.startswith("Inconclusive: no verdict, so nothing ships")
    assert "could not be read with the deploy key" in output.summary
    assert "To mend it:" in output.summary and "FACTORY\\_SCENARIOS\\_KEY" in output.summary


def test_a_pass_says_what_met_means():
    order = order_of()
    output = check_output(public_of(order, verdict="pass", cause=""), order, spent_usd=0.0)
    assert output.title.startswith("Passed")
    assert output.summary.count("| met |") == 2
    assert "a requirement that no scenario checks counts as met here" in output.summary


def test_many_long_requirements_are_cut_by_the_rule():
    order = order_of(*["*<é>*" * 100] * 300)
    output = check_output(public_of(order, verdict="fail"), order)
    assert len(output.summary.encode()) <= 65_535
    assert "more are not shown" in output.summary
    assert "**Next:**" in output.summary and "candidate `none`" in output.summary


HOSTILE = st.text(
    alphabet=st.sampled_from(list("ab<>&\"'`*_[]()!|\\#@~:/.-\n\r\t\u202e\u200b\x1b+=1w{}$^%;"))
)


@given(HOSTILE)
def test_untrusted_text_renders_as_itself(text):
    row = f"| {escaped(text, limit=200)} | end |"
    html = MarkdownIt("gfm-like", {"linkify": False}).render(f"| a | b |\n| --- | --- |\n{row}\n")
    assert html.count("<td>") == 2 and "<td>end</td>" in html
    cell = html.split("<td>")[1].split("</td>")[0].replace("<!-- -->", "")
    assert "<" not in cell and ">" not in cell
    assert not set("\u202e\u200b\x1b") & set(cell)


@given(HOSTILE)
def test_untrusted_text_never_breaks_title_or_table(text):
    order = order_of(text or "x", title=text)
    output = check_output(public_of(order, verdict="fail"), order)
    assert len(output.title) <= 255 and "\n" not in output.title
    assert sum(line.startswith("| R1 |") for line in output.summary.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("@acme/all", "@<!-- -->acme/all"),
        ("fixes #12", "fixes #<!-- -->12"),
        ("https://evil.example", "https\\://evil\\.example"),
        ("www.evil.example", "www\\.evil\\.example"),
    ],
)
def test_mentions_and_links_are_parted(text, safe):
    assert escaped(text, limit=200) == safe
