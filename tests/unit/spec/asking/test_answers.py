"""Answers come from outside: what does not fit the tool's schema is left out, never passed on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from factory.agents.turn import ToolUse, Turn
from factory.spec.asking.answers import LONGEST_ANSWER, Answer, answers, tool
from factory.spec.asking.questions import Question

ASKED = tuple(
    Question(id=f"R{n}.outcome", kind="outcome", subject=f"R{n}", text="?", line=n, column=1)
    for n in (1, 2)
)


def turn(*inputs, name="answer"):
    calls = [ToolUse(id=str(n), name=name, input=one) for n, one in enumerate(inputs)]
    return Turn(calls=calls)


def test_good_answers_are_read():
    given_ = {
        "R1.outcome": {"answer": " 302\n Found ", "stated": True},
        "R2.outcome": {"answer": "301", "stated": False},
    }
    assert answers(turn(given_), ASKED) == {
        "R1.outcome": Answer(text="302 Found", stated=True),
        "R2.outcome": Answer(text="301", stated=False),
    }
    Draft202012Validator(tool(ASKED)["input_schema"]).validate(given_)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "302",
        {},
        {"answer": "302"},
        {"stated": True},
        {"answer": 302, "stated": True},
        {"answer": "302", "stated": "true"},
        {"answer": "302", "stated": 1},
        {"answer": "x" * (LONGEST_ANSWER + 1), "stated": True},
        [{"answer": "302", "stated": True}],
    ],
)
def test_what_does_not_fit_is_left_out(answer):
    assert answers(turn({"R1.outcome": answer}), ASKED) == {}


def test_no_call_another_tool_and_a_broken_input_are_no_answers():
    good = {"R1.outcome": {"answer": "302", "stated": True}}
    assert answers(turn(), ASKED) == {}
    assert answers(turn(None), ASKED) == {}
    assert answers(turn(good, name="bash"), ASKED) == {}
    assert answers(turn({**good, "R9.outcome": good["R1.outcome"]}), ASKED).keys() == {"R1.outcome"}
    assert len(answers(turn(good, {"R2.outcome": good["R1.outcome"]}), ASKED)) == 2


@pytest.mark.parametrize(
    ("text", "stated", "read"),
    [
        ("Not stated.", True, Answer(text="", stated=False)),
        ("", True, Answer(text="", stated=False)),
        ("", False, Answer(text="", stated=False)),
        ("Does not apply", False, Answer(text="Does not apply", stated=True, applies=False)),
        ("n/a", True, Answer(text="n/a", stated=True, applies=False)),
        ("\u202egnp\x1b[31m", True, Answer(text="gnp [31m", stated=True)),
    ],
)
def test_words_for_nothing_and_hidden_characters(text, stated, read):
    got = answers(turn({"R1.outcome": {"answer": text, "stated": stated}}), ASKED)
    assert got == {"R1.outcome": read}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["R1.outcome", "R2.outcome", "x"]), JSON))
def test_any_input_is_read_without_failing(data):
    for answer in answers(turn(data), ASKED).values():
        assert all(char.isprintable() for char in answer.text)
