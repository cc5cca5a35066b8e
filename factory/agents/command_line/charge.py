"""What an attempt of a command-line agent is charged. Pure: it knows no process and no file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from factory.agents.command_line.events import Told
from factory.agents.command_line.figures import added
from factory.agents.prices import Price, Tokens
from factory.money import NANO

OVERSHOOT_USD = 50.0
"""Programs look at their limit between requests; no single request costs more than this."""
LOWEST_SHARE = 0.5
"""What a program says it spent is at least so much of what its tokens cost at list price."""

PriceOf = Callable[[str], Price | None]


@dataclass(frozen=True, kw_only=True)
class Charge:
    """`usd` is charged. `known`: the program told it and nothing speaks against it; else `why`."""

    usd: float
    known: bool
    tokens: Tokens
    why: str = ""


def charged(
    told: Told | None,
    faults: Sequence[str],
    *,
    seen: Tokens,
    seen_usd: float,
    price_of: PriceOf,
    limit_usd: float,
    reached_out: bool,
    cut: str = "",
) -> Charge:
    """What to charge.

    Args:
        told: the program's last word, None without one.
        faults: what in its stream speaks against believing it.
        seen: the tokens that its steps named, a lower bound.
        seen_usd: what those cost at list price, 0 where that is not known.
        price_of: a model's price where it is known.
        limit_usd: the attempt's whole budget, charged where the cost is not known.
        reached_out: whether anything in the cell had a connection to the outside.
        cut: why it was ended before its end, "" where it was not.
    """
    if not reached_out:
        # Nothing inside could ask a model anything; what is said to have been spent still counts.
        said = told.usd if told is not None and told.usd is not None else 0.0
        return Charge(usd=min(said, max(limit_usd, 0.0)), known=True, tokens=seen)
    why = cut or _doubt(told, faults)
    if told is None or why:
        return Charge(usd=max(limit_usd, seen_usd), known=False, tokens=seen, why=why)
    tokens = _total(told.used) if told.used is not None else seen
    used = told.used or {}
    lowest = max(seen_usd, _priced(used, price_of, least=True) or 0.0)
    priced = _priced(used, price_of) if used else None
    usd, why = _agreed(told.usd, priced, lowest, limit_usd)
    if why:
        return Charge(usd=max(limit_usd, lowest), known=False, tokens=tokens, why=why)
    return Charge(usd=max(usd, lowest), known=True, tokens=tokens)


def _doubt(told: Told | None, faults: Sequence[str]) -> str:
    if faults:
        return "its output is not to be believed: " + "; ".join(faults)
    return "it ended without saying what it cost" if told is None else ""


def _agreed(
    usd: float | None, priced: float | None, lowest: float, limit_usd: float
) -> tuple[float, str]:
    """The cost that figure and tokens agree on, or why they do not."""
    if usd is None and priced is None:
        return 0.0, "it does not tell its cost, and the price of its model is not known"
    found = usd if usd is not None else priced or 0.0
    if found <= 0:
        return 0.0, "it says that what it did cost nothing"
    if found > limit_usd + OVERSHOOT_USD:
        return 0.0, f"it says that it spent ${found:.2f} of ${limit_usd:.2f}"
    if found < lowest * LOWEST_SHARE:
        return 0.0, f"it says ${found:.4f} for tokens that cost ${lowest:.4f}"
    return found, ""


def _priced(used: Mapping[str, Tokens], price_of: PriceOf, *, least: bool = False) -> float | None:
    """What tokens cost at list price; None where the price of one model is not known.

    They are sums over requests, so it cannot be told which of them was long enough for the higher
    price of long prompts: all, or with `least` none.
    """
    cost = 0
    for model, tokens in used.items():
        price = price_of(model)
        if price is None:
            return None
        cost += (Price(base=price.base) if least else price).cost(tokens)
    return cost / NANO


def _total(used: Mapping[str, Tokens]) -> Tokens:
    total = Tokens()
    for tokens in used.values():
        total = added(total, tokens)
    return total
