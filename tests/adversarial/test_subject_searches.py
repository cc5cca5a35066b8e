"""Subject: looks everywhere for scenarios, keys and records; there is nothing to be found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from factory.records import Subject
from factory.sandbox.launcher import plan
from factory.sandbox.protocol import Bind, Cell, Sandbox
from tests.adversarial.subject_bench import COMMAND, feature, judge, server

KEY = "no-key-of-ours-6201"
# Written backwards, so that the searcher does not find itself.
SEARCH = f"""
import json, os
WORDS = [word[::-1].encode() for word in {[w[::-1] for w in ("marmalade-7719", KEY)]!r}]
SYSTEM = ("usr", "proc", "sys", "root", "lib", "lib64", "dev")
NAMES = (".feature", "scenarios.yml", "inventory.json", "cell.json",
         "launcher.json", "private.jsonl")

def search():
    seen, found = 0, []
    tops = ["/", "/proc/self/root", "/proc/1/root", "/proc/1/cwd", "..", "/proc/self/fd"]
    for top in tops:
        for folder, folders, files in os.walk(top):
            folders[:] = [n for n in folders if n not in SYSTEM]
            for name in files:
                path = os.path.join(folder, name)
                try:
                    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
                    data = os.read(handle, 1 << 20)
                    os.close(handle)
                except OSError:
                    continue
                seen += 1
                if name.endswith(NAMES) or any(word in data for word in WORDS):
                    found.append(path)
    for process in [n for n in os.listdir("/proc") if n.isdigit()]:
        for name in ("environ", "cmdline", "mountinfo"):
            try:
                data = open(f"/proc/{{process}}/{{name}}", "rb").read()
            except OSError:
                continue
            seen += 1
            if any(word in data for word in WORDS):
                found.append(f"/proc/{{process}}/{{name}}")
    return {{"seen": seen, "found": sorted(set(found))}}
"""
ASK = """
    When I send GET "/search"
    Then the response JSON at "seen" is at least 5
    And the response JSON at "found" is []
"""
SERVES = server(
    """
    if self.path == "/search":
        return self.answer(json.dumps(search()).encode(), Content_Type="application/json")
    if self.path == "/install":
        return self.answer(open(os.environ["PREFIX"] + "/found", "rb").read())
    """,
    start="from search import *",
)


@pytest.fixture(autouse=True)
def _secrets(needs, monkeypatch, tmp_path: Path) -> None:
    needs("git", "bwrap")
    for name in ("FACTORY_SCENARIOS_KEY", "GITHUB_TOKEN", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(name, KEY)
    for folder in [tmp_path, *tmp_path.parents]:
        if folder.name.startswith(("test_", "pytest-")):
            folder.chmod(0o755)  # So that only the sandbox keeps a reader out.


def test_a_service_finds_neither_scenario_nor_key(tmp_path: Path) -> None:
    judged = judge(tmp_path, {**SERVES, "search.py": SEARCH}, feature(ASK))
    assert judged.verdict == "pass", (judged.out / "private/open/private.jsonl").read_text()


def test_the_same_search_finds_them_where_a_wall_is_missing(tmp_path: Path, monkeypatch) -> None:
    """Else the test above could not fail."""
    written = plan.write

    def leaky(path: Path, sandbox: Sandbox, cell: Cell, *words: object, **options: object) -> None:
        bind = Bind(source=tmp_path / "suite", target="/srv/suite")
        cell = replace(cell, binds=(*cell.binds, bind))
        written(path, sandbox, cell, *words, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(plan, "write", leaky)
    judged = judge(tmp_path, {**SERVES, "search.py": SEARCH}, feature(ASK))
    assert judged.verdict == "fail"
    assert "suite/scenarios/greeting" in (judged.out / "private/open/private.jsonl").read_text()


def test_an_install_command_finds_neither_scenario_nor_key(tmp_path: Path) -> None:
    subject = Subject(
        install="echo 'from search import *; print(json.dumps(search()))' >one.py"
        ' && python3 one.py >"$PREFIX/found"',
        start="python3 server.py",
        start_seconds=10,
    )
    ask = ASK.replace("/search", "/install")
    judged = judge(tmp_path, {**SERVES, "search.py": SEARCH}, feature(ask), subject=subject)
    assert judged.verdict == "pass", (judged.out / "private/open/private.jsonl").read_text()


def test_a_command_finds_neither_scenario_nor_key_nor_its_own_cell_file(tmp_path: Path) -> None:
    """Its work folder is a real folder of the host, in reach of the runner."""
    tool = "#!/usr/bin/env python3\n" + SEARCH + "print(json.dumps(search()))\n"
    ask = """
        When I run it with no arguments
        Then the output matches "\\"seen\\": [0-9]+"
        And the output contains "\\"found\\": []"
    """
    judged = judge(tmp_path, {"tool": tool}, feature(ask, ask), subject=COMMAND)
    assert judged.verdict == "pass", (judged.out / "private/open/private.jsonl").read_text()
