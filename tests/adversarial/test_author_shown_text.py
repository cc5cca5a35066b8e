"""Spec author: text that hides, commands a terminal or a runner, or breaks out of a page."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from factory import resources
from tests.adversarial.subject_bench import feature, repository, server
from tests.adversarial.tiny_line import Run, factory, lay_out
from tests.conftest import require

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")
HIDDEN = {
    "zero width": "\u200b",
    "bidi override": "\u202e",
    "bidi isolate": "\u2066",
    "tag": "\U000e0041",
    "byte order mark": "\ufeff",
    "escape": "\x1b[31m",
    "8-bit escape": "\x9b31m",
    "line separator": "\u2028",
    "soft hyphen": "\u00ad",
}
# What YAML refuses as a raw character stands there as an escape.
YAML = {name: text.encode("unicode_escape").decode() for name, text in HIDDEN.items()}
RAW = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
COMMANDS = [
    "::set-output name=verdict::pass",
    "::add-mask::planted",
    "::stop-commands::planted",
    "##[add-mask]planted",
    "a ##[error]planted",
]
PLANTED = re.compile(r"^\s*::[a-z-]+|##\[", re.MULTILINE)


def check(folder: Path, texts: dict[str, str], *words: str, **env: str) -> Run:
    """`factory check` on these spec files."""
    (folder / "specs" / "specs").mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / "specs" / "specs" / name).write_text(text, encoding="utf-8")
    return factory(folder, "check", *words, **env)


def test_the_gate_finds_what_nobody_sees_and_prints_none_of_it(tmp_path: Path) -> None:
    texts = {}
    for number, name in enumerate(HIDDEN):
        texts[f"title-{number}.md"] = FEATURE.replace(
            "title: Shorten a URL", f'title: "Shorten {YAML[name]} a URL"'
        )
        texts[f"raw-{number}.md"] = FEATURE.replace("- R1: `POST", f"- R1: {HIDDEN[name]}`POST")
        texts[f"bad-{number}.md"] = FEATURE.replace("stakes: normal", f'stakes: "{YAML[name]}"')
    run = check(tmp_path, texts)
    assert run.code == 1 and not RAW.search(run.out + run.err)
    run = check(tmp_path, texts, "--json")
    assert run.code == 1 and not RAW.search(run.out + run.err)
    found: dict[str, set[str]] = {}
    for one in run.data["findings"]:
        found.setdefault(Path(one["path"]).name, set()).add(one["rule"])
    for name in texts:
        wanted = "front-matter" if name.startswith("bad") else "hidden-character"
        assert wanted in found[name], name


def test_ordinary_scripts_and_joiners_are_not_hidden(tmp_path: Path) -> None:
    text = FEATURE.replace("Shorten a URL", "Kürzen · می‌خواهم · 👩‍💻 · עברית")
    assert check(tmp_path, {"good.md": text}).code == 0


def test_the_name_of_a_file_is_not_printed_raw(tmp_path: Path) -> None:
    names = ["\x1b[2J\u202e.md", "##[add-mask]x.md", "\n::add-mask::x.md"]
    run = check(tmp_path, dict.fromkeys(names, "no spec"), GITHUB_ACTIONS="true")
    assert run.code == 1 and "3 specs" in run.out
    assert not RAW.search(run.out) and not PLANTED.search(run.out + run.err)


def test_an_error_about_a_file_is_not_printed_raw(needs, tmp_path: Path) -> None:
    """What stops a command quotes names and values as the gate's findings do."""
    needs("git")
    for number, name in enumerate(["\x1b[2J\u202e", "##[add-mask]x", "\n::add-mask::x"]):
        folder = lay_out(tmp_path / str(number), server="", suite={"README.md": "x"})
        text = FEATURE.replace("status: draft", "status: ready").replace("- R1:", "- ")
        repository(folder / "specs", {f"specs/{name}.md": text})
        plan = ("plan", "--out", str(tmp_path / "out"))
        # Asked for by its id it stops the command; else it is told of, and the others go on.
        for words in (plan, (*plan, "shorten-url"), ("run", "shorten-url")):
            run = factory(folder, *words, GITHUB_ACTIONS="true")
            asked = "shorten-url" in words
            assert run.code in (1, 2) if asked else run.code == 0, run.err
            assert ("specs/" if asked else "shorten-url does not pass the gate") in run.err
            assert not RAW.search(run.out + run.err)
            assert not PLANTED.search(run.out + run.err), run.err


def test_a_runners_command_in_a_spec_is_not_printed_as_one(tmp_path: Path) -> None:
    texts = {}
    for number, command in enumerate(COMMANDS):
        quoted = json.dumps(command)
        changes = {
            "title": ("title: Shorten a URL", f"title: {quoted}\nnot: known"),
            "id": ("id: shorten-url", f"id: {quoted}"),
            "product": ("product: shortener", f"product: {quoted}"),
            "stakes": ("stakes: normal", f"stakes: {quoted}"),
            "key": ("stakes: normal", f"stakes: normal\n{quoted}: 1"),
            "line": ("- E1: `GET", f"- {command} `GET"),
            "twice": ("stakes: normal", f"stakes: normal\n{quoted}: 1\n{quoted}: 1"),
        }
        for where, (old, new) in changes.items():
            texts[f"{where}-{number}.md"] = FEATURE.replace(old, new)
            assert texts[f"{where}-{number}.md"] != FEATURE
    for words in ((), ("--json",)):
        run = check(tmp_path, texts, *words, GITHUB_ACTIONS="true")
        assert run.code == 1
        assert "planted" in run.out
        assert PLANTED.findall(run.out + run.err) == []


EVIL = (
    "</script><script>document.title='owned'</script>“<img src=x onerror=document.title='owned'>”"
    " <svg/onload=document.title='owned'> [a](javascript:owned) ${{ github.token }} $(touch owned)"
    " `touch owned` | @acme/team #1 &lt;b&gt; {{ 7*7 }} {% raw %}"
)
TITLE = "\"<script>document.title='owned'</script>[/red]${{ github.token }}`x`|@a#1{{7*7}}\""
SERVER = server('if self.path == "/hello":\n    return self.answer(b"hello")')["server.py"]
SUITE = feature(
    'When I send GET "/hello"\nThen the response status is 500',
    'When I send GET "/hello"\nThen the response status is 500',
)


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Run:
    """A whole run of a spec whose every text is hostile, and of an agent that says the same."""
    require("git", "bwrap")
    folder = lay_out(
        tmp_path_factory.mktemp("line"),
        server=SERVER,
        suite=SUITE,
        title=TITLE,
        rule=EVIL,
        says="\x1b[31m" + EVIL,
    )
    run = factory(folder, "run", COLUMNS="100")
    assert run.code == 1, run.err
    return run


def test_a_run_tells_it_as_text_and_carries_nothing_out(told: Run) -> None:
    tmp_path = told.folder
    assert not RAW.search(told.out + told.err)
    assert "[/red]" in told.out, "square brackets are the author's, not markup"
    assert not list(tmp_path.rglob("owned"))
    (one,) = told.checks
    summary = one["summary"]
    assert "<script" not in summary and "<img" not in summary and "<svg" not in summary
    assert "](javascript" not in summary and "{{ github" not in summary
    assert re.search(r"(?<!\\)`touch", summary) is None
    assert "@acme" not in summary and "#1" not in summary
    assert len(one["title"]) <= 255
    row = next(line for line in summary.splitlines() if line.startswith("| R1 "))
    assert len(re.findall(r"(?<!\\)\|", row)) == 4, "its pipe does not make a column"
    branches = subprocess.run(
        ["git", "for-each-ref", "--format=%(refname)"], cwd=tmp_path / "product",
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert len(branches) == 2
    for branch in branches:
        assert re.fullmatch(r"refs/heads/(main|factory/hold/greeting/[0-9a-z-]+)", branch)


def test_no_script_of_a_spec_runs_in_the_report(needs, told: Run, tmp_path: Path) -> None:
    """Opened in a real browser, with the page's own policy and again without it."""
    needs("chromium")
    (report,) = (told.folder / "specs/.factory/runs").glob("*/report.html")
    page = report.read_text("utf-8")
    assert not RAW.search(page)
    assert "http-equiv" in page
    open_door = re.sub(r"<meta http-equiv[^>]*>", "", page)
    control = open_door.replace("</main>", "<script>document.title='owned'</script></main>")
    for name, text, owned in (
        ("with", page, False),
        ("without", open_door, False),
        ("control", control, True),
    ):
        path = tmp_path / f"{name}.html"
        path.write_text(text, encoding="utf-8")
        shown = browsed(path, tmp_path / f"profile-{name}")
        title = html.unescape(re.search(r"<title>(.*?)</title>", shown, re.DOTALL)[1])
        assert (title == "owned") is owned, title
        if not owned:
            assert title == "greeting version 1 · fail"
            assert "&lt;script&gt;" in shown
            assert not re.search(r"<(script|img|svg|a)\b", shown)


def browsed(page: Path, profile: Path) -> str:
    """The page's document after its scripts, as Chromium has it."""
    done = subprocess.run(
        [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-dev-shm-usage", f"--user-data-dir={profile}",
            "--virtual-time-budget=1000", "--dump-dom", f"file://{page}",
        ],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    shutil.rmtree(profile, ignore_errors=True)
    return done.stdout
