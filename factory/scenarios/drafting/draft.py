"""A draft: scenarios whose every step the runner knows, or that say what is to be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from factory.errors import Bug
from factory.ports.scratch import scratch
from factory.scenarios.drafting.parts import DraftScenario, written
from factory.scenarios.drafting.skeleton import skeletons
from factory.scenarios.outline import read_outline
from factory.spec.document import SpecDocument


@dataclass(frozen=True, kw_only=True)
class Draft:
    """`text` is the feature file. `unwritten`: how many steps are still to be written."""

    spec: str
    text: str
    scenarios: int
    steps: int
    unwritten: int


def draft_offline(document: SpecDocument, program: str) -> Draft:
    """The draft that a spec's own words give; raises as `proved` does."""
    return proved(document, list(skeletons(document, program)))


def proved(document: SpecDocument, scenarios: Sequence[DraftScenario]) -> Draft:
    """The draft of some scenarios, with each step marked that the runner does not know.

    Raises:
        RunnerFailed: the runner did not answer.
    """
    head = (
        f"A draft from {document.id}, version {document.meta.get('version')}. What is marked "
        "`not expressed` is yours to write:",
        "nothing here runs before that is done. Change the values, which are the spec's own.",
    )
    title = str(document.meta.get("title") or document.id)
    marked = _marked(written(title, head, scenarios), scenarios)
    text = written(title, head, marked)
    steps = [step for one in marked for step in one.steps]
    if marked != list(scenarios) and _marked(text, marked) != marked:
        raise Bug("a step that the runner knew is unknown once others are marked")
    return Draft(
        spec=document.id,
        text=text,
        scenarios=len(marked),
        steps=len(steps),
        unwritten=sum(not one.known for one in steps),
    )


def _marked(text: str, scenarios: Sequence[DraftScenario]) -> list[DraftScenario]:
    """The scenarios as the runner reads `text`, which holds them: unknown steps are unwritten."""
    if not scenarios:
        return []
    with scratch("draft") as folder:
        path = folder / "draft.feature"
        path.write_text(text, encoding="utf-8", newline="\n")
        outline = read_outline(path)
    if outline.troubles or len(outline.scenarios) != len(scenarios):
        said = outline.troubles[0] if outline.troubles else "another number of scenarios"
        raise Bug(f"the draft cannot be read: {said}")
    return [
        replace(
            one,
            steps=tuple(
                step.unwritten() if seen.problem and step.known else step
                for step, seen in zip(one.steps, read.steps, strict=True)
            ),
        )
        for one, read in zip(scenarios, outline.scenarios, strict=True)
    ]
