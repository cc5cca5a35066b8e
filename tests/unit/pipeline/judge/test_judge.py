"""A commit that somebody outside wrote, judged by the holdouts alone."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from factory.errors import AuthenticationError, KeyMissing, SandboxUnavailable
from factory.evaluate import ScenarioSource
from factory.forge.local import LocalForge
from factory.pipeline.judge import Asked, judge, output_of
from factory.pipeline.judge.leak import Leak
from tests.adversarial.outside_product import (
    CONFIGURATION,
    GREETS,
    RUDE,
    SUITE,
    Outside,
    feature,
    lay_out,
    spec,
)
from tests.adversarial.subject_bench import ENVIRONMENT, repository


@pytest.fixture(autouse=True)
def _tools(needs):
    needs("git", "bwrap")


def test_a_commit_that_meets_the_spec_passes_and_one_that_does_not_fails(tmp_path):
    outside = lay_out(tmp_path)
    good, bad = outside.push(GREETS, "good"), outside.push(RUDE, "bad")
    passed = outside.judge(good)
    assert (passed.verdict, passed.commit, passed.cause) == ("pass", good, None)
    assert output_of(passed).title == "3 of 3 requirements met: shippable"
    assert f"commit `{good}`" in output_of(passed).summary
    failed = outside.judge(bad)
    assert failed.verdict == "fail"
    (one,) = failed.judged
    assert one.public.requirements_not_met == ("R1",)
    assert output_of(failed).title == "1 of 3 requirements not met: not shippable"
    assert "| R1 |" in output_of(failed).summary and "**not met**" in output_of(failed).summary
    assert one.candidate.branch is None and one.order.agent.uses == "outside"


def test_every_spec_of_the_product_that_has_scenarios_is_judged(tmp_path):
    specs = {
        "specs/greeting.md": spec(),
        "specs/parting.md": spec("parting", title="Part"),
        "specs/unwritten.md": spec("unwritten"),
        "specs/paused.md": spec("paused", status="paused"),
        "specs/foreign.md": spec("foreign", product="other"),
    }
    both = CONFIGURATION.replace(
        "scenarios:", "  other: {repository: ../other, subject: {command: x}}\nscenarios:"
    )
    suite = {
        **SUITE,
        "scenarios/parting/a.feature": feature("E1"),
        "scenarios/paused/a.feature": feature("R1"),
        "scenarios/foreign/a.feature": feature("R1"),
    }
    outside = lay_out(tmp_path, specs=specs, suite=suite, configuration=both)
    found = outside.judge(outside.push(RUDE))
    assert [one.order.spec.id for one in found.judged] == ["greeting", "parting"]
    output = output_of(found)
    # E1 has one scenario alone, so it is not named; such a fail tells no number.
    assert output.title == "2 of 2 specs failed: not shippable"
    assert "| Greet | 1 | **failed** |" in output.summary
    assert "### Part: **failed**" in output.summary
    alone = outside.judge(outside.push(GREETS), wanted=("parting",))
    assert [one.order.spec.id for one in alone.judged] == ["parting"]
    assert outside.judge(outside.push(GREETS), wanted=("unwritten",)).cause == "nothing-to-judge"


def test_without_a_spec_the_tags_are_the_requirements(tmp_path):
    outside = lay_out(tmp_path, specs={})
    found = outside.judge(outside.push(RUDE))
    (one,) = found.judged
    assert [item.id for item in one.order.spec.requirements] == ["R1", "R2"]
    assert output_of(found).title == "1 of 2 requirements not met: not shippable"
    assert "### Greeting: **failed**" in output_of(found).summary
    assert outside.judge(outside.push(GREETS)).verdict == "pass"


def test_specs_of_another_repository(tmp_path):
    outside = lay_out(
        tmp_path, specs={}, configuration=CONFIGURATION + "specs: {repository: ../s}\n"
    )
    repository(tmp_path / "s", {"specs/greeting.md": spec(title="Elsewhere")})
    found = outside.judge(outside.push(GREETS))
    assert found.verdict == "pass"
    assert "Elsewhere" in output_of(found).summary

    whole = CONFIGURATION.replace("    subject", f"    repository: {outside.product}\n    subject")
    repository(tmp_path / "whole", {"specs/greeting.md": spec(title="Whole"), "factory.yml": whole})
    found = outside.judge(outside.push(GREETS), specs=str(tmp_path / "whole"))
    assert (found.verdict, found.judged[0].order.spec.title) == ("pass", "Whole")


def broken_suite(outside: Outside) -> None:
    path = outside.folder / "scenarios" / "scenarios.yml"
    _commit(path, "version: 1\nspecs: {greeting: {answers-version: 2}}\n")


def no_product(outside: Outside) -> None:
    text = CONFIGURATION.replace("    subject", "    repository: ../other\n    subject")
    _commit(outside.product / "factory.yml", text)


def no_folder(outside: Outside) -> None:
    (outside.folder / "scenarios/scenarios/greeting").rename(
        outside.folder / "scenarios/scenarios/other"
    )
    _commit(outside.product / "specs/other.md", spec("other", status="retired"))
    _commit(outside.folder / "scenarios/README.md", "x")


def _commit(path: Path, text: str) -> None:
    path.write_text(text)
    for words in (["add", "--all"], ["commit", "-q", "-m", "x"]):
        subprocess.run(["git", *words], cwd=path.parent, env=ENVIRONMENT, check=True)


@pytest.mark.parametrize(
    ("breaks", "cause", "part"),
    [
        (lambda one: _commit(one.product / "factory.yml", "version: 9\n"),
         "configuration-unreadable", "the configuration"),
        (no_product, "configuration-unreadable", "the configuration"),
        (lambda one: _commit(one.product / "specs/greeting.md", spec(version="many")),
         "configuration-unreadable", "the configuration"),
        (no_folder, "nothing-to-judge", "the scenarios"),
    ],
    ids=["factory.yml", "no product here", "a spec", "no folder"],
)  # fmt: skip
def test_what_is_missing_is_a_cause_and_never_green(tmp_path, breaks, cause, part):
    outside = lay_out(tmp_path)
    breaks(outside)
    found = outside.judge(outside.push(GREETS))
    assert (found.verdict, found.cause, found.judged) == ("inconclusive", cause, ())
    output = output_of(found)
    assert output.title == f"Inconclusive: no verdict because of {part}, so not shippable"
    assert "To mend it: " in output.summary


def test_a_suite_for_another_version_is_told_as_such(tmp_path):
    outside = lay_out(tmp_path)
    broken_suite(outside)
    found = outside.judge(outside.push(GREETS))
    assert found.verdict == "inconclusive"
    assert "answer another version of the spec" in found.judged[0].public.cause


def test_a_commit_that_is_not_there(tmp_path):
    outside = lay_out(tmp_path)
    assert outside.judge("f" * 40).cause == "commit-unreadable"


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (KeyMissing("none"), "key-missing"),
        (AuthenticationError("no key at all"), "key-refused"),
    ],
)
def test_a_key_that_cannot_be_used(tmp_path, error, cause):
    outside = lay_out(tmp_path)

    @contextmanager
    def refuses(place: str, ref: str):
        raise error
        yield

    found = judge(
        Asked(repository=str(outside.product), commit=outside.push(GREETS)),
        forge=LocalForge(),
        scenarios=refuses,
        out=tmp_path / "out",
        leak=Leak(),
        say=lambda text: None,
    )
    assert (found.verdict, found.cause) == ("inconclusive", cause)


def test_scenarios_that_cannot_be_reached(tmp_path):
    outside = lay_out(tmp_path)
    commit = outside.push(GREETS)
    gone = ScenarioSource(url=str(tmp_path / "gone"))
    assert outside.judge(commit, source=gone).cause == "scenarios-unreadable"
    ref = ScenarioSource(url=str(tmp_path / "scenarios"), ref="gone")
    assert outside.judge(commit, source=ref).cause == "scenarios-unreadable"


def test_no_sandbox_is_no_verdict(tmp_path, monkeypatch):
    def none(choice: object) -> None:
        raise SandboxUnavailable("no bwrap")

    monkeypatch.setattr(sys.modules[judge.__module__], "select_sandbox", none)
    outside = lay_out(tmp_path)
    found = outside.judge(outside.push(GREETS))
    assert found.verdict == "inconclusive"
    assert "No sandbox that holds" in found.judged[0].public.cause


def test_one_that_failed_counts_beside_one_without_a_verdict(tmp_path):
    specs = {"specs/greeting.md": spec(), "specs/parting.md": spec("parting")}
    suite = {**SUITE, "scenarios/parting/a.feature": feature("C9")}  # No such requirement.
    outside = lay_out(tmp_path, specs=specs, suite=suite)
    found = outside.judge(outside.push(RUDE))
    assert [one.public.verdict for one in found.judged] == ["fail", "inconclusive"]
    assert found.verdict == "fail"
    assert output_of(found).title == "1 of 2 specs failed: not shippable"
    assert outside.judge(outside.push(GREETS)).verdict == "inconclusive"
