"""`factory check` as a process: each format, on a terminal and elsewhere, and with --ask."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from messages_api.bench import KEY
from messages_api.readers import Readers, stated
from messages_api.server import MessagesServer

from factory import resources
from tests import forked

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")
BROKEN = re.sub("stakes: normal.*", "stakes: extreme", FEATURE)
ODD = "specs/a\nb,c:d%é.md"


def environment(**changes: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GITHUB_", "ANTHROPIC_", "NO_COLOR"))
    }
    return {**kept, **changes}


def check(folder: Path, *words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return forked.run(
        [sys.executable, "-m", "factory.cli", "check", *words],
        cwd=folder,
        env=environment(**changes),
        capture_output=True,
        text=True,
        timeout=60,
    )


def on_terminal(folder: Path, columns: int, **changes: str) -> str:
    """What a terminal of so many columns gets."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    env = environment(TERM="xterm-256color", **changes)
    env.pop("COLUMNS", None)
    with subprocess.Popen(
        [sys.executable, "-m", "factory.cli", "check"],
        cwd=folder,
        env=env,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ):
        os.close(theirs)
        got = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # The other side has gone.
                break
            if not piece:
                break
            got += piece
    os.close(ours)
    return got.decode().replace("\r\n", "\n")


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "good.md").write_text(FEATURE, encoding="utf-8")
    (tmp_path / ODD).write_text(BROKEN.replace("id: shorten-url", "id: other"), encoding="utf-8")
    return tmp_path


def test_text(specs: Path) -> None:
    done = check(specs)
    assert done.returncode == 1
    first, line, mark, *_ = done.stdout.splitlines()
    assert first == "specs/a\\nb,c:d%é.md:9:9: error[front-matter] stakes is 'extreme'"
    assert line.endswith("9 | stakes: extreme") and mark.endswith("|         ^^^^^^^")
    assert "2 specs checked: 1 error, 0 warnings" in done.stdout.splitlines()
    assert "\x1b" not in done.stdout


def test_github(specs: Path) -> None:
    summary = specs / "summary.md"
    done = check(specs, "--format", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 1
    place = "file=specs/a%0Ab%2Cc%3Ad%25é.md,line=9,col=9"
    assert f"::error title=front-matter,{place}::stakes is 'extreme'%0AMend: " in done.stdout
    assert "stakes is 'extreme'" in summary.read_text("utf-8")


def test_sarif(specs: Path) -> None:
    done = check(specs, "--format=sarif")
    assert done.returncode == 1
    (result,) = json.loads(done.stdout)["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "specs/a%0Ab%2Cc%3Ad%25%C3%A9.md"
    assert place["region"]["startLine"] == 9


@pytest.mark.parametrize("words", [("--json",), ("--format", "json"), ("--json", "--format=json")])
def test_json(specs: Path, words: tuple[str, ...]) -> None:
    done = check(specs, *words)
    assert done.returncode == 1
    data = json.loads(done.stdout)
    assert data.keys() == {"findings", "specs"}
    assert [one["path"] for one in data["findings"]] == [ODD]


def test_errors_are_json_where_json_was_asked_for(specs: Path) -> None:
    for words in (("--json",), ("--format", "json"), ("--format=json",)):
        done = check(specs, "nowhere", *words)
        assert done.returncode == 2
        assert json.loads(done.stdout)["error"]["path"] == "nowhere"
    assert check(specs, "nowhere", "--format", "sarif").stdout == ""


@pytest.mark.parametrize("words", [("--format", "xml"), ("--json", "--format", "sarif")])
def test_formats_that_cannot_be(specs: Path, words: tuple[str, ...]) -> None:
    assert check(specs, *words).returncode == 2


@pytest.mark.parametrize("columns", [40, 120])
def test_on_a_terminal_there_are_colours_and_it_fits(specs: Path, columns: int) -> None:
    got = on_terminal(specs, columns)
    assert "\x1b[31m" in got
    plain = re.sub(r"\x1b\[[0-9;]*m", "", got)
    assert "9 | stakes: extreme\n     |         ^^^^^^^\n" in plain
    for line in plain.splitlines():
        if re.match(r" +(\d+ )?\|| +\S+ ", line) and "= page" not in line:
            assert len(line) <= columns


def test_no_color_is_honoured(specs: Path) -> None:
    assert "\x1b" not in on_terminal(specs, 80, NO_COLOR="1")


@pytest.fixture
def single_commit(tmp_path: Path) -> Path:
    """A commit of no branch, as a workflow checks it out, with nothing wrong in its spec."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "good.md").write_text(FEATURE, encoding="utf-8")
    (tmp_path / "factory.yml").write_text(
        "version: 1\nproducts: {shortener: {repository: ., subject: {command: x}}}\n"
        "scenarios: {repository: .}\n"
    )
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for words in (
        ["init", "-q", "-b", "trunk"],
        ["add", "-A"],
        ["commit", "-qm", "Specs"],
        ["checkout", "-q", "--detach"],
    ):
        subprocess.run([*git, *words], cwd=tmp_path, check=True)
    return tmp_path


def test_every_format_says_that_versions_were_not_compared(single_commit: Path) -> None:
    said = "versions were not compared: the checkout holds a commit and no base branch"
    done = check(single_commit)
    assert done.returncode == 0
    assert [one for one in done.stdout.splitlines() if one.startswith(f"note: {said}")]
    (note,) = json.loads(check(single_commit, "--json").stdout)["notes"]
    assert note.startswith(said)
    summary = single_commit / "summary.md"
    done = check(single_commit, "--format=github", GITHUB_STEP_SUMMARY=str(summary))
    assert f"::warning title=factory check::{note}" in done.stdout.splitlines()
    assert "versions were not compared" in summary.read_text("utf-8")
    (run,) = json.loads(check(single_commit, "--format=sarif").stdout)["runs"]
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told == {"level": "warning", "message": {"text": note}}


def test_a_pull_request_whose_base_is_not_in_the_checkout_is_exit_2(single_commit: Path) -> None:
    git = ["git", "remote", "add", "origin", "https://github.example/acme/specs"]
    subprocess.run(git, cwd=single_commit, check=True)
    env = {"GITHUB_BASE_REF": "main", "GITHUB_REPOSITORY": "acme/specs"}
    done = check(single_commit, **env)
    assert done.returncode == 2
    assert "merges to 'main'" in done.stderr and "`fetch-depth: 0`" in done.stderr
    assert check(single_commit, "--base", "HEAD", **env).returncode == 0


def ask(folder: Path, readers: Readers, *words: str) -> subprocess.CompletedProcess[str]:
    with MessagesServer(readers, key=KEY) as server:
        return check(
            folder,
            "--ask",
            "claude-sonnet-5-5",
            *words,
            ANTHROPIC_API_KEY=KEY,
            ANTHROPIC_BASE_URL=server.url,
        )


def test_asking_adds_warnings_and_what_it_cost(specs: Path) -> None:
    (specs / ODD).unlink()
    done = ask(specs, Readers(lambda name, reader: stated(f"{reader}")), "--json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert {one["rule"] for one in data["findings"]} == {"question-differs"}
    assert {one["severity"] for one in data["findings"]} == {"warning"}
    assert data["asked"]["model"] == "claude-sonnet-5-5"
    assert data["asked"]["requests"] == 2 and 0 < data["asked"]["usd"] < 0.5
    assert re.search(r"asked claude-sonnet-5-5: 2 requests, 0\.\d{4} USD", done.stderr)


def test_asking_leaves_the_exit_code_of_the_gate(specs: Path) -> None:
    done = ask(specs, Readers(lambda name, reader: stated("yes")), "--ask-usd", "0.001")
    assert done.returncode == 1
    assert "error[front-matter]" in done.stdout and "question-" not in done.stdout
    assert "note: 0.0000 USD were spent, and what is left does not pay for 2 specs; " in done.stderr


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        (("--ask", "claude-sonnet-5-5"), "set ANTHROPIC_API_KEY"),
        (("--ask", "no-such-model"), "prices"),
        (("--ask", "claude-sonnet-5-5", "--ask-usd", "0"), "US dollars above 0"),
        (("--ask", "claude-sonnet-5-5", "--ask-usd", "nan"), "US dollars above 0"),
        (("--ask", "claude-sonnet-5-5", "--ask-usd", "inf"), "US dollars above 0"),
    ],
)
def test_asking_that_cannot_be_is_exit_2_with_its_mend(
    specs: Path, words: tuple[str, ...], mend: str
) -> None:
    done = check(specs, *words, "--json")
    assert done.returncode == 2
    assert mend in json.loads(done.stdout)["error"]["mend"]


def test_prices_of_factory_yml_count(specs: Path) -> None:
    (specs / "factory.yml").write_text(
        "version: 1\nproducts: {shortener: {repository: ., subject: {command: x}}}\n"
        "scenarios: {repository: .}\nagents: {builder: {uses: anthropic, model: own,"
        " prices: {own: {input: 1, output: 2}}}}\n"
    )
    done = check(specs, "--ask", "own", "--json")
    assert "set ANTHROPIC_API_KEY" in json.loads(done.stdout)["error"]["mend"]
