"""Every rule of `factory scenarios check`: its id, how grave a finding is, what it asks for.

docs/scenarios.md explains each below a heading of its id; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping

from factory.spec.catalogue import Rule

PREFIX = "scenario-"


def _error(name: str, summary: str) -> Rule:
    return Rule(PREFIX + name, "error", summary, silenceable=False)


def _warning(name: str, summary: str) -> Rule:
    return Rule(PREFIX + name, "warning", summary, silenceable=False)


_RULES = (
    # Reading
    _error("unreadable", "The feature files can be read, and hold scenarios."),
    _error("settings", "scenarios.yml says what it may say."),
    _error("quarantine", "A quarantine is of one scenario that there is, and ends in time."),
    _warning("quarantine-ends", "A quarantine has not expired, and will not within two weeks."),
    _warning("quarantine-reason", "A quarantine says why, in words that help."),
    _error("quarantine-alone", "A requirement has a @must scenario out of quarantine."),
    _error("stray", "A feature file lies in the folder of its spec."),
    _error("step-undefined", "Every step is known to the library or defined by the suite."),
    _error("value-unknown", "A value that is used was made or remembered before."),
    # The spec
    _error("spec-unknown", "A folder of scenarios has the name of a spec."),
    _error("version", "The scenarios answer the spec's version."),
    _warning("version-unsaid", "scenarios.yml says which version the scenarios answer."),
    _error("untagged", "A scenario names the requirements that it judges."),
    _error("requirement-unknown", "A scenario names requirements that the spec has."),
    _warning("tag-unclear", "A tag that looks like a requirement is one."),
    _error("weight-twice", "A scenario is either @must or @should."),
    _error("unstated", "A scenario uses nothing that its spec does not state."),
    _warning("copied", "A scenario's values are not all copied from the spec."),
    # Form
    _error("when-missing", "A scenario does something: it has a When."),
    _error("then-early", "What is checked has been done before."),
    _error("asserts-nothing", "A scenario checks something."),
    _error("cannot-fail", "A check can fail."),
    _error("sleep", "No step sleeps."),
    _error("duplicate", "No two scenarios have the same steps."),
    _error("order", "Scenarios give the same outcome in any order."),
)

CATALOGUE: Mapping[str, Rule] = {one.id: one for one in _RULES}
