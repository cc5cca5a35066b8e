"""What one scenario knows while it runs; every step of the library gets it as first argument."""

from __future__ import annotations

import base64
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from scenario_runner.cookies import Jar
from scenario_runner.engine.values import substitute, substitute_in_json_text
from scenario_runner.errors import StepFailed
from scenario_runner.http_client import DEFAULT_TIMEOUT_SECONDS, Response
from scenario_runner.model import Scenario
from scenario_runner.safe_files import remove_tree
from scenario_runner.subject.command import CommandRun
from scenario_runner.subject.subject import Subject

# Of a body or a stream, this much goes into the private detail.
SHOWN_CHARACTERS = 2000
MAX_EXCHANGES = 50
# Of pictures in base64, which travel in one message with the rest of the detail.
MAX_ATTACHMENTS = 20
MAX_ATTACHED = 2_500_000


class ScenarioContext:
    """State of one scenario. Steps read and write its attributes; nothing outlives `close`."""

    __slots__ = (
        "_random",
        "_seed",
        "_trails",
        "_work_folder",
        "attachments",
        "closing",
        "command_environment",
        "cookies",
        "ends_at",
        "exchanges",
        "failed",
        "generated",
        "kept",
        "last_run",
        "memory",
        "request_headers",
        "requested_path",
        "response",
        "responses",
        "spare_seconds",
        "subject",
        "waited_seconds",
        "written",
    )

    def __init__(self, subject: Subject, seed: str) -> None:
        self.subject = subject
        # For a subject that was fresh: no part of the scenario's own time.
        self.waited_seconds = 0.0
        self.memory: dict[str, Any] = {}
        self.generated: dict[str, Any] = {}
        self._seed = seed
        self._random: Random | None = None
        self.request_headers: list[tuple[str, str]] = []
        self.cookies = Jar()
        # Of the last answer: what its relative addresses are relative to.
        self.requested_path = "/"
        self.response: Response | None = None
        self.responses: list[Response] = []
        self.last_run: CommandRun | None = None
        self.written: dict[str, bytes] = {}
        self.exchanges: list[dict[str, Any]] = []
        self.attachments: list[dict[str, Any]] = []
        # Known when `closing` is called: whether the scenario ended otherwise than passed, and how
        # much of its time is left.
        self.failed = False
        self.spare_seconds = 0.0
        # Where no alarm can end a wait, the moment (monotonic) at which it must end itself.
        self.ends_at: float | None = None
        self.command_environment: dict[str, str] = {}
        # What a module of steps keeps between its steps, under its own name.
        self.kept: dict[str, Any] = {}
        # Called in turn, the last first, at the scenario's end: commands still running, say.
        self.closing: list[Callable[[], None]] = []
        self._work_folder: Path | None = None
        # Of the subjects not spoken to at the moment: cookies, and the path asked last.
        self._trails: dict[str, tuple[Jar, str]] = {}

    def take_subject(self) -> None:
        """Before the first step: where the runner starts the subjects, wait until they are ready.
        Raises StepFailed where one does not start."""
        self.waited_seconds = self.subject.family.take()

    def talk_to(self, name: str) -> None:
        """From now on steps speak to that subject, with its own cookies. Raises StepFailed."""
        subject = self.subject.named(name)
        self._trails[self.subject.name] = (self.cookies, self.requested_path)
        keeps = self.cookies.keeps
        self.cookies, self.requested_path = self._trails.get(name) or (Jar(), "/")
        self.cookies.keeps = keeps
        self.subject = subject

    def limit(self, seconds: float) -> float:
        """At most `seconds`, and no longer than the scenario may last."""
        if self.ends_at is None:
            return seconds
        return min(seconds, max(0.001, self.ends_at - time.monotonic()))

    @property
    def work_folder(self) -> Path:
        """Fresh and empty at first use; removed at the scenario's end."""
        if self._work_folder is None:
            self._work_folder = Path(tempfile.mkdtemp(prefix="scenario-"))
        return self._work_folder

    @property
    def random(self) -> Random:
        """The scenario's own source of generated values; few scenarios want one."""
        if self._random is None:
            self._random = Random(self._seed)
        return self._random

    def close(self, *, failed: bool = False, spare_seconds: float = 0.0) -> None:
        self.failed, self.spare_seconds = failed, max(0.0, spare_seconds)
        while self.closing:
            self.closing.pop()()
        if self._work_folder is not None:
            remove_tree(self._work_folder)
            self._work_folder = None

    def text(self, raw: str) -> str:
        return substitute(raw, self)

    def json_text(self, raw: str) -> str:
        return substitute_in_json_text(raw, self)

    def request(self, method: str, path: str, body: bytes | None, content_type: str | None) -> None:
        """Send one request to the subject; the answer becomes `response`. Raises StepFailed."""
        headers = self.headers(content_type, path)
        timeout_seconds = self.limit(DEFAULT_TIMEOUT_SECONDS)
        response = self.subject.http.request(method, path, headers, body, timeout_seconds)
        self.note_answer(method, path, headers, body, response)
        self.took(path, response)

    def took(self, path: str, response: Response) -> None:
        """The path gave this answer: it becomes `response`, and its cookies are kept."""
        self.cookies.absorb(response.headers)
        self.requested_path = path
        self.response = response
        self.responses = [response]

    def headers(self, content_type: str | None, path: str) -> list[tuple[str, str]]:
        """What a request to the path carries. A Cookie header given by hand wins over the jar."""
        headers = list(self.request_headers)
        cookies = self.cookies.header(path)
        if cookies and not any(name.lower() == "cookie" for name, _ in headers):
            headers.append(("Cookie", cookies))
        if content_type and not any(name.lower() == "content-type" for name, _ in headers):
            headers.append(("Content-Type", content_type))
        return headers

    def answer(self) -> Response:
        """The last answer. Raises StepFailed before the first request."""
        if self.response is None:
            raise StepFailed("no request was sent yet; add a step such as: When I send GET")
        return self.response

    def command_run(self) -> CommandRun:
        """The last run. Raises StepFailed before the first."""
        if self.last_run is None:
            raise StepFailed("nothing was run yet; add a step such as: When I run it with")
        return self.last_run

    def note_answer(
        self,
        method: str,
        path: str,
        headers: list[tuple[str, str]],
        body: bytes | None,
        response: Response,
    ) -> None:
        self.note(
            {
                "sent": {
                    "request": f"{method} {path}",
                    "headers": headers,
                    "body": shorten(body),
                },
                "got": {
                    "status": response.status,
                    "headers": response.headers,
                    "body": shorten(response.body),
                    "seconds": round(response.elapsed_seconds, 4),
                },
            }
        )

    def note(self, exchange: dict[str, Any]) -> None:
        """Keep for the private detail, with the time, which says to which step it belongs."""
        if len(self.exchanges) < MAX_EXCHANGES:
            self.exchanges.append({**exchange, "at": time.time()})

    def attach(self, name: str, media_type: str, data: bytes) -> bool:
        """Keep a picture for the private detail; False where that holds too much already."""
        held = sum(len(each["data"]) for each in self.attachments)
        encoded = base64.b64encode(data).decode()
        if len(self.attachments) >= MAX_ATTACHMENTS or held + len(encoded) > MAX_ATTACHED:
            return False
        self.attachments.append(
            {"name": name, "media_type": media_type, "data": encoded, "at": time.time()}
        )
        return True


def fresh_context(subject: Subject, seed: str, scenario: Scenario) -> ScenarioContext:
    """For a scenario that begins now; the subject's commands run in its work folder. `seed` is
    the run's: each scenario makes values of its own from it."""
    context = ScenarioContext(subject, f"{seed}:{scenario.id}")
    subject.family.begin(scenario.id, lambda: context.work_folder, context.limit)
    return context


def shorten(value: bytes | str | None) -> str | None:
    if value is None:
        return None
    text = (
        value[: SHOWN_CHARACTERS * 4].decode("utf-8", "replace")
        if isinstance(value, bytes)
        else value
    )
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + " […]"
