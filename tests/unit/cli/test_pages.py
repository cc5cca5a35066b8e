"""Every command line that a page shows is one that the commands take; every link has an end."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from scenario_runner.cli import cli as runner

from factory.cli.main import group

ROOT = Path(__file__).resolve().parents[3]
# docs/cli.md and docs/steps.md are written by the commands, the change log speaks of old ones.
PAGES = [
    ROOT / "README.md",
    ROOT / "scenario-runner" / "README.md",
    *(path for path in sorted(ROOT.glob("docs/*.md")) if path.stem not in ("cli", "steps")),
    *sorted(ROOT.glob("spec-templates/skeletons/*/README.md")),
]
PROGRAMS = {"factory": group, "scenario-runner": runner}
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^    \S.*$", re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"(?<!\!)\[[^\]]+\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
START = re.compile(r"(?:[A-Z_]+=\S+ )*(factory|scenario-runner) (?!/)")


def shown(page: Path) -> Iterator[str]:
    """The command lines of a page, in blocks and in sentences."""
    text = page.read_text("utf-8").replace("\\\n", " ")
    # A value made by another command is one word here.
    text = re.sub(r"\$\([^)]*\)", "VALUE", text)
    blocks = [block for _, language, block in BLOCK.findall(text) if language in ("", "sh", "bash")]
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    lines += [line.strip() for line in INDENTED.findall(text)]
    for line in [*lines, *SPAN.findall(text)]:
        for part in line.split(" && "):
            if START.match(part):
                yield part


def trouble(line: str) -> str:
    """What the commands have against a line: an unknown command or option; "" for nothing."""
    words = shlex.split(line.replace("…", "X"), comments=True)
    while "=" in words[0]:
        words.pop(0)
    command: click.Command = PROGRAMS[words[0]]
    context = click.Context(command, info_name=words.pop(0), **command.context_settings)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        inner = command.get_command(context, words[0])
        if inner is None:
            return f"no command {words[0]!r}"
        command, context = inner, click.Context(inner, info_name=words.pop(0), parent=context)
    known = {name for one in command.get_params(context) for name in one.opts + one.secondary_opts}
    options = [word.partition("=")[0] for word in words if word.startswith("-") and word != "-"]
    return ", ".join(f"no option {one}" for one in options if one not in known)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_its_command_lines_are_taken(page: Path) -> None:
    found = {line: trouble(line) for line in shown(page)}
    assert {line: told for line, told in found.items() if told} == {}


def anchors(page: Path) -> set[str]:
    """What GitHub calls the headings of a page."""
    headings = HEADING.findall(BLOCK.sub("", page.read_text("utf-8")))
    plain = (re.sub(r"[^\w\- ]", "", one.lower()).strip() for one in headings)
    return {one.replace(" ", "-") for one in plain}


@pytest.mark.parametrize("page", sorted({*PAGES, *ROOT.glob("docs/**/*.md")}),
                         ids=lambda path: str(path.relative_to(ROOT)))  # fmt: skip
def test_its_links_have_an_end(page: Path) -> None:
    text = BLOCK.sub("", page.read_text("utf-8"))
    text = SPAN.sub("", text) if page.stem == "steps" else text
    lost = []
    for link in LINK.findall(text):
        path, _, anchor = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


def test_most_pages_show_some() -> None:
    assert sum(1 for page in PAGES for _ in shown(page)) > 100


@pytest.mark.parametrize(
    "line", ["factory chekc specs", "factory run --spec specs", "scenario-runner run x --jsno"]
)
def test_a_line_that_is_wrong_is_found(line: str) -> None:
    assert trouble(line)
