"""Feedback: two hidden suites of equal outcomes are told alike; nothing of one ever comes out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from factory.cli.failure import report_error
from factory.errors import FactoryError
from factory.ports import scenario_runner
from factory.verdict import check_output, message_bits, redact, word_bits
from tests.adversarial.subject_bench import feature, judge, server
from tests.adversarial.tiny_line import Run, factory, lay_out, normalised, objects
from tests.unit.evaluate.candidates import candidate, repository

SERVER = server(
    """
    if self.path == "/hello":
        return self.answer(b"hello")
    """
)["server.py"]


def suite(word: str, *, extra: int = 0, seconds: int = 0) -> dict[str, str]:
    """R1 is met and R2, backed by two scenarios, is not; everything else hangs on `word`."""
    wanted = f"""
        Given I remember "{word}-value" as "{word}-name"
        When I send GET "/{word}-path"
        Then the response body contains "{word}-text"
    """
    slow = f"""
        When I send GET "/{word}-slow"
        Then within {seconds or 1} second GET "/{word}" answers 299
    """
    text = f"Feature: About {word}\n"
    for number, (tags, steps) in enumerate(
        [
            ("@R1", 'When I send GET "/hello"\nThen the response status is 200'),
            ("@R2", wanted),
            ("@R2", slow if seconds else wanted),
            *[("@R2", wanted)] * extra,
            ("@R1 @sealed", f'When I send GET "/hello"\nThen the response body contains "{word}"'),
        ]
    ):
        lines = "\n".join(f"    {line.strip()}" for line in steps.strip().splitlines())
        text += f"\n  {tags}\n  Scenario: {word} number {number}\n{lines}\n"
    settings = f"version: 1\nseed: {len(word)}\ndigest-key: {word}-key-of-the-suite\n"
    return {f"scenarios/greeting/{word}.feature": text, "scenarios.yml": settings}


def told(run: Run) -> str:
    """All that is public of a run: checks, public verdicts, ledger, product, printed output."""
    parts = [repr(run.checks)]
    parts += [(folder / "public-verdict.json").read_text() for folder in run.attempts]
    orders = [(folder / "work-order.json").read_text() for folder in run.attempts[1:]]
    return "\n".join([*parts, *orders])


@pytest.fixture
def line(needs, tmp_path: Path):
    """Run the line with a suite; a name of one length, so that no path differs in length."""
    needs("git", "bwrap")

    def run(word: str, **options) -> Run:
        folder = lay_out(tmp_path / word, server=SERVER, suite=suite(word, **options), attempts=2)
        done = factory(folder, "run", "--json")
        assert done.code == 1, done.err
        return done

    return run


def test_two_suites_of_equal_outcome_are_told_alike_to_the_byte(line) -> None:
    """Other words, one more scenario, another seed and key, other durations."""
    one, two = line("marmalade"), line("quincepie", extra=1, seconds=1)
    first, second = normalised(told(one)), normalised(told(two))
    assert first.replace("marmalade/", "X/") == second.replace("quincepie/", "X/")
    assert '"R2"' in first, "the requirement that may be named is named"
    for run, word in ((one, "marmalade"), (two, "quincepie")):
        assert len(run.attempts) == 2, "the second attempt was told of the first"
        words = [f"{word}-{what}" for what in ("path", "value", "name", "text", "key", "slow")]
        words += [f"{word}.feature", f"{word} number", f"About {word}"]
        private = b"".join(
            path.read_bytes() for path in run.folder.rglob("private.jsonl") if path.is_file()
        )
        assert f"{word}-path".encode() in private, "it was there to be leaked"
        trajectories = b"".join(path.read_bytes() for path in run.folder.rglob("trajectory*"))
        everything = (
            told(run).encode()
            + run.err.encode()
            + objects(run.folder / "product")
            + objects(run.folder / "specs")
            + trajectories
        )
        assert b"was judged: fail" in everything, "what the agent was told is looked at"
        assert [one for one in words if one.encode() in everything] == []


def test_a_product_that_fails_in_a_pattern_tells_no_more_than_is_charged(
    needs, tmp_path: Path
) -> None:
    """It knows which scenarios to fail by what they ask for, and encodes four bits of them."""
    needs("git", "bwrap")
    asks = """
        When I send GET "/bit/{bit}"
        Then the response status is 200
    """
    messages: dict[float, set[str]] = {32.0: set(), 0.0: set()}
    record = None
    for pattern in (0, 1, 6, 15):
        files = server(
            f"""
            if self.path.startswith("/bit/"):
                bit = int(self.path.removeprefix("/bit/"))
                return self.answer(b"", 500 if {pattern} >> bit & 1 else 200)
            """
        )
        judged = judge(tmp_path, files, feature(*(asks.format(bit=bit) for bit in range(4))))
        expected = ["failed" if pattern >> bit & 1 else "passed" for bit in range(4)]
        assert judged.outcomes == expected, "the channel works"
        record = record or candidate(tmp_path / "record", files)
        for budget, seen in messages.items():
            public = redact(judged.private, leak_left_bits=budget)
            check = check_output(public, record.work_order)
            # Commit and digest are chosen before anything of the suite was read.
            data = {**public.to_data(), "candidate": None, "suite_digest": None}
            seen.add(normalised(f"{data}\n{check.title}\n{check.summary}"))
            assert public.leak_bits == (message_bits(1) if budget else word_bits())
    for seen in messages.values():
        assert len(seen) == 2, "pass, and one fail for all the patterns"


SECRET = "marmalade-7719"
BROKEN = {
    "a typo": f"Feature: F\n  @R1\n  Scenario: {SECRET}\n    When I shout {SECRET}\n    Then: x\n",
    "an unknown tag": f"Feature: F {SECRET}\n  @R9\n  Scenario: {SECRET}\n    Then {SECRET}\n",
    "no scenario": f"Feature: {SECRET}\n",
    "not gherkin": f"{SECRET} {SECRET}\n",
    "two of a name": 2 * f'  @R1\n  Scenario: {SECRET}\n    When I send GET "/{SECRET}"\n',
}
OTHER = {
    "step code": {"steps/marmalade-7719.py": f"raise RuntimeError('{SECRET}')\n"},
    "a conftest": {"conftest.py": f"import os\nprint('{SECRET}')\nos._exit(3)\n"},
    "bad settings": {"scenarios.yml": f"version: 1\n{SECRET}: {SECRET}\n"},
    "settings that are no YAML": {"scenarios.yml": f"version: [{SECRET}\n"},
    "a bad value": {"scenarios.yml": f"version: 1\nseed: {SECRET}\n"},
    "another version": {
        "scenarios.yml": "version: 1\nspecs: {greeting: {answers-version: 7}}\n",
        f"{SECRET}.txt": "",
    },
}
GOOD = feature('When I send GET "/hello"\nThen the response status is 200')


@pytest.mark.parametrize("broken", [*BROKEN, *OTHER, "a link out of the suite"])
def test_a_suite_that_cannot_run_is_not_quoted_on_github(
    needs, tmp_path: Path, broken: str
) -> None:
    needs("git", "bwrap")
    name = f"scenarios/greeting/{SECRET}.feature"
    files = {name: BROKEN[broken]} if broken in BROKEN else {**GOOD, **OTHER.get(broken, {})}
    if broken == "a link out of the suite":
        folder = tmp_path / "suite" / "scenarios" / "greeting"
        folder.mkdir(parents=True)
        (folder / f"{SECRET}.feature").symlink_to(f"/etc/{SECRET}")
    repository(tmp_path / "suite", files)
    record = candidate(tmp_path / "product", {"server.py": SERVER})
    record.write(tmp_path / "candidate.json")
    (tmp_path / "specs").mkdir()
    for words in ([], ["--json"]):
        run = factory(
            tmp_path, "evaluate", str(tmp_path / "candidate.json"), "--scenarios",
            str(tmp_path / "suite"), "--out", str(tmp_path / "out"), *words, GITHUB_ACTIONS="true",
        )  # fmt: skip
        assert run.code in (2, 5), run.err
        assert SECRET not in run.out + run.err
        assert "scenario" in run.err, "it says what kind of thing is wrong"
    if broken in BROKEN:
        private = factory(
            tmp_path, "evaluate", str(tmp_path / "candidate.json"), "--scenarios",
            str(tmp_path / "suite"), "--out", str(tmp_path / "out"), GITHUB_ACTIONS="false",
        )  # fmt: skip
        assert private.code == 2
        assert f"{SECRET}.feature" in private.err or "scenarios" in private.err


def test_a_runner_that_breaks_is_not_quoted_on_github(needs, tmp_path, monkeypatch, capsys) -> None:
    """Whatever a scenario makes the runner print as it falls."""
    needs("git", "bwrap")
    cry = f"import sys; sys.exit('Traceback of {SECRET}')"
    monkeypatch.setattr(scenario_runner, "argv", lambda *words: [sys.executable, "-c", cry])
    with pytest.raises(FactoryError) as caught:
        judge(tmp_path, {"server.py": SERVER}, GOOD)
    assert caught.value.exit_code == 5 and SECRET in caught.value.message
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert report_error(caught.value, as_json=True) == 5
    printed = capsys.readouterr()
    assert SECRET not in printed.out + printed.err and "runner" in printed.out


def test_a_log_does_not_count_scenarios_nor_tell_how_far_it_came(needs, tmp_path: Path) -> None:
    """Twelve scenarios or one, the sealed round run or not: the same lines."""
    needs("git", "bwrap")
    steps = 'When I send GET "/hello"\nThen the response status is {status}'
    seen = []
    for number, status in ((1, 200), (3, 404)):
        folder = tmp_path / str(number)
        features = feature(*[steps.format(status=status)] * number)
        path = "scenarios/greeting/greeting.feature"
        features[path] = features[path].replace(
            "@R1\n  Scenario: Number 1", "@R1 @must\n  Scenario: Number 1"
        )
        features["scenarios/greeting/sealed.feature"] = (
            'Feature: S\n  @R1 @sealed\n  Scenario: S\n    When I send GET "/"\n'
            "    Then the response status is 200\n"
        )
        repository(folder / "suite", features)
        record = candidate(folder / "product", {"server.py": SERVER})
        record.write(folder / "candidate.json")
        (folder / "specs").mkdir()
        run = factory(
            folder, "evaluate", str(folder / "candidate.json"), "--scenarios",
            str(folder / "suite"), "--out", str(folder / "out"), GITHUB_ACTIONS="true",
        )  # fmt: skip
        assert run.code == 0, run.err
        seen.append(normalised(run.out + run.err).replace(str(folder), "X"))
    assert seen[0] == seen[1]
