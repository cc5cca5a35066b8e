"""The cell of a command-line agent: the product, its brief, its program, its home, its way out."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from factory.agents.cells import limits
from factory.agents.command_line.adapter import BRIEF, FILES, HOME, Adapter, Launch, Settings
from factory.agents.command_line.charge import PriceOf
from factory.agents.egress import EgressProxy
from factory.agents.protocol import WORKSPACE, Assignment
from factory.ports.scratch import scratch
from factory.sandbox.protocol import MEBIBYTE, Bind, Cell


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a program is run, from its profile.

    `environment` is set besides the program's own; `secret` of it is never written down.
    `egress` is all that the cell may connect to. `files` is shown read-only at FILES. `tokens`
    bounds an attempt where not None.
    """

    adapter: Adapter
    settings: Settings
    price_of: PriceOf
    environment: Mapping[str, str] = field(default_factory=dict)
    secret: Callable[[], Mapping[str, str]] = dict
    egress: frozenset[tuple[str, int]] = frozenset()
    files: Path | None = None
    tokens: int | None = None
    memory_bytes: int = 4096 * MEBIBYTE


@dataclass(frozen=True, kw_only=True)
class Place:
    """The cell and what is run in it; `home` is the folder outside."""

    cell: Cell
    argv: tuple[str, ...]
    home: Path | None
    proxy: EgressProxy | None


@contextlib.contextmanager
def placed(
    options: Options,
    assignment: Assignment,
    launch: Launch,
    text: str,
    secret: Mapping[str, str],
) -> Iterator[Place]:
    """Make the cell ready; leaving the context takes its home, brief and way out away."""
    environment = {**launch.environment, **options.environment, **secret}
    environment["FACTORY_BRIEF"] = BRIEF
    argv, proxy, home = list(launch.argv), None, None
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(scratch("brief"))
        (folder / "brief.md").write_text(text, "utf-8", "replace")
        binds = [
            Bind(source=assignment.workspace, target=WORKSPACE, writable=True),
            Bind(source=folder, target=str(Path(BRIEF).parent)),
        ]
        if options.files is not None:
            binds.append(Bind(source=options.files, target=FILES))
        if options.adapter.asks_model:
            home = stack.enter_context(scratch("home"))
            _lay_out(home, launch.home)
            binds.append(Bind(source=home, target=HOME, writable=True))
            environment["HOME"] = HOME
        if options.egress:
            proxy = stack.enter_context(EgressProxy(options.egress))
            binds += proxy.binds
            environment |= proxy.environment
            argv = proxy.command(argv)
        bounds = limits(assignment.budget, memory_bytes=options.memory_bytes)
        cell = Cell(binds=tuple(binds), env=environment, cwd=WORKSPACE, limits=bounds)
        yield Place(cell=cell, argv=tuple(argv), home=home, proxy=proxy)


def _lay_out(home: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", "replace")
