"""Several runs at once, each in a thread: what they do is done by processes of their own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

from factory.cli.floor import Floor
from factory.pipeline.state import RunState


def side_by_side(floor: Floor, jobs: int) -> Iterator[RunState]:
    """Drive up to `jobs` runs at once; each is yielded when it has ended.

    Which is next is asked anew whenever one has ended: what has shipped may let another begin.
    Where one fails with an error, no other is begun; those under way come to their end, then the
    first error is raised. An interrupt ends all at once, as a kill does: the same command goes on.
    """
    ended: queue.Queue[tuple[RunState, BaseException | None]] = queue.Queue()
    error: BaseException | None = None
    while True:
        while error is None and len(floor.active) < jobs:
            try:
                run = floor.next_run()
            except Exception as refused:  # Told once those under way have ended.
                error = refused
                break
            if run is None:
                break
            floor.active.add(run.folder.name)
            # Not waited for at an interrupt; the sandbox dies with the thread that began it.
            threading.Thread(target=_work, args=(floor, run, ended), daemon=True).start()
        if not floor.active:
            break
        run, trouble = ended.get()
        floor.active.discard(run.folder.name)
        error = error or trouble
        if trouble is None:
            yield run
    if error is not None:
        raise error


def _work(
    floor: Floor, run: RunState, ended: queue.Queue[tuple[RunState, BaseException | None]]
) -> None:
    try:
        floor.drive(run, prefix=f"[{run.first_order().spec.id}] ")
    except BaseException as trouble:
        ended.put((run, trouble))
    else:
        ended.put((run, None))
