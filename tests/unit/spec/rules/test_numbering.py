"""Where requirements are asked for: what has no number, and numbers that nobody reads."""

import pytest

from factory.spec.document import parse_spec
from factory.spec.gate import check_specs
from tests.unit.spec.rules.one_sentence import severities, spec_text

_EVALUATED = '- E1: Given a day without a boat, when a member opens it, then it says "No boat".'
_CONSTRAINED = (
    f"{_EVALUATED}\n"
    "- C1: Given 120 rows, when a member opens the list, then it appears within 2 seconds."
)


def told(rules: str, evaluation: str = _CONSTRAINED) -> list[tuple[str, str]]:
    """What `requirement-number` says of a section of rules; each message and the line it is on."""
    text = spec_text("feature", {"Rules": rules, "Evaluation": evaluation})
    lines = text.split("\n")
    return [
        (one.message, lines[one.line - 1][one.column - 1 :])
        for one in check_specs([parse_spec(text, path="boats.md")])
        if one.rule == "requirement-number"
    ]


def severities_of(rules: str) -> list[str]:
    """The severity of each `requirement-number` in a section of rules."""
    text = spec_text("feature", {"Rules": rules, "Evaluation": _CONSTRAINED})
    found = check_specs([parse_spec(text, path="boats.md")])
    return [one.severity for one in found if one.rule == "requirement-number"]


@pytest.mark.parametrize(
    "rules",
    [
        "A boat off the water is grey.",
        "A boat off the water is grey.\n\nA member sees its name.",
        "| boat | colour |\n| --- | --- |\n| off the water | grey |",
        "```\nA boat off the water is grey.\n```",
        "None of the boats off the water is grey.",
        "Nothing leaves the boat house.",
        "No page loads a picture of a boat.",
        "No rule is shown for more than 20 seconds.",
        "None.\n\nA boat off the water is grey.",
    ],
)
def test_rules_without_a_number_are_told_once_though_other_sections_have_some(rules: str) -> None:
    [(message, line)] = told(rules)
    assert "'Rules' has no numbered line" in message and line in rules.split("\n")
    assert not line.startswith("None.")


@pytest.mark.parametrize("rules", ["None.", "- R1: The boat is grey.", "There are no rules."])
def test_rules_with_a_number_or_said_to_be_none_are_not_told(rules: str) -> None:
    assert told(rules) == []


def test_constraints_may_be_none() -> None:
    for said in (
        "None.",
        "None: it runs once a year.",
        "No further constraints.",
        "There are no limits of its own.",
        "Nothing special.",
        "Nothing beyond the rules is asked for.",
        "The feature has no constraints.",
        "Those of `answer-limits` hold.",
        "None.\n\nThe constraint spec `answer-limits` applies.",
        "Open question: which limits hold for time and size?",
    ):
        text = spec_text("feature", {"Constraints": said, "Evaluation": _EVALUATED})
        found = check_specs([parse_spec(text, path="boats.md")])
        assert "requirement-number" not in {one.rule for one in found}


@pytest.mark.parametrize(
    ("rules", "where", "line"),
    [
        ("C7: A boat is grey.", "C7 stands in a paragraph", "C7: A boat is grey."),
        ("A boat\nR7: is grey.", "R7 stands in a paragraph", "R7: is grey."),
        ("| C7 | A boat is grey. |\n|--|--|", "C7 stands in a table", "C7 | A boat is grey. |"),
        ("| a | R7: A boat is grey. |\n|--|--|", "R7 stands in a table", "R7: A boat is grey. |"),
        ("```\nR7: A boat is grey.\n```", "R7 stands in code", "```"),
        ("- R1: A boat:\n  - R7: is grey.", "R7 stands within R1", "R7: is grey."),
        ("- R1: A boat:\n\n  **R7:** is grey.", "R7 stands within R1", "R7:** is grey."),
        ("- R1: A boat shows\n  R7: its name.", "R7 stands within R1", "R7: its name."),
        ("- R1: A boat:\n  - <!-- x --> R7: is grey.", "R7 stands within R1", "R7: is grey."),
        ("<li>R7: A boat is grey.</li>", "R7 stands in a paragraph", "R7: A boat is grey.</li>"),
        ("- R1: A boat:\n  1. R7, E1: is grey.", "R7 stands within R1", "R7, E1: is grey."),
    ],
)
def test_a_number_where_nobody_reads_it(rules: str, where: str, line: str) -> None:
    [(message, at)] = told(rules)
    assert where in message and at == line


@pytest.mark.parametrize(
    "more",
    [
        "| R1 | grey |\n| --- | --- |\n| E1 | white |",
        "```\nR1: grey\n```",
    ],
)
def test_a_table_may_speak_of_requirements_that_are_there(more: str) -> None:
    assert told(f"- R1: A boat has a colour of the table.\n\n{more}") == []


def test_what_a_word_of_the_list_means_is_no_requirement() -> None:
    meant = "In this list, *it* means the list of the day."
    assert told(f"- R1: It is grey.\n\n{meant}") == []
    assert told("- R1: It is grey.\n\nIn this list, *it* is `crew list`.") == []
    for bound in ("the boatman sees every boat", "the list is grey", "`boat` is gone at night"):
        assert told(f"- R1: It is grey.\n\nIn this list {bound}.") != []


def test_a_list_that_words_lead_to_may_say_what_is_meant() -> None:
    meant = "A boat is *free* when it is\n\n- ashore,\n- whole.\n\nNumbered:\n\n- R1: It is grey."
    assert severities_of(meant) == ["warning", "warning"]
    assert severities_of("A boat is free when it is\n\n- ashore,\n- whole.") == ["error", "error"]
    assert severities_of("- R1: It is grey.\n- It has a name.") == ["error"]


@pytest.mark.parametrize("number", ["R1000", "R0", "R01"])
def test_a_number_that_no_scenario_can_name(number: str) -> None:
    [(message, _)] = told(f"- R1: A boat is grey.\n- {number}: A boat has a name.")
    assert message == f"{number} is no number of a requirement"


@pytest.mark.parametrize(
    ("line", "severities_told"),
    [
        ("The list shows each boat.", {"warning"}),
        ("A boat must have a name.", {"warning"}),
        ("- It is grey.", {"error"}),
        ("A name is a word of letters.", set()),
        ("Boats", set()),
        ("What the list shows:", set()),
    ],
)
def test_a_paragraph_may_say_what_a_word_means(line: str, severities_told: set[str]) -> None:
    assert severities(f"It is grey.\n\n{line}", "requirement-number") == severities_told
