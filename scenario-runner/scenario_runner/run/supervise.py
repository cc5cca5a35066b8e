"""Watch the child and write down what it was seen to do. Believes nothing unsaid."""

from __future__ import annotations

import os
import secrets
import selectors
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from scenario_runner import processes
from scenario_runner.model import OUTCOMES, Inventory, SuiteError
from scenario_runner.run.child_process import ChildProcess
from scenario_runner.run.job import Job
from scenario_runner.run.observed import Finish, Observed
from scenario_runner.wire import BrokenMessage, Receiver

if TYPE_CHECKING:
    from scenario_runner.run.instances import Instances

# A scenario gets its own timeout first; a child that does not notice is killed this much later.
GRACE_SECONDS = 3.0
# What its steps hold, a browser above all, is looked at a last time and let go after its own time.
LETTING_GO_SECONDS = 20.0
LOAD_SECONDS = 60.0
CLOSING_SECONDS = 60.0
_COALESCE_SECONDS = 0.005
MAX_LOG_BYTES = 4 * 1024 * 1024


class Hearer(Protocol):
    """Told at once what the child was seen to do."""

    def apart(self, number: int) -> None:
        """Every step is bound; so many scenarios will not run beside others."""

    def finished(self, identity: str, finish: Finish, detail: dict[str, Any]) -> None: ...

    def caught_up(self) -> None:
        """Nothing more is heard for the moment: what was put off is due."""


class Supervisor:
    """Gives a child its job and watches it to its end."""

    def __init__(
        self,
        child: ChildProcess,
        job: Job,
        inventory: Inventory,
        log_path: Path,
        hear: Hearer,
        instances: Instances | None,
    ) -> None:
        """`instances` is None where no subject is started, or reset, by us."""
        self._child = child
        self._job = job
        self._inventory = inventory
        self._known = {scenario.id for scenario in inventory.scenarios}
        self._log_path = log_path
        self._hear = hear
        self._instances = instances
        # Each scenario waits for an answer of ours: we hurry.
        self._awaited = any(map(job.freshness.asked_each, inventory.scenarios))
        self._seen = Observed()
        self._token = secrets.token_hex(32)
        self._receiver = Receiver(self._token)
        self._step_started = time.monotonic()
        self._started: set[str] = set()
        self._stop = False

    def run(self) -> Observed:
        """KeyboardInterrupt is taken as Ctrl-C: noted in `interrupted`."""
        try:
            refused = self._inventory.refused
            every = self._job.order or self._inventory.scenarios
            may_run = [each for each in every if each.id not in refused]
            self._child.give_job(
                self._job.to_wire(self._token, self._child.private_folder, may_run)
            )
            self._watch(self._child.process, self._child.channel, self._child.output)
        except KeyboardInterrupt:
            self._seen.interrupted = True
            processes.ignore_interrupts()
        return self._seen

    def _watch(self, child: subprocess.Popen[bytes], channel: int, output: int) -> None:
        total = self._job.total_timeout_seconds
        end_of_run = None if total is None else time.monotonic() + total
        ended = processes.exit_handle(child.pid)
        for handle in (channel, output):
            os.set_blocking(handle, False)
        with (
            selectors.DefaultSelector() as selector,
            os.fdopen(_private_file(self._log_path), "ab") as log,
        ):
            log_left = MAX_LOG_BYTES - log.tell()
            watched = [channel, output, *([] if ended is None else [ended])]
            for handle in watched:
                selector.register(handle, selectors.EVENT_READ)
            try:
                while channel in selector.get_map() and not self._stop:
                    now = time.monotonic()
                    deadline = self._deadline(end_of_run)
                    if now >= deadline:
                        self._out_of_time(end_of_run)
                        break
                    wait = deadline - now if ended is not None else min(0.2, deadline - now)
                    ready = {key.fd for key, _ in selector.select(wait)}
                    gone = ended in ready if ended is not None else child.poll() is not None
                    if gone and not ready & {channel, output} and not _more(selector, ended):
                        # Gone, and all it said is read; a forked copy may hold the pipes open.
                        break
                    if output in ready:
                        data = _read(output)
                        if data == b"":
                            selector.unregister(output)
                        elif data:
                            log.write(data[:log_left])
                            log_left -= min(log_left, len(data))
                    if channel in ready:
                        data = _read(channel)
                        if data == b"":
                            selector.unregister(channel)
                        elif data:
                            self._take(data)
                            self._hear.caught_up()
                            if not self._seen.ended and not self._awaited:
                                # A message at a time would wake us as often as the child works.
                                time.sleep(_COALESCE_SECONDS)
            finally:
                if ended is not None:
                    os.close(ended)
        self._seen.ended_at = time.monotonic()

    def _deadline(self, end_of_run: float | None) -> float:
        if self._seen.running:
            deadline = min(map(self._deadline_of, self._seen.running))
        else:
            limit = LOAD_SECONDS if self._seen.bound is None else CLOSING_SECONDS
            deadline = self._step_started + limit
        return deadline if end_of_run is None else min(deadline, end_of_run)

    def _deadline_of(self, identity: str) -> float:
        if identity in self._seen.letting_go:
            return self._seen.letting_go[identity] + LETTING_GO_SECONDS
        started = self._seen.running[identity]
        return started + self._job.scenario_timeout_seconds + GRACE_SECONDS

    def _out_of_time(self, end_of_run: float | None) -> None:
        seen = self._seen
        if end_of_run is not None and time.monotonic() >= end_of_run:
            seen.problems.append("the whole run took longer than --total-timeout allows")
            seen.total_time_up = True
        elif seen.running:
            seen.problems.append(
                "a scenario did not stop when its time was up; the run was ended there"
            )
        elif seen.bound is None:
            message = f"loading the suite took over {LOAD_SECONDS:g} s; look at conftest.py, steps/"
            seen.bound = [SuiteError("", 0, message)]
        else:
            seen.problems.append("the suite did not come to an end after its last scenario")
        seen.out_of_time = True

    def _take(self, data: bytes) -> None:
        try:
            for message in self._receiver.feed(data):
                if self._seen.ended:
                    self._seen.problems.append("a message came after the end")
                _HANDLERS[message["kind"]](self, message)
        except (BrokenMessage, KeyError, TypeError, ValueError) as problem:
            self._seen.problems.append(f"the child's messages were tampered with: {problem}")
            self._stop = True

    def _on_bound(self, message: dict[str, Any]) -> None:
        if self._seen.bound is not None:
            self._seen.problems.append("steps were bound twice")
            return
        self._seen.bound = [SuiteError(**error) for error in message["errors"]]
        apart = int(message["apart"])
        self._step_started = time.monotonic()
        if self._seen.bound or self._inventory.errors:
            self._stop = True
        else:
            self._hear.apart(apart)
            self._child.say_go()
            if self._instances is not None:
                self._instances.begin(self._child.answer)

    def _on_ask(self, message: dict[str, Any]) -> None:
        number, identity = int(message["ask"]), message["id"]
        if self._instances is None or identity not in self._seen.running:
            raise BrokenMessage("a subject was asked for out of turn")
        self._instances.ask(number, message["do"], identity, message["subject"])

    def _on_start(self, message: dict[str, Any]) -> None:
        identity = message["id"]
        if len(self._seen.running) >= self._job.jobs or self._seen.bound is None:
            self._seen.problems.append("a scenario started out of turn")
        if identity not in self._known:
            self._seen.problems.append("a scenario started that is not in the inventory")
        if identity in self._started:
            self._seen.problems.append("a scenario ran twice")
            self._seen.twice.add(identity)
        self._started.add(identity)
        self._seen.running[identity] = time.monotonic()

    def _on_letting_go(self, message: dict[str, Any]) -> None:
        identity = message["id"]
        if identity not in self._seen.running or identity in self._seen.letting_go:
            raise BrokenMessage("a scenario's steps were over out of turn")
        self._seen.letting_go[identity] = time.monotonic()

    def _on_finished(self, message: dict[str, Any]) -> None:
        identity, outcome = message["id"], message["outcome"]
        if identity not in self._seen.running or identity in self._seen.finished:
            self._seen.problems.append("a scenario finished that was not running")
        if outcome not in OUTCOMES or outcome == "missing":
            self._seen.problems.append("an unknown outcome came from the child")
            outcome = "invalid"
        if self._instances is not None:
            outcome = self._instances.judged(identity, outcome)
            self._instances.finished(identity)
        self._seen.running.pop(identity, None)
        self._seen.letting_go.pop(identity, None)
        self._step_started = time.monotonic()
        if identity in self._known and identity not in self._seen.finished:
            finish = Finish(outcome, float(message["duration_seconds"]))
            self._seen.finished[identity] = finish
            self._hear.finished(identity, finish, message["detail"])

    def _on_problem(self, message: dict[str, Any]) -> None:
        self._seen.problems.append(str(message["text"]))

    def _on_end(self, message: dict[str, Any]) -> None:
        self._seen.ended = True
        status = message["status"]
        every_pass = all(each.outcome == "passed" for each in self._seen.finished.values())
        if status not in (0, 1) or (status == 1 and every_pass and not self._seen.problems):
            self._seen.problems.append(f"pytest ended with status {status} unexpectedly")


_HANDLERS: dict[str, Callable[[Supervisor, dict[str, Any]], None]] = {
    "bound": Supervisor._on_bound,
    "start": Supervisor._on_start,
    "ask": Supervisor._on_ask,
    "letting_go": Supervisor._on_letting_go,
    "finished": Supervisor._on_finished,
    "problem": Supervisor._on_problem,
    "end": Supervisor._on_end,
}


def _more(selector: selectors.BaseSelector, ended: int | None) -> bool:
    """True when a pipe has something to read after all."""
    return any(key.fd != ended for key, _ in selector.select(0))


def _read(handle: int) -> bytes | None:
    """None when there is nothing to read after all."""
    try:
        return os.read(handle, 1 << 16)
    except BlockingIOError:
        return None


def _private_file(path: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(path, flags, 0o600)
