"""Write the reports that were asked for, beside report.json, which alone decides."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenario_runner.errors import UsageFault
from scenario_runner.reports import private_file
from scenario_runner.run.report import LOG_NAME, PRIVATE_NAME, REPORT_NAME

if TYPE_CHECKING:
    # A run claims its files before it starts the child: nothing more is loaded until then.
    from scenario_runner.reports.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Wanted:
    """The files asked for, None for those that were not."""

    junit: Path | None = None
    messages: Path | None = None
    html: Path | None = None

    def files(self) -> dict[str, Path]:
        """By option."""
        every = {"--junit": self.junit, "--messages": self.messages, "--html": self.html}
        return {option: path for option, path in every.items() if path is not None}


def claim(wanted: Wanted, report_folder: Path) -> None:
    """Before a run. Raises UsageFault for a file that cannot be written, or that is another's."""
    folder = report_folder.resolve()
    taken = {folder / name: "--report" for name in (REPORT_NAME, PRIVATE_NAME, LOG_NAME)}
    for option, path in wanted.files().items():
        place = path.parent.resolve() / path.name
        if place in taken:
            raise UsageFault(f"{option}: {path} is already written by {taken[place]}; name another")
        taken[place] = option
        private_file.claim(path, option)


def write(wanted: Wanted, evidence: Evidence, report_folder: Path) -> list[str]:
    """Write each; the sentences say which could not be, the reason is in private.log."""
    complaints = []
    for option, path in wanted.files().items():
        try:
            private_file.write(path, _renderer(option)(evidence))
        except Exception:
            # A traceback may quote a scenario; it goes where only authors look.
            with (report_folder / LOG_NAME).open("a", encoding="utf-8") as log:
                log.write(traceback.format_exc())
            complaints.append(f"{option}: the file could not be written; see {LOG_NAME}")
    return complaints


def _renderer(option: str) -> Callable[[Evidence], Iterable[str]]:
    if option == "--junit":
        from scenario_runner.reports import junit

        return junit.render
    if option == "--html":
        from scenario_runner.reports import page

        return page.render
    from scenario_runner.reports import messages

    return messages.render
