"""The shipped product, standing: copies of it installed and started in the sandbox."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from factory.ports.scratch import scratch

if TYPE_CHECKING:
    from factory.records import Subject
    from factory.records.work_order import SandboxChoice
    from factory.scenarios.strength.product import Start

_LEFT_OUT = shutil.ignore_patterns(".git", "__pycache__", ".venv", ".factory")
# A changed product may take so many times as long to start as the product itself, and so long.
_SLOWER = 5.0
_LEAST_SECONDS = 10.0


def starter(product: Path, subject: Subject, choice: SandboxChoice) -> Start:
    """What installs and starts copies of the product, as evaluate does with a candidate.

    Raises:
        SandboxUnavailable, SandboxBreach: no sandbox holds.
    """
    import msgspec

    from factory.evaluate.subject import SubjectFailed, install, running
    from factory.sandbox.select import select
    from factory.scenarios.strength.product import NotStarted

    sandbox = select(choice)
    allowed = subject.start_seconds

    @contextmanager
    def start(changes: Mapping[str, str]) -> Iterator[str]:
        nonlocal allowed
        with scratch("product") as work, ExitStack() as stack:
            app, prefix = work / "app", work / "prefix"
            shutil.copytree(product, app, symlinks=True, ignore=_LEFT_OUT)
            for path, text in changes.items():
                (app / path).write_text(text, encoding="utf-8", newline="")
            began = time.monotonic()
            own = msgspec.structs.replace(subject, start_seconds=allowed)
            try:
                install(own, sandbox, app, prefix)
                address = stack.enter_context(running(own, sandbox, choice, app, prefix, work))
            except SubjectFailed as error:
                raise NotStarted(
                    f"the product does not start: {error.phase}: {error.message}",
                    path=str(product),
                    mend="see that factory.yml says how its subject is installed and started",
                ) from error
            if not changes:
                took = time.monotonic() - began
                allowed = min(subject.start_seconds, max(_LEAST_SECONDS, _SLOWER * took))
            yield address

    return start
