"""`factory spec history`: versions, the runs of the ledger, and what the product's branch says."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from factory import ledger
from factory.ports.git.command import environment
from factory.records import LedgerEntry
from factory.spec.versions.history import read_history
from tests.unit.cli.test_spec_diff import factory
from tests.unit.spec.versions.specs_repository import SpecsRepository, spec

CONFIGURATION = """version: 1
products:
  shortener:
    repository: {repository}
    subject: {{start: run, ready: /health, port: 8080}}
scenarios: {{repository: ./scenarios}}
"""
RUN = "20261122t211008-0123abcd"


@pytest.fixture
def product(tmp_path: Path) -> str:
    """A product repository whose main has shipped version 1; returns the commit."""
    folder = tmp_path / "product"
    who = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@b.invalid",
           "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@b.invalid"}  # fmt: skip
    message = (
        "Shorten a URL\n\nWritten by an agent.\n\nFactory-Spec: shorten-url\n"
        f"Factory-Spec-Version: 1\nFactory-Run: {RUN}\nFactory-Attempt: 2\n"
    )

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", "-C", folder, *words], env=environment(who), capture_output=True, check=True
        )
        return done.stdout.decode().strip()

    folder.mkdir()
    git("init", "-q", "-b", "main")
    git("commit", "-q", "--allow-empty", "-m", "First")
    git("commit", "-q", "--allow-empty", "-m", message)
    commit = git("rev-parse", "HEAD")
    git("commit", "-q", "--allow-empty", "-m", "Later")
    return commit


@pytest.fixture
def specs(tmp_path: Path) -> SpecsRepository:
    made = SpecsRepository(tmp_path / "repository")
    (made.folder / "factory.yml").write_text(CONFIGURATION.format(repository="../product"))
    made.commit(spec(), subject="Shorten a URL", GIT_AUTHOR_DATE="2026-01-05T10:00:00+0530")
    made.commit(spec(version=2, extra=" More."), subject="Say more", author="Bob")
    return made


def judge(specs: SpecsRepository, commit: str) -> None:
    version = read_history(specs.folder, "shorten-url").version(1)
    for attempt, verdict in ((1, "fail"), (2, "pass")):
        entry = LedgerEntry(
            at=f"2026-11-22T21:10:0{attempt}Z",
            event="judged",
            run_id=RUN,
            attempt=attempt,
            spec_id="shorten-url",
            spec_version=1,
            spec_digest=version.document.digest,
            product="shortener",
            verdict=verdict,
            commit=commit,
            usd=0.25,
        )
        ledger.append(entry, url=str(specs.folder), env={})


def test_the_whole_story(specs: SpecsRepository, product: str) -> None:
    judge(specs, product)
    done = factory(specs.folder, "history", "shorten-url", "--json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert data["id"] == "shorten-url" and data["notes"] == []
    second, first = data["versions"]
    assert (second["version"], second["runs"], second["shipped"]) == (2, [], None)
    assert second["author"] == {"name": "Bob", "email": "ann@example.invalid"}
    assert (first["date"], first["subject"]) == ("2026-01-05T10:00:00+05:30", "Shorten a URL")
    assert first["shipped"] == product and first["path"] == "specs/shorten-url.md"
    (run,) = first["runs"]
    assert (run["run_id"], run["usd"], run["same_text"]) == (RUN, 0.5, True)
    assert [(one["verdict"], one["candidate"]) for one in run["judged"]] == [
        ("fail", product),
        ("pass", product),
    ]
    text = factory(specs.folder, "history", "shorten-url").stdout
    for words in (
        "shorten-url version 2 ready",
        "author  Bob <ann@example.invalid>",
        f"run  {RUN} · attempt 1 fail {product[:12]} · attempt 2 pass {product[:12]} · 0.50 USD",
        f"shipped  {product[:12]}",
        "shipped  no\n",
    ):
        assert words in text, text


def test_what_cannot_be_known_is_said(specs: SpecsRepository) -> None:
    done = factory(specs.folder, "history", "shorten-url", "--json")
    assert done.returncode == 0
    data = json.loads(done.stdout)
    assert [one["shipped"] for one in data["versions"]] == [None, None]
    unknown, no_ledger = data["notes"]
    assert "what shipped to shortener is not known" in unknown and "product" in unknown
    assert "no ledger" in no_ledger
    assert "shipped  not known" in factory(specs.folder, "history", "shorten-url").stdout


@pytest.mark.parametrize("text", [None, "version: 1\n", CONFIGURATION.replace("shortener", "x")])
def test_without_a_configuration_that_names_the_product(specs, product, text) -> None:
    path = specs.folder / "factory.yml"
    path.unlink() if text is None else path.write_text(text)
    done = factory(specs.folder, "history", "shorten-url", "--json")
    assert done.returncode == 0
    assert any("what shipped" in one for one in json.loads(done.stdout)["notes"])


def test_the_text_in_the_folder(specs: SpecsRepository, product: str) -> None:
    specs.write(spec(version=3))
    notes = json.loads(factory(specs.folder, "history", "shorten-url", "--json").stdout)["notes"]
    assert "the text in the folder (version 3) is not committed" in notes
    (specs.folder / "specs" / "shorten-url.md").unlink()
    specs.commit()
    notes = json.loads(factory(specs.folder, "history", "shorten-url", "--json").stdout)["notes"]
    assert "the spec was removed" in notes


def test_no_such_spec(specs: SpecsRepository) -> None:
    done = factory(specs.folder, "history", "shorten.*", "--json")
    assert done.returncode == 2 and json.loads(done.stdout)["error"]["code"] == "usage"
