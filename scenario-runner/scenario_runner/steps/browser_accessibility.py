"""Accessibility of a page, by the rules of axe-core"""

from __future__ import annotations

from scenario_runner.browser import accessibility
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.on_page import window
from scenario_runner.steps.sources import Rows

_ABOUT = "Axe looks at the whole page as it is now, and finds what breaks WCAG or good practice"


@phrase(
    "the page has no accessibility violations",
    keyword="Then",
    about=f"{_ABOUT}. What only a person can judge it does not find.",
    example="Then the page has no accessibility violations",
)
def none(context: ScenarioContext) -> None:
    _must_have_none(context, "minor", ())


@phrase(
    "the page has no accessibility violations of impact {impact:impact} or worse",
    keyword="Then",
    about=f"{_ABOUT}; minor, moderate, serious or critical.",
    example="Then the page has no accessibility violations of impact serious or worse",
)
def none_worse(context: ScenarioContext, impact: str) -> None:
    _must_have_none(context, impact, ())


@phrase(
    "the page has no accessibility violations except:",
    keyword="Then",
    about=f"{_ABOUT}. A row an exception: the id of axe's rule, and the reason. One that is not "
    "needed any more fails the step.",
    example="Then the page has no accessibility violations except:\n"
    "  | color-contrast | the logo's colours, kept by the brand |",
    takes="table",
)
def none_except(context: ScenarioContext, rows: Rows) -> None:
    _must_have_none(context, "minor", rows)


def _must_have_none(context: ScenarioContext, impact: str, rows: Rows) -> None:
    for row in rows:
        if len(row) != 2 or not row[1].strip():
            raise StepFailed("each exception has a rule and a reason", seen=list(row))
    excused = {row[0] for row in rows}
    on = window(context)
    if on.settings.get("java_script_enabled") is False:
        raise StepFailed("axe is a script, and the browser runs none")
    found = on.do(accessibility.violations(on.page), accessibility.SECONDS)
    least = accessibility.IMPACTS.index(impact)
    counted = [each for each in found if accessibility.IMPACTS.index(each.impact) >= least]
    left = [each for each in counted if each.rule not in excused]
    if left:
        raise StepFailed(
            f"the page has {len(left)} accessibility violations: "
            + ", ".join(f"{each.rule} ({each.impact})" for each in left),
            expected=[],
            seen="\n".join(str(each) for each in left),
        )
    unneeded = excused - {each.rule for each in counted}
    if unneeded:
        raise StepFailed(
            "an exception is not needed any more; take its row out", seen=sorted(unneeded)
        )
