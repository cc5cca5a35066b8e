"""`--order`, `--rerun`, `--shard`, and the live line of a terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from scenario_runner.errors import UsageFault
from scenario_runner.model import Scenario
from scenario_runner.run import order

DISTRIBUTION = Path(__file__).resolve().parents[2] / "scenario-runner"
HOOK = {"conftest.py": "def pytest_runtest_setup(item): pass\n"}


def feature(name: str, codes: list[int]) -> str:
    return f"Feature: {name}\n" + "".join(
        f" Scenario: {name}{number}\n  When I run it with no arguments\n"
        f"  Then the exit code is {code}\n"
        for number, code in enumerate(codes)
    )


def suite_of(suite, way: str, codes: list[int]) -> Path:
    files = {"a.feature": feature("a", codes), "b.feature": feature("b", codes)}
    return suite(files | (HOOK if way == "suite" else {}))


def ran_in(ran) -> list[str]:
    return [each["name"] for each in ran.private]


@pytest.mark.parametrize("way", ["library", "suite"])
def test_a_shuffled_order_is_recorded_and_comes_again(suite, run, way):
    root = suite_of(suite, way, [0] * 8)
    plain = run(root)
    usual = ran_in(plain)
    shuffled = run(root, "--order", "shuffle")
    recorded = shuffled.report["order"]
    assert recorded in shuffled.stdout
    assert "order" not in plain.report
    first = ran_in(shuffled)
    assert first != usual
    assert sorted(first) == sorted(usual)
    assert ran_in(run(root, "--order", recorded)) == first
    ids = [each["id"] for each in shuffled.report["scenarios"]]
    assert ids == [each["id"] for each in plain.report["scenarios"]]
    assert (shuffled.code, shuffled.outcomes) == (0, plain.outcomes)


@pytest.mark.parametrize("way", ["library", "suite"])
def test_what_failed_before_runs_first_and_then_everything(suite, run, tmp_path, way):
    root = suite_of(suite, way, [0, 0, 7, 0])
    assert run(root).code == 1
    report = str(tmp_path / "report" / "report.json")  # where the new one will lie
    again = run(root, "--rerun", report)
    assert ran_in(again)[:2] == ["a2", "b2"]
    assert len(ran_in(again)) == again.report["inventory"] == 8
    stopped = run(root, "--rerun", report, "--fail-fast")
    assert (ran_in(stopped), stopped.code) == (["a2"], 1)
    # Those it never came to were not passed: they come first as well.
    after = run(root, "--rerun", report, "--order", "shuffle:3")
    assert len(ran_in(after)) == 8
    assert after.report["scenarios"][0]["name"] == "a0"


@pytest.mark.parametrize("option", ["--rerun", "--durations"])
@pytest.mark.parametrize("content", [None, "", "[]", '{"scenarios": [1]}', '{"scenarios": 3}'])
def test_an_earlier_report_that_is_none_is_an_error(suite, run, tmp_path, option, content):
    path = tmp_path / "earlier.json"
    if content is not None:
        path.write_text(content)
    shard = ("--shard", "1/1") if option == "--durations" else ()
    ran = run(suite_of(suite, "library", [0]), option, str(path), *shard)
    assert (ran.code, ran.report["verdict"]) == (2, "inconclusive")
    assert option in ran.report["errors"][0]["message"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--order", "random"),
        ("--order", "shuffle:x"),
        ("--shard", "0/2"),
        ("--shard", "3/2"),
        ("--shard", "half"),
        ("--durations", "x.json"),
        ("--jobs", "0"),
    ],
)
def test_options_that_say_nothing_are_refused(suite, cli, tmp_path, arguments):
    root = str(suite_of(suite, "library", [0]))
    report = ("--subject", "cat", "--report", str(tmp_path / "r"))
    done = cli("run", root, *report, *arguments)
    assert done.returncode == 2
    assert arguments[0] in done.stderr


def test_each_scenario_is_in_exactly_one_shard(suite, run, tmp_path):
    root = suite_of(suite, "library", [0] * 6)
    whole = run(root)
    every = [each["id"] for each in whole.report["scenarios"]]
    seconds = dict.fromkeys(every[:10], 1.0) | {every[0]: 5.0}
    document = whole.report
    document["scenarios"] = [
        {**each, "duration_seconds": seconds[each["id"]]}
        for each in document["scenarios"]
        if each["id"] in seconds
    ]
    past = tmp_path / "past.json"
    past.write_text(json.dumps(document))
    for extra in ((), ("--durations", str(past))):
        found: list[str] = []
        for index in (1, 2, 3):
            ran = run(root, "--shard", f"{index}/3", *extra)
            assert ran.code == 0
            found += [each["id"] for each in ran.report["scenarios"]]
        assert sorted(found) == sorted(every)
    too_many = [run(root, "--shard", f"{index}/20").code for index in range(1, 21)]
    assert set(too_many) == {0, 2}  # a shard that is empty is no pass


def test_shards_by_past_durations_are_even_and_always_the_same():
    scenarios = [Scenario(f"s-{n}", str(n), "a.feature", 1, (), ()) for n in range(40)]
    seconds = {f"s-{n}": 1.0 + n % 7 for n in range(30)}
    parts = [order.shard(scenarios, index, 4, seconds) for index in (1, 2, 3, 4)]
    assert sorted(each for part in parts for each in part) == sorted(s.id for s in scenarios)
    loads = [sum(seconds.get(each, 0) for each in part) for part in parts]
    assert max(loads) - min(loads) <= max(seconds.values())
    assert parts == [
        order.shard(scenarios[::-1], index, 4, dict(reversed(seconds.items())))
        for index in (1, 2, 3, 4)
    ]
    # What nobody has timed stays where it is when the timed ones change.
    unknown = {f"s-{n}" for n in range(30, 40)}
    other = [order.shard(scenarios, index, 4, {}) & unknown for index in (1, 2, 3, 4)]
    assert other == [part & unknown for part in parts]


def test_an_order_holds_every_scenario_once():
    scenarios = [Scenario(f"s-{n}", str(n), "a.feature", 1, (), ()) for n in range(20)]
    for first in (None, {"s-3", "s-17", "gone"}):
        for shuffle in (None, 0, 5):
            found = order.ordered(scenarios, first=first, shuffle=shuffle)
            if found is None:
                assert first is None and shuffle is None
                continue
            ids = [each.id for each in found]
            assert sorted(ids) == sorted(each.id for each in scenarios)
            if first:
                assert set(ids[:2]) == {"s-3", "s-17"}
    with pytest.raises(ValueError, match="no order"):
        order.shuffle_seed("shuffle:-1")
    with pytest.raises(UsageFault, match="--rerun"):
        order.earlier(Path("/nowhere/at/all"), "--rerun")


def test_a_terminal_gets_a_live_line_and_the_names_of_what_did_not_pass(suite, tmp_path):
    root = suite_of(suite, "library", [0, 0, 7, 0])
    ours, theirs = pty.openpty()
    words = ["run", str(root), "--subject", "cat", "--report", str(tmp_path / "report")]
    process = subprocess.Popen(
        [sys.executable, "-m", "scenario_runner", *words],
        stdout=theirs,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(DISTRIBUTION), "TERM": "xterm"},
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            data = os.read(ours, 4096)
        except OSError:
            break
        if not data:
            break
        said += data
    os.close(ours)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1, errors
    text = said.decode()
    assert "\r\x1b[K8 of 8 done, 2 not passed" in text
    assert "a2" in text and "a1" not in text
    assert text.endswith("fail: 6 passed, 2 failed\r\n")
