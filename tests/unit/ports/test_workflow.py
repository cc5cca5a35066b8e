"""ports.workflow: no value can become a command, another output or another annotation."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.errors import Bug, ConfigurationError
from factory.ports import workflow

HOSTILE = st.text(
    alphabet=st.one_of(st.sampled_from(list(":,%=<\r\n \t#[]")), st.characters(codec="utf-8"))
) | st.sampled_from(
    [
        "::set-output name=x::y",
        "a\n::error::b",
        "x<<EOF\ny\nEOF",
        "##[set-env name=PATH]x",
        "%0A::warning::z",
        "end-0000",
    ]
)


def parsed_outputs(text: str) -> list[tuple[str, str]]:
    """As the runner reads the file: `name<<delimiter`, lines, `delimiter`."""
    found, lines = [], text.split("\n")
    at = 0
    while at < len(lines) - 1:
        name, delimiter = lines[at].split("<<", 1)
        end = lines.index(delimiter, at + 1)
        found.append((name, "\n".join(lines[at + 1 : end])))
        at = end + 1
    return found


@given(st.lists(HOSTILE, max_size=4))
def test_every_output_comes_back_as_it_was(values):
    with TemporaryDirectory() as folder:
        env = {"GITHUB_OUTPUT": f"{folder}/output"}
        for number, value in enumerate(values):
            workflow.set_output(f"name-{number}", value, env)
        path = Path(env["GITHUB_OUTPUT"])
        text = path.read_bytes().decode() if values else ""
    expected = [(f"name-{number}", value) for number, value in enumerate(values)]
    assert parsed_outputs(text) == expected


def unescaped(text: str) -> str:
    codes = {"%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}
    return re.sub("%25|%0D|%0A|%3A|%2C", lambda found: codes[found[0]], text)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_an_annotation_is_one_command_with_its_own_values(message, title, path):
    command = workflow.annotation("error", message, title=title, path=path, line=3, column=4)
    assert "\n" not in command and "\r" not in command
    head, properties, said = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", command, re.S).groups()
    pairs = dict(pair.split("=", 1) for pair in properties.split(","))
    assert (head, unescaped(said)) == ("error", message)
    expected = {"title": title, "file": path, "line": "3", "col": "4"}
    assert {key: unescaped(value) for key, value in pairs.items()} == {
        key: value for key, value in expected.items() if value
    }


def test_an_annotation_of_the_run_has_no_properties():
    assert workflow.annotation("notice", "100% done") == "::notice::100%25 done"


@given(HOSTILE)
def test_a_mask_hides_the_secret_and_each_of_its_lines(secret):
    commands = workflow.masks(secret)
    hidden = [unescaped(command.removeprefix("::add-mask::")) for command in commands]
    assert all("\n" not in command and "\r" not in command for command in commands)
    assert all(line.strip() in hidden for line in secret.splitlines() if line.strip())
    assert all(hidden), "an empty mask would hide nothing and break the log"


def test_commands_are_stopped_by_a_token_that_cannot_be_known():
    tokens = []
    for _ in range(2):
        lines: list[str] = []
        with (
            pytest.raises(RuntimeError, match="inside"),
            workflow.stop_commands(lines.append),
        ):
            lines.append("::error::from a subject")
            raise RuntimeError("inside")
        token = lines[0].removeprefix("::stop-commands::")
        assert len(token) >= 64 and lines[-1] == f"::{token}::", "it ends also after an error"
        tokens.append(token)
    assert tokens[0] != tokens[1]


def test_the_summary_is_cut_at_the_limit_over_all_additions(tmp_path):
    env = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    workflow.add_summary("first", env)
    workflow.add_summary("é" * workflow.SUMMARY_LIMIT_BYTES, env)
    workflow.add_summary("no room", env)
    text = (tmp_path / "summary").read_text("utf-8")
    assert len(text.encode()) <= workflow.SUMMARY_LIMIT_BYTES
    assert text.startswith("first\né") and text.endswith("(cut at GitHub's limit)\n")


def test_outside_of_a_workflow_it_says_so(tmp_path):
    with pytest.raises(ConfigurationError, match="GITHUB_OUTPUT is not set"):
        workflow.set_output("name", "value", {})
    with pytest.raises(ConfigurationError, match="cannot be written"):
        workflow.set_output("name", "value", {"GITHUB_OUTPUT": str(tmp_path / "no" / "file")})


@pytest.mark.parametrize("name", ["", "a b", "a<<b", "a\nb", "1a"])
def test_a_name_that_is_none_is_a_bug(name, tmp_path):
    with pytest.raises(Bug):
        workflow.set_output(name, "value", {"GITHUB_OUTPUT": str(tmp_path / "output")})


def test_an_output_beyond_githubs_limit_is_refused(tmp_path):
    with pytest.raises(Bug, match="longer than"):
        workflow.set_output("name", "x" * 1_048_577, {"GITHUB_OUTPUT": str(tmp_path / "output")})
