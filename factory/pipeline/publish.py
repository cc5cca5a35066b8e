"""Say a public verdict where people look: a check run on the candidate and on the spec."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from factory import verdict
from factory.errors import FactoryError
from factory.forge.comments import marker
from factory.forge.protocol import CheckOutput, Forge
from factory.pipeline.check import Place, begin, complete, named
from factory.plan import Stop, request_retry
from factory.records import Candidate, PublicVerdict, WorkOrder


@dataclass(frozen=True, kw_only=True)
class Specs:
    """The specs repository, and the forge that speaks for it.

    In a job this is the job's own token, in every job of a line: only who began a check may
    complete it, and only who wrote a comment finds it again.
    """

    forge: Forge
    repository: str

    def place(self, order: WorkOrder) -> Place:
        """Where a check on the spec's commit is shown."""
        spec = order.spec
        return Place(
            repository=self.repository,
            commit=spec.commit,
            external_id=f"{spec.id}/{_attempt_id(order)}",
            replaces=f"{spec.id}/",
            name=named(spec.id),
        )


def announce(specs: Specs, order: WorkOrder, *, run_url: str) -> None:
    """Show on the spec's commit that its run has begun.

    Raises:
        ForgeError, AuthenticationError: it could not be posted.
    """
    output = verdict.under_way(order, "building")
    begin(specs.forge, specs.place(order), run_url=run_url, output=output)


def announce_held(forge: Forge, candidate: Candidate, *, run_url: str) -> None:
    """Show on the held commit that it is being judged.

    Raises:
        ForgeError, AuthenticationError: it could not be posted.
    """
    output = verdict.under_way(candidate.work_order, "judging")
    begin(forge, _held(candidate), run_url=run_url, output=output)


def check_output(
    candidate: Candidate, public: PublicVerdict, course: verdict.Course
) -> CheckOutput:
    """What the check says of a candidate: also why its run ends here, where it does."""
    follows = request_retry(candidate, public)
    return verdict.check_output(
        public,
        candidate.work_order,
        spent_usd=candidate.spent_usd,
        usd_known=candidate.agent.usd_known,
        stop=follows.reason if isinstance(follows, Stop) else "",
        course=course,
    )


def publish(
    forge: Forge,
    candidate: Candidate,
    public: PublicVerdict,
    output: CheckOutput,
    *,
    specs: Specs | None,
    envelope: str = "",
    run_url: str = "",
) -> None:
    """Complete the check run on the held commit, and on the spec's commit where that is known.

    Posting the same again changes nothing. One place that refuses does not keep the other from
    being told.

    Args:
        forge: speaks for the product's repository.
        output: as of `check_output`; its annotations are on the spec's lines and go there alone.
        envelope: the signed statement; it goes where the candidate is.
        run_url: the page of the workflow run, or "".

    Raises:
        ForgeError, AuthenticationError: one of them could not be posted.
    """
    text = verdict.statement_text(envelope) if envelope else ""
    shown = [(forge, _held(candidate), replace(output, text=text, annotations=()))]
    if specs:
        shown.append((specs.forge, specs.place(candidate.work_order), output))
    _complete(shown, public, run_url)


def publish_unbuilt(
    specs: Specs, order: WorkOrder, public: PublicVerdict, *, run_url: str = ""
) -> CheckOutput:
    """Complete the check run on the spec's commit alone: there is no candidate.

    What the lost attempt cost is not known here, so the check does not say.

    Returns:
        What it says.

    Raises:
        ForgeError, AuthenticationError: it could not be posted.
    """
    output = verdict.check_output(public, order)
    _complete([(specs.forge, specs.place(order), output)], public, run_url)
    return output


def comment(specs: Specs, order: WorkOrder, output: CheckOutput, *, run_url: str = "") -> bool:
    """Say it on the pull request that merged the spec, in one comment that is edited.

    Returns:
        False where no pull request did.

    Raises:
        ForgeError, AuthenticationError: it could not be written.
    """
    pull = specs.forge.merged_pull(specs.repository, order.spec.commit)
    if pull is None:
        return False
    link = f"\n\n[The run]({run_url})" if run_url else ""
    text = f"### {named(order.spec.id)}\n\n{output.summary}{link}"
    specs.forge.comment_on_pull(specs.repository, pull, marker("verdict", order.spec.id), text)
    return True


def _held(candidate: Candidate) -> Place:
    """Where a check on the held commit is shown."""
    order = candidate.work_order
    return Place(
        repository=order.product.repository,
        commit=candidate.commit,
        external_id=_attempt_id(order),
    )


def _attempt_id(order: WorkOrder) -> str:
    return f"{order.run_id}-{order.attempt}"


def _complete(
    shown: Sequence[tuple[Forge, Place, CheckOutput]], public: PublicVerdict, run_url: str
) -> None:
    refused: FactoryError | None = None
    for forge, place, output in shown:
        try:
            complete(forge, place, public.verdict, output, run_url=run_url)
        except FactoryError as error:
            refused = refused or error
    if refused:
        raise refused
