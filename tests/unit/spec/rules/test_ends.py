"""Words at the very beginning and end of a sentence: no rule looks past either."""

import importlib
import pkgutil

import pytest

from factory.spec import language, rules
from factory.spec.document import parse_spec
from factory.spec.gate import check_specs
from tests.unit.spec.rules.one_sentence import rules_for, spec_text


def known_words() -> list[str]:
    """Every word and phrase that some rule looks for."""
    names = [
        one.name
        for package in (rules, language)
        for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    found: set[str] = set()
    for name in names:
        for value in vars(importlib.import_module(name)).values():
            words = value if isinstance(value, frozenset | dict | tuple) else ()
            found.update(one for one in words if isinstance(one, str) and one[:1].isalpha())
    return sorted(found)


@pytest.mark.parametrize("form", ["{}", "{} it", "The page shows the {}", "{} many {}"])
def test_no_rule_fails_on_a_sentence_without_a_full_stop(form: str) -> None:
    words = known_words()
    assert len(words) > 2000
    for start in range(0, len(words), 100):
        lines = [
            f"- R{number}: {form.format(word, word)}"
            for number, word in enumerate(words[start : start + 100], 1)
        ]
        check_specs([parse_spec(spec_text("feature", {"Rules": "\n".join(lines)}), path="x.md")])


@pytest.mark.parametrize(
    "sentence",
    [
        "The page shows the high-load",
        "Most steps go up",
        "Very grey is the row of this",
    ],
)
def test_the_last_word_does_not_stand_before_the_first(sentence: str) -> None:
    assert "unmeasured" in rules_for(sentence)
