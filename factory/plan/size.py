"""How much orders take where they pass between jobs as text."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence

from factory.records import WorkOrder

PLAIN_LIMIT_BYTES = 4_000
TEXT_LIMIT_BYTES = 119_000
"""As in .github/action/handover.py: longer text is compressed, and one still longer cannot pass.
A little less here, since floats may be written in another way there."""
_FRAME_CHARACTERS = 400
"""The rest of an order's line in the matrix: spec, run, attempt, keys and quotes."""

TOO_LONG = "its work order is too long to pass between jobs; shorten it or the files in context/"


def characters(order: WorkOrder) -> int:
    """How many characters an order takes at most: as JSON in JSON, or compressed in base64."""
    text = order.to_json()
    if len(text) <= PLAIN_LIMIT_BYTES:
        return len(json.dumps(text.decode(), ensure_ascii=False)) + _FRAME_CHARACTERS
    return -(-len(zlib.compress(text, 9)) // 3) * 4 + _FRAME_CHARACTERS


def _passed_bytes(order: WorkOrder) -> int:
    text = order.to_json()
    return len(text) if len(text) <= PLAIN_LIMIT_BYTES else characters(order)


def fitting(
    orders: Sequence[WorkOrder], most: int | None
) -> tuple[list[WorkOrder], list[WorkOrder], list[WorkOrder]]:
    """From the front: the orders that take `most` characters together, those that are left for
    another time, and those that are too long for any. All fit where `most` is None."""
    if most is None:
        return list(orders), [], []
    fit: list[WorkOrder] = []
    left: list[WorkOrder] = []
    too_long: list[WorkOrder] = []
    total = 0
    for order in orders:
        size = characters(order)
        if size > most or _passed_bytes(order) > TEXT_LIMIT_BYTES:
            too_long.append(order)
        elif left or total + size > most:
            left.append(order)
        else:
            fit.append(order)
            total += size
    return fit, left, too_long
