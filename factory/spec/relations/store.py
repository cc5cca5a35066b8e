"""The facts of all specs, on disk: ten thousand specs take no more memory than ten."""

from __future__ import annotations

import io
from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import IO

import msgspec

from factory.spec.facts import Facts

_IN_MEMORY_BYTES = 256 * 1024


class FactStore:
    """Facts in the order in which they were added; each is read back when it is asked for."""

    def __init__(self, facts: Iterable[Facts] = ()) -> None:
        self._file: IO[bytes] = io.BytesIO()
        self._ends = array("Q", [0])
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Facts).decode
        for one in facts:
            self.add(one)

    def add(self, facts: Facts) -> None:
        """Keep the facts of one more spec."""
        body = self._encode(facts)
        self._file.seek(self._ends[-1])
        self._file.write(body)
        self._ends.append(self._ends[-1] + len(body))
        if isinstance(self._file, io.BytesIO) and self._ends[-1] > _IN_MEMORY_BYTES:
            self._file = _on_disk(self._file.getvalue())

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __iter__(self) -> Iterator[Facts]:
        return (self[at] for at in range(len(self)))

    def __getitem__(self, at: int) -> Facts:
        self._file.seek(self._ends[at])
        return self._decode(self._file.read(self._ends[at + 1] - self._ends[at]))


def _on_disk(content: bytes) -> IO[bytes]:
    import tempfile  # Most checks are of few specs, and it takes long to import.

    file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the store
    file.write(content)
    return file


def repeated(keys: array[int]) -> frozenset[int]:
    """The numbers that occur more than once."""
    return frozenset(one for one, after in pairwise(sorted(keys)) if one == after)
