"""What an attempt is charged, whatever its program says of itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.agents.command_line.charge import OVERSHOOT_USD, charged
from factory.agents.command_line.events import Told
from factory.agents.command_line.figures import NO_TOKENS
from factory.agents.prices import Price, Rates, Tokens

RATES = Rates(input=3000, output=15000, cache_write=3750, cache_write_1h=6000, cache_read=300)
PRICE = Price(base=RATES)
MILLION = Tokens(input=1_000_000)  # $3


def bill(told, *, faults=(), seen=NO_TOKENS, price=PRICE, limit=5.0, reached_out=True):
    return charged(
        told,
        faults,
        seen=seen,
        seen_usd=(price or PRICE).cost(seen) / 1e9,
        price_of=lambda _: price,
        limit_usd=limit,
        reached_out=reached_out,
    )


def finished(usd=None, used=None):
    return Told(ended="finished", usd=usd, used=used)


@pytest.mark.parametrize(
    ("told", "usd", "known"),
    [
        (finished(2.9, {"m": MILLION}), 3.0, True),  # By list price it is a little more.
        (finished(3.3, {"m": MILLION}), 3.3, True),
        (finished(0.02, {"m": MILLION}), 5.0, False),
        (finished(0.0, {"m": MILLION}), 5.0, False),
        (finished(None, {"": MILLION}), 3.0, True),
        (finished(None, {}), 5.0, False),
        (finished(None, {"m": Tokens()}), 5.0, False),
        (finished(6.0, None), 6.0, True),  # It looks at its limit between requests.
        (finished(5.0 + OVERSHOOT_USD + 0.01, None), 5.0, False),
        (finished(1e308, None), 5.0, False),
        (finished(None, None), 5.0, False),
        (None, 5.0, False),
    ],
)
def test_figures_that_agree_are_charged_and_all_else_in_full(told, usd, known):
    found = bill(told)
    assert (found.usd, found.known) == (pytest.approx(usd), known)
    assert bool(found.why) == (not known)


def test_a_doubt_is_charged_in_full_and_never_below_what_was_seen():
    honest = finished(1.0, None)
    assert bill(honest, faults=["two last words"]).usd == 5.0
    assert bill(None, seen=Tokens(input=3_000_000)).usd == 9.0
    assert not bill(honest, seen=Tokens(input=3_000_000)).known


def test_without_a_price_its_own_figure_counts_and_tokens_alone_do_not():
    assert bill(finished(1.0, {"m": MILLION}), price=None).usd == 1.0
    assert bill(finished(None, {"m": MILLION}), price=None).usd == 5.0


def test_what_could_reach_nothing_cost_nothing():
    assert bill(None, reached_out=False).usd == 0.0
    assert bill(finished(0.5, None), reached_out=False).usd == 0.5
    assert bill(finished(1e300, None), reached_out=False).usd == 5.0


amounts = st.none() | st.floats(min_value=0, allow_nan=False)
tokens = st.builds(
    Tokens, input=st.integers(0, 10**9), cache_read=st.integers(0, 10**9),
    output=st.integers(0, 10**7),
)  # fmt: skip


@given(amounts, tokens, tokens, st.floats(0, 1000), st.booleans())
def test_it_is_never_negative_nor_endless_nor_below_what_was_seen(usd, used, seen, limit, out):
    found = bill(finished(usd, {"m": used}), seen=seen, limit=limit, reached_out=out)
    assert 0 <= found.usd < float("inf")
    if out:
        assert found.usd >= PRICE.cost(seen) / 1e9 * 0.999
        assert found.known or found.usd >= limit
