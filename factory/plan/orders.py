"""Work orders: one spec with its agent, its budget and its base commit."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import msgspec

from factory.agents import require_bounds, sandbox_choice
from factory.config.factory_file import Configuration
from factory.errors import ConfigurationError, InputError, SpecChanged
from factory.moment import moment_text
from factory.records import AgentProfile, Budget, Candidate, Product, RetryRequest, WorkOrder
from factory.spec.brief import Brief
from factory.spec.document import SpecDocument


def make_order(
    document: SpecDocument,
    configuration: Configuration,
    *,
    spec_path: str,
    spec_commit: str,
    base_commit: str,
    brief: Brief,
    now: datetime,
    agent: AgentProfile,
    agents: tuple[str, ...] = (),
    leak_spent_bits: float = 0.0,
) -> WorkOrder:
    """Write the order for the first attempt at a spec that passed the gate.

    Args:
        agents: the agents of all attempts, where there is more than one.
        leak_spent_bits: what verdicts have told of this spec version already.
    """
    product = product_of(document, configuration)
    _require_usable(agent, configuration)
    return WorkOrder(
        run_id=f"{now.astimezone(UTC):%Y%m%dt%H%M%S}-{secrets.token_hex(4)}",
        nonce=secrets.token_hex(16),
        created_at=moment_text(now),
        spec=document.as_record(spec_commit, spec_path),
        product=product,
        base_commit=base_commit,
        agent=agent,
        budget=budget_of(document, configuration.budget),
        sandbox=configuration.sandbox,
        brief=brief.text,
        bound=brief.bound,
        context=brief.context,
        leak_left_bits=max(configuration.leak_bits - leak_spent_bits, 0.0),
        agents=agents,
        retries=configuration.retries,
    )


def _require_usable(agent: AgentProfile, configuration: Configuration) -> None:
    """Refuse an agent that could not be run, before anything is planned for it.

    Raises:
        ConfigurationError: with the line of the agent in factory.yml.
    """
    try:
        require_bounds(agent)
        sandbox_choice(agent, configuration.sandbox)
    except ConfigurationError as error:
        if agent.name not in configuration.places:
            raise
        line, column = configuration.places[agent.name]
        raise ConfigurationError(
            error.message, path=configuration.path, line=line, column=column, mend=error.mend
        ) from error


def retry_order(first: WorkOrder, request: RetryRequest) -> WorkOrder:
    """The order for the next attempt of the same run.

    Args:
        first: an order for the same spec version, by the agent of this attempt; the next attempt
            takes its base commit.
        request: what the attempt before left. Its candidate is kept as `previous` only where it
            stands on that base commit.

    Raises:
        SpecChanged: the request is for another spec, version or text.
    """
    asked = (request.spec, request.feedback.spec_version, request.feedback.spec_digest)
    if asked != (first.spec.id, first.spec.version, first.spec.digest):
        raise SpecChanged(
            f"asks for {request.spec} version {request.feedback.spec_version}, but the specs hold "
            f"{first.spec.id} version {first.spec.version}, or another text of it",
            mend="the spec has changed since: merge it anew to start a new run",
        )
    moved = request.base_commit != first.base_commit
    merging = request.feedback.verdict == "pass"
    return msgspec.structs.replace(
        first,
        run_id=request.run_id,
        nonce=request.nonce,
        attempt=request.attempt,
        # On a new base the old candidate no longer applies; its feedback still does.
        previous=None if moved or merging else request.previous,
        merges=request.previous if merging else None,
        feedback=None if merging else request.feedback,
        spent_usd=request.spent_usd,
        leak_left_bits=min(request.leak_left_bits, first.leak_left_bits),
        history=request.history,
        rebased=request.rebased,
    )


def after_rebases(first: WorkOrder, rebased: int) -> WorkOrder:
    """A new order as one of a run in which no agent made so many attempts, which cost none."""
    attempts = first.budget.attempts + rebased
    return msgspec.structs.replace(
        first,
        budget=msgspec.structs.replace(first.budget, attempts=attempts),
        agents=(*(first.agents[:1] * rebased), *first.agents),
    )


def next_order(candidate: Candidate, request: RetryRequest) -> WorkOrder:
    """The order for the next attempt by the same agent, on the same base."""
    return retry_order(candidate.work_order, request)


def product_of(document: SpecDocument, configuration: Configuration) -> Product:
    """The product that a spec is about.

    Raises:
        InputError: factory.yml does not have it.
    """
    name = document.meta.get("product")
    if str(name) not in configuration.products:
        line, column = document.front.place(("product",))
        raise InputError(
            f"the product {name!r} is not in factory.yml",
            path=document.path,
            line=line,
            column=column,
            mend=f"use one of: {', '.join(configuration.products)}",
        )
    return configuration.products[str(name)]


def budget_of(document: SpecDocument, limits: Budget) -> Budget:
    """A spec's own budget can only lower what factory.yml allows."""
    own = document.meta.get("budget", {})
    return msgspec.structs.replace(
        limits,
        usd=min(limits.usd, float(own.get("usd", limits.usd))),
        minutes=min(limits.minutes, float(own.get("minutes", limits.minutes))),
        attempts=min(limits.attempts, own.get("attempts", limits.attempts)),
    )
