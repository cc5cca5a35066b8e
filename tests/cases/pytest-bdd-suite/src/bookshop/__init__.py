"""The code under test: a bookshop in memory."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field

log = logging.getLogger("bookshop")


class OutOfStock(Exception):
    pass


@dataclass
class Shop:
    currency: str = "EUR"
    prices: dict[str, float] = field(default_factory=dict)
    stock: dict[str, int] = field(default_factory=dict)

    def add(self, title: str, price: float, count: int = 1) -> None:
        self.prices[title] = price
        self.stock[title] = self.stock.get(title, 0) + count

    def search(self, words: str) -> list[str]:
        return sorted(title for title in self.prices if words.lower() in title.lower())


@dataclass
class Basket:
    shop: Shop
    lines: dict[str, int] = field(default_factory=dict)

    def put(self, title: str, count: int = 1) -> None:
        if self.shop.stock.get(title, 0) < count:
            log.warning("%s is out of stock", title)
            raise OutOfStock(title)
        self.lines[title] = self.lines.get(title, 0) + count

    @property
    def total(self) -> float:
        rate = 1 + float(os.environ.get("BOOKSHOP_VAT", "0")) / 100
        net = sum(self.shop.prices[title] * count for title, count in self.lines.items())
        return round(net * rate, 2)


def valid_isbn(text: str) -> bool:
    digits = [int(each) for each in text if each.isdigit()]
    if len(digits) != 13:
        return False
    return sum(digit * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10 == 0
