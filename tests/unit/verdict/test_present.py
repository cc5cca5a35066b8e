"""check_output: a person's words, built from what is public, safe and within limits."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
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
from factory.verdict import Course, check_output, unavailable, under_way
from factory.verdict.course import Lap
from factory.verdict.present import LAPS_SHOWN
from factory.verdict.reasons import INCONCLUSIVE, NO_MORE_TO_TELL, UNAVAILABLE


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
    assert output.title == "1 of 2 requirements not met: not shippable — Links expire"
    assert "The candidate: it does not do what the spec says. No other" in output.summary
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


def test_why_a_run_ends_early_is_said():
    order = order_of()
    stop = "R2 held in attempt 1 and no longer does"
    output = check_output(public_of(order, verdict="fail"), order, spent_usd=1.0, stop=stop)
    assert f"**Next:** the owner of the spec; {stop}." in output.summary


def test_what_may_be_unmet_without_a_name_is_not_counted():
    """A fail can have no requirement not met, as where the should scenarios are too few."""
    order = order_of()
    fail = {"verdict": "fail", "failure_class": "behaviour", "cause": ""}
    told = check_output(public_of(order, other=True, **fail), order)
    assert told.title.startswith("Not shippable: it does not do what the spec says")
    named = public_of(order, other=True, requirements_not_met=("R1",), **fail)
    assert check_output(named, order).title.startswith("At least 2 of 2 requirements not met")


def test_each_requirement_not_met_is_annotated_on_its_line_of_the_spec():
    order = order_of(*(f"Rule number {number}." for number in range(1, 10)))
    fail = {"verdict": "fail", "failure_class": "behaviour", "cause": ""}
    output = check_output(public_of(order, requirements_not_met=("R9", "R3"), **fail), order)
    assert [(one.path, one.start_line, one.end_line, one.level) for one in output.annotations] == [
        ("specs/link-expiry.md", 3, 3, "failure"),
        ("specs/link-expiry.md", 9, 9, "failure"),
    ]
    assert output.annotations[0].title == "R3 is not met"
    assert output.annotations[0].message.endswith("does not do this: Rule number 3.")


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": "pass"},
        {"verdict": "inconclusive", "requirements_not_met": ("R1",)},
        {"verdict": "fail", "other": True, "failure_class": "crash"},
    ],
)
def test_nothing_else_is_annotated(changes):
    order = order_of()
    assert check_output(public_of(order, **changes), order).annotations == ()


def test_attempts_spend_and_time_of_the_run_are_told():
    laps = (
        Lap(attempt=1, verdict="fail", not_met=("R2",), usd=0.5, seconds=240.0),
        Lap(attempt=2, verdict="pass", usd=0.75, seconds=4000.0),
    )
    order = order_of(attempt=2)
    output = check_output(
        public_of(order, verdict="pass"), order, spent_usd=1.25,
        course=Course(laps=laps, seconds=7500.0),
    )  # fmt: skip
    assert "| 1 | fail | R2 | 0.50 USD | 4 min |" in output.summary
    assert "| 2 | pass |  | 0.75 USD | 1 h 7 min |" in output.summary
    assert "Time: 2 h 5 min from the first plan to this verdict." in output.summary


def test_of_very_many_attempts_the_last_are_shown():
    laps = tuple(Lap(attempt=number, verdict="fail") for number in range(1, 1001))
    order = order_of(attempt=1000)
    summary = check_output(
        public_of(order, verdict="fail"), order, course=Course(laps=laps)
    ).summary
    assert f"{1000 - LAPS_SHOWN} earlier are not shown" in summary
    assert "| 1000 | fail | not told | not known | not known |" in summary


def test_while_it_is_under_way_it_says_so_and_claims_nothing():
    output = under_way(order_of(attempt=2), "building")
    assert output.title == "In progress: building, attempt 2 of 3 — Links expire"
    assert "met" not in output.summary.split() and output.annotations == ()


@pytest.mark.parametrize("phrase", [*INCONCLUSIVE.values(), *UNAVAILABLE.values()])
def test_an_inconclusive_says_which_part_broke_what_to_do_and_whose_turn_it_is(phrase):
    order = order_of()
    public = public_of(order, cause=phrase.cause, mend=phrase.mend)
    output = check_output(public, order)
    assert phrase.part and phrase.who
    assert f"Inconclusive: no verdict because of {phrase.part}, so not shippable" in output.title
    assert f"**What broke:** {phrase.part}." in output.summary
    assert "To mend it:" in output.summary
    assert f"**Next:** {phrase.who}; nothing ships meanwhile." in output.summary


def test_where_no_more_may_be_told_no_part_is():
    order = order_of()
    public = public_of(order, cause=NO_MORE_TO_TELL.cause, mend=NO_MORE_TO_TELL.mend)
    output = check_output(public, order)
    assert output.title.startswith("Inconclusive: no verdict, so not shippable")
    assert "What broke" not in output.summary


def test_an_inconclusive_says_why_and_what_to_do():
    order = order_of()
    output = check_output(unavailable(order, "key-refused"), order)
    assert output.title.startswith("Inconclusive: no verdict because of the deploy key")
    assert "could not be read with the deploy key" in output.summary
    assert "To mend it:" in output.summary and "FACTORY\\_SCENARIOS\\_KEY" in output.summary


def test_a_pass_says_what_met_means():
    order = order_of()
    output = check_output(public_of(order, verdict="pass", cause=""), order, spent_usd=0.0)
    assert output.title.startswith("2 of 2 requirements met: shippable")
    assert output.summary.count("| met |") == 2
    assert "a requirement that no scenario checks counts as met here" in output.summary


def test_without_a_spec_there_is_no_column_for_its_text():
    order = order_of("", "")
    summary = check_output(public_of(order, verdict="pass", requirements_not_met=()), order).summary
    assert "| Requirement | Outcome |\n| --- | --- |\n| R1 | met |\n| R2 | met |" in summary


def test_many_long_requirements_are_cut_by_the_rule():
    order = order_of(*["*<é>*" * 100] * 300)
    output = check_output(public_of(order, verdict="fail"), order)
    assert len(output.summary.encode()) <= 65_535
    assert "more are not shown" in output.summary
    assert "**Next:**" in output.summary and "candidate `none`" in output.summary


def test_of_ten_thousand_requirements_those_not_met_are_shown_first():
    texts = [f"Rule {number} of the specification." for number in range(1, 10_001)]
    order = order_of(*texts)
    public = public_of(
        order, verdict="fail", failure_class="behaviour", requirements_not_met=("R9999",), cause=""
    )
    output = check_output(public, order)
    assert len(output.summary.encode()) <= 65_535
    rows = [line for line in output.summary.splitlines() if line.startswith("| R")]
    assert rows[1].startswith("| R9999 ") and rows[1].endswith("**not met** |")
    assert f"{10_000 - len(rows) + 1} more are not shown" in output.summary
    assert output.title.startswith("1 of 10000 requirements not met")


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


ANY = st.text(max_size=2000) | HOSTILE


@settings(max_examples=60)
@given(title=ANY, texts=st.lists(ANY, min_size=1, max_size=4), stop=ANY, attempt=st.integers(1, 9))
def test_no_text_of_a_spec_breaks_a_limit_or_becomes_markup(title, texts, stop, attempt):
    order = order_of(*texts, title=title, attempt=attempt)
    named = tuple(one.id for one in order.spec.requirements[:3])
    public = public_of(
        order, verdict="fail", failure_class="behaviour", requirements_not_met=named, cause=""
    )
    for output in (check_output(public, order, stop=stop), under_way(order, "building")):
        assert 0 < len(output.title) <= 255 and output.title.isprintable()
        assert len(output.summary.encode()) <= 65_535
        html = MarkdownIt("gfm-like", {"linkify": False}).render(output.summary)
        assert html.count("<tr>") == (len(texts) + 1 if output.annotations else 0)
        assert not any(tag in html for tag in ("<a", "<img", "<h", "<ul", "<ol", "<pre", "<block"))
        # Nobody is called, and no issue is touched.
        assert not any(mark in html.replace("<!-- -->", " ") for mark in ("@a", "@b", "#1"))
        for note in output.annotations:
            assert len(note.title) <= 255 and len(note.message.encode()) <= 64 * 1024
            assert note.message.isprintable() and note.start_line == note.end_line
