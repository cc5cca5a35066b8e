"""Subject: answers otherwise when it is asked again, and gains nothing by it.

Each run of a scenario meets a service that nobody has used: what it learned of a question is gone,
and only chance is left to it. Here chance is what the scenario draws, by a seed that is chosen so
that the draws come in the order that a test wants.
"""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from factory.evaluate.runner import take_inventory
from factory.plan import Stop, request_retry
from factory.records import Candidate, Inventory, Report, read
from factory.verdict import Reason
from factory.verdict.reasons import code_of
from tests.adversarial.subject_bench import (
    CANARY,
    ENVIRONMENT,
    Judged,
    feature,
    judge,
    server,
)
from tests.adversarial.tiny_line import factory, lay_out
from tests.unit.evaluate.candidates import candidate

ASK = """
    Given a random word as "word"
    When I send GET "/echo?${word}"
    Then the response body contains "${word}"
"""
ANSWER = 'self.answer(self.path.partition("?")[2].encode())'
HONEST = server(f'if self.path.startswith("/echo"):\n    return {ANSWER}')
SECOND_RIGHT = server(
    f"""
    SEEN.append(self.path)
    if SEEN.count(self.path) > 1:
        return {ANSWER}
    return self.answer(b"")
    """,
    start="SEEN = []",
)
"""It knows a request that it has had before, and answers that one rightly."""
SAME = """
    When I send GET "/echo?marmalade-{number}"
    Then the response body contains "marmalade-{number}"
"""
"""Nothing in it is drawn, so that the second request is the first one again."""
ONE, TWO = SAME.format(number=1), SAME.format(number=2)
DRAWN = """
    Given a random choice of "fine" or "poor" as "word"
    When I send GET "/echo?${word}"
    Then the response body contains "${word}"
"""
POOR_IS_WRONG = server(
    f"""
    if self.path.endswith("poor"):
        return self.answer(b"")
    return {ANSWER}
    """
)
FINE_HANGS_AND_POOR_IS_WRONG = server(
    """
    if self.path.endswith("fine"):
        time.sleep(30)
    return self.answer(b"")
    """
)
"""It fails, then hangs: another outcome each time, and wrong each time."""
FLAKES, HOLDS = ("poor", "fine"), ("fine",)


def seed(folder: Path, suite: dict[str, str], *draws: tuple[str, ...]) -> str:
    """A line for scenarios.yml, by which each scenario in turn draws these words, run by run."""
    for name, text in suite.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    ids = [one.id for one in sorted(take_inventory(folder), key=lambda one: one.line)]
    wanted = [
        (identity, number, word)
        for identity, words in zip(ids, draws, strict=True)
        for number, word in enumerate(words)
    ]
    for found in range(100_000):
        if all(
            Random(f"{found + number}:{identity}").choice(["fine", "poor"]) == word
            for identity, number, word in wanted
        ):
            return f"seed: {found}\n"
    raise AssertionError("no seed draws so")


@pytest.fixture(autouse=True)
def _tools(needs) -> None:
    needs("git", "bwrap")


def quarantined(*numbers: int, days: int = 30) -> str:
    until = datetime.now(UTC).date() + timedelta(days=days)
    lines = [
        f'  - {{scenario: "scenarios/greeting/greeting.feature:Number {number} of {CANARY}", '
        f"until: {until}, reason: the test says so}}"
        for number in numbers
    ]
    return "\n".join(["quarantine:", *lines, ""])


def reason(judged: Judged) -> Reason:
    return code_of(judged.private.reason)


def runs(judged: Judged) -> list[tuple[str, ...]]:
    seen = {one.id: one.runs for one in judged.report.scenarios}
    return [seen.get(one.id, ()) for one in judged.inventory.scenarios]


def one_flake(folder: Path, settings: str = "") -> Judged:
    """The first of two scenarios flakes."""
    suite = feature(DRAWN, DRAWN)
    drawn = seed(folder / "s", suite, FLAKES, HOLDS)
    return judge(folder, POOR_IS_WRONG, suite, settings=drawn + settings)


def test_honest_subjects_are_asked_once(tmp_path: Path) -> None:
    judged = judge(tmp_path, HONEST, feature(ASK, ASK))
    assert judged.verdict == "pass" and runs(judged) == [("passed",)] * 2


@pytest.mark.parametrize("retries", [1, pytest.param(5, marks=pytest.mark.nightly)])
def test_knowing_a_question_is_forgotten_before_it_is_asked_again(
    tmp_path: Path, retries: int
) -> None:
    judged = judge(tmp_path, SECOND_RIGHT, feature(ONE, TWO), settings=f"retries: {retries}\n")
    assert runs(judged) == [("failed",) * (retries + 1)] * 2 and judged.verdict == "fail"


def test_right_the_second_time_is_no_pass_and_tells_nothing(tmp_path: Path) -> None:
    suite = feature(DRAWN, DRAWN)
    drawn = seed(tmp_path / "s", suite, FLAKES, FLAKES)
    judged = judge(tmp_path, POOR_IS_WRONG, suite, settings=drawn)
    assert judged.outcomes == ["failed", "failed"], "the first answer is what counts"
    assert runs(judged) == [("failed", "passed")] * 2
    assert (judged.verdict, reason(judged)) == ("inconclusive", Reason.FLAKES)
    assert judged.public.requirements_not_met == () and judged.public.failure_class is None


def test_without_retries_it_fails(tmp_path: Path) -> None:
    judged = judge(tmp_path, SECOND_RIGHT, feature(ONE, TWO), settings="retries: 0\n")
    assert judged.verdict == "fail" and runs(judged) == [("failed",)] * 2


def test_no_next_attempt_comes_of_it(tmp_path: Path) -> None:
    """The line stops for people: neither an attempt nor its feedback is to be had by flaking."""
    judged = one_flake(tmp_path)
    assert (judged.verdict, reason(judged)) == ("inconclusive", Reason.FLAKE)
    record = candidate(tmp_path / "again", {"a": "b"})
    assert isinstance(request_retry(record, judged.public), Stop)


def test_to_hang_instead_of_failing_again_is_to_fail(tmp_path: Path) -> None:
    suite = feature(DRAWN)
    drawn = seed(tmp_path / "s", suite, FLAKES)
    judged = judge(tmp_path, FINE_HANGS_AND_POOR_IS_WRONG, suite, seconds=2, settings=drawn)
    assert runs(judged) == [("failed", "timed_out")]
    assert judged.verdict == "fail"


def test_evaluating_again_is_no_second_draw(tmp_path: Path) -> None:
    """The same commit, started anew: it flakes in one evaluation and would pass the next."""
    first = one_flake(tmp_path)
    assert reason(first) == Reason.FLAKE
    kept = json.loads((first.out / "flakes.json").read_bytes())

    def lay(record: Candidate) -> None:
        """Chance cannot be ordered, so another product stands for the same one on a better day."""
        (tmp_path / "out").mkdir()
        data = {**kept, "candidate": record.commit}
        (tmp_path / "out" / "flakes.json").write_text(json.dumps(data))

    suite = feature(DRAWN, DRAWN)
    drawn = seed(tmp_path / "s", suite, FLAKES, HOLDS)
    second = judge(tmp_path, HONEST, suite, before=lay, settings=drawn)
    assert runs(second) == [("failed", "passed", "passed"), ("passed",)]
    assert (second.verdict, reason(second)) == ("inconclusive", Reason.FLAKE)
    third = judge(tmp_path, HONEST, suite, before=lay, settings=drawn + quarantined(1))
    assert third.verdict == "pass", "another suite: its owners have looked at it"


def test_in_quarantine_a_flake_is_explained_and_says_nothing(tmp_path: Path) -> None:
    judged = one_flake(tmp_path, quarantined(1))
    assert runs(judged) == [("failed", "passed"), ("passed",)]
    assert judged.verdict == "pass", "by the other scenario"
    suite = feature(DRAWN, DRAWN)
    drawn = seed(tmp_path / "s", suite, FLAKES, FLAKES)
    judged = judge(tmp_path, POOR_IS_WRONG, suite, settings=drawn + quarantined(1))
    assert reason(judged) == Reason.FLAKE, "the other one is not explained"
    judged = judge(tmp_path, POOR_IS_WRONG, suite, settings=drawn + quarantined(1, 2))
    assert (judged.verdict, reason(judged)) == ("inconclusive", Reason.QUARANTINE)
    assert judged.private.requirements == {"R1": "not-checked"}


def test_in_quarantine_what_is_wrong_each_time_fails(tmp_path: Path) -> None:
    wrong = server('return self.answer(b"")')
    judged = judge(tmp_path, wrong, feature(ASK, ASK), settings=quarantined(1, 2))
    assert judged.verdict == "fail" and judged.private.requirements == {"R1": "not-met"}


def test_a_quarantine_that_has_expired_explains_nothing(tmp_path: Path) -> None:
    judged = one_flake(tmp_path, quarantined(1, days=-1))
    assert (judged.verdict, reason(judged)) == ("inconclusive", Reason.FLAKE)
    assert "count no more: 1" in judged.private.reason, "its owners are told"
    assert any("expired" in text for text in judged.said)


def test_the_sealed_round_follows_what_is_explained(tmp_path: Path) -> None:
    suite = feature(DRAWN, DRAWN, DRAWN)
    name = "scenarios/greeting/greeting.feature"
    third = "\n  Scenario: Number 3"
    sealed = {name: suite[name].replace(third, f" @sealed{third}")}
    drawn = seed(tmp_path / "s", sealed, FLAKES, HOLDS, HOLDS)
    judged = judge(tmp_path, POOR_IS_WRONG, sealed, settings=drawn + quarantined(1))
    assert judged.verdict == "pass" and runs(judged)[2] == ("passed",)
    judged = judge(tmp_path, POOR_IS_WRONG, sealed, settings=drawn)
    assert runs(judged)[2] == () and reason(judged) == Reason.FLAKE


def test_the_day_is_in_the_records_so_that_deciding_later_is_deciding_the_same(
    tmp_path: Path,
) -> None:
    judged = one_flake(tmp_path, quarantined(1))
    record = read(Report, judged.out / "report.json")
    expected = read(Inventory, judged.out / "inventory.json")
    assert record == judged.report and expected.scenarios[0].quarantined(record.day)


@pytest.mark.nightly
def test_the_line_stops_until_the_suite_s_owners_explain_it(tmp_path: Path) -> None:
    """No attempt is spent on a flake and none is won, however often the line is run."""
    hello = ASK.replace("/echo?${word}", "/hello").replace("${word}", "hello")
    suite = feature(DRAWN, DRAWN, hello)
    name = "scenarios/greeting/greeting.feature"
    suite[name] = suite[name].replace("@R1\n  Scenario: Number 3", "@R2 @E1\n  Scenario: Number 3")
    drawn = seed(tmp_path / "s", suite, FLAKES, HOLDS, ())
    suite["scenarios.yml"] = f"version: 1\n{drawn}"
    files = server(
        f"""
        if self.path == "/hello":
            return self.answer(b"hello")
        return self.answer(b"") if self.path.endswith("poor") else {ANSWER}
        """
    )
    folder = lay_out(tmp_path, server=files["server.py"], suite=suite, attempts=3)
    for number in (1, 2):
        ran = factory(folder, "run", "--json")
        assert ran.code == 5, ran.err
        assert len(ran.attempts) == 1, "no attempt follows"
        seen = read(Report, ran.attempts[0] / "report.json")
        flaky = [one.runs for one in seen.scenarios if one.flaky]
        assert flaky == [("failed", "passed") * number], "what was seen stays seen"
        assert "One scenario did not answer the same twice" in ran.err + ran.out
        assert CANARY not in (ran.attempts[0] / "public-verdict.json").read_text()
    (folder / "scenarios" / "scenarios.yml").write_text(f"version: 1\n{drawn}" + quarantined(1))
    for words in (("add", "."), ("commit", "-qm", "explained")):
        subprocess.run(["git", *words], cwd=folder / "scenarios", env=ENVIRONMENT, check=True)
    ran = factory(folder, "run", "--json")
    assert ran.code == 0, ran.err
    assert len(ran.attempts) == 1 and ran.data["shipped"] is not None
