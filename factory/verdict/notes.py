"""What is not met, as annotations on the lines of the spec that ask for it."""

from __future__ import annotations

from factory.forge.markdown import plain
from factory.forge.protocol import Annotation
from factory.records import PublicVerdict, WorkOrder

TEXT_LIMIT = 1000


def notes(public: PublicVerdict, order: WorkOrder) -> tuple[Annotation, ...]:
    """One for each requirement that the verdict names as not met, in the order of the spec.

    They are on the spec's file, so they belong to a check on the spec's commit and to no other.
    Only a fail has any: what is inconclusive says nothing of a requirement.
    """
    if public.verdict != "fail":
        return ()
    return tuple(
        Annotation(
            path=order.spec.path,
            start_line=item.line,
            end_line=item.line,
            level="failure",
            title=f"{item.id} is not met",
            message=(
                f"The candidate of attempt {order.attempt} does not do this: "
                f"{plain(item.text, limit=TEXT_LIMIT)}"
            ),
        )
        for item in order.spec.requirements
        if item.id in public.requirements_not_met
    )
