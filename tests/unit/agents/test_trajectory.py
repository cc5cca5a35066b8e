"""The journal: written step by step, without secrets, read back strictly."""

from __future__ import annotations

import json

import pytest

from factory.agents.redaction import redactor
from factory.agents.toolbox import ToolReply
from factory.agents.trajectory import FILE, Journal, Usage, digest, read_trajectory, spent_usd
from factory.errors import AgentError

SECRET = "hunter2-hunter2"


def journal(folder, **more):
    values = {"spec_id": "greeting", "attempt": 2, "base_tree": "a" * 40, "agent": "anthropic"}
    return Journal(folder, **{**values, **more})


def reply(text, **more):
    return ToolReply(text=text, **{"is_error": False, "exit_code": 0, **more})


def test_each_step_is_on_disk_when_it_is_over_and_reads_back(tmp_path):
    with journal(tmp_path) as written:
        for number in range(3):
            written.step(f"say {number}", [("bash", {"command": "x"})], [reply("out")],
                         Usage(input_tokens=10, output_tokens=2, usd=0.25))  # fmt: skip
            assert len(read_trajectory(tmp_path / FILE).steps) == number + 1
        assert read_trajectory(tmp_path / FILE).end is None
        written.end("finished", "done")
    found = read_trajectory(tmp_path / FILE)
    assert (found.header.spec_id, found.header.attempt) == ("greeting", 2)
    assert found.steps[0].calls[0].input == {"command": "x"}
    assert found.steps[0].results[0].digest == digest("out")
    assert found.end is not None
    assert found.end.usage == Usage(input_tokens=30, output_tokens=6, usd=0.75)
    assert spent_usd(tmp_path / FILE) == 0.75


def test_a_half_written_last_line_is_left_out(tmp_path):
    with journal(tmp_path) as written:
        written.step("one", usage=Usage(usd=1.0))
    with (tmp_path / FILE).open("ab") as stream:
        stream.write(b'{"line": "step", "say": "tw')
    assert [step.say for step in read_trajectory(tmp_path / FILE).steps] == ["one"]


def test_a_failure_is_written_as_the_end(tmp_path):
    with pytest.raises(AgentError), journal(tmp_path, secrets=[SECRET]):
        raise AgentError(f"it broke over {SECRET}")
    end = read_trajectory(tmp_path / FILE).end
    assert end is not None
    assert end.ended == "error"
    assert SECRET not in end.message


def test_secrets_are_nowhere_in_the_file(tmp_path):
    key = "sk-ant-api03-abcdefghijklmnop"
    token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"
    pem = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\nBBBB\n-----END OPENSSH PRIVATE KEY-----"
    with journal(tmp_path, secrets=[SECRET, "two\nlines-secret"]) as written:
        calls = [("bash", {SECRET: [key, {"deep": token}]})]
        written.step(f"{key} {SECRET}", calls, [reply(f"{token} {pem} lines-secret")])
        written.end("finished", key)
    text = (tmp_path / FILE).read_text()
    for secret in (SECRET, key, token, "AAAA", "lines-secret"):
        assert secret not in text
    assert text.count("[redacted]") >= 6


def test_words_that_only_look_a_little_like_keys_stay():
    harmless = "task-management-with-a-very-long-name risk-abcdefghijklmnopqrstuvwxyz"
    assert redactor(["ab"])(harmless) == harmless


def test_text_that_is_no_unicode_is_written(tmp_path):
    with journal(tmp_path) as written:
        step = written.step("say", [], [reply("\x00\x1b[31m")])
    assert step.results[0].text == "\x00\x1b[31m"


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["not json"],
        ['{"line": "end", "ended": "finished"}'],
        ['{"line": "header"}'],
        ["HEADER", '{"line": "step", "say": "x", "unknown": 1}'],
        ["HEADER", '{"line": "end", "ended": "finished"}', '{"line": "step", "say": "x"}'],
        ["HEADER", "HEADER"],
    ],
)
def test_what_is_no_trajectory_is_refused(tmp_path, lines):
    header = json.dumps(
        {"line": "header", "format": "trajectory/1", "spec_id": "greeting", "attempt": 1,
         "base_tree": "a" * 40, "agent": "x", "recorded_at": ""}
    )  # fmt: skip
    text = "".join(line.replace("HEADER", header) + "\n" for line in lines)
    (tmp_path / FILE).write_text(text)
    with pytest.raises(AgentError):
        read_trajectory(tmp_path / FILE)


def test_a_missing_trajectory_says_what_to_do(tmp_path):
    with pytest.raises(AgentError, match="cannot be read"):
        read_trajectory(tmp_path / FILE)
