"""Say a public verdict where people look: a check run on the candidate and on the spec."""

from __future__ import annotations

from factory import verdict
from factory.errors import FactoryError
from factory.forge.protocol import Forge, conclusion_of
from factory.records import Candidate, PublicVerdict

CHECK = "factory / verdict"


def publish(
    forge: Forge, candidate: Candidate, public: PublicVerdict, *, specs_repository: str | None
) -> None:
    """Complete the check run on the held commit, and on the spec's commit where that is known.

    Posting the same again changes nothing. One place that refuses does not keep the other from
    being told.

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
    places = [(order.product.repository, candidate.commit)]
    if specs_repository:
        places.append((specs_repository, order.spec.commit))
    refused: FactoryError | None = None
    for repository, commit in places:
        try:
            forge.complete_check(
                repository,
                commit,
                CHECK,
                conclusion_of(public),
                output,
                "",
                external_id=f"{order.run_id}-{order.attempt}",
            )
        except FactoryError as error:
            refused = refused or error
    if refused:
        raise refused
