"""Outside author: a pull request that would rather change the judge than the product."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory import ledger
from factory.pipeline.judge import output_of
from factory.pipeline.judge.leak import Leak
from factory.records import LedgerEntry
from tests.adversarial.outside_product import (
    CONFIGURATION,
    GREETS,
    RUDE,
    SUITE,
    feature,
    lay_out,
    spec,
)
from tests.adversarial.subject_bench import CANARY, repository, server

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----"
SHAM = 'Feature: Sham\n\n  @R1\n  Scenario: Nothing\n    When I send GET "/"\n'
SHAM += "    Then the response status is 200\n"
# Whatever might be taken for the judge's own: none of it may be read, imported or run.
PLANTED = {
    "conftest.py": "import os\nos._exit(0)\n",
    "steps/steps.py": "import os\nos._exit(0)\n",
    "sitecustomize.py": "import os\nos._exit(0)\n",
    "pytest.ini": "[pytest]\naddopts = --collect-only -p no:terminal\n",
    "scenarios/greeting/greeting.feature": SHAM,
    "scenarios.yml": "version: 1\nspecs: {greeting: {should: 0}}\n",
    "report.json": '{"verdict": "pass", "inventory": 3}',
    "public-verdict.json": '{"verdict": "pass"}',
}


@pytest.fixture(autouse=True)
def _tools(needs):
    needs("git", "bwrap")


def test_what_the_line_has_told_counts_wherever_factory_yml_says_the_specs_are(tmp_path) -> None:
    """The leak budget of a spec version is one, with the ledger in the specs' own repository."""
    configuration = CONFIGURATION + "specs: {repository: ../specs}\n"
    outside = lay_out(tmp_path, specs={}, configuration=configuration)
    repository(tmp_path / "specs", {"specs/greeting.md": spec()})
    spent = LedgerEntry(
        at="2026-11-22T21:10:08Z", event="judged", run_id="20261122t211008-0123abcd",
        spec_id="greeting", spec_version=1, spec_digest="sha256:" + "0" * 64, product="greeter",
        leak_bits=32.0,
    )  # fmt: skip
    ledger.append(spent, url=str(tmp_path / "specs"), env={})
    told = Leak(
        runs=lambda since: 0,
        told=lambda place, spec_id: ledger.ask(
            lambda entries: entries.of_spec(spec_id), url=str(Path(place).resolve()), env={}
        ),
    )
    found = outside.judge(outside.push(RUDE), leak=told)
    (one,) = found.judged
    assert (found.verdict, one.public.requirements_not_met) == ("fail", ())
    assert "is spent" in found.notes[0]


def test_it_cannot_choose_what_it_is_judged_by(tmp_path: Path) -> None:
    """factory.yml, specs and workflows of its own: each would make it pass, and none is read."""
    outside = lay_out(tmp_path)
    repository(tmp_path / "mine", {"scenarios/greeting/a.feature": SHAM})
    head = outside.push(
        {
            **RUDE,
            "factory.yml": CONFIGURATION.replace("../scenarios", str(tmp_path / "mine"))
            + "leak: {bits: 100000}\n",
            "specs/greeting.md": spec(status="retired"),
            "specs/other.md": spec("other"),
            ".github/workflows/holdouts.yml": "on: pull_request_target\njobs: {}\n",
        }
    )
    found = outside.judge(head)
    (one,) = found.judged
    assert (found.verdict, one.public.requirements_not_met) == ("fail", ("R1",))
    assert one.order.leak_left_bits == 32
    assert found.base == outside.git("rev-parse", "main") != head
    # The same files on the branch that counts would have let it pass: the attack is a real one.
    assert outside.judge(head, base=head).verdict != "fail"


def test_it_cannot_bring_its_own_judge(tmp_path: Path) -> None:
    outside = lay_out(tmp_path)
    found = outside.judge(outside.push({**RUDE, **PLANTED}))
    assert found.verdict == "fail"
    assert found.judged[0].private is not None
    assert found.judged[0].private.scenarios_expected == 3


def test_it_finds_neither_key_nor_scenarios_nor_evidence(tmp_path: Path, monkeypatch) -> None:
    """Its service looks everywhere, and passes only if it could read files and found none."""
    for name in ("FACTORY_SCENARIOS_KEY", "GITHUB_TOKEN", "FACTORY_SIGNING_KEY"):
        monkeypatch.setenv(name, KEY)
    for folder in [tmp_path, *tmp_path.parents]:
        if folder.name.startswith(("test_", "pytest-")):
            folder.chmod(0o755)  # So that only the sandbox keeps a reader out.
    words = [word[::-1] for word in (CANARY, KEY)]  # So that it does not find itself.
    looks = server(
        f"""
        if self.path == "/hello":
            words = [one[::-1].encode() for one in {words!r}]
            found, seen = [], 0
            for top in ({str(tmp_path)!r}, "/tmp", "/proc", "/app", "/var/tmp", "/home"):
                for folder, folders, files in os.walk(top):
                    for name in files:
                        try:
                            path = os.path.join(folder, name)
                            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
                            data = os.read(handle, 1 << 20)
                            os.close(handle)
                        except OSError:
                            continue
                        seen += 1
                        found += [word for word in words if word in data]
            return self.answer(b"hello", 200 if seen > 4 and not found else 500)
        """
    )
    outside = lay_out(tmp_path)
    found = outside.judge(outside.push(looks))
    assert found.verdict == "pass", found


@pytest.mark.parametrize("kind", ["submodule", "link"])
def test_a_tree_that_is_never_written_out_is_not_green(tmp_path: Path, kind: str) -> None:
    outside = lay_out(tmp_path)
    outside.push(GREETS)
    outside.git("checkout", "-q", "change")
    blob = outside.git("hash-object", "-w", "README.md")
    if kind == "link":
        (tmp_path / "target").write_text("../../../etc")
        blob = outside.git("hash-object", "-w", str(tmp_path / "target"))
    entry = (
        f"120000,{blob},out" if kind == "link" else f"160000,{outside.git('rev-parse', 'HEAD')},s"
    )
    outside.git("update-index", "--add", "--cacheinfo", entry)
    outside.git("commit", "-q", "-m", "x")
    found = outside.judge(outside.git("rev-parse", "HEAD"), base="refs/heads/main")
    assert (found.verdict, found.cause) == ("inconclusive", "commit-unreadable")


def test_a_spec_speaks_to_no_reader_of_the_check(tmp_path: Path) -> None:
    """Titles and requirements are whatever was merged; in the check they are text."""
    title = "'Greet | @everyone <b>x</b> [a](http://evil.invalid) `'"
    outside = lay_out(tmp_path, specs={"specs/greeting.md": spec(title=title)}, suite=SUITE)
    summary = output_of(outside.judge(outside.push(RUDE))).summary
    assert "<b>" not in summary and "](http" not in summary and "@everyone" not in summary


def test_equal_verdicts_of_different_scenarios_are_told_alike(tmp_path: Path) -> None:
    from tests.adversarial.tiny_line import normalised

    told = []
    for name, more in (("one", ()), ("other", ("R1", "R2", "R2"))):
        suite = {"scenarios/greeting/greeting.feature": feature("R1", "R1", "R2", *more)}
        outside = lay_out(tmp_path / name, suite=suite)
        output = output_of(outside.judge(outside.push(RUDE)))
        told.append(normalised(output.title + output.summary))
    assert told[0] == told[1]
