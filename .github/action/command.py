"""Start `factory` with no shell and no more environment than a stage needs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import workflow_file as runner

# Below the longest job time limit of GitHub; the stages have closer deadlines of their own.
TIMEOUT_SECONDS = 6 * 3600
KEPT = (
    "PATH", "HOME", "LANG", "TMPDIR", "RUNNER_TEMP",
    "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy",
    "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "GIT_SSL_CAINFO",
    "GITHUB_ACTIONS", "GITHUB_API_URL", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA",
    "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "GITHUB_WORKFLOW_REF", "GITHUB_TOKEN",
)  # fmt: skip
KEPT_PREFIXES = ("FACTORY_", "ANTHROPIC_", "OPENAI_", "GEMINI_")
CALL = "from factory.cli.main import main; main()"


def work_folder() -> Path:
    """The folder that all steps of this job share."""
    folder = Path(os.environ["RUNNER_TEMP"]) / "factory"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def factory(
    *words: str, private: bool = False, more: Mapping[str, str] | None = None
) -> tuple[int, Any]:
    """Run `factory` and return its exit code and what it printed as JSON (None if unreadable).

    Its progress goes to the log, unless `private`: then nothing of it does. `more` is added to its
    environment.
    """
    env = {
        name: value
        for name, value in os.environ.items()
        if (name in KEPT or name.startswith(KEPT_PREFIXES))
        and not name.startswith("FACTORY_INPUT_")
    } | {"NO_COLOR": "1", **(more or {})}
    argv = [sys.executable, "-I", "-c", CALL, *words, "--json"]
    # Through a pipe, not the runner's own stream: what is shown is whole lines, and the command
    # sees no terminal.
    with (
        runner.no_commands(),
        tempfile.TemporaryFile() as printed,
        subprocess.Popen(
            argv,
            env=env,
            cwd=work_folder(),
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.DEVNULL if private else subprocess.PIPE,
        ) as process,
    ):
        deadline = threading.Timer(TIMEOUT_SECONDS, process.kill)
        deadline.start()
        try:
            for line in process.stderr or ():
                runner.show(line.decode("utf-8", "replace"))
            code = process.wait()
        finally:
            deadline.cancel()
        printed.seek(0)
        text = printed.read()
    try:
        return code, json.loads(text)
    except ValueError:
        return code, None


def error_kind(answer: Any) -> str:
    """The class of the error in what `factory` printed, or an empty string."""
    error = answer.get("error") if isinstance(answer, dict) else None
    kind = str(error.get("code", "")) if isinstance(error, dict) else ""
    return kind if re.fullmatch(r"[a-z-]{1,40}", kind) else ""
