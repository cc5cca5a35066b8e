"""Who starts a subject, by its kind. Each is loaded where it is needed: most runs need none."""

from __future__ import annotations

from pathlib import Path

from scenario_runner.subject.given import GivenSubject
from scenario_runner.subject.managed import Managed, Write


def host(given: GivenSubject, start_seconds: float, write: Write, folder: Path) -> Managed:
    """For a subject that is `managed`; starts nothing yet. `folder` is where we were started.

    Raises UsageFault where the machine lacks what it needs.
    """
    if given.kind == "image":
        from scenario_runner.subject import image

        image.check(given)
        return image.Image(given, start_seconds, write)
    if given.kind == "launcher":
        from scenario_runner.subject.launcher import Launcher

        return Launcher(given, start_seconds, write, folder)
    from scenario_runner.subject.local_service import LocalService

    return LocalService(given, start_seconds, write)
