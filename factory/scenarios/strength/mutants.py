"""Mutants: a product's Python source with one small fault each, made by cosmic-ray's operators."""

from __future__ import annotations

import ast
import difflib
import hashlib
import random
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from factory.errors import ConfigurationError

# Those that no other subsumes: a suite that kills these kills the rest of their kind (relational
# operators: Kaminski, Ammann, Offutt 2013, without the constants, which cosmic-ray does not make).
_COMPARISONS = {
    "Lt": ("LtE", "NotEq"), "LtE": ("Lt", "Eq"), "Gt": ("GtE", "NotEq"), "GtE": ("Gt", "Eq"),
    "Eq": ("NotEq", "LtE", "GtE"), "NotEq": ("Eq", "Lt", "Gt"), "Is": ("IsNot",), "IsNot": ("Is",),
}  # fmt: skip
_ARITHMETIC = {
    "Add": "Sub", "Sub": "Add", "Mul": "Div", "Div": "Mul", "FloorDiv": "Div", "Mod": "FloorDiv",
    "Pow": "Mul", "RShift": "LShift", "LShift": "RShift", "BitOr": "BitAnd", "BitAnd": "BitOr",
    "BitXor": "BitAnd",
}  # fmt: skip
_OTHERS = (
    "ReplaceUnaryOperator_USub_UAdd", "ReplaceUnaryOperator_UAdd_USub",
    "ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_Delete_Invert", "AddNot",
    "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ExceptionReplacer", "NumberReplacer",
    "RemoveDecorator", "ZeroIterationForLoop",
)  # fmt: skip
OPERATORS = (
    *(f"ReplaceComparisonOperator_{one}_{to}" for one, all_of in _COMPARISONS.items()
      for to in all_of),
    *(f"ReplaceBinaryOperator_{one}_{to}" for one, to in _ARITHMETIC.items()),
    *_OTHERS,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One fault. `path` is relative to the product, `line` 1-based, `function` "" outside of one.

    `source` is the whole file as it is, `text` with the fault in it.
    """

    path: str
    line: int
    function: str
    operator: str
    source: str
    text: str

    @cached_property
    def diff(self) -> str:
        """What is changed, as a unified diff."""
        return "\n".join(self._lines())

    @cached_property
    def digest(self) -> str:
        """Names it, wherever in the file it stands and however it is laid out: 16 hex digits."""
        kinds = {" ": "", "-": "", "+": ""}
        for line in self._lines()[2:]:
            if not line.startswith("@@"):
                kinds[line[0]] += "".join(line[1:].split())
        told = "\n".join([self.path, self.function, *kinds.values()])
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def _lines(self) -> list[str]:
        return list(
            difflib.unified_diff(
                self.source.splitlines(), self.text.splitlines(), self.path, self.path, lineterm=""
            )
        )


def all_mutants(sources: Mapping[str, str]) -> list[Mutant]:
    """Every mutant of these files, path to text, in their order, each text once.

    Nothing is changed in annotations, which say nothing of what a program does. What is no
    Python afterwards is no mutant.

    Raises:
        ConfigurationError: cosmic-ray is not installed.
    """
    _require_tool()
    return [one for path, text in sources.items() for one in _of_file(path, text)]


def sample(mutants: Sequence[Mutant], size: int, seed: int) -> Sequence[Mutant]:
    """So many of them, the same again with the same seed, in their order."""
    if size >= len(mutants):
        return mutants
    chosen = random.Random(seed).sample(range(len(mutants)), size)  # noqa: S311  No secret.
    return [mutants[at] for at in sorted(chosen)]


def is_python(text: str) -> bool:
    """Whether this interpreter reads it as Python."""
    with warnings.catch_warnings(action="ignore"):
        try:
            compile(text, "mutant", "exec")
        except (SyntaxError, ValueError):
            return False
    return True


def _of_file(path: str, source: str) -> Iterator[Mutant]:
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.ast.ast_query import ASTQuery

    if not is_python(source):
        return  # Of another version, or a template.
    noted, seen = _annotations(source), {source}
    nodes = list(ast_nodes(get_ast(source)))
    for name in OPERATORS:
        operator = _operator(name)
        places = ((node, start) for node in nodes for start, _ in operator.mutation_positions(node))
        for occurrence, (node, start) in enumerate(places):
            if any(begin <= start < end for begin, end in noted):
                continue
            text = _mutated(source, operator, occurrence)
            if text not in seen and is_python(text):
                seen.add(text)
                yield Mutant(
                    path=path,
                    line=start[0],
                    function=ASTQuery(node).get_definition_name() or "",
                    operator=name,
                    source=source,
                    text=text,
                )


def _mutated(source: str, operator: Any, occurrence: int) -> str:
    """The text with the fault; as it was where cosmic-ray cannot make it (8.7: `except a.b`)."""
    from cosmic_ray.mutating import mutate_code

    try:
        return str(mutate_code(source, operator, occurrence) or source)
    except AttributeError:
        return source


def _operator(name: str) -> Any:
    from cosmic_ray.plugins import get_operator

    return get_operator(f"core/{name}")()


def _annotations(text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """(line, column in characters) where each annotation begins and ends."""
    lines = text.split("\n")

    def place(line: int, offset: int) -> tuple[int, int]:
        return line, len(lines[line - 1].encode()[:offset].decode())

    return [
        (place(one.lineno, one.col_offset), place(one.end_lineno or 0, one.end_col_offset or 0))
        for node in ast.walk(ast.parse(text))
        for name in ("annotation", "returns")
        if isinstance(one := getattr(node, name, None), ast.expr)
    ]


def _require_tool() -> None:
    try:
        import cosmic_ray.plugins  # noqa: F401
    except ImportError as error:
        raise ConfigurationError(
            "mutants are made by cosmic-ray, which is not installed here",
            mend="pip install 'dark-factory[strength]'",
        ) from error
