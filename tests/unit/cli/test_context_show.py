"""`factory context show`: byte for byte what an agent gets, with its tokens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from messages_api.bench import KEY, finish
from messages_api.server import MessagesServer

from factory import resources
from tests import forked
from tests.adversarial.subject_bench import repository
from tests.adversarial.tiny_line import Run, factory, lay_out
from tests.conftest import require

TEMPLATES = resources.folder("spec-templates")
ARCHITECTURE, CONSTRAINT = (
    (TEMPLATES / f"{kind}.md")
    .read_text("utf-8")
    .replace("status: draft", "status: ready")
    .replace("product: shortener", "product: greeter")
    for kind in ("architecture", "constraint")
)
LIBRARY = {
    "specs/parts.md": ARCHITECTURE,
    "specs/times.md": CONSTRAINT,
    "context/product.md": "# The greeter\r\n\r\nIt greets · ΑΒΓ · <!-- no one -->.\r\n",
    "context/glossary.yml": "terms: [{term: greeting, meaning: A line of text.}]\n",
    "context/decisions/0001-a.md": (
        TEMPLATES / "context/decisions/0001-record-decisions.md"
    ).read_text(),
    "agents/builder.md": "# Notes\n\nLook twice.\n",
}
KEEPS = """import pathlib, sys
pathlib.Path('/workspace/brief.md').write_bytes(sys.stdin.buffer.read())
"""


def show(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    return forked.run(
        [sys.executable, "-m", "factory.cli", "context", "show", *words],
        cwd=folder,
        env={**os.environ, **env},
        capture_output=True,
        timeout=60,
    )


@pytest.fixture
def line(tmp_path: Path) -> Path:
    """Specs with a whole library, beside a product and an agent that keeps its brief."""
    require("git")
    folder = lay_out(tmp_path, server="", suite={"README.md": "x"})
    (folder / "agent/agent.py").write_text(KEEPS)
    repository(folder / "specs", LIBRARY)
    return folder


@pytest.fixture
def specs(line: Path) -> Path:
    """The same without git, product and agent."""
    for name in ("product", "scenarios", "agent"):
        (line / name).rename(line / f"no-{name}")
    (line / "specs/.git").rename(line / "no-git")
    return line / "specs"


def built(folder: Path, tmp_path: Path) -> Path:
    """Plan and build the one spec; returns the folder of the attempt."""
    planned = factory(folder, "plan", "--out", str(tmp_path / "plan"), "--json")
    assert planned.code == 0, planned.err
    (order,) = planned.data["orders"]
    run: Run = factory(folder, "build", order["path"], "--out", str(tmp_path / "out"))
    assert run.code == 0, run.err
    return tmp_path / "out"


def test_it_is_what_a_command_reads_on_its_standard_input(line: Path, tmp_path: Path) -> None:
    require("bwrap")
    shown = show(line / "specs", "greeting")
    assert shown.returncode == 0, shown.stderr
    assert (built(line, tmp_path) / "tree/brief.md").read_bytes() == shown.stdout
    assert b"It greets \xc2\xb7 \xce\x91\xce\x92\xce\x93 \xc2\xb7 ." in shown.stdout
    assert (
        json.loads(show(line / "specs", "greeting", "--json").stdout)["brief"].encode()
        == shown.stdout
    )


def test_it_is_the_first_text_that_a_model_is_sent(
    line: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require("bwrap")
    text = (line / "specs/factory.yml").read_text()
    agents = "agents: {builder: {uses: anthropic}}"
    start, end = text.index("agents:"), text.index("budget:")
    repository(line / "specs", {"factory.yml": f"{text[:start]}{agents}\n{text[end:]}"})
    with MessagesServer({"turns": [finish()]}, key=KEY) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        built(line, tmp_path)
        first = server.requests[0]["messages"][0]["content"][0]["text"]
    assert first.encode() == show(line / "specs", "greeting").stdout


def test_the_parts_with_their_digests_and_tokens(specs: Path) -> None:
    done = show(specs, "greeting", "--json")
    assert done.returncode == 0 and done.stderr == b"", done.stderr
    data = json.loads(done.stdout)
    assert {"spec", "agent", "tokens", "estimated", "parts", "brief"} <= set(data)
    assert (data["spec"], data["agent"], data["estimated"]) == ("greeting", "builder", True)
    assert [(one["kind"], one["path"]) for one in data["parts"]] == [
        ("feature", "specs/greeting.md"),
        ("architecture", "specs/parts.md"),
        ("constraint", "specs/times.md"),
        ("product", "context/product.md"),
        ("glossary", "context/glossary.yml"),
        ("decision", "context/decisions/0001-a.md"),
        ("agent", "agents/builder.md"),
    ]
    for one in data["parts"]:
        assert set(one) == {"kind", "path", "digest", "tokens"}
        assert one["tokens"] > 0 and one["digest"].startswith("sha256:")
    assert sum(one["tokens"] for one in data["parts"]) < data["tokens"]
    assert len(data["brief"].encode()) <= data["tokens"], (
        "an upper bound: a token is a byte or more"
    )
    low, high = data["estimate"]["from"], data["estimate"]["to"]
    assert data["tokens"] / 5 < low < high < data["tokens"] / 2


def test_on_a_terminal_the_brief_goes_to_stdout_and_the_rest_to_stderr(specs: Path) -> None:
    done = show(specs.parent, "greeting", "--specs", "specs")
    told = done.stderr.decode()
    data = json.loads(show(specs, "greeting", "--json").stdout)
    low, high = data["estimate"]["from"], data["estimate"]["to"]
    assert f"an estimated {low:,} to {high:,} tokens, at most {data['tokens']:,}\n" in told
    assert "characters of English a token" in told and "sha256:" in told
    assert "agents/builder.md" in told and "the task and the rules" in told
    assert done.stdout == show(specs, "greeting").stdout
    assert done.stdout.startswith(b"# Your task") and done.stdout.endswith(b" ===\n")


def test_a_draft_and_a_broken_library_are_shown_with_a_note(specs: Path) -> None:
    spec = specs / "specs/greeting.md"
    spec.write_text(spec.read_text().replace("status: ready", "status: draft"))
    (specs / "context/standard.md").write_text("x")
    done = show(specs, "greeting", "--json")
    assert done.returncode == 0
    notes = json.loads(done.stdout)["notes"]
    assert "draft" in notes[0] and "context/standard.md:1:1" in notes[1] and len(notes) == 2
    assert done.stderr.decode().count("note: ") == 2


@pytest.mark.parametrize("status", ["draft", "paused"])
def test_what_would_bind_it_and_is_not_ready_is_left_out_with_a_note(
    specs: Path, status: str
) -> None:
    (specs / "specs/times.md").write_text(CONSTRAINT.replace("status: ready", f"status: {status}"))
    data = json.loads(show(specs, "greeting", "--json").stdout)
    assert "specs/times.md" not in [one["path"] for one in data["parts"]]
    (note,) = data["notes"]
    assert note.startswith(f"answer-times, of kind constraint, has status {status}: ")
    for other in ("status: retired", "status: draft\napplies-to: {labels: [another]}"):
        (specs / "specs/times.md").write_text(CONSTRAINT.replace("status: ready", other))
        assert json.loads(show(specs, "greeting", "--json").stdout)["notes"] == []


def test_half_a_draft_is_shown_too(specs: Path) -> None:
    text = "---\nid: half\nkind: feature\nstatus: draft\nproduct: greeter\n---\n\n## What\n\nHm.\n"
    (specs / "specs/half.md").write_text(text)
    done = show(specs, "half")
    assert done.returncode == 0 and b"Hm." in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "known: greeting"),
        (["answer-times"], "is of kind constraint"),
        ([], "Missing argument"),
        (["greeting", "--specs", "nowhere"], "factory.yml"),
    ],
)
def test_what_cannot_be_shown_is_exit_2(specs: Path, words: list[str], said: str) -> None:
    done = show(specs, *words)
    assert done.returncode == 2 and said in done.stderr.decode() and done.stdout == b""


def test_a_product_that_factory_yml_lacks_has_its_line(specs: Path) -> None:
    spec = specs / "specs/greeting.md"
    spec.write_text(spec.read_text().replace("product: greeter", "product: other"))
    done = show(specs, "greeting")
    assert done.returncode == 2 and "specs/greeting.md:7:10" in done.stderr.decode()


def test_a_context_file_that_cannot_be_read_is_exit_2_with_its_place(specs: Path) -> None:
    (specs / "context/product.md").write_bytes(b"# A\n\n\xff\n")
    done = show(specs, "greeting", "--json")
    error = json.loads(done.stdout)["error"]
    assert done.returncode == 2
    assert (error["path"], error["line"], error["column"]) == ("context/product.md", 3, 1)


def test_what_nobody_sees_is_not_printed_raw(specs: Path) -> None:
    (specs / "context/product.md").write_text("# A\n\n\x1b[31mred\u202e\n::add-mask::x\n##[y]z\n")
    done = show(specs, "greeting")
    assert b"\\u001b[31mred\\u202e" in done.stdout and b"\x1b" not in done.stdout
    assert b"::add-mask::x\n##[y]z\n" in done.stdout and b"escapes" in done.stderr
    done = show(specs, "greeting", GITHUB_ACTIONS="true")
    assert b"::add-mask" not in done.stdout and b"##[" not in done.stdout


def test_the_provider_counts_where_it_is_asked_to(specs: Path) -> None:
    with MessagesServer({"turns": []}, key=KEY) as server:
        env = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": server.url}
        done = show(specs, "greeting", "--json", "--count", "claude-sonnet-5-5", **env)
        assert done.returncode == 0, done.stderr
        data = json.loads(done.stdout)
        assert server.requests == [] and len(server.counted) == 1 + len(data["parts"])
        first = server.counted[0]
        assert first["model"] == "claude-sonnet-5-5"
        assert first["messages"][0]["content"][0]["text"] == data["brief"]
        assert (data["estimated"], data["estimate"]) == (False, None)
        assert "claude-sonnet-5-5" in data["rule"]
        estimate = json.loads(show(specs, "greeting", "--json").stdout)
        assert 0 < data["tokens"] < estimate["tokens"]
        told = show(specs, "greeting", "--count", "claude-sonnet-5-5", **env).stderr.decode()
        assert (
            "at most" not in told and "estimated" not in told and "counted by the provider" in told
        )


@pytest.mark.parametrize(
    ("env", "code", "kind"),
    [
        ({"ANTHROPIC_API_KEY": ""}, 2, "authentication"),
        ({"ANTHROPIC_API_KEY": "sk-ant-another-key"}, 2, "authentication"),
        ({"path": "/nowhere"}, 2, "configuration"),
        ({"ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}, 5, "agent"),
    ],
)
def test_a_count_that_fails_is_no_estimate(
    specs: Path, env: dict[str, str], code: int, kind: str
) -> None:
    with MessagesServer({"turns": []}, key=KEY) as server:
        url = server.url + env.pop("path", "")
        given = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": url, **env}
        done = show(specs, "greeting", "--json", "--count", "m", **given)
    assert done.returncode == code, done.stderr
    assert json.loads(done.stdout)["error"]["code"] == kind
    assert b"another-key" not in done.stderr
