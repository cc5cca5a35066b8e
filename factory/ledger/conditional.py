"""Append what a decision on the newest state asks for, or nothing."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence

from factory.errors import BaseMoved, ForgeError
from factory.ledger import branch
from factory.ports.git import tree
from factory.ports.scratch import scratch
from factory.records import LedgerEntry

Decide = Callable[[Sequence[LedgerEntry]], Sequence[LedgerEntry]]


def append_if(decide: Decide, *, url: str, env: Mapping[str, str]) -> list[LedgerEntry]:
    """Append what `decide` returns for the ledger's entries, oldest first; return it.

    `decide` is called anew on the newest state whenever another append came first. What it raises
    passes through, with nothing appended.

    Raises:
        InputError, AuthenticationError, ForgeError: as for `append`.
    """
    for turn in range(branch.TRIES):
        with scratch("ledger") as folder:
            bare, head = branch._fetched(folder, url, env)
            entries = branch._entries(bare, branch._events(bare, head)) if head else []
            new = list(decide(entries))
            if not new:
                return []
            commit = head
            for number, entry in enumerate(new):
                commit = branch._commit(bare, folder / f"index-{number}", commit, entry)
            try:
                tree.push(
                    bare, url, str(commit), f"refs/heads/{branch.BRANCH}", expected=head, env=env
                )
                return new
            except BaseMoved:
                pass
        pause = min(branch.LONGEST_PAUSE_SECONDS, 0.05 * 2**turn)
        time.sleep(random.uniform(0, pause))  # noqa: S311
    raise ForgeError("the ledger does not stand still", mend="run this again; nothing was added")
