"""Every rule of the gate: its id, how grave a finding is, what it asks for.

A page in docs/rules/ stands behind each; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

Severity = Literal["error", "warning"]


class Rule(msgspec.Struct, frozen=True):
    """One rule. `silenceable`: whether a comment with a reason may silence it where it stands."""

    id: str
    severity: Severity
    summary: str
    silenceable: bool = True

    @property
    def page(self) -> str:
        """Where the rule is explained, from the root of the project."""
        return f"docs/rules/{self.id}.md"


def _error(name: str, summary: str) -> Rule:
    return Rule(name, "error", summary)


def _firm(name: str, summary: str) -> Rule:
    return Rule(name, "error", summary, silenceable=False)


def _warning(name: str, summary: str) -> Rule:
    return Rule(name, "warning", summary)


_RULES = (
    # Reading
    _firm("unreadable", "The file can be read: UTF-8, front matter, plain YAML."),
    _firm("front-matter", "The front matter has every key it needs, and no other."),
    _firm("hidden-character", "Nothing stands in the text that a reviewer cannot see."),
    _firm("hidden-text", "Nothing stands in the text that no page shows."),
    _error("product-unknown", "The product is one of factory.yml."),
    # The questions
    _error("section-missing", "Every question of the form is asked."),
    _firm("section-unnamed", "All text stands in a section."),
    _error("section-twice", "Every question is answered in one place."),
    _error("section-order", "The answers stand in the order of the form."),
    _error("section-empty", "Every question is answered."),
    _error("section-thin", "Every answer has substance."),
    _error("template-text", "Every answer is the spec's own."),
    _error("open-question", "Nothing is left to be decided."),
    # Inputs
    _error("invalid-inputs", "Inputs says what is not valid."),
    _error("invalid-unanswered", "Every invalid input gets an answer."),
    _error("edge-case-none", "There are edge cases, numbered."),
    # Requirements
    _error("requirement-number", "Every requirement has a number."),
    _error("requirement-empty", "Every number has a requirement."),
    _error("requirement-twice", "Every number stands once."),
    _error("requirement-unknown", "A requirement that is named exists."),
    _firm("requirement-none", "There are requirements."),
    _warning("requirement-compound", "A requirement asks for one thing."),
    _warning("unobservable", "A requirement can be observed from outside."),
    _warning("passive", "It is said who acts."),
    _error("implementation-detail", "A feature says what, not how it is built."),
    # Words
    _error("vague-word", "Every word means the same to two readers."),
    _error("weak-word", "An obligation is one: must, not should."),
    _error("unmeasured", "How fast, how often and how much have a measure."),
    _error("unit-missing", "A number that measures has a unit."),
    # Evaluation
    _error("evaluation-form", "An evaluation is Given, when, then."),
    _error("evaluation-unnamed", "An evaluation names its requirements."),
    _error("evaluation-unknown", "An evaluation names requirements that exist."),
    _error("evaluation-lacking", "Every requirement is evaluated."),
    # Constraints
    _error("constraint-unmeasured", "A constraint can be measured."),
    # Terms
    _warning("synonym", "One thing has one name."),
    _warning("undefined-term", "A term is in the glossary."),
    # Between specs
    _firm("id-twice", "An id belongs to one spec."),
    _firm("dependency", "What a spec depends on exists, and not in a circle."),
    _warning("label-unknown", "A label that binds is carried by a feature."),
    _error("contradiction", "Nothing says otherwise about the same thing."),
    _warning("overlap", "Two ready specs do not reach for the same thing."),
    # Versions
    _firm("version-same", "A ready spec's version rises with its text."),
    _firm("version-lower", "A version never falls."),
    _error("requirement-renumbered", "A requirement keeps its number."),
    _error("requirement-reused", "A number keeps its meaning."),
    # Silences
    _firm("silence-reason", "A silence gives its reason."),
    _firm("silence-unknown", "A silence names a rule that can be silenced."),
    Rule("silence-unused", "warning", "A silence silences something.", silenceable=False),
    # The context library
    _firm("context-unreadable", "A context file can be read."),
    _firm("context-glossary", "The glossary gives each word one meaning."),
    _firm("context-decision", "A decision has its number, status and parts."),
    _firm("context-agent", "A profile's text belongs to an agent of factory.yml."),
    Rule("context-empty", "warning", "A context file says something.", silenceable=False),
    _firm("template", "A template of the team's own can be met."),
    # Two readings by a model
    _warning("question-differs", "Two readers understand the same."),
    _warning("question-open", "A reader finds the answer in the text."),
)

CATALOGUE: Mapping[str, Rule] = {one.id: one for one in _RULES}
