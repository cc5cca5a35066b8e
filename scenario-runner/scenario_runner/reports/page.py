"""A page for the scenarios' authors: one file, no script, nothing loaded from anywhere."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenario_runner.model import OUTCOMES
from scenario_runner.reports.difference import side_by_side
from scenario_runner.reports.evidence import Evidence, Exchange, Picture, ScenarioSeen

if TYPE_CHECKING:
    from jinja2 import Environment

# So many scenarios are told in full, those that did not pass first; a browser must cope.
MAX_FULL = 500
# Of all pictures together, in characters of base64.
MAX_PICTURES = 40_000_000

_HERE = Path(__file__).resolve().parent
# Control characters show as such; so do those that turn the direction of the text around them.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff]"
)


def render(evidence: Evidence) -> Iterator[str]:
    """The page in parts, as the template yields them."""
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    report = evidence.report
    ranked = sorted(evidence.scenarios, key=lambda seen: seen.outcome == "passed")
    yield from (
        _environment()
        .get_template("page.html.jinja")
        .generate(
            report=report,
            errors=evidence.errors,
            features=_features(evidence),
            outcomes=OUTCOMES,
            full={seen.scenario.id for seen in ranked[:MAX_FULL]},
            left_out=max(0, len(ranked) - MAX_FULL),
            began=datetime.fromtimestamp(evidence.began_at, UTC).strftime("%Y-%m-%d %H:%M UTC"),
            style=style,
            # Only this very style sheet: nothing that a scenario holds can bring its own.
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            steps_of=_steps_of,
            pictured=_pictured(ranked[:MAX_FULL]),
            side_by_side=side_by_side,
        )
    )


def _environment() -> Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters["seconds"] = _seconds
    environment.filters["words"] = lambda outcome: outcome.replace("_", " ")
    return environment


def _shown(value: Any) -> Any:
    """Every value goes through here before it is escaped."""
    if type(value) is str:
        return _INVISIBLE.sub(lambda match: f"\\u{ord(match.group()):04x}", value)
    return value


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value >= 0.1 else f"{value * 1000:.1f} ms"


def _features(evidence: Evidence) -> list[dict[str, Any]]:
    """Files in the inventory's order, each with its scenarios by rule (None for no rule)."""
    features: dict[str, dict[str, Any]] = {}
    for seen in evidence.scenarios:
        scenario = seen.scenario
        feature = features.setdefault(
            scenario.path, {"path": scenario.path, "name": scenario.feature, "rules": {}}
        )
        feature["rules"].setdefault(scenario.rule, []).append(seen)
    return list(features.values())


def _pictured(ranked: Iterable[ScenarioSeen]) -> set[str]:
    """The ids of those whose pictures are shown: the first, as long as there is room."""
    room, found = MAX_PICTURES, set()
    for seen in ranked:
        room -= sum(len(picture.data) for picture in seen.detail.pictures)
        if room < 0:
            break
        found.add(seen.scenario.id)
    return found


def _steps_of(seen: ScenarioSeen) -> list[dict[str, Any]]:
    """Each step beside how it went, and what it sent and got."""
    exchanges: dict[int, list[Exchange]] = {}
    for exchange in seen.detail.exchanges:
        exchanges.setdefault(exchange.step, []).append(exchange)
    pictures: dict[int, list[Picture]] = {}
    for picture in seen.detail.pictures:
        pictures.setdefault(picture.step, []).append(picture)
    rows = []
    for number, step in enumerate(seen.scenario.steps):
        went = seen.went(number)
        outcome = went.outcome if went else "not run"
        if outcome == "not run" and seen.error_of(step):
            outcome = "refused"
        rows.append(
            {
                "step": step,
                "outcome": outcome,
                "seconds": went.seconds if went and outcome != "not run" else None,
                "exchanges": exchanges.get(number, []),
                "pictures": pictures.get(number, []),
            }
        )
    return rows
