"""Commands with variables, started, signalled, in a terminal; files and archives they leave."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import sys
import tarfile
import time
import zipfile

import pytest
from scenario_runner import archive_reading
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.errors import StepFailed
from scenario_runner.steps import command_started, command_terminal
from scenario_runner.subject.subject import Subject
from scenario_runner.subject.terminal import Terminal

from tests.scenario_runner.many_scenarios import all_fail, all_pass, feature

_PROGRAM = r"""
import os, signal, sys, tarfile, time, zipfile
name, *rest = sys.argv[1:] or ["none"]
if name == "variable":
    print(os.environ.get(rest[0], "unset"))
elif name == "size":
    print(len(sys.stdin.buffer.read()))
elif name == "serve":
    def stop(number, frame):
        print("bye", number, flush=True)
        sys.exit(3)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    starts = int(open("starts").read()) + 1 if os.path.exists("starts") else 1
    open("starts", "w").write(str(starts))
    print("ready", starts, flush=True)
    print("to the log", file=sys.stderr, flush=True)
    time.sleep(60)
elif name == "echo":
    for line in sys.stdin:
        print("got", line.strip(), flush=True)
        if line.strip() == "quit":
            sys.exit(0)
    print("end of input")
elif name == "flood":
    while True:
        print("x" * 1000)
elif name == "later":
    time.sleep(0.2)
    open("log.txt", "w").write("ready\n")
    time.sleep(60)
elif name == "ask":
    first = input("Your name? ")
    second = input("Again? ")
    print("Hello", first, second, sys.stdout.isatty())
    sys.exit(4)
elif name == "pack":
    with zipfile.ZipFile("o.zip", "w") as z:
        z.writestr("a/b.txt", "hello\n"); z.writestr("a/", "")
    open("b.txt", "w").write("tar\n")
    with tarfile.open("o.tar.gz", "w:gz") as t:
        t.add("b.txt"); os.symlink("/etc/passwd", "link"); t.add("link")
else:
    sys.exit("usage")
"""


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "program.py"
    path.write_text(_PROGRAM)
    return f"{sys.executable} -u {path}"


def test_variables_input_and_exit_codes(suite, run, program):
    all_pass(suite, run, program, [
        """
        Given the environment variable "GREETING" is "good day"
        When I run it with "variable GREETING"
        Then the output is "good day"
        """,
        """
        When I run it with "variable GREETING"
        Then the output is "unset"
        """,
        """
        Given a file "in.bin" of 1234 bytes
        When I run it with "size" and the file "in.bin" as input
        Then the output is "1234"
        And the file "in.bin" has 1234 bytes
        And the file "in.bin" has between 1000 and 2000 bytes
        And the folder "." holds exactly:
          | in.bin |
        Given a folder "empty"
        Then the folder "empty" is empty
        When I run it with "none"
        Then the exit code is between 1 and 2
        """,
    ])  # fmt: skip
    all_fail(suite, run, program, [
        ('Given an empty file "a"\nThen the file "a" does not exist', "is there"),
        ('When I run it with "none"\nThen the exit code is between 2 and 3', "exit code is 1"),
        ('Given an empty file "a"\nThen the folder "." is empty', "not empty"),
        ('Given an empty file "a"\nThen the folder "." holds exactly:\n  | b |', "holds others"),
        ('Given a file "a" of 2 bytes\nThen the file "a" is empty', "has 2 bytes"),
        ('Given a file "a" of 2 bytes\nAnd a file "b" of 3 bytes\n'
         'Then the file "a" equals the file "b"', "differ"),
        ('Then the folder "none" is empty', "no folder"),
    ])  # fmt: skip


def test_a_started_command(suite, run, program):
    all_pass(suite, run, program, [
        """
        When I start it with "serve"
        Then within 10 seconds the output contains "ready 1"
        And within 10 seconds the error output contains "to the log"
        And it is still running
        When I interrupt it
        Then it ends within 10 seconds
        And the exit code is 3
        And line 2 of the output is "bye 2"
        """,
        """
        When I start it with "serve"
        Then within 10 seconds the output contains "ready 1"
        When the command is killed and started again
        Then within 10 seconds the output contains "ready 2"
        When I terminate it
        Then it ends within 10 seconds
        And the output contains "bye 15"
        """,
        """
        When I start it with "echo"
        And I type "one" into it
        Then within 10 seconds the output contains "got one"
        When I type "quit" into it
        Then it ends within 10 seconds
        And the exit code is 0
        When I start it with "echo"
        And I close its input
        Then it ends within 10 seconds
        And the output is "end of input"
        """,
        """
        When I start it with "later"
        Then within 10 seconds the file "log.txt" exists
        And within 10 seconds the file "log.txt" contains "ready"
        When I kill it
        Then it ends within 10 seconds
        And the exit code is -9
        """,
        """
        When the command is started with "later" and killed after 0.1 seconds
        Then the exit code is -9
        """,
    ])  # fmt: skip
    all_fail(suite, run, program, [
        ('When I start it with "serve"\nThen within 0.3 seconds the output contains "never"',
         "lacks"),
        ('When I start it with "none"\nThen within 60 seconds the output contains "x"', "lacks"),
        ('When I start it with "serve"\nThen it ends within 0.2 seconds', "did not end"),
        ('When I start it with "flood"\nThen within 20 seconds the output contains "y"\n', "lacks"),
        ('When I start it with "serve"\nThen the exit code is 0', "nothing was run"),
        ('Then it is still running', "nothing was started"),
        ('When I start it with "none"\nThen within 9 seconds the error output contains "usage"\n'
         'And it ends within 9 seconds\nAnd it is still running', "has ended"),
        ('Then within 0.1 seconds the file "a" exists', "no file"),
        ('Given a file "a" of 3 bytes\nThen within 0.1 seconds the file "a" contains "word"',
         "lacks"),
    ])  # fmt: skip


@pytest.mark.parametrize("terminal", [False, True], ids=["pipes", "terminal"])
def test_what_is_started_ends_with_its_scenario_children_too(tmp_path, terminal):
    subject = Subject(argv=["/bin/sh", "-c", "trap '' HUP INT; sleep 300 & echo $! > child; wait"])
    context = ScenarioContext(subject, "seed")
    subject.work_folder = lambda: context.work_folder
    (command_terminal.start if terminal else command_started.start_with)(context, "")
    command_started.file_comes_to_contain(context, 20, "child", "\n")
    child = int((context.work_folder / "child").read_text())
    os.kill(child, 0)
    context.close()
    deadline = time.monotonic() + 20
    while _alive(child):
        assert time.monotonic() < deadline, "the child outlived the scenario"
        time.sleep(0.02)


def _alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stream:
            return stream.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_program_that_asks(suite, run, program):
    all_pass(suite, run, program, [
        """
        When I start it in a terminal with "ask"
        Then within 10 seconds the terminal shows "Your name? "
        When I answer "Ann" in the terminal
        Then within 10 seconds the terminal shows "Again? "
        When I press "B" in the terminal
        And I press "Enter" in the terminal
        Then the program in the terminal ends within 10 seconds
        And the exit code is 4
        And the output contains "Hello Ann B True"
        """,
        """
        When I start it in a terminal with "serve"
        Then within 10 seconds the terminal shows "ready"
        When I press "Ctrl-C" in the terminal
        Then the program in the terminal ends within 10 seconds
        And the exit code is 3
        """,
    ])  # fmt: skip
    all_fail(suite, run, program, [
        ('When I start it in a terminal with "ask"\n'
         'Then within 0.3 seconds the terminal shows "Age?"',
         "went by"),
        ('When I start it in a terminal with "none"\n'
         'Then within 20 seconds the terminal shows "Age?"',
         "ended before"),
        ('When I start it in a terminal with "flood"\n'
         'Then within 20 seconds the terminal shows "y"',
         "more than"),
        ('When I start it in a terminal with "ask"\n'
         'Then the program in the terminal ends within 0.3 seconds', "did not end"),
    ])  # fmt: skip


def test_a_name_that_is_no_variable_is_refused(suite, run, program):
    steps = """
    Given the environment variable "A=B" is "x"
    When I run it with "none"
    Then the exit code is 1
    """
    ran = run(suite(feature([steps])), subject=program)
    assert ran.outcomes == {"case 0": "failed"}
    assert "cannot be an environment variable" in ran.private[0]["message"]


def test_without_pexpect_the_step_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pexpect", None)
    with pytest.raises(StepFailed, match="pip install pexpect"):
        Terminal(["cat"], tmp_path, {})


def test_archives(suite, run, program):
    all_pass(suite, run, program, [
        """
        When I run it with "pack"
        Then the archive "o.zip" holds exactly:
          | a/b.txt |
        And the archive "o.tar.gz" holds "b.txt"
        And the archive "o.tar.gz" does not hold "link"
        And "a/b.txt" in the archive "o.zip" is:
          \"\"\"
          hello
          \"\"\"
        And "b.txt" in the archive "o.tar.gz" contains "tar"
        When I unpack "a/b.txt" of the archive "o.zip" as "c.txt"
        Then the file "c.txt" is "hello"
        """,
        """
        Given a zip archive "in.zip" with:
          | x.txt | one |
        Then "x.txt" in the archive "in.zip" contains "one"
        """,
    ])  # fmt: skip
    all_fail(suite, run, program, [
        ('When I run it with "pack"\nThen the archive "o.zip" holds "b.txt"', "does not hold"),
        ('When I run it with "pack"\nThen the archive "o.zip" does not hold "a/b.txt"', "holds"),
        ('When I run it with "pack"\nThen the archive "o.zip" holds exactly:\n  | a |',
         "other files"),
        ('When I run it with "pack"\nThen the archive "b.txt" holds "a"', "not an archive"),
        ('When I run it with "pack"\nThen the archive "link" holds "a"', "cannot be opened"),
        ('When I run it with "pack"\nThen "b.txt" in the archive "o.tar.gz" contains "x"', "lacks"),
    ])  # fmt: skip


def _tar(*members):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return data.getvalue()


def test_archives_of_every_kind_are_read():
    plain = _tar(("a", b"1"))
    for data in (plain, gzip.compress(plain), bz2.compress(plain), lzma.compress(plain)):
        assert archive_reading.members(data) == {"a": b"1"}


def _zip_bomb():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"\0" * (archive_reading.MAX_UNPACKED_BYTES + 1))
    return data.getvalue()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: gzip.compress(b"\0" * (archive_reading.MAX_UNPACKED_BYTES + 1)), "more than"),
        (_zip_bomb, "more than"),
        (lambda: _tar(("a", b"1"), ("a", b"2")), "twice"),
        (lambda: gzip.compress(_tar(("a", b"1")))[:-20], "ends too early"),
        (lambda: b"PK\x03\x04 nonsense", "not an archive"),
        (lambda: b"", "not an archive"),
    ],
    ids=["gzip bomb", "zip bomb", "twice", "cut", "nonsense", "empty"],
)
def test_hostile_archives_are_refused(make, words):
    with pytest.raises(archive_reading.BadArchive, match=words):
        archive_reading.members(make())
