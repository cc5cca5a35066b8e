"""Axe-core on a page, in a world of its own where the page's scripts cannot touch it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from scenario_runner.errors import StepFailed

if TYPE_CHECKING:
    from playwright.async_api import Page

SECONDS = 15.0
IMPACTS = ("minor", "moderate", "serious", "critical")
MAX_PLACES = 5
_WORLD = "scenario-runner-axe"
# Frames are left out: axe would have to be in each.
_RUN = """axe.run(document, {resultTypes: ["violations"], iframes: false}).then(
  found => JSON.stringify(found.violations.slice(0, 100).map(each => ({
    rule: each.id, impact: each.impact, help: String(each.help).slice(0, 300),
    places: each.nodes.slice(0, MAX).map(node => String(node.html).slice(0, 300)),
    count: each.nodes.length,
  }))))""".replace("MAX", str(MAX_PLACES))


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule of axe that the page breaks; `places` are the first of `count`, as HTML."""

    rule: str
    impact: str
    help: str
    places: tuple[str, ...]
    count: int

    def __str__(self) -> str:
        shown = "\n".join(f"  {place}" for place in self.places)
        return f"{self.rule} ({self.impact}), {self.count} places: {self.help}\n{shown}"


@cache
def _script() -> str:
    """Axe as its package brings it; the package itself is not needed."""
    from importlib.resources import files

    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


async def violations(page: Page) -> list[Violation]:
    """Of the page as it is now. Raises StepFailed where axe comes to no end."""
    session = await page.context.new_cdp_session(page)
    try:
        tree = await session.send("Page.getFrameTree")
        frame = {"frameId": tree["frameTree"]["frame"]["id"], "worldName": _WORLD}
        world = (await session.send("Page.createIsolatedWorld", frame))["executionContextId"]
        await _evaluated(session, world, _script())
        result = await _evaluated(session, world, _RUN)
    finally:
        await session.detach()
    return [_violation(each) for each in _listed(result)]


async def _evaluated(session: Any, world: int, expression: str) -> Any:
    answer = await session.send(
        "Runtime.evaluate",
        {
            "contextId": world,
            "expression": expression,
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    if "exceptionDetails" in answer:
        raise StepFailed("axe failed on the page", seen=str(answer["exceptionDetails"])[:1000])
    return answer["result"].get("value")


def _listed(result: Any) -> list[Any]:
    from scenario_runner import strict_json

    found = strict_json.loads(result) if isinstance(result, str) else None
    if not isinstance(found, list):
        raise StepFailed("axe gave no list of violations", seen=str(result)[:200])
    return found


def _violation(told: Any) -> Violation:
    impact = told.get("impact")
    return Violation(
        rule=str(told["rule"]),
        # A rule without an impact must not fall below every threshold.
        impact=impact if impact in IMPACTS else "critical",
        help=str(told["help"]),
        places=tuple(map(str, told["places"])),
        count=int(told["count"]),
    )
