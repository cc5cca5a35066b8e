"""What a stage tells when it ends: its record as outputs, or why there is none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import handover
import workflow_file as runner
from command import error_kind

VERDICT = "factory / verdict"
VERDICTS = ("pass", "fail", "inconclusive")
# The action that attests takes it as one environment string, of which Linux allows 128 KiB.
STATEMENT_LIMIT_BYTES = 60_000


def stopped(command: str, code: int, answer: Any, *, private: bool = False) -> int:
    """Say in an annotation why the stage did not come to its end, and return its exit code.

    Of a private stage only the class of its error is told.
    """
    kind = error_kind(answer)
    if not kind and isinstance(answer, dict) and answer.get("verdict") in VERDICTS:
        runner.annotate("error", f"the verdict is {answer['verdict']}{_why(answer)}")
        return code
    message = f"{command} ended with code {code} ({kind or 'no reason given'})"
    if kind and not private:
        error = answer["error"]
        message += _why({**error, "cause": error.get("message")})
    runner.annotate("error", message)
    return code if code > 0 else 5  # Killed at its deadline, or ended without a record.


def _why(told: Mapping[str, Any]) -> str:
    """`: <cause>` and, on a line of its own, the mend, as far as either is told."""
    text = f": {told['cause']}" if told.get("cause") else ""
    return text + (f"\nTo mend it: {told['mend']}" if told.get("mend") else "")


def told(path: Path) -> int:
    """Hand one record on as outputs."""
    data: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    runner.set_output("record", handover.pack_text(one_line(path)))
    runner.set_output("candidate", str(data.get("candidate") or data.get("commit") or ""))
    if "verdict" in data:
        runner.set_output("verdict", str(data["verdict"]))
    if "usd" in data.get("agent", {}):
        runner.set_output("usd", str(data["agent"]["usd"]))
    return 0


def stated(statement: Any) -> None:
    """Hand on the statement on a verdict, for attest.yml; there may be none."""
    if not isinstance(statement, dict):
        return
    text = json.dumps(statement, ensure_ascii=False, separators=(",", ":"))
    if len(text.encode()) > STATEMENT_LIMIT_BYTES:
        runner.annotate("warning", "The statement on this verdict is too long to be attested")
        return
    runner.set_output("statement", text)


def one_line(path: Path) -> str:
    """The JSON of a file on one line."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
