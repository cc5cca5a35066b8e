"""`factory spec diff`: as a person reads it, as JSON, on a terminal, and with bad words."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest

from factory import resources
from tests import forked
from tests.unit.spec.versions.specs_repository import SpecsRepository, spec

GOLDEN = Path(__file__).parents[2] / "cases" / "versions" / "link-expiry.diff.txt"
EXAMPLE = resources.folder("examples") / "shortener" / "specs" / "specs" / "link-expiry.md"
EDITS = {
    "version: 1": "version: 2",
    "stakes: normal": "stakes: high",
    "depends-on: []": "depends-on: [custom-aliases]",
    "usd: 5, minutes: 30": "usd: 8, minutes: 30",
    "and must learn that it has ended, not that it never was.": "and must learn that it has ended.",
    "is not a JSON object | 400 |": "is not a JSON object | 415 |",
    "1000 milliseconds, also when 20 clients": "500 milliseconds, also when 50 clients",
    "- R6: `PATCH": "- R8: `PATCH",
    "- R6: Given": "- R8: Given",
    "- E2: `GET /links/<alias>` of an expired link answers 200 with its details: the URL":
        "- E2: An expired link keeps its details: `GET /links/<alias>` answers 200, the URL",
    "- E3: `PATCH /links/<alias>` of an expired link, with N or with `null`, answers 410"
    " `link_expired`; the link stays expired.\n": "",
    "- E3: Given an expired link, when PATCH sets a new lifetime, then the answer is 410 and the"
    " link still answers 410.\n": "",
    "## Edge cases\n": "- R9: A link that expires within 60 seconds carries"
    ' `"expires_soon": true` in its details.\n\n## Edge cases\n',
}  # fmt: skip


def factory(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return forked.run(
        [sys.executable, "-m", "factory.cli", "spec", *words],
        cwd=folder,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def specs(tmp_path: Path) -> SpecsRepository:
    made = SpecsRepository(tmp_path / "repository")
    text = EXAMPLE.read_text("utf-8")
    when = {"GIT_AUTHOR_DATE": "2026-01-05T10:00:00+0100",
            "GIT_COMMITTER_DATE": "2026-01-05T10:00:00+0100"}  # fmt: skip
    made.commit(text, "link-expiry.md", subject="Let links expire", **when)
    for old, new in EDITS.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    made.commit(text, "links/expiry.md", subject="Half the time", author="Bob", **when)
    (made.folder / "specs" / "link-expiry.md").unlink()
    made.commit(subject="The old file goes", **when)
    return made


def test_a_diff_of_the_example_reads_well(specs: SpecsRepository) -> None:
    """Write the golden file anew with FACTORY_GOLDEN=write, and read it before it is committed."""
    done = factory(specs.folder, "diff", "link-expiry", "v1..v2")
    assert done.returncode == 0, done.stderr
    shown = re.sub(r"(?m)^(  [12]  )[0-9a-f]{12} ", r"\1<commit> ", done.stdout)
    if os.environ.get("FACTORY_GOLDEN") == "write":
        GOLDEN.write_text(shown, encoding="utf-8")
    assert shown == GOLDEN.read_text("utf-8")
    assert factory(specs.folder, "diff", "link-expiry").stdout == done.stdout


def test_json_is_one_document(specs: SpecsRepository) -> None:
    done = factory(specs.folder / "specs", "diff", "link-expiry", "1..2", "--specs", "..", "--json")
    assert done.returncode == 0 and done.stderr == ""
    data = json.loads(done.stdout)
    assert (data["id"], data["old"]["version"], data["new"]["version"]) == ("link-expiry", 1, 2)
    assert data["new"]["path"] == "specs/links/expiry.md" and len(data["new"]["commit"]) == 40
    changes = {one["id"] or one["was"]: one["change"] for one in data["requirements"]}
    assert changes == {
        "R8": "renumbered", "R9": "added", "E2": "reworded", "E3": "removed", "C1": "reworded",
    }  # fmt: skip
    constraint = next(one for one in data["requirements"] if one["id"] == "C1")
    assert ["removed", "1000"] in constraint["words"] and ["added", "500"] in constraint["words"]
    assert {one["key"] for one in data["front-matter"]} == {"stakes", "depends-on", "budget"}
    assert {one["section"] for one in data["sections"]} == {"Who", "Inputs", "Evaluation"}
    assert data["evaluation"] == {"covered": ["R8"], "uncovered": []}


def test_the_working_text_and_texts_that_are_the_same(specs: SpecsRepository) -> None:
    done = factory(specs.folder, "diff", "link-expiry", "v2..")
    assert done.returncode == 0 and "the texts are the same" in done.stdout
    path = specs.folder / "specs" / "links" / "expiry.md"
    path.write_text(path.read_text("utf-8").replace("## Who\n", "## Who\n\n<!-- psst -->\n"))
    done = factory(specs.folder, "diff", "link-expiry", "v2..")
    assert "only comments or white space differ" in done.stdout
    assert "not committed" in done.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("link-expiry", "v1..v9"), 2),
        (("link-expiry", "main..HEAD"), 2),
        (("link.expiry",), 2),
        (("nowhere",), 2),
        (("--", "-rf"), 2),
        ((), 2),
        (("link-expiry", "--specs", "elsewhere"), 2),
    ],
)
def test_bad_words_exit_2(specs: SpecsRepository, words: tuple[str, ...], code: int) -> None:
    done = factory(specs.folder, "diff", *words)
    assert (done.returncode, done.stdout) == (code, "")


@pytest.mark.parametrize("command", ["diff", "history"])
def test_an_id_that_is_nearly_right_is_helped(specs: SpecsRepository, command: str) -> None:
    done = factory(specs.folder, command, "link-expire")
    assert done.returncode == 2 and "did you mean link-expiry?" in done.stderr


def test_one_version_alone_exits_3(tmp_path: Path) -> None:
    made = SpecsRepository(tmp_path / "repository")
    made.commit(spec())
    assert factory(made.folder, "diff", "shorten-url").returncode == 3
    (made.folder / ".git").rename(made.folder / "git")
    done = factory(made.folder, "diff", "shorten-url")
    assert done.returncode == 2 and "git repository" in done.stderr


def on_a_terminal(folder: Path, *words: str, **env: str) -> str:
    """What the command writes where stdout is a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    settings = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", **env}
    if "NO_COLOR" not in env:
        settings.pop("NO_COLOR", None)
    with subprocess.Popen(
        [sys.executable, "-m", "factory.cli", "spec", *words],
        cwd=folder, env=settings, stdin=theirs, stdout=theirs, stderr=theirs,
    ) as running:  # fmt: skip
        os.close(theirs)
        told = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                told += os.read(ours, 65536)
            except OSError:  # The other end is closed.
                break
    os.close(ours)
    assert running.returncode == 0
    return told.decode()


def test_colour_only_on_a_terminal_and_never_against_no_color(specs: SpecsRepository) -> None:
    words = ("diff", "link-expiry")
    plain = factory(specs.folder, *words, TERM="xterm-256color").stdout
    assert "\x1b" not in plain
    coloured = on_a_terminal(specs.folder, *words)
    assert "\x1b[31m[-1000-]\x1b[0m" in coloured and "\x1b[32m{+500+}\x1b[0m" in coloured
    without = on_a_terminal(specs.folder, *words, NO_COLOR="1")
    assert "\x1b[3" not in without and "[-1000-] {+500+}" in without
    assert max(map(len, without.replace("\x1b[1m", "").splitlines())) <= 90


def test_what_a_terminal_would_obey_is_not_printed(tmp_path: Path) -> None:
    made = SpecsRepository(tmp_path / "repository")
    made.commit(spec())
    evil = "Eve\x1b]0;owned\x07\x1b[31mBob\u202e\x9b2J"
    text = spec({"R1": f"Cows {evil} eat [bold]grass[/bold]. :cow:"}, version=2)
    made.commit(text, author=evil, subject=f"s {evil}")
    for command in ("diff", "history"):
        plain = factory(made.folder, command, "shorten-url").stdout
        seen = on_a_terminal(made.folder, command, "shorten-url")
        for bad in ("\x1b]", "\x1b[31mBob", "\x07", "\u202e", "\x9b"):
            assert bad not in plain and bad not in seen, (command, bad)
    assert "[bold]grass[/bold]. :cow:" in factory(made.folder, "diff", "shorten-url").stdout
    data = factory(made.folder, "history", "shorten-url", "--json").stdout
    assert "\x1b" not in data
    assert json.loads(data)["versions"][0]["author"]["name"] == evil
