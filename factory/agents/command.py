"""The agent `command`: any command-line agent, run in the sandbox, told the brief, timed."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from factory.agents.cells import limits
from factory.agents.egress import EgressProxy
from factory.agents.outcome import MESSAGE_LIMIT, Ended, outcome
from factory.agents.protocol import WORKSPACE, Assignment
from factory.agents.toolbox import ToolReply
from factory.agents.trajectory import Journal, Usage
from factory.errors import AgentError, ConfigurationError
from factory.ports.process import Completed
from factory.ports.scratch import scratch
from factory.records import AgentOutcome
from factory.sandbox.protocol import MEBIBYTE, Bind, Cell, Sandbox

BRIEF = "/factory/brief/brief.md"
FILES = "/agent"
OUTPUT_LIMIT_BYTES = 32 * MEBIBYTE
JOURNAL_CHARACTERS = 60_000
NOT_FOUND = 127


@dataclass(frozen=True, kw_only=True)
class CommandOptions:
    """Settings of this agent, from its profile.

    `argv` may hold `{brief_file}`. `environment` is the command's whole environment, besides
    FACTORY_BRIEF; `passed` names variables of ours to pass on. `egress` are the addresses it may
    connect to, none by default. `files` is a folder shown read-only at FILES.
    """

    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    passed: tuple[str, ...] = ()
    egress: frozenset[tuple[str, int]] = frozenset()
    files: Path | None = None
    memory_bytes: int = 4096 * MEBIBYTE


class CommandAgent:
    """Runs one command to its end: the brief on its standard input and in FACTORY_BRIEF's file.

    It ends when the command ends; another exit code than 0 is a failure. What it spends is not
    known, unless its last line of output is a JSON object with `total_cost_usd`.
    """

    def __init__(self, options: CommandOptions) -> None:
        self._options = options

    def work(self, assignment: Assignment, sandbox: Sandbox) -> AgentOutcome:
        """See `Agent.work`."""
        passed = self._passed()
        text = assignment.brief + ("\n" + assignment.feedback if assignment.feedback else "")
        started = time.monotonic()
        with (
            Journal(
                assignment.journal,
                spec_id=assignment.spec_id,
                attempt=assignment.attempt,
                base_tree=assignment.base_tree,
                agent="command",
                secrets=(*assignment.secrets, *passed.values()),
            ) as journal,
            self._cell(assignment, text, passed) as (cell, argv, proxy),
        ):
            done = sandbox.run(
                cell,
                argv,
                timeout_seconds=assignment.budget.minutes * 60,
                stdin=text.encode("utf-8", "replace"),
                output_limit_bytes=OUTPUT_LIMIT_BYTES,
            )
            usd, said = reported(done.stdout)
            message = journal.redact(said)
            usage = Usage(usd=usd or 0.0)
            call = ("command", {"argv": list(self._options.argv)})
            journal.step("", [call], [_reply(done, proxy.refused if proxy else [])], usage)
            if not done.timed_out and done.returncode != 0:
                raise _failure(self._options.argv[0], done, journal.redact)
            ended: Ended = "deadline" if done.timed_out else "finished"
            journal.end(ended, message)
        return outcome(
            ended,
            message,
            steps=1,
            usage=usage,
            duration_seconds=time.monotonic() - started,
            usd_known=usd is not None,
        )

    def _passed(self) -> dict[str, str]:
        missing = [name for name in self._options.passed if name not in os.environ]
        if missing:
            raise ConfigurationError(
                f"the agent's environment names {', '.join(missing)}, which is not set",
                mend="set it for this job, or take it out of `environment`",
            )
        return {name: os.environ[name] for name in self._options.passed}

    @contextlib.contextmanager
    def _cell(
        self, assignment: Assignment, text: str, passed: Mapping[str, str]
    ) -> Iterator[tuple[Cell, list[str], EgressProxy | None]]:
        options = self._options
        argv = [word.replace("{brief_file}", BRIEF) for word in options.argv]
        environment = {**options.environment, **passed, "FACTORY_BRIEF": BRIEF}
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(scratch("brief"))
            (folder / "brief.md").write_text(text, "utf-8", "replace")
            binds = [
                Bind(source=assignment.workspace, target=WORKSPACE, writable=True),
                Bind(source=folder, target=str(Path(BRIEF).parent)),
            ]
            if options.files is not None:
                binds.append(Bind(source=options.files, target=FILES))
            proxy = None
            if options.egress:
                proxy = stack.enter_context(EgressProxy(options.egress))
                binds += proxy.binds
                environment |= proxy.environment
                argv = proxy.command(argv)
            bounds = limits(assignment.budget, memory_bytes=options.memory_bytes)
            yield (
                Cell(binds=tuple(binds), env=environment, cwd=WORKSPACE, limits=bounds),
                argv,
                proxy,
            )


def reported(stdout: bytes) -> tuple[float | None, str]:
    """(total_cost_usd, result) of the last line of output where that is a JSON object.

    `claude -p --output-format json` prints such a line. It is the command's own word, so it is
    read strictly: anything else is (None, the end of the output).
    """
    end = stdout[-4 * MEBIBYTE :].strip()
    message = end[-MESSAGE_LIMIT:].decode("utf-8", "replace")
    try:
        told: Any = json.loads(end.splitlines()[-1]) if end else None
    except (ValueError, RecursionError):
        return None, message
    if not isinstance(told, dict):
        return None, message
    said = told.get("result")
    message = said if isinstance(said, str) else message
    usd = told.get("total_cost_usd")
    if isinstance(usd, bool) or not isinstance(usd, (int, float)) or not 0 <= usd <= 1_000_000:
        return None, message  # NaN is not between 0 and anything.
    return float(usd), message


def _reply(done: Completed, refused: list[str]) -> ToolReply:
    text = done.text + done.stderr.decode("utf-8", "replace")
    half = JOURNAL_CHARACTERS // 2
    if len(text) > JOURNAL_CHARACTERS:
        text = f"{text[:half]}\n[... the middle left out ...]\n{text[-half:]}"
    if refused:
        text += "\n[egress refused: " + ", ".join(refused) + "]"
    code = None if done.timed_out else done.returncode
    return ToolReply(text=text, is_error=done.timed_out or bool(code), exit_code=code)


def _failure(program: str, done: Completed, redact: Callable[[str], str]) -> AgentError:
    tail = redact((done.stderr or done.stdout).decode("utf-8", "replace").strip())[-2000:]
    if done.returncode == NOT_FOUND:
        mend = f"the sandbox shows /usr and the agent's `files` (at {FILES}) only: is it in there?"
    else:
        mend = "see the trajectory for its whole output"
    return AgentError(f"{program} ended with code {done.returncode}: {tail}", mend=mend)
