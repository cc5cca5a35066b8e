"""Our commands as processes of their own without paying for their imports each time.

A server that has them, one a command and test worker, forks for each run. What a run sees is what
a process sees that was started by exec: its words, environment, folder and three streams.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RUNNER = ROOT / "scenario-runner"
MESSAGE_BYTES = 160 * 1024
FACTORY, SCENARIO_RUNNER = "factory.cli", "scenario_runner"


def run(
    words: Sequence[Any],
    *,
    cwd: str | Path | None = None,
    env: Mapping[str, str] | None = None,
    text: bool = False,
    timeout: float = 60,
    capture_output: bool = True,
    check: bool = False,
) -> subprocess.CompletedProcess[Any]:
    """As `subprocess.run` of `words`: [sys.executable, "-m", FACTORY or SCENARIO_RUNNER, …].

    Raises:
        subprocess.TimeoutExpired, subprocess.CalledProcessError: as `subprocess.run`.
    """
    assert list(words[:2]) == [sys.executable, "-m"] and capture_output
    told = {
        "name": {FACTORY: "factory", SCENARIO_RUNNER: "scenario-runner"}[words[2]],
        "words": [str(word) for word in words[3:]],
        "cwd": str(cwd or Path.cwd()),
        "env": dict(os.environ if env is None else env),
    }
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        with open(os.devnull, "rb") as nothing:
            channel = _server(words[2])
            streams = [nothing.fileno(), out.fileno(), errors.fileno()]
            socket.send_fds(channel, [json.dumps(told).encode()], streams)
        pid = int(channel.recv(64))
        channel.settimeout(timeout)
        try:
            code = int(channel.recv(64))
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            channel.settimeout(30)
            channel.recv(64)
            raise subprocess.TimeoutExpired(list(words), timeout) from None
        finally:
            channel.settimeout(None)
        said = [_read(stream, text) for stream in (out, errors)]
    done = subprocess.CompletedProcess(list(words), code, *said)
    if check:
        done.check_returncode()
    return done


def _read(stream: Any, text: bool) -> Any:
    stream.seek(0)
    data = stream.read()
    return data.decode().replace("\r\n", "\n") if text else data


@functools.cache
def _server(module: str) -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [sys.executable, "-c", "from tests.forked import serve; serve()", str(theirs.fileno()),
         module],
        cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
    )  # fmt: skip
    theirs.close()
    atexit.register(_ended, ours, process)
    return ours


def _ended(channel: socket.socket, process: subprocess.Popen[bytes]) -> None:
    channel.close()
    process.wait(30)


def serve() -> None:
    """Fork for each message, tell the process's id, then its exit code; end with the channel."""
    main = {FACTORY: _factory, SCENARIO_RUNNER: _scenario_runner}[sys.argv[2]]()
    channel = socket.socket(fileno=int(sys.argv[1]))
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, MESSAGE_BYTES, 3)
        if not message:
            return
        pid = os.fork()
        if pid == 0:
            channel.close()
            _become(json.loads(message), descriptors, main)
        for descriptor in descriptors:
            os.close(descriptor)
        channel.send(str(pid).encode())
        _, status = os.waitpid(pid, 0)
        channel.send(str(os.waitstatus_to_exitcode(status)).encode())


def _factory() -> Callable[[], Any]:
    import github  # noqa: F401
    import jsonschema  # noqa: F401
    import markdown_it  # noqa: F401
    import rich.console  # noqa: F401

    from factory.cli import main
    from factory.spec import gate, rules  # noqa: F401

    return lambda: main.main(sys.argv[1:])


def _scenario_runner() -> Callable[[], Any]:
    sys.path.insert(0, str(RUNNER))
    from scenario_runner.cli import main
    from scenario_runner.engine import phrases
    from scenario_runner.run import run  # noqa: F401
    from scenario_runner.suite import feature_file, quick_parser  # noqa: F401

    assert Path(phrases.__file__).is_relative_to(RUNNER)
    return main


def _become(told: dict[str, Any], descriptors: list[int], main: Any) -> None:
    code = 70
    try:
        for target, descriptor in enumerate(descriptors):
            os.dup2(descriptor, target)
            os.close(descriptor)
        os.chdir(told["cwd"])
        os.environ.clear()
        os.environ.update(told["env"])
        sys.argv[:] = [told["name"], *told["words"]]
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)
