"""What is said of a spec on which the gate itself fails: an error, and where the traceback is."""

from __future__ import annotations

from pathlib import Path

from factory.spec.finding import Finding, finding_at


def our_fault(error: Exception, path: str) -> Finding:
    """The finding for an exception that nobody expected while the spec at `path` was checked.

    No other spec should go unchecked for it, and this one must not pass.
    """
    from factory.ports.bug_report import keep

    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    where = f" at {Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}" if at else ""
    kept = keep(error)
    return finding_at(
        path, "unreadable",
        f"the gate itself failed on it, which is our fault: {type(error).__name__}{where}",
        f"please report it{f' with {kept}' if kept else ''}; what stands in it is not judged",
    )  # fmt: skip
