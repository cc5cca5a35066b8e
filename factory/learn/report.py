"""The HTML report of one run: one file, no script, nothing fetched, every value escaped."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from factory.learn.summary import summarise
from factory.records.base import write_atomically

STAGES_SHOWN = ("build", "hold", "evaluate", "verdict", "ship")


def write_report(folder: Path) -> Path:
    """Write `folder`/report.html from the records of the run and return its path."""
    import jinja2

    summary = summarise(folder)
    template = resources.files("factory.learn").joinpath("report.html.jinja").read_text("utf-8")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.from_string(template).render(
        run=summary, order=summary.order, stages=STAGES_SHOWN
    )
    path = folder / "report.html"
    write_atomically(path, page.encode())
    return path
