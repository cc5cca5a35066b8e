"""Say a public verdict where people look: a check run on the candidate and on the spec."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from factory import verdict
from factory.errors import FactoryError
from factory.forge.protocol import CheckOutput, Forge, conclusion_of
from factory.records import Candidate, PublicVerdict, WorkOrder

CHECK = "factory / verdict"


def publish(
    forge: Forge,
    candidate: Candidate,
    public: PublicVerdict,
    *,
    specs_repository: str | None,
    envelope: str = "",
) -> None:
    """Complete the check run on the held commit, and on the spec's commit where that is known.

    Posting the same again changes nothing. One place that refuses does not keep the other from
    being told. `envelope` is the signed statement; it goes where the candidate is.

    Raises:
        ForgeError, AuthenticationError: one of them could not be posted.
    """
    order = candidate.work_order
    output = verdict.check_output(
        public,
        order,
        spent_usd=candidate.spent_usd,
        usd_known=candidate.agent.usd_known,
    )
    text = verdict.statement_text(envelope) if envelope else ""
    places = [(order.product.repository, candidate.commit, replace(output, text=text))]
    if specs_repository:
        places.append((specs_repository, order.spec.commit, output))
    _complete(forge, places, order, public)


def publish_unbuilt(
    forge: Forge, order: WorkOrder, public: PublicVerdict, *, specs_repository: str
) -> None:
    """Complete the check run on the spec's commit alone: there is no candidate.

    What the lost attempt cost is not known here, so the check does not say.

    Raises:
        ForgeError, AuthenticationError: it could not be posted.
    """
    output = verdict.check_output(public, order)
    _complete(forge, [(specs_repository, order.spec.commit, output)], order, public)


def _complete(
    forge: Forge,
    places: Sequence[tuple[str, str, CheckOutput]],
    order: WorkOrder,
    public: PublicVerdict,
) -> None:
    refused: FactoryError | None = None
    for repository, commit, output in places:
        try:
            forge.complete_check(
                repository,
                commit,
                CHECK,
                conclusion_of(public.verdict),
                output,
                "",
                external_id=f"{order.run_id}-{order.attempt}",
            )
        except FactoryError as error:
            refused = refused or error
    if refused:
        raise refused
