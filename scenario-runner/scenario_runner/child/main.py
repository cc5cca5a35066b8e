"""The child process: reads its job, runs it, with pytest where the suite has code of its own, and
says when it is over."""

from __future__ import annotations

import json
import os
import select
import sys
import threading
from typing import Any

from scenario_runner import processes
from scenario_runner.child import native
from scenario_runner.child.job import Job
from scenario_runner.child.witness import Witness
from scenario_runner.wire import Sender


def main(job_handle: int, control_handle: int, channel_handle: int) -> None:
    """The handles come from the parent; step code must not hand them on to other programs."""
    for handle in (job_handle, control_handle, channel_handle):
        os.set_inheritable(handle, False)
    control = os.fdopen(control_handle, "rb", buffering=0)
    parent_watch = threading.Thread(
        target=_die_with_parent, args=(os.dup(control_handle),), daemon=True
    )
    parent_watch.start()
    if control.readline() != b"job\n":
        os._exit(1)
    with os.fdopen(job_handle, "rb") as job_stream:
        job_stream.seek(0)
        data: dict[str, Any] = json.load(job_stream)
    sender = Sender(channel_handle, data.pop("token"))
    job = Job.from_wire(data)
    witness = Witness(sender, job.scenario_timeout_seconds)
    sys.dont_write_bytecode = True
    if job.has_code or any(map(native.tags_ask_for_pytest, job.scenarios)):
        status = _run_pytest(job, witness, control)
    else:
        status = native.run(job, witness, control)
    _wait_for_threads()
    sender.send("end", status=status)
    # No exit handler of the suite may hold up or change what was said.
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            pass  # a step may have closed it
    os._exit(0)


def _run_pytest(job: Job, witness: Witness, control: Any) -> int:
    import pytest

    from scenario_runner.child import suite_config
    from scenario_runner.child.plugin import ScenarioPlugin

    private = job.private_folder
    (private / "empty.ini").write_text("[pytest]\n")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    root = str(job.root)
    sys.path.append(root)
    arguments = [
        root,
        "-c",
        str(private / "empty.ini"),
        f"--rootdir={root}",
        f"--confcutdir={root}",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:threadexception",
        "-p",
        "no:unraisableexception",
        "-p",
        "no:faulthandler",
        "-p",
        "pytest_bdd.plugin",
        "-s",
        "-q",
        "--no-header",
        "--no-summary",
        "--tb=short",
    ]
    plugin = ScenarioPlugin(job, witness, control)
    try:
        arguments += suite_config.arguments(job.root)
        status = int(pytest.main(arguments, plugins=[plugin]))
    except BaseException as problem:
        plugin.problem(f"pytest ended with {type(problem).__name__}: {problem}")
        status = 3
    plugin.finish_session()
    return status


def _die_with_parent(control_handle: int) -> None:
    """The parent holds the pipe's other end: when that closes, it was killed, and nobody else
    will end us or what our steps started."""
    poll = select.poll()
    poll.register(control_handle, select.POLLHUP)
    poll.poll()
    processes.kill_descendants(2.0)
    os._exit(1)


def _wait_for_threads() -> None:
    """Let threads of the suite end, so that one that fails is still heard."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(2.0)
