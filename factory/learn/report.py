"""The HTML report of one run: one file, no script, nothing fetched, every value escaped."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from factory.learn.summary import summarise
from factory.records.base import write_atomically

if TYPE_CHECKING:
    from markupsafe import Markup

STAGES_SHOWN = ("build", "hold", "evaluate", "verdict", "ship")


def write_report(folder: Path) -> Path:
    """Write `folder`/report.html from the records of the run and return its path."""
    import jinja2

    summary = summarise(folder)
    template = resources.files("factory.learn").joinpath("report.html.jinja").read_text("utf-8")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["code"] = _code
    page = environment.from_string(template).render(
        run=summary, order=summary.order, stages=STAGES_SHOWN
    )
    path = folder / "report.html"
    write_atomically(path, page.encode())
    return path


def _code(text: str) -> Markup:
    """Text between backticks as code, as the spec's Markdown means it; everything escaped."""
    from markupsafe import Markup, escape

    parts = text.split("`")
    if len(parts) % 2 == 0:  # An unpaired backtick is a character like any other.
        return escape(text)
    code = Markup("<code>%s</code>")
    pieces = [code % one if n % 2 else escape(one) for n, one in enumerate(parts)]
    return Markup("").join(pieces)
