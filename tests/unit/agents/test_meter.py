"""The meter: exact, never past its limit, dearer for more; prices never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.agents.meter import SMALLEST_OUTPUT, Meter
from factory.agents.prices import Price, Rates, Tokens, price_of
from factory.errors import BudgetExceeded, ConfigurationError
from factory.money import NANO
from factory.records import Budget

rate = st.integers(1, 100_000)
rates = st.builds(
    Rates, input=rate, output=rate, cache_write=rate, cache_write_1h=rate, cache_read=rate
)
prices = st.builds(Price, base=rates, above=st.none() | rates, threshold=st.integers(1, 200_000))
tokens = st.integers(0, 300_000)


@st.composite
def requests(draw):
    """A bound of the prompt, an output wished for, and a usage within them."""
    bound, wished = draw(tokens), draw(st.integers(1, 64_000))
    parts = sorted(draw(st.lists(st.integers(0, bound), min_size=3, max_size=3)))
    share = draw(st.floats(0, 1))
    return bound, wished, parts, share, draw(st.sampled_from(["settle", "forfeit", "release"]))


@given(prices, st.floats(0, 50), st.lists(requests(), max_size=12))
def test_the_limit_is_never_passed_while_usage_stays_within_the_reservation(
    price, limit_usd, wanted
):
    meter = Meter(price, Budget(usd=limit_usd))
    for bound, wished, parts, share, how in wanted:
        before = meter.spent_nano
        try:
            reservation = meter.reserve(bound, wished)
        except BudgetExceeded:
            assert meter.spent_nano == before
            continue
        assert min(SMALLEST_OUTPUT, wished) <= reservation.max_tokens <= wished
        used = Tokens(
            input=parts[0],
            cache_read=parts[1] - parts[0],
            cache_write=parts[2] - parts[1],
            output=int(reservation.max_tokens * share),
        )
        if how == "settle":
            assert meter.settle(reservation, used) <= reservation.nano
        elif how == "forfeit":
            meter.forfeit(reservation)
        else:
            meter.release(reservation)
            assert meter.spent_nano == before
        assert meter.spent_nano >= before
        assert meter.spent_nano <= limit_usd * NANO + 1
        assert not meter.shut


@given(prices, tokens, tokens)
def test_a_longer_prompt_never_has_a_smaller_worst_case(price, one, two):
    low, high = sorted((one, two))
    assert price.worst(low)[0] <= price.worst(high)[0]
    assert price.worst(low)[1] <= price.worst(high)[1]


@given(rates, st.lists(st.integers(0, 10_000), min_size=5, max_size=5), st.integers(0, 4))
def test_one_token_more_of_any_kind_costs_exactly_its_rate(base, amounts, which):
    names = ("input", "output", "cache_write", "cache_write_1h", "cache_read")
    price = Price(base=base)
    less = dict(zip(names, amounts, strict=True))
    more = {**less, names[which]: less[names[which]] + 1}
    difference = price.cost(Tokens(**more)) - price.cost(Tokens(**less))
    assert difference == getattr(base, names[which])


SONNET = price_of("claude-sonnet-5-5")


def test_output_shrinks_to_what_can_be_paid_for_and_then_nothing_is_begun():
    meter = Meter(SONNET, Budget(usd=0.05))
    first = meter.reserve(1000, 32_000)
    assert first.max_tokens == 4750
    meter.forfeit(first)
    with pytest.raises(BudgetExceeded, match=r"\$0\.0500 that were left for this attempt only \$0"):
        meter.reserve(1000, 32_000)


def test_output_shrinks_to_the_tokens_that_are_left_and_the_level_is_named():
    limits = Budget(usd=100, tokens=10_000, tokens_level="day")
    meter = Meter(SONNET, limits)
    first = meter.reserve(2000, 32_000)
    assert (first.max_tokens, first.tokens) == (8000, 10_000)
    meter.settle(first, Tokens(input=1000, cache_read=900, output=100))
    assert meter.tokens == 2000
    meter.forfeit(meter.reserve(2000, 5000))
    with pytest.raises(BudgetExceeded, match="10,000 tokens that were left for today only 1,000"):
        meter.reserve(1, 2000)


def test_usage_past_all_that_was_set_aside_is_charged_up_to_it_and_not_a_dollar_more():
    meter = Meter(SONNET, Budget(usd=1.0, tokens=150_000))
    meter.settle(meter.reserve(100, 2000), Tokens(input=100, output=10**9))
    assert (meter.spent_usd, meter.tokens) == (1.0, 150_000)
    with pytest.raises(BudgetExceeded, match="reported more than"):
        meter.reserve(1, 1024)


def test_what_has_no_price_takes_all_that_was_set_aside():
    meter = Meter(SONNET, Budget(usd=1.0))
    meter.reserve(100, 2000)
    meter.exhaust("the API reported speed: 'fast'")
    assert meter.spent_usd == 1.0
    with pytest.raises(BudgetExceeded, match="'fast'"):
        meter.reserve(1, 1024)


def test_usage_past_the_reservation_is_charged_in_full_and_ends_the_run():
    meter = Meter(SONNET, Budget(usd=1.0))
    meter.settle(meter.reserve(100, 2000), Tokens(input=100, output=90_000))
    assert meter.spent_nano == 100 * 2000 + 90_000 * 10_000
    assert meter.shut
    with pytest.raises(BudgetExceeded):
        meter.reserve(1, 1024)


def test_a_long_prompt_has_the_price_of_its_band():
    haiku = price_of("claude-haiku-5-5")
    assert haiku.cost(Tokens(input=100_000, output=10)) == 100_000 * 100 + 10 * 500
    assert haiku.cost(Tokens(input=1, cache_read=100_000, output=10)) == 500 + 100_000 * 50 + 25_000
    assert haiku.worst(100_001)[1] == 2500


def test_every_listed_price_is_whole_and_ordered():
    for model in ("claude-sonnet-5-5", "claude-opus-5-5", "claude-haiku-4-5-20251001"):
        base = price_of(model).base
        assert 0 < base.cache_read < base.input < base.cache_write < base.cache_write_1h
        assert base.output > base.input


def test_a_profile_may_give_its_own_prices():
    own = {"my-model": {"input": 1.5, "output": "7.25"}}
    base = price_of("my-model", own).base
    assert (base.input, base.output, base.cache_write) == (1500, 7250, 1875)


@pytest.mark.parametrize(
    "own",
    [
        None,
        {"my-model": {"input": 1, "output": 2, "included": "speed"}},
        {"other": {"input": 1, "output": 2}},
        {"my-model": {"input": 1}},
        {"my-model": {"input": 0, "output": 2}},
        {"my-model": {"input": -1, "output": 2}},
        {"my-model": {"input": True, "output": 2}},
        {"my-model": {"input": "nan", "output": 2}},
        {"my-model": {"input": "1 dollar", "output": 2}},
        {"my-model": {"input": 1, "output": 2, "extra": 3}},
        {"my-model": 5},
        {"my-model": {"input": 1, "output": 2, "above": {"input": 2, "output": 2}}},
        [],
    ],
)
def test_a_price_that_is_not_known_or_not_a_price_is_refused(own):
    with pytest.raises(ConfigurationError):
        price_of("my-model", own)
