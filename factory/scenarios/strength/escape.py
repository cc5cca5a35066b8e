"""Which requirements a surviving mutant escaped: those whose scenarios depend on its line.

What runs inside the product cannot be seen from outside, and need not be: the product is started
once more with that line made to fail, and the scenarios that then do not pass depend on it. They
were there, and looked elsewhere.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from factory.ports.scenario_tags import requirements_of
from factory.scenarios.strength.mutants import Mutant, is_python
from factory.scenarios.strength.product import NotStarted
from factory.scenarios.strength.trial import Bench

_FAILS = 'raise RuntimeError("this line is made to fail")'


@dataclass(frozen=True, kw_only=True)
class Escape:
    """What a survivor escaped. `requirements` maps spec → id → how many scenarios depend on it.

    `at_start`: the line runs when the product starts, and without it nothing does; so no
    scenario can be told from the others.
    """

    requirements: dict[str, dict[str, int]]
    at_start: bool = False


class Probe:
    """Finds what each survivor escaped; lines that fail alike are tried once."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._known: dict[tuple[str, str], Escape] = {}

    def escape(self, mutant: Mutant) -> Escape:
        """Raises as `Bench.rows` does, but for NotStarted."""
        text = failing(mutant.source, mutant.line)
        if text is None:
            return Escape(requirements={}, at_start=True)
        key = (mutant.path, text)
        if key not in self._known:
            self._known[key] = self._run(mutant.path, text)
        return self._known[key]

    def _run(self, path: str, text: str) -> Escape:
        found: dict[str, dict[str, int]] = {}
        for spec in self._bench.suites:
            try:
                rows = self._bench.rows(spec, {path: text})
            except NotStarted:
                return Escape(requirements={}, at_start=True)
            counted = Counter(
                one
                for row in rows
                if row["outcome"] != "passed"
                for one in requirements_of(row["tags"])
            )
            if counted:
                found[spec] = dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))
        return Escape(requirements=found)


def failing(source: str, line: int) -> str | None:
    """The file with the statement of a line made to fail when it is reached.

    A constant of a module or class becomes None, so that what uses it fails; None where a line
    cannot be made to fail alone.
    """
    tree = ast.parse(source)
    lines = source.split("\n")
    for inside, statement in reversed(list(_around(tree, line))):
        start = statement.lineno - 1
        if inside:
            indent = lines[start][: len(lines[start]) - len(lines[start].lstrip())]
            text = "\n".join([*lines[:start], f"{indent}{_FAILS}", *lines[start:]])
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            text = _without_value(source, statement.value)
        else:
            return None
        if is_python(text):
            return text
    return None


def _around(node: ast.AST, line: int, inside: bool = False) -> Iterator[tuple[bool, ast.stmt]]:
    """The statements around a line, the outermost first, and whether each is in a function."""
    for child in ast.iter_child_nodes(node):
        holds = getattr(child, "lineno", 0) <= line <= (getattr(child, "end_lineno", 0) or 0)
        decorated = any(one.lineno <= line for one in getattr(child, "decorator_list", ()))
        within = holds or (decorated and line <= (getattr(child, "end_lineno", 0) or 0))
        if isinstance(child, ast.stmt) and within:
            yield inside, child
            yield from _around(child, line, inside or _begun(child, line))
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from _around(child, line, inside)


def _begun(statement: ast.stmt, line: int) -> bool:
    """Whether a line is in a function's body, behind its head."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return statement.body[0].lineno <= line
    return False


def _without_value(source: str, value: ast.expr) -> str:
    lines = source.split("\n")
    first, last = value.lineno - 1, (value.end_lineno or value.lineno) - 1
    before = lines[first].encode()[: value.col_offset].decode()
    after = lines[last].encode()[value.end_col_offset :].decode()
    return "\n".join([*lines[:first], f"{before}None{after}", *lines[last + 1 :]])
