"""Several public verdicts as one check: what is said, and that it says no more than they do."""

from __future__ import annotations

import itertools

import msgspec
import pytest

from factory.records import PublicVerdict
from factory.verdict import Unavailable, check_on_commit, statement_on_commit, told, word_of
from factory.verdict.present import SUMMARY_LIMIT_BYTES
from factory.verdict.title import count
from tests.unit.evaluate.candidates import candidate as made

HEAD, BASE = "a" * 40, "b" * 40


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    return made(tmp_path_factory.mktemp("product") / "x", {"a": "1"})


@pytest.fixture
def judged(record):
    """`judged("fail", 5, named=…)`: a candidate and a public verdict of a spec of 5 rules."""

    def make(verdict, size=3, *, named=(), other=False, failure=None, spec="greeting", cause=""):
        order = record.work_order
        one = order.spec.requirements[0]
        rules = tuple(msgspec.structs.replace(one, id=f"R{n}", line=n) for n in range(1, size + 1))
        text = msgspec.structs.replace(order.spec, requirements=rules, id=spec, title=spec)
        order = msgspec.structs.replace(order, spec=text)
        public = PublicVerdict(
            run_id=order.run_id, nonce=order.nonce, attempt=1, spec_id=spec, spec_version=1,
            spec_digest=order.spec.digest, candidate=record.commit, suite_digest=None,
            verdict=verdict, failure_class=failure, requirements_not_met=named, other=other,
            cause=cause, mend=cause,
        )  # fmt: skip
        return msgspec.structs.replace(record, work_order=order), public

    return make


def output(*pairs, **more):
    told = [(one.work_order, public) for one, public in pairs]
    return check_on_commit(told, commit=HEAD, base=BASE, **more)


@pytest.mark.parametrize(
    ("verdicts", "word"),
    [
        ([], "inconclusive"),
        (["pass"], "pass"),
        (["pass", "pass"], "pass"),
        (["pass", "inconclusive"], "inconclusive"),
        (["inconclusive", "fail"], "fail"),
        (["pass", "fail"], "fail"),
    ],
)
def test_only_where_each_passed_is_it_a_pass(judged, verdicts, word):
    pairs = [judged(one) for one in verdicts]
    assert word_of([(one.work_order, public) for one, public in pairs]) == word


@pytest.mark.parametrize(
    ("facts", "title"),
    [
        ([("pass", 7, {})], "7 of 7 requirements met: shippable"),
        ([("pass", 7, {}), ("pass", 2, {})], "9 of 9 requirements met: shippable"),
        ([("fail", 7, {"named": ("R1", "R2"), "failure": "behaviour"})],
         "2 of 7 requirements not met: not shippable"),
        ([("fail", 7, {"named": ("R1",), "other": True, "failure": "behaviour"})],
         "At least 2 of 7 requirements not met: not shippable"),
        ([("fail", 7, {"other": True, "failure": "crash"})],
         "Not shippable: it crashed"),
        ([("fail", 7, {"failure": "start"})], "Not shippable: it did not start"),
        ([("fail", 7, {})], "Not shippable: holdout scenarios did not pass"),
        ([("fail", 7, {}), ("pass", 2, {})], "1 of 2 specs failed: not shippable"),
        ([("pass", 7, {}), ("fail", 2, {"named": ("R1",), "failure": "behaviour"})],
         "1 of 9 requirements not met: not shippable"),
        ([("inconclusive", 7, {"cause": "No key."})],
         "Inconclusive: no verdict, so not shippable"),
    ],
)  # fmt: skip
def test_the_title_counts_what_may_be_known(judged, facts, title):
    found = output(*(judged(word, size, **more) for word, size, more in facts))
    assert found.title == title
    assert f"**{title}**" in found.summary
    assert "shippable" in title


def test_it_is_a_function_of_the_public_verdicts_and_no_finer(judged):
    """Two lists of verdicts that differ are the only way to two texts: the bits add up."""
    choices = [("pass", {}), ("fail", {"named": ("R1",), "failure": "behaviour"}), ("fail", {})]
    seen = {}
    for first, second in itertools.product(choices, repeat=2):
        pairs = [judged(word, **more) for word, more in (first, second)]
        text = output(*pairs).summary
        assert output(*pairs).summary == text
        seen[(str(first), str(second))] = text
    assert len(set(seen.values())) == len(seen) == 9


def test_without_any_verdict_the_cause_and_the_mend_are_said():
    for cause in Unavailable:
        found = check_on_commit([], commit=HEAD, base="", cause=cause)
        assert found.title.startswith("Inconclusive")
        assert "To mend it: " in found.summary


def test_notes_stand_in_the_summary(judged):
    assert "It is spent." in output(judged("pass"), notes=("It is spent.",)).summary


def test_very_many_specs_stay_within_githubs_limit(judged):
    pairs = [judged("fail", 40, named=("R1",), failure="crash", spec=f"s{n}") for n in range(300)]
    summary = output(*pairs).summary
    assert len(summary.encode()) <= SUMMARY_LIMIT_BYTES
    assert "further specs are left out" in summary
    assert "100 more are not shown" in summary
    assert f"Judged: commit `{HEAD}`" in summary


def test_counting_says_nothing_where_one_verdict_is_a_bare_word(judged):
    (one, public), (other, bare) = judged("pass"), judged("fail")
    assert count([(one.work_order, public), (other.work_order, bare)]) is None
    assert count([]) is None


def test_a_statement_on_several_specs_has_them_all_and_one_verdict(judged):
    pairs = [judged("pass", spec="one"), judged("fail", spec="other", failure="crash")]
    whole = statement_on_commit(pairs, "fail", version="1")
    assert told(whole, pairs[0][0].commit) == "fail"
    assert whole["predicate"]["result"] == "FAILED"
    specs = whole["predicate"]["dark-factory"]["specs"]
    assert [(one["spec"]["id"], one["verdict"]) for one in specs] == [
        ("one", "pass"), ("other", "fail"),
    ]  # fmt: skip
    assert statement_on_commit(pairs[:1], "pass", version="1")["predicate"]["dark-factory"]["spec"]
