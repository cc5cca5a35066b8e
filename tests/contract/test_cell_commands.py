"""A command in a cell is told what a command outside is: variables, signals and a terminal."""

# ruff: noqa: F811

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from factory.sandbox import cellfile
from factory.sandbox.docker import Docker
from factory.sandbox.kind import Kind
from factory.sandbox.passthrough import given
from factory.sandbox.protocol import MEBIBYTE, Cell
from tests.contract.sandbox_boxes import box, docker_image, work  # noqa: F401

Command = Callable[..., list[str]]
GRACEFUL = """
import os, signal, sys, time
def leave(number, _frame):
    os.write(1, b"left with %d\\n" % number)  # print may be at work already
    sys.exit(7)
signal.signal(signal.SIGTERM, leave)
signal.signal(signal.SIGUSR1, lambda *_: os.write(1, b"told\\n"))
print("up", flush=True)
time.sleep(30)
"""
ABRUPT = "print('up', flush=True); import time; time.sleep(30)"
ASKING = """
import getpass, os, sys, time
print("tty", os.isatty(0), os.isatty(1), os.isatty(2), os.get_terminal_size()[0])
print("hello", input("name? "))
print("length", len(getpass.getpass("secret: ")))
try:
    print("waiting", flush=True)
    time.sleep(30)
except KeyboardInterrupt:
    print("stopped")
    sys.exit(9)
"""


@pytest.fixture
def command(box: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The words that run a Python script in a cell."""
    monkeypatch.setattr("factory.sandbox.select.select", lambda _choice: box)

    def written(script: str, seconds: float = 30, limit: int = MEBIBYTE) -> list[str]:
        path = tmp_path / "cell.json"
        prefix = ["python3", "-c", script]
        cell = Cell(env={"OURS": "1"})
        cellfile.write(path, None, cell, prefix, seconds, output_limit_bytes=limit)  # type: ignore[arg-type]
        return [sys.executable, "-m", "factory.sandbox", str(path), "--"]

    return written


def environment(work: Path, **more: str) -> dict[str, str]:
    """As the scenario runner gives it."""
    kept = {name: value for name, value in os.environ.items() if name == "PATH"}
    return {**kept, "HOME": str(work), "LANG": "C.UTF-8", **more}


def started(words: list[str], work: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        words,
        cwd=work,
        env=environment(work, PYTHONPATH=os.pathsep.join(sys.path)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_variables_of_a_scenario_reach_it_and_ours_do_not(command: Command, work: Path) -> None:
    words = command("import os; print(dict(os.environ))")
    told = environment(work, TZ="UTC", GREETING="hé", FACTORY_TOKEN="secret")
    told["PYTHONPATH"] = os.pathsep.join(sys.path)
    done = subprocess.run(words, cwd=work, env=told, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    seen = eval(done.stdout)
    assert (seen["TZ"], seen["GREETING"], seen["OURS"], seen["HOME"]) == ("UTC", "hé", "1", "/tmp")
    assert not [name for name in seen if name.startswith("FACTORY_")]


def test_what_was_given_on_purpose_is_told_from_what_every_process_has() -> None:
    every = b"PATH=/bin\0HOME=/w\0LANG=C.UTF-8\0PWD=/w\0FACTORY_X=1\0"
    assert given(every + b"A=b=c\0", "/w") == {"A": "b=c"}
    assert given(b"HOME=/elsewhere\0LANG=de_DE\0", "/w") == {"HOME": "/elsewhere", "LANG": "de_DE"}
    assert given(b"B=\xff\0", "/w") == {"B": "\udcff"}


def test_a_signal_reaches_the_command(command: Command, work: Path) -> None:
    process = started(command(GRACEFUL), work)
    assert process.stdout is not None and process.stdout.readline() == "up\n"
    process.send_signal(signal.SIGUSR1)
    assert process.stdout.readline() == "told\n"
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=30)
    assert (output, process.returncode) == ("left with 15\n", 7), errors


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_that_the_signal_ends_is_seen_to_end_by_it(
    command: Command, work: Path, number: signal.Signals
) -> None:
    silent = "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL); "
    process = started(command(silent + ABRUPT), work)
    assert process.stdout is not None and process.stdout.readline() == "up\n"
    os.killpg(process.pid, number)
    process.communicate(timeout=30)
    assert process.returncode == -number


def test_one_that_does_not_listen_is_ended_by_sigkill_alone(command: Command, work: Path) -> None:
    script = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    beat = "import itertools, time\nprint('up', flush=True)\nfor n in itertools.count():\n"
    beat += "    open('beat', 'w').write(str(n)); time.sleep(0.01)"
    process = started(command(script + beat), work)
    assert process.stdout is not None and process.stdout.readline() == "up\n"
    process.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)
    process.kill()
    process.communicate(timeout=30)
    deadline = time.monotonic() + 20
    while beats(work / "beat"):
        assert time.monotonic() < deadline, "the command lives on"


def beats(path: Path) -> bool:
    before = path.read_text()
    time.sleep(0.3)
    return path.read_text() != before


def terminal(words: list[str], work: Path) -> pexpect.spawn:
    return pexpect.spawn(
        words[0],
        words[1:],
        cwd=str(work),
        env=environment(work, PYTHONPATH=os.pathsep.join(sys.path)),
        dimensions=(24, 77),
        timeout=30,
        encoding="utf-8",
    )


def test_a_terminal_is_one_inside_too(command: Command, box: Kind, work: Path) -> None:
    child = terminal(command(ASKING), work)
    if isinstance(box, Docker):
        child.expect("cannot have a terminal")
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 125
        return
    child.expect("tty True True True 77")
    child.expect(r"name\? ")
    child.sendline("Ann")
    child.expect("hello Ann")
    child.expect("secret: ")
    child.sendline("sesame")
    child.expect("length 6")
    assert "sesame" not in child.before, "what is typed for a secret is not shown"
    child.expect("waiting")
    child.sendintr()
    child.expect("stopped")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 9


@pytest.mark.parametrize("script", ["while True: print('x' * 1000)", "import time; time.sleep(30)"])
def test_a_terminal_has_the_same_limits(
    command: Command, box: Kind, work: Path, script: str
) -> None:
    if isinstance(box, Docker):
        return  # It has none: the test above.
    floods = "print" in script
    child = terminal(command(script, seconds=30 if floods else 1, limit=20_000), work)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == (153 if floods else 124)
    assert len(child.before) <= 20_000
