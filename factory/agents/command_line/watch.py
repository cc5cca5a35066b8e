"""Watches a command-line agent at work: steps, limits, the bill, and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from factory.agents.command_line.adapter import FILES, Adapter, Launch
from factory.agents.command_line.charge import Charge, charged
from factory.agents.command_line.events import Event, Reader, Told, clipped
from factory.agents.command_line.figures import NO_TOKENS, added
from factory.agents.command_line.lines import Flood, Lines, changed
from factory.agents.command_line.place import Options, Place
from factory.agents.egress import EgressProxy
from factory.agents.narration import narrated
from factory.agents.outcome import Ended
from factory.agents.prices import NANO, Tokens
from factory.agents.protocol import Assignment
from factory.agents.toolbox import ToolReply
from factory.agents.trajectory import Journal, Usage
from factory.errors import AgentError, AuthenticationError, FactoryError
from factory.ports.process import Completed
from factory.sandbox.protocol import MEBIBYTE, Sandbox

OUTPUT_LIMIT_BYTES = 1 * MEBIBYTE
"""Of its output so much is kept as text; what it means was read as it came."""
NOT_FOUND = 127


class Stopped(Exception):
    """A limit is passed, or the stream is none that could be read: the program is ended."""

    def __init__(self, ended: Ended | None, why: str) -> None:
        super().__init__(why)
        self.ended = ended
        self.why = why


@dataclass(kw_only=True)
class Watch:
    """Reads the stream while the program runs, writes each step down, and stops at a limit."""

    options: Options
    assignment: Assignment
    journal: Journal
    home: Path | None
    steps: int = 0
    seen: Tokens = NO_TOKENS
    seen_nano: int = 0
    stopped: Stopped | None = None
    _file: tuple[int, int] = (0, 0)
    _running: bool = True

    def __post_init__(self) -> None:
        self.reader: Reader = self.options.adapter.reader()
        self._lines = Lines()

    def ran(self, sandbox: Sandbox, place: Place, launch: Launch) -> Completed | None:
        """Run it to its end; None where it was stopped."""
        try:
            done = sandbox.run(
                place.cell,
                place.argv,
                timeout_seconds=self.assignment.budget.minutes * 60,
                stdin=launch.stdin.encode("utf-8", "replace"),
                output_limit_bytes=OUTPUT_LIMIT_BYTES,
                told=self._told,
            )
            self._running = False
            self._taken(self.reader.line(self._lines.rest()))
            self._read_file()
            self._taken(self.reader.end())
            return done
        except Stopped as stopped:
            self.stopped = stopped
            for event in self.reader.end():
                self._written(event)
            return None

    def settled(self, done: Completed | None, proxy: EgressProxy | None, launch: Launch) -> Charge:
        """What is charged; written as one more step, so that all steps add up to it."""
        faults, cut = list(self.reader.faults), ""
        if self.stopped is not None:
            cut = f"it was stopped: {self.stopped.why}"
        elif done is None or done.timed_out:
            cut = "its time was up before it had ended"
        elif self.reader.told is not None and not _fits(self.reader.told, done.returncode):
            faults.append(f"its last word does not fit its exit code, {done.returncode}")
        bill = charged(
            self.reader.told,
            faults,
            seen=self.seen,
            seen_usd=self.seen_nano / NANO,
            price_of=self.options.price_of,
            limit_usd=self.assignment.budget.usd,
            reached_out=proxy is not None and proxy.connections > 0,
            cut=cut,
        )
        notes = [] if bill.known else [f"[charged in full: {bill.why}]"]
        if proxy is not None and proxy.refused:
            notes.append("[egress refused: " + ", ".join(proxy.refused) + "]")
        call = ("command", {"argv": list(launch.argv)})
        self.journal.step("", [call], [_reply(done, notes)], self._rest(bill))
        return bill

    def ending(self, done: Completed | None) -> tuple[Ended, str]:
        """How the attempt ended, and the last word.

        Raises:
            AgentError, AuthenticationError: the program could not work.
        """
        if self.stopped is not None:
            if self.stopped.ended is None:
                raise AgentError(self.stopped.why, mend="see the trajectory")
            return self.stopped.ended, self.stopped.why
        assert done is not None
        if done.timed_out:
            return "deadline", "the time for this attempt is up"
        told = self.reader.told
        if told is None or told.ended in ("failed", "refused") or not _fits(told, done.returncode):
            raise _failure(self.options.adapter, done, told, self.journal.redact)
        return told.ended, told.message  # type: ignore[return-value]

    def _told(self, chunk: bytes) -> None:
        try:
            for line in self._lines.fed(chunk):
                self._taken(self.reader.line(line))
        except Flood as flood:
            raise Stopped(None, f"it wrote more than can be read: {flood}") from flood
        self._read_file()

    def _read_file(self) -> None:
        name = self.options.adapter.output
        if name is None or self.home is None:
            return
        try:
            found = changed(self.home / name, self._file)
        except Flood as flood:
            raise Stopped(None, f"it wrote more than can be read: {flood}") from flood
        if found is not None:
            self._file, data = found
            self._taken(self.reader.file(data))

    def _taken(self, events: list[Event]) -> None:
        for event in events:
            if self._running:
                self._within_limits()
            self._written(event)

    def _within_limits(self) -> None:
        """Stop a program that goes on past a limit; one that ends there itself tells its cost."""
        budget, tokens = self.assignment.budget, self._token_limit()
        if self.steps >= budget.steps:
            raise Stopped("steps", f"{self.steps} steps were made, which is the limit")
        used = self.seen.prompt + self.seen.output
        if tokens is not None and used > tokens:
            raise Stopped("budget", f"{used} tokens were used of {tokens}")
        if self.seen_nano and self.seen_nano / NANO >= budget.usd:
            raise Stopped("budget", f"its tokens cost ${self.seen_nano / NANO:.4f} and more")

    def _written(self, event: Event) -> None:
        self.steps += 1
        self.seen = added(self.seen, event.tokens)
        price = self.options.price_of(self.options.settings.model)
        nano = price.cost(event.tokens) if price is not None else 0
        self.seen_nano += nano
        usage = Usage.of(event.tokens, nano / NANO)
        step = self.journal.step(event.say, event.calls, event.replies, usage)
        tools = [call.tool for call in step.calls]
        self.assignment.progress(narrated(self.steps, step.say, tools))

    def _token_limit(self) -> int | None:
        own, budgeted = self.options.tokens, getattr(self.assignment.budget, "tokens", None)
        known = [one for one in (own, budgeted) if one]
        return min(known) if known else None

    def _rest(self, bill: Charge) -> Usage:
        """What the steps so far leave of the bill."""
        written, whole = self.journal.usage, Usage.of(bill.tokens, bill.usd)
        left = {
            name: max(getattr(whole, name) - getattr(written, name), 0)
            for name in Usage.__struct_fields__
        }
        return msgspec.convert(left, Usage)


def _failure(
    adapter: Adapter, done: Completed, told: Told | None, redact: Callable[[str], str]
) -> FactoryError:
    """Why the program could not work."""
    own = told is not None and told.ended != "finished"
    said = told.message if told is not None and own else ""
    said = said or (done.stderr or done.stdout).decode("utf-8", "replace")
    said = redact(said.strip())[-2000:]
    if told is not None and told.ended == "refused":
        return AuthenticationError(
            f"the key of {adapter.kind} is refused: {said}",
            mend="set its variable to a key that may use this model; see docs/agents.md",
        )
    message = f"{adapter.program} ended with code {done.returncode}: {said}"
    if done.returncode == NOT_FOUND:
        mend = f"the sandbox shows /usr and the agent's `files` (at {FILES}) only: is it in there?"
    elif adapter.checked:
        mend = (
            f"see the trajectory; it was written for {adapter.kind} {adapter.checked}: "
            "is the installed version another?"
        )
    else:
        mend = "see the trajectory for its whole output"
    return AgentError(message, mend=mend)


def _fits(told: Told, returncode: int) -> bool:
    """Whether a program that ended with this code may have said this."""
    return returncode == 0 if told.ended == "finished" else 0 <= returncode < 128


def _reply(done: Completed | None, notes: list[str]) -> ToolReply:
    """What the program wrote beside its stream, our notes, and how it ended."""
    said = clipped(done.stderr.decode("utf-8", "replace")) if done is not None else ""
    code = None if done is None or done.timed_out else done.returncode
    return ToolReply(text="\n".join([said, *notes]), is_error=code != 0, exit_code=code)
