"""The instances of a service: each in a cell and a thread of its own, told what to do in turn."""

from __future__ import annotations

import contextlib
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import Any
from urllib.parse import quote

from factory.errors import FactoryError
from factory.sandbox import ownership
from factory.sandbox.launcher.journal import Failure, Journal, kept
from factory.sandbox.launcher.plan import Plan
from factory.sandbox.launcher.ready import Cancelled, NotReady, await_ready
from factory.sandbox.protocol import Service, ServiceEnded

Answer = Callable[[dict[str, Any]], None]
# A service that ends as soon as it has been judged has not passed.
_LAST_SECONDS = 0.1
_STOPPED = Failure(whose="ours", message="it was stopped before it was ready")


class Instances:
    """All instances of one plan, by id. Leaving the context returns once none of them lives."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._known: dict[str, Instance] = {}
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Instances:
        self._journal = self._stack.enter_context(kept(self._plan.journal))
        binds = ownership.opened(self._plan.cell.binds)
        self._plan = replace(self._plan, cell=replace(self._plan.cell, binds=binds))
        self._places = Places(self._plan.live)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in self._known.values():
            one.cancel()
        for one in self._known.values():
            if one.thread.ident is not None:
                one.thread.join()
        self._stack.close()

    def do(self, verb: str, identity: str, answer: Answer) -> None:
        """Begin what is asked; `answer` is called once, from any thread, with what came of it."""
        known = self._known.get(identity)
        if verb == "start":
            if known and known.lives:
                answer(_failed(Failure(whose="ours", message="an instance of this id lives")))
                return
            # Known before it begins: a signal between the two must not leave one that nobody ends.
            self._known[identity] = Instance(self._plan, self._places, self._journal, answer)
            self._known[identity].thread.start()
        elif known is None:
            answer(_failed(Failure(whose="ours", message="no instance has this id")))
        else:
            known.tell(verb, answer)


class Places:
    """How many instances may live at once."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def one(self, seconds: float, wanted: Callable[[], bool]) -> Iterator[bool]:
        """Take a place for the context; False where none came free in time, or was wanted."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not self._free and wanted() and (left := deadline - time.monotonic()) > 0:
                self._changed.wait(left)
            taken = self._free > 0 and wanted()
            self._free -= taken
        try:
            yield taken
        finally:
            with self._changed:
                self._free += taken
                self._changed.notify_all()

    def look_again(self) -> None:
        with self._changed:
            self._changed.notify_all()


class Instance:
    """One instance, from its start to its end. It is over after a failure, or once stopped.

    `alive`, once it is over: whether it had not ended by itself.
    """

    def __init__(self, plan: Plan, places: Places, journal: Journal, answer: Answer) -> None:
        self._plan = plan
        self._places = places
        self._journal = journal
        self._asked: queue.Queue[tuple[str, Answer]] = queue.Queue()
        self._pending = answer
        self._cancel = os.eventfd(0)
        self._cancelled = False
        self._lock = threading.Lock()
        self._over = False
        self._was_ready = False
        self.alive = False
        self.thread = threading.Thread(target=self._live, name="instance", daemon=True)
        """For whoever made it to start."""

    @property
    def lives(self) -> bool:
        """Whether it is not over; its thread may end a moment after that was told."""
        with self._lock:
            return not self._over

    def tell(self, verb: str, answer: Answer) -> None:
        with self._lock:
            if over := self._over:
                self._refuse(verb, answer)
            else:
                self._asked.put((verb, answer))
        if verb == "stop" and not over:
            self.cancel()

    def cancel(self) -> None:
        """End it soon, whatever it is at."""
        with self._lock:
            if self._over or self._cancelled:
                return
            self._cancelled = True
            self._asked.put(("stop", _nobody))
            os.eventfd_write(self._cancel, 1)
        self._places.look_again()

    def _live(self) -> None:
        failure: Failure | None = None
        try:
            failure = self._lived()
        except FactoryError as error:
            failure = Failure(whose="ours", message=error.message)
        except Exception as error:  # A bug of ours; whoever waits is told.
            failure = Failure(whose="ours", message=repr(error))
        finally:
            self._end(failure)

    def _lived(self) -> Failure | None:
        """Live until stopped; why it could not."""
        plan = self._plan
        with self._places.one(plan.start_seconds, lambda: not self._cancelled) as taken:
            if self._cancelled:
                return _STOPPED
            if not taken:
                message = f"{plan.live} instances live, and no more may at once"
                return Failure(whose="ours", message=message)
            with plan.sandbox.service(plan.cell, plan.argv, port=plan.port) as service:
                return self._serve(service)

    def _serve(self, service: Service) -> Failure | None:
        try:
            self._await_ready(service)
            while True:
                verb, self._pending = self._asked.get()
                if verb == "stop":
                    self.alive = service.alive(0.0 if self._pending is _nobody else _LAST_SECONDS)
                    return None
                if verb == "kill":
                    service.kill()
                    self._pending({"state": "killed"})
                else:
                    service.restart()
                    self._await_ready(service)
        except Cancelled:
            self.alive = service.alive()
            return _STOPPED
        except NotReady as error:
            return Failure(whose="subject", message=str(error))
        except ServiceEnded as error:
            return Failure(whose="subject", message=error.message)

    def _await_ready(self, service: Service) -> None:
        plan = self._plan
        await_ready(service, plan.ready, plan.start_seconds, self._cancel)
        if not self._was_ready:
            self._was_ready = True
            self._journal.ready()
        address = f"http+unix://{quote(str(service.socket), safe='')}"
        self._pending({"state": "ready", "address": address})

    def _end(self, failure: Failure | None) -> None:
        with self._lock:
            self._over = True
            os.close(self._cancel)
        if self._was_ready:
            self._journal.over(alive=self.alive)
        if failure is None:
            self._pending(_stopped(self.alive))
        elif failure is _STOPPED:
            self._pending(_failed(failure))
        else:
            self._journal.failed(failure)
            self._pending(_failed(failure))
        while not self._asked.empty():
            self._refuse(*self._asked.get())

    def _refuse(self, verb: str, answer: Answer) -> None:
        if verb == "stop":
            answer(_stopped(self.alive))
        else:
            answer(_failed(Failure(whose="ours", message="this instance is over")))


def _failed(failure: Failure) -> dict[str, Any]:
    return {"state": "failed", "whose": failure.whose, "message": failure.message}


def _stopped(alive: bool) -> dict[str, Any]:
    return {"state": "stopped", "alive": alive}


def _nobody(_answer: dict[str, Any]) -> None:
    return
