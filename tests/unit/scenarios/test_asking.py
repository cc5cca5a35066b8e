"""Drafts by a scripted model over a real connection: what is kept, marked and spent."""

import pytest
from messages_api.bench import KEY
from messages_api.script import Script
from messages_api.server import MessagesServer

from factory.errors import (
    AgentError,
    AuthenticationError,
    BudgetExceeded,
    ConfigurationError,
)
from factory.scenarios.drafting.asking import draft_by_model
from factory.spec.document import read_spec
from tests.unit.scenarios.made import SPECS

MODEL = "claude-sonnet-5-5"
SPEC = SPECS / "specs" / "labels.md"
GOOD = {
    "title": "A colour is put",
    "requirements": ["R1"],
    "steps": [
        {"keyword": "Given", "text": 'a random word as "word"'},
        {
            "keyword": "When",
            "text": 'I send PUT "/labels/${word}" with JSON:',
            "docstring": '{"colour": "${word}"}',
        },
        {"keyword": "Then", "text": "the response status is 204"},
    ],
}


def asked(given, *, key=KEY, model=MODEL, limit_usd=1.0, faults=(), tool="write_scenarios"):
    turns = [{"say": "", "calls": [{"tool": tool, "input": given}]}]
    with MessagesServer(Script({"turns": turns, "faults": list(faults)}), key=KEY) as server:
        result = draft_by_model(
            read_spec(SPEC),
            model=model,
            limit_usd=limit_usd,
            key=key,
            base_url=server.url,
            backoff_seconds=0.001,
        )
        assert not server.refusals, server.refusals
        return result, server


def scenarios(*rows, lacking=()):
    return {"scenarios": list(rows), "not_expressed": list(lacking)}


def test_known_steps_are_kept_and_what_is_left_out_gets_its_skeleton():
    result, server = asked(scenarios(GOOD))
    text = result.draft.text
    assert (
        "  @R1\n  Scenario: A colour is put\n"
        '    Given a random word as "word"\n'
        '    When I send PUT "/labels/${word}" with JSON:\n'
        '      """\n      {"colour": "${word}"}\n      """\n'
        "    Then the response status is 204\n" in text
    )
    assert "@E1" in text and "the response status is 422" in text
    assert result.notes == ("the model left out E1: their skeletons are in the draft",)
    assert 0 < result.usd < 0.2
    [body] = server.requests
    sent = str(body["messages"])
    assert "I send {method:method} {path:string}" in sent and "A colour that is no text" in sent


def test_a_step_that_there_is_not_is_marked():
    wrong = {**GOOD, "steps": [*GOOD["steps"], {"keyword": "Then", "text": "it is all fine"}]}
    result, _ = asked(scenarios(wrong))
    assert (
        "    # not expressed: it is all fine\n    And to be written: it is all fine\n"
        in result.draft.text
    )


def test_what_the_model_cannot_express_never_passes():
    lacking = {"requirement": "E1", "what": "a colour seen by eye"}
    result, _ = asked(scenarios(GOOD, lacking=[lacking]))
    assert result.notes == () and "to be written: a colour seen by eye" in result.draft.text


@pytest.mark.parametrize(
    "row",
    [
        {**GOOD, "requirements": ["R9"]},
        {**GOOD, "requirements": [{"R1": 1}]},
        {**GOOD, "steps": "When I send GET"},
        {**GOOD, "steps": [{"keyword": "Scenario", "text": "x"}]},
        "a scenario",
        {},
    ],
)
def test_what_does_not_fit_is_left_out(row):
    result, _ = asked(scenarios(GOOD, row))
    assert result.draft.text.count("  Scenario: ") == 2  # E1's skeleton besides


def test_a_model_cannot_write_more_than_steps():
    evil = {
        "title": "x\n  Scenario: free\n    Then the exit code is 0",
        "requirements": ["R1", "E1"],
        "steps": [
            {"keyword": "When", "text": 'I send GET "/health"\n    Then the response status is 9'},
            {"keyword": "Then", "text": "the response body is:", "docstring": 'a\n"""\nFeature: b'},
        ],
    }
    result, _ = asked(scenarios(evil))
    assert result.draft.scenarios == 1 and result.draft.steps == 2
    assert result.draft.text.count("\n  Scenario:") == 1


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"key": " "}, AuthenticationError),
        ({"key": "sk-ant-wrong"}, AuthenticationError),
        ({"model": "no-such-model"}, ConfigurationError),
        ({"limit_usd": 0.001}, BudgetExceeded),
        ({"tool": "another"}, AgentError),
    ],
)
def test_what_stops_it(options, error):
    with pytest.raises(error):
        asked(scenarios(GOOD), **options)


def test_nothing_to_be_read_is_no_draft():
    with pytest.raises(AgentError, match="no scenario"):
        asked({"scenarios": 3})


def test_a_refusal_that_may_pass_is_tried_again():
    result, _ = asked(scenarios(GOOD), faults=[{"turn": 0, "kind": "529"}])
    assert result.draft.scenarios == 2
