"""What a model's tokens cost, in whole nano-dollars a token, so that sums are exact."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from factory.errors import ConfigurationError
from factory.money import NANO

_FILE = Path(__file__).with_name("prices.yml")
_RATES = ("input", "output", "cache-write", "cache-write-1h", "cache-read")


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What one request is charged for. Input is split as the Messages API reports it."""

    input: int = 0
    cache_write: int = 0
    cache_write_1h: int = 0
    cache_read: int = 0
    output: int = 0

    @property
    def prompt(self) -> int:
        """All tokens of the prompt, cached or not."""
        return self.input + self.cache_write + self.cache_write_1h + self.cache_read

    @property
    def total(self) -> int:
        """What counts against a limit of tokens: all of the prompt, and the answer."""
        return self.prompt + self.output


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Nano-dollars for one token of each kind."""

    input: int
    output: int
    cache_write: int
    cache_write_1h: int
    cache_read: int

    @property
    def dearest_input(self) -> int:
        """The most that a prompt token can cost where hour-long caching is never asked for."""
        return max(self.input, self.cache_write, self.cache_read)


@dataclass(frozen=True, kw_only=True)
class Price:
    """A model's rates, and the rates from prompts longer than `threshold` tokens on.

    `included` names fields of the API's `usage` that cost nothing beyond these rates.
    """

    base: Rates
    above: Rates | None = None
    threshold: int = 0
    included: frozenset[str] = frozenset()

    def cost(self, tokens: Tokens) -> int:
        """What a request costs, in nano-dollars."""
        rates = self._rates(tokens.prompt)
        return (
            tokens.input * rates.input
            + tokens.cache_write * rates.cache_write
            + tokens.cache_write_1h * rates.cache_write_1h
            + tokens.cache_read * rates.cache_read
            + tokens.output * rates.output
        )

    def worst(self, prompt_tokens: int) -> tuple[int, int]:
        """(what a prompt of up to so many tokens can cost, what an output token then can)."""
        bands = [self.base]
        if self.above is not None and prompt_tokens > self.threshold:
            bands.append(self.above)
        dearest = max(rates.dearest_input for rates in bands)
        return prompt_tokens * dearest, max(rates.output for rates in bands)

    def _rates(self, prompt_tokens: int) -> Rates:
        return self.above if self.above and prompt_tokens > self.threshold else self.base


def price_of(model: str, own: Mapping[str, Any] | None = None) -> Price:
    """The price of a model: from the profile's `prices` where it names the model, else the list's.

    A dated name (`…-20250929`) has the price of the name without its date.

    Raises:
        ConfigurationError: neither knows the model, or the profile's form is wrong. A price is
            never guessed and never 0.
    """
    if own is not None and not isinstance(own, Mapping):
        raise ConfigurationError("`prices` is not a mapping of models to prices")
    listed = _listed()
    for table, name in (
        (own or {}, model),
        (listed, model),
        (listed, re.sub(r"-[0-9]{8}$", "", model)),
    ):
        if name in table:
            return _price(name, table[name])
    raise ConfigurationError(
        f"the price of the model {model!r} is not known",
        mend="write `prices: {MODEL: {input: …, output: …}}` into factory.yml, in US dollars for a "
        f"million tokens, or choose one of: {', '.join(sorted(listed))}",
    )


def _listed() -> dict[str, Any]:
    import yaml

    return dict(yaml.safe_load(_FILE.read_text("utf-8"))["models"])


def _price(model: str, data: Any) -> Price:
    if not isinstance(data, Mapping) or set(data) - {*_RATES, "above", "included"}:
        raise ConfigurationError(
            f"the price of {model} has another form", mend=f"it has the keys {', '.join(_RATES)}"
        )
    included = data.get("included", [])
    if not isinstance(included, list) or not all(isinstance(name, str) for name in included):
        raise ConfigurationError(f"the price of {model}: `included` is no list of names")
    above = data.get("above")
    if above is None:
        return Price(base=_rates(model, data), included=frozenset(included))
    threshold = above.get("prompt-tokens") if isinstance(above, Mapping) else None
    if type(threshold) is not int or threshold < 1:
        raise ConfigurationError(f"the price of {model}: `above` needs `prompt-tokens`")
    return Price(
        base=_rates(model, data),
        above=_rates(model, above),
        threshold=threshold,
        included=frozenset(included),
    )


def _rates(model: str, data: Mapping[str, Any]) -> Rates:
    entry = _nano(model, data, "input", None)
    return Rates(
        input=entry,
        output=_nano(model, data, "output", None),
        # Where a profile leaves them out: the multiples that the list's source names.
        cache_write=_nano(model, data, "cache-write", entry * 5 // 4),
        cache_write_1h=_nano(model, data, "cache-write-1h", entry * 2),
        cache_read=_nano(model, data, "cache-read", entry),
    )


def _nano(model: str, data: Mapping[str, Any], name: str, default: int | None) -> int:
    value = data.get(name)
    if value is None and default is not None:
        return default
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        # Dollars for a million tokens are micro-dollars a token.
        nano = Decimal(str(value)) * 1000
        if not nano.is_finite() or nano <= 0 or nano > NANO or nano != int(nano):
            raise InvalidOperation
    except InvalidOperation:
        raise ConfigurationError(
            f"the price of {model}: `{name}` is {value!r}",
            mend="give US dollars for a million tokens, above 0, to the tenth of a cent",
        ) from None
    return int(nano)
