"""Hear of threads that die of an exception: they count against the scenario of that moment."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

# A thread that a step started may die just after the step; wait this long for new ones.
JOIN_SECONDS = 0.2


class FailedThreads:
    """`report(text)` is called in the thread that failed."""

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._known: set[int] = set()
        self._baseline = 1

    def install(self) -> None:
        threading.excepthook = self._thread_failed
        sys.unraisablehook = self._unraisable
        self._known = {id(thread) for thread in threading.enumerate()}
        self._baseline = len(self._known)

    def wait_for_new(self) -> None:
        """Give each thread started since the last call a moment to end or fail."""
        if threading.active_count() <= self._baseline:
            return
        for thread in threading.enumerate():
            if id(thread) in self._known or thread is threading.current_thread():
                continue
            if thread.name == "forwarder" or thread.name.startswith("scenario-runner"):
                continue
            thread.join(JOIN_SECONDS)
            if thread.is_alive():
                self._known.add(id(thread))

    def _thread_failed(self, arguments: Any) -> None:
        if arguments.exc_type is SystemExit:
            return
        name = arguments.thread.name if arguments.thread is not None else "unnamed"
        text = "".join(
            traceback.format_exception(
                arguments.exc_type, arguments.exc_value, arguments.exc_traceback
            )
        )
        self._report(f"thread {name} failed\n{text}")

    def _unraisable(self, problem: Any) -> None:
        # _thread.start_new_thread reports here; other unraisable errors are not failed threads.
        if problem.err_msg and "thread" in problem.err_msg:
            self._report(f"a thread failed: {problem.exc_value!r}")
        else:
            sys.__unraisablehook__(problem)
