"""One mutant before the suites: killed twice, not started, out of time, or alive."""

from contextlib import contextmanager

import pytest

from factory.errors import Inconclusive
from factory.scenarios.repository import read_repository
from factory.scenarios.strength.escape import Probe
from factory.scenarios.strength.mutants import Mutant
from factory.scenarios.strength.mutation import try_mutants
from factory.scenarios.strength.product import NotStarted
from factory.scenarios.strength.trial import Bench, fate_of
from tests.unit.scenarios.made import repository

SUITE = """\
Feature: Parcels

  @R1
  Scenario: One
    When I run it with "good"
    Then the output is "good"

  @E1
  Scenario: Another
    When I run it with "good"
    Then the output is "good"
"""
GOOD, BAD = "/bin/echo", "/bin/false"
SOURCE = "def f(x):\n    return x + 1\n"


def mutant(number=0):
    text = SOURCE.replace("1", str(number + 2))
    return Mutant(path="a.py", line=2, function="f", operator="X", source=SOURCE, text=text)


class Product:
    """Stands as the next of `answers` says; the last one for ever. None: it does not start."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.changes = []

    @contextmanager
    def start(self, changes):
        self.changes.append(dict(changes))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            raise NotStarted("it does not start")
        yield answer


@pytest.fixture
def suites(tmp_path):
    return read_repository(repository(tmp_path / "suites", a=SUITE))


def bench(suites, product):
    return Bench(suites.suites, suites, product.start)


def test_a_mutant_is_killed_by_the_scenario_that_fails_twice(suites):
    product = Product(BAD)
    with bench(suites, product) as made:
        trial = made.trial(mutant())
    assert (trial.fate, trial.spec, trial.requirements) == ("killed", "parcels", ("R1",))
    assert product.changes == [{"a.py": mutant().text}] * 2


def test_what_fails_only_once_is_no_kill(suites):
    product = Product(BAD, GOOD)
    with bench(suites, product) as made:
        assert made.trial(mutant()).fate == "survived"


def test_what_does_not_start_is_dead_and_counted_apart(suites):
    with bench(suites, Product(None)) as made:
        assert made.trial(mutant()).fate == "not-started"


def test_out_of_time_is_told_from_killed():
    rows = [{"outcome": "passed", "tags": []}, {"outcome": "timed_out", "tags": ["@R2"]}]
    assert fate_of(rows) == ("timed-out", ["@R2"])
    assert fate_of([*rows, {"outcome": "failed", "tags": ["@R3"]}]) == ("killed", ["@R3"])
    assert fate_of([*rows[:1], {"outcome": "missing", "tags": []}])[0] == "timed-out"
    assert fate_of(rows[:1]) == ("survived", ())


def test_the_product_itself_must_pass(suites):
    with bench(suites, Product(BAD)) as made, pytest.raises(Inconclusive, match="2 of the 2"):
        made.control()
    with bench(suites, Product(None)) as made, pytest.raises(NotStarted):
        made.control()


def test_the_product_itself_may_fail_once(suites):
    with bench(suites, Product(BAD, GOOD)) as made:
        made.control()


def test_the_product_itself_must_pass_afterwards_too(suites):
    # Good at first; then something is broken, and every mutant seems to die.
    product = Product(GOOD, BAD)
    with pytest.raises(Inconclusive, match="with the product as it is"):
        try_mutants([mutant()], suites.suites, suites, product.start, marked={}, made=1)


def test_a_survivor_is_probed_once_for_lines_that_fail_alike(suites):
    product = Product(BAD)
    with bench(suites, product) as made:
        probe = Probe(made)
        first, second = probe.escape(mutant(0)), probe.escape(mutant(1))
    assert first is second and first.requirements == {"parcels": {"E1": 1, "R1": 1}}
    (change,) = product.changes
    assert "raise RuntimeError" in change["a.py"].split("\n")[1]


def test_a_line_without_which_nothing_starts_cannot_be_told(suites):
    with bench(suites, Product(None)) as made:
        assert Probe(made).escape(mutant()).at_start
