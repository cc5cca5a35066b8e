"""In which order scenarios run, and which of them are a shard's: same in, same out."""

from __future__ import annotations

import hashlib
import json
import random
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from scenario_runner.errors import UsageFault
from scenario_runner.model import Scenario

MAX_REPORT_BYTES = 256 * 1024 * 1024


def shuffle_seed(text: str) -> int:
    """From `shuffle` (a fresh seed) or `shuffle:SEED`. Raises ValueError with a sentence."""
    word, colon, seed = text.partition(":")
    if word != "shuffle" or (colon and not (seed.isascii() and seed.isdigit() and len(seed) < 20)):
        raise ValueError(f'"{text}" is no order; write shuffle, or shuffle:SEED with a number')
    return int(seed) if colon else secrets.randbits(32)


def shard_place(text: str) -> tuple[int, int]:
    """I and N of `I/N`, the I-th of N shards. Raises ValueError with a sentence."""
    found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise ValueError(f'"{text}" is no shard; write I/N, such as 1/4 to 4/4')
    return int(found[1]), int(found[2])


def earlier(path: Path, option: str) -> list[dict[str, Any]]:
    """The scenarios of an earlier report.json. Raises UsageFault where it is none."""
    try:
        with path.open("rb") as stream:
            document = json.loads(stream.read(MAX_REPORT_BYTES))
        found = [
            {
                "id": str(each["id"]),
                "outcome": str(each["outcome"]),
                "seconds": float(each["duration_seconds"]),
            }
            for each in document["scenarios"]
        ]
    except OSError as problem:
        raise UsageFault(f"{option} {path}: cannot be read ({problem.strerror})") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageFault(
            f"{option} {path}: not a report; give the report.json of an earlier run"
        ) from None
    return found


def not_passed(scenarios: Collection[Mapping[str, Any]]) -> frozenset[str]:
    return frozenset(each["id"] for each in scenarios if each["outcome"] != "passed")


def ordered(
    scenarios: Sequence[Scenario], *, first: Collection[str] | None, shuffle: int | None
) -> tuple[Scenario, ...] | None:
    """Every scenario once, those whose ids are in `first` before the rest; None where the suite's
    own order holds."""
    if first is None and shuffle is None:
        return None
    found = list(scenarios)
    if shuffle is not None:
        random.Random(shuffle).shuffle(found)
    # Sorting keeps the order among equals.
    return tuple(sorted(found, key=lambda each: each.id not in (first or ())))


def shard(
    scenarios: Sequence[Scenario], index: int, count: int, seconds: Mapping[str, float]
) -> frozenset[str]:
    """The ids of shard `index` (from 1) of `count`: each scenario is in exactly one.

    The longest of those whose `seconds` are known goes first, always to the shard with the least
    to do; where a scenario is not known, its id decides.
    """
    loads = [0.0] * count
    mine: set[str] = set()
    known = [scenario.id for scenario in scenarios if scenario.id in seconds]
    for identity in sorted(known, key=lambda each: (-seconds[each], each)):
        least = min(range(count), key=lambda each: (loads[each], each))
        loads[least] += seconds[identity]
        if least == index - 1:
            mine.add(identity)
    for scenario in scenarios:
        if scenario.id not in seconds:
            digest = hashlib.sha256(scenario.id.encode()).digest()
            if int.from_bytes(digest[:8], "big") % count == index - 1:
                mine.add(scenario.id)
    return frozenset(mine)
