"""Learn: what a run came to, as figures and as a page to read."""

from factory.learn.report import write_report
from factory.learn.summary import AttemptSummary, RunSummary, summarise

__all__ = ["AttemptSummary", "RunSummary", "summarise", "write_report"]
