"""The tool server: runs inside the cell, one JSON request a line in, one JSON reply a line out.

It stands alone, which is why it is one long file: it is bound read-only into the cell and may
import the standard library only, in the syntax of Python 3.9, since the interpreter in there is
not of our choosing. It works with plain os calls for the same reason.

First line out: {"ready": 1}
Request:        {"id": int, "tool": str, "input": object, "timeout_seconds": number}
Reply:          {"id": int, "text": str, "is_error": bool, "exit_code": int or null,
                 "shell": str or null}
`shell` is what brings a new shell to where this one is, null where that was told before; the tool
`restore`, which is not for the model, takes it back as {"shell": str}.
"""

# ruff: noqa: PTH103, PTH109, PTH110, PTH112, PTH113, PTH115, PTH117, PTH118, PTH120, PTH123

from __future__ import annotations

import array
import contextlib
import fcntl
import json
import os
import re
import select
import shlex
import shutil
import signal
import stat
import subprocess
import tempfile
import termios
import time
from typing import Any

OUTPUT_LIMIT = 30_000
"""Characters of a result shown to the model; what is longer keeps its head and its tail."""
FILE_LIMIT_BYTES = 4 * 1024 * 1024
CONTROL = 198
STATE_LIMIT = 32_000
# Told by bash as it runs; nothing that a command could rely on.
_RUNNING = re.compile(
    r"declare -\S+ (?:_|BASH\w*|BASHPID|COLUMNS|DIRSTACK|EPOCH\w+|EUID|FUNCNAME|GROUPS|HISTCMD"
    r"|LINENO|LINES|OLDPWD|PIPESTATUS|PPID|PWD|RANDOM|SECONDS|SHELLOPTS|SHLVL|SRANDOM|UID)(?:=|$)"
)
_TELL = "declare -p; declare -f; alias -p; shopt -p; set +o; umask -p"
LISTING_LIMIT = 1000


class Refused(Exception):
    """A call that cannot be carried out; its text is the tool's answer."""


def shorten(text: str, limit: int = OUTPUT_LIMIT) -> str:
    """Cut the middle out of `text` where it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    half = limit // 2
    left_out = len(text) - 2 * half
    return f"{text[:half]}\n[... {left_out} characters left out ...]\n{text[-half:]}"


class Tape:
    """Keeps the head and the tail of a byte stream of any length."""

    def __init__(self, limit: int = 4 * OUTPUT_LIMIT) -> None:
        self.half = limit // 2
        self.head = bytearray()
        self.tail = bytearray()
        self.dropped = 0

    def add(self, data: bytes) -> None:
        room = self.half - len(self.head)
        self.head += data[: max(room, 0)]
        self.tail += data[max(room, 0) :]
        excess = len(self.tail) - self.half
        if excess > 0:
            self.dropped += excess
            del self.tail[:excess]

    def text(self) -> str:
        if not self.dropped:
            return shorten((self.head + self.tail).decode("utf-8", "replace"))
        head = self.head.decode("utf-8", "replace")[: OUTPUT_LIMIT // 2]
        tail = self.tail.decode("utf-8", "replace")[-(OUTPUT_LIMIT // 2) :]
        return f"{head}\n[... the middle of a longer output left out ...]\n{tail}"


class Shell:
    """One bash whose folder, variables and functions last from call to call.

    A command runs as `source FILE` with its input at /dev/null. The end of a call is told on a
    descriptor that commands do not inherit, so a process left in the background does not hold
    the call, and nothing that a command prints can be taken for its end.
    """

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.folder = os.getcwd()
        self.place = ""
        self.output = self.control = -1

    def run(self, command: str, timeout_seconds: float) -> dict[str, Any]:
        """Carry out one command; see the module for the answer's form."""
        if "\0" in command:
            raise Refused("The command contains a NUL character.")
        if self.process is None or self.process.poll() is not None:
            self.restart()
        assert self.process and self.process.stdin
        os.makedirs(self.place, exist_ok=True)
        script = os.path.join(self.place, "command")
        with open(script, "w", encoding="utf-8", errors="surrogatepass") as stream:
            stream.write(command + "\n")
        told = os.path.join(self.place, "state")
        line = (
            f"source '{script}' </dev/null {CONTROL}>&-; echo $? >&{CONTROL}; "
            f"{{ {_TELL}; printf 'cd -- %q\\n' \"$PWD\"; echo . >&{CONTROL}; }} "
            f">|'{told}' 2>/dev/null\n"
        )
        try:
            self.process.stdin.write(line.encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # Noticed as an ended shell below.
        return self._wait(time.monotonic() + timeout_seconds, timeout_seconds)

    def state(self) -> str:
        """What makes a new shell like this one; "" for nothing, its folder alone for too much."""
        try:
            with open(os.path.join(self.place, "state"), "rb") as stream:
                text = stream.read(4 * STATE_LIMIT).decode("utf-8", "replace")
            if len(text) < STATE_LIMIT:
                lines = [line for line in text.split("\n") if not _RUNNING.match(line)]
                return "\n".join(lines)
            assert self.process
            return f"cd -- {shlex.quote(os.readlink(f'/proc/{self.process.pid}/cwd'))}\n"
        except OSError:
            return ""

    def restart(self) -> None:
        """End the shell with what it started in its session, and start a new one."""
        self.stop()
        self.place = tempfile.mkdtemp(prefix="shell-")
        self.output, output = os.pipe()
        self.control, control = os.pipe()
        os.dup2(control, CONTROL, inheritable=True)
        os.close(control)
        self.process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            cwd=self.folder,
            pass_fds=(CONTROL,),
            start_new_session=True,
        )
        os.close(CONTROL)
        os.close(output)

    def stop(self) -> None:
        """Kill the shell's process group and let go of its pipes."""
        if self.process is None:
            return
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        with contextlib.suppress(OSError):
            assert self.process.stdin
            self.process.stdin.close()
        os.close(self.output)
        os.close(self.control)
        shutil.rmtree(self.place, ignore_errors=True)
        self.process = None

    def _wait(self, deadline: float, timeout_seconds: float) -> dict[str, Any]:
        assert self.process
        tape, status = Tape(), b""
        while not status.endswith(b"\n.\n"):
            left = deadline - time.monotonic()
            if left <= 0:
                self.stop()
                said = f"Stopped after {timeout_seconds:g} seconds; the shell was restarted."
                return _answer(tape.text() + f"\n[{said}]", is_error=True)
            ready, _, _ = select.select([self.output, self.control], [], [], min(left, 0.2))
            if self.output in ready:
                tape.add(os.read(self.output, 65536))
            if self.control in ready:
                told = os.read(self.control, 64)
                status += told
                if not told:
                    break
            elif not ready and self.process.poll() is not None:
                break
        self._drain(tape)
        text = tape.text()
        digits = status.partition(b"\n")[0].decode("ascii", "replace")
        if digits.isdigit():
            code = int(digits)
        else:
            code = self._ended()
            text += f"\n[The shell ended with code {code} and was restarted.]"
        return _answer(text, exit_code=code)

    def _ended(self) -> int:
        """The exit code of a shell that is ending, or that told us something else than a code."""
        assert self.process
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        process = self.process
        self.stop()
        return 128 - process.returncode if process.returncode < 0 else process.returncode

    def _drain(self, tape: Tape) -> None:
        """Read what was in the pipe when the command ended, and no more."""
        waiting = array.array("i", [0])
        fcntl.ioctl(self.output, termios.FIONREAD, waiting)
        left = waiting[0]
        while left > 0:
            data = os.read(self.output, min(left, 65536))
            if not data:
                return
            tape.add(data)
            left -= len(data)


def _answer(text: str, *, is_error: bool = False, exit_code: int | None = None) -> dict[str, Any]:
    clean = text.encode("utf-8", "replace").decode()  # File names may hold bytes that are not text.
    return {"text": clean, "is_error": is_error, "exit_code": exit_code}


def bash(shell: Shell, values: dict[str, Any], timeout_seconds: float) -> dict[str, Any]:
    """The tool `bash`: {"command": str} or {"restart": true}."""
    if values.get("restart"):
        shell.restart()
        return _answer("The shell was restarted.")
    command = values.get("command")
    if not isinstance(command, str):
        raise Refused('bash needs "command" (text) or "restart": true.')
    answer = shell.run(command, timeout_seconds)
    if answer["exit_code"]:
        answer["text"] += f"\n[exit code {answer['exit_code']}]"
    return answer


def edit(values: dict[str, Any]) -> dict[str, Any]:
    """The tool `str_replace_based_edit_tool`."""
    command = values.get("command")
    path = _text(values, "path")
    if not os.path.isabs(path):
        raise Refused(f"The path must begin with /, as /workspace/... does: {path}")
    if command == "view":
        return _answer(shorten(_view(path, values.get("view_range"))))
    if command == "create":
        return _answer(_create(path, _text(values, "file_text")))
    if command == "str_replace":
        return _answer(_replace(path, _text(values, "old_str"), values.get("new_str") or ""))
    if command == "insert":
        return _answer(_insert(path, values.get("insert_line"), _text(values, "insert_text")))
    raise Refused(f"No such command: {command!r}. There are view, create, str_replace, insert.")


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str):
        raise Refused(f'"{name}" is missing or not text.')
    return value


def _read(path: str) -> str:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # A FIFO must not hold us.
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from error
    with open(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise Refused(f"{path} is not a file.")
        data = stream.read(FILE_LIMIT_BYTES + 1)
    if len(data) > FILE_LIMIT_BYTES:
        raise Refused(f"{path} is longer than {FILE_LIMIT_BYTES} bytes; use bash.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(f"{path} is not UTF-8 text.") from error


def _write(path: str, text: str) -> None:
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.exists(path) and not os.path.isfile(path):
            raise Refused(f"{path} is not a file.")
        with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
            stream.write(text)
    except (OSError, UnicodeEncodeError, ValueError) as error:
        why = getattr(error, "strerror", None) or "the text or path is not valid"
        raise Refused(f"{path} cannot be written: {why}.") from error


def _view(path: str, view_range: Any) -> str:
    if os.path.isdir(path):
        return _listing(path)
    lines = _read(path).split("\n")
    if lines[-1] == "" and len(lines) > 1:
        lines.pop()
    first, last = 1, len(lines)
    if view_range is not None:
        if not (
            isinstance(view_range, list)
            and len(view_range) == 2
            and all(type(number) is int for number in view_range)
        ):
            raise Refused('"view_range" is [first, last], line numbers from 1; last may be -1.')
        first, last = view_range
        last = len(lines) if last == -1 else min(last, len(lines))
        if not 1 <= first <= last:
            raise Refused(f"view_range {view_range} is outside of 1 to {len(lines)}.")
    numbered = enumerate(lines[first - 1 : last], first)
    return "".join(f"{number:6}\t{line}\n" for number, line in numbered)


def _listing(path: str) -> str:
    """The folder's entries two levels deep, sorted, without hidden ones."""
    found = [path]
    for root, folders, files in os.walk(path):
        depth = 0 if root == path else os.path.relpath(root, path).count("/") + 1
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        names = sorted(folders + [name for name in files if not name.startswith(".")])
        found += [os.path.join(root, name) for name in names]
        if depth == 1:
            folders.clear()
        if len(found) > LISTING_LIMIT:
            found[LISTING_LIMIT:] = ["[more left out]"]
            break
    return "\n".join([found[0], *sorted(found[1:])]) + "\n"


def _create(path: str, text: str) -> str:
    there = os.path.exists(path)
    _write(path, text)
    return f"{path} was {'overwritten' if there else 'created'}."


def _replace(path: str, old: str, new: Any) -> str:
    if not isinstance(new, str):
        raise Refused('"new_str" is not text.')
    text = _read(path)
    count = text.count(old) if old else 0
    if count != 1:
        raise Refused(
            f"old_str occurs {count} times in {path}; it must occur exactly once."
            + (" Nothing was changed. Add lines around it." if count else " Nothing was changed.")
        )
    line = text[: text.index(old)].count("\n") + 1
    _write(path, text.replace(old, new))
    return f"{path} was edited at line {line}."


def _insert(path: str, line: Any, text: str) -> str:
    lines = _read(path).splitlines(keepends=True)
    if type(line) is not int or not 0 <= line <= len(lines):
        raise Refused(f'"insert_line" must be from 0 to {len(lines)}, the line to insert after.')
    if line and not lines[line - 1].endswith("\n"):
        lines[line - 1] += "\n"
    if line < len(lines) and not text.endswith("\n"):
        text += "\n"
    lines[line:line] = [text]
    _write(path, "".join(lines))
    return f"{path}: text was inserted after line {line}."


def restore(shell: Shell, values: dict[str, Any], timeout_seconds: float) -> dict[str, Any]:
    """The request `restore`: what cannot be set again, as a read-only variable, is left."""
    shell.run("{ " + _text(values, "shell") + "\n} >/dev/null 2>&1", timeout_seconds)
    return _answer("Restored.")


def answer(shell: Shell, request: dict[str, Any]) -> dict[str, Any]:
    """Carry out one request; every failure becomes an answer."""
    try:
        if request["tool"] == "bash":
            return bash(shell, request["input"], request["timeout_seconds"])
        if request["tool"] == "restore":
            return restore(shell, request["input"], request["timeout_seconds"])
        if request["tool"] == "str_replace_based_edit_tool":
            return edit(request["input"])
        raise Refused(f"No such tool: {request['tool']}.")
    except Refused as refusal:
        return _answer(str(refusal), is_error=True)
    except (OSError, ValueError) as error:
        return _answer(f"The tool failed: {error}", is_error=True)


def main() -> None:
    """Serve until the input ends."""
    requests, replies = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)  # Nothing started from here may take or forge a line of the conversation.
    os.dup2(null, 1)
    shell, told = Shell(), ""
    with open(requests, "rb") as lines, open(replies, "wb") as out:
        out.write(b'{"ready": 1}\n')
        out.flush()
        for line in lines:
            request = json.loads(line)
            reply = {"id": request["id"], **answer(shell, request), "shell": None}
            if request["tool"] != "str_replace_based_edit_tool":
                state = shell.state()
                if state != told:  # It may be long, and mostly stays what it is.
                    reply["shell"] = told = state
            out.write(json.dumps(reply).encode() + b"\n")
            out.flush()
    shell.stop()


if __name__ == "__main__":
    main()
