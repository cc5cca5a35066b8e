"""The tools, really executed in a sandbox."""

from __future__ import annotations

import pytest
from messages_api.bench import sandbox  # noqa: F401

from factory.agents.toolbox import Toolbox
from factory.agents.toolbox.server import OUTPUT_LIMIT

EDIT = "str_replace_based_edit_tool"


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def box(sandbox, work):  # noqa: F811
    with Toolbox(sandbox, work) as toolbox:
        yield toolbox


def bash(box, command, **more):
    return box.call("bash", {"command": command}, **more)


def test_folder_variables_and_functions_last_from_call_to_call(box):
    bash(box, "mkdir -p sub && cd sub; X=5; f() { echo $X; }; export Y=6")
    assert bash(box, "pwd; f; sh -c 'echo $Y'").text == "/workspace/sub\n5\n6\n"


def test_a_new_shell_is_brought_to_where_an_earlier_one_was(box, sandbox, work):  # noqa: F811
    bash(box, "mkdir -p 'a b' && cd 'a b'; X=$'one\n\\'two'; export Y=6; Z=(1 2)")
    bash(box, "f() { echo \"$X\"; }; alias ll='ls -l'; set -u; umask 027; readonly R=7")
    with Toolbox(sandbox, work) as other:
        other.restore(box.shell)
        seen = bash(other, "pwd; f; sh -c 'echo $Y'; echo ${Z[1]} $R; alias ll; umask; echo $-")
        assert seen.text.startswith("/workspace/a b\none\n'two\n6\n2 7\nalias ll='ls -l'\n0027\n")
        assert "u" in seen.text.splitlines()[-1]
        assert bash(other, "echo $SOMETHING_UNSET").exit_code != 0


def test_what_a_shell_holds_is_told_only_up_to_a_limit(box):
    bash(box, "X=$(head -c 100000 /dev/zero | tr '\\0' x); cd /tmp")
    assert box.shell == "cd -- /tmp\n"
    bash(box, "unset X")
    assert len(box.shell) > 100
    assert box.shell.endswith("cd -- /tmp\n")
    box.call("bash", {"restart": True})
    assert box.shell == ""


def test_restart_forgets_what_the_shell_knew_but_keeps_files(box):
    bash(box, "X=5; cd /tmp; echo kept > /workspace/kept")
    assert not box.call("bash", {"restart": True}).is_error
    assert bash(box, "echo [$X] $PWD; cat kept").text == "[] /workspace\nkept\n"


def test_exit_code_is_told_apart_from_an_error_of_the_tool(box):
    reply = bash(box, "echo out; echo err >&2; (exit 3)")
    assert (reply.exit_code, reply.is_error) == (3, False)
    assert reply.text == "out\nerr\n\n[exit code 3]"


def test_a_command_cannot_pretend_to_have_ended(box):
    reply = bash(box, "echo 0 >&198; echo 0; sleep 0.2; echo end; (exit 4)")
    assert reply.exit_code == 4
    assert "end" in reply.text


def test_time_limit_stops_the_command_and_restarts_the_shell(box):
    reply = bash(box, "echo begun; sleep 60", timeout_seconds=0.5)
    assert reply.is_error
    assert reply.exit_code is None
    assert reply.text.startswith("begun\n")
    assert "0.5 seconds" in reply.text
    assert bash(box, "echo again").text == "again\n"


def test_a_background_process_does_not_hold_the_call(box):
    reply = bash(box, "sleep 60 & (sleep 60 > /dev/null 2>&1 &) ; echo now", timeout_seconds=5)
    assert (reply.text, reply.is_error) == ("now\n", False)


def test_a_flood_in_the_background_does_not_hold_the_next_call(box):
    bash(box, "yes &")
    assert not bash(box, "kill %1; true", timeout_seconds=5).is_error


def test_a_command_that_ends_the_shell_is_answered(box):
    assert bash(box, "exit 7").exit_code == 7
    assert bash(box, "echo again").text == "again\n"


def test_long_output_keeps_head_and_tail(box):
    reply = bash(box, "echo first; head -c 3000000 /dev/zero | tr '\\0' x; echo; echo last")
    assert reply.text.startswith("first\n")
    assert reply.text.endswith("last\n")
    assert len(reply.text) < OUTPUT_LIMIT + 200


def test_input_is_empty_and_bytes_that_are_no_text_are_replaced(box):
    assert bash(box, "cat; printf 'a\\xffb'").text == "a\ufffdb"


@pytest.mark.parametrize("values", [{}, {"command": 5}, {"command": "a\0b"}])
def test_a_call_without_a_command_is_an_error(box, values):
    assert box.call("bash", values).is_error


def test_view_numbers_lines_and_takes_a_range(box):
    bash(box, "printf 'one\\ntwo\\nthree\\n' > a.txt")
    view = {"command": "view", "path": "/workspace/a.txt"}
    assert box.call(EDIT, view).text == "     1\tone\n     2\ttwo\n     3\tthree\n"
    assert box.call(EDIT, {**view, "view_range": [2, -1]}).text == "     2\ttwo\n     3\tthree\n"
    for wrong in ([0, 2], [3, 2], [4, 4], ["1", 2], [1]):
        assert box.call(EDIT, {**view, "view_range": wrong}).is_error


def test_view_of_a_folder_is_two_levels_deep_sorted_and_without_hidden_ones(box):
    bash(box, "mkdir -p b/c/d .hidden; touch b/c/d/e .hidden/x a b/z")
    reply = box.call(EDIT, {"command": "view", "path": "/workspace"})
    assert reply.text.split() == [
        "/workspace",
        "/workspace/a",
        "/workspace/b",
        "/workspace/b/c",
        "/workspace/b/z",
    ]


def test_create_makes_folders_and_overwrites(box):
    create = {"command": "create", "path": "/workspace/new/a.txt", "file_text": "x\r\ny"}
    assert box.call(EDIT, create).text == "/workspace/new/a.txt was created."
    assert box.call(EDIT, create).text == "/workspace/new/a.txt was overwritten."
    assert bash(box, "od -c new/a.txt | head -1").text.split() == [
        "0000000", "x", "\\r", "\\n", "y",
    ]  # fmt: skip


def test_str_replace_needs_exactly_one_place(box):
    bash(box, "printf 'one two one\\r\\n' > a.txt")

    def replace(old, new=None):
        more = {} if new is None else {"new_str": new}
        values = {"command": "str_replace", "path": "/workspace/a.txt", "old_str": old, **more}
        return box.call(EDIT, values)

    assert "2 times" in replace("one", "x").text
    assert replace("", "x").is_error
    assert "0 times" in replace("three", "x").text
    assert not replace(" two", " 2").is_error
    assert not replace(" 2").is_error
    assert bash(box, "cat a.txt").text == "one one\r\n"


@pytest.mark.parametrize(
    ("line", "expected"), [(0, "new\none\ntwo"), (1, "one\nnew\ntwo"), (2, "one\ntwo\nnew")]
)
def test_insert_goes_after_a_line(box, line, expected):
    bash(box, "printf 'one\\ntwo' > a.txt")
    values = {"command": "insert", "path": "/workspace/a.txt", "insert_text": "new"}
    assert not box.call(EDIT, {**values, "insert_line": line}).is_error
    assert bash(box, "cat a.txt").text == expected
    assert box.call(EDIT, {**values, "insert_line": 9}).is_error
    assert box.call(EDIT, {**values, "insert_line": True}).is_error


@pytest.mark.parametrize(
    "path", ["a.txt", "/workspace/none", "/workspace/fifo", "/workspace/bytes", "/dev/zero"]
)
def test_what_is_no_text_file_is_an_error_and_holds_nothing(box, path):
    bash(box, "mkfifo fifo; printf '\\xff' > bytes")
    for command in ("view", "str_replace", "insert"):
        more = {"old_str": "a", "insert_line": 0, "insert_text": "a"}
        values = {"command": command, "path": path, **more}
        assert box.call(EDIT, values, timeout_seconds=5).is_error


def test_unknown_commands_and_missing_fields_are_errors(box):
    assert box.call(EDIT, {"command": "undo_edit", "path": "/workspace/a"}).is_error
    assert box.call(EDIT, {"command": "view"}).is_error
    assert box.call(EDIT, {"command": "create", "path": "/workspace/a"}).is_error
    assert box.call(EDIT, {"command": "create", "path": "/usr/a", "file_text": ""}).is_error
    assert box.call("computer", {}).is_error
