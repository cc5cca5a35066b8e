"""Check parsed YAML against a JSON Schema and say on which line it does not fit."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from factory.config.schema_words import said_of
from factory.config.yaml_source import YamlSource
from factory.errors import ConfigurationError


class SchemaProblem(msgspec.Struct, frozen=True, kw_only=True):
    """One place that does not fit, with what would."""

    message: str
    mend: str
    line: int
    column: int
    unknown_key: bool


@cache
def load_schema(name: str) -> dict[str, Any]:
    """One of our schemas, by file name, from `factory/config/schemas/`."""
    from importlib import resources

    text = resources.files("factory.config").joinpath("schemas", name).read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


@cache
def _validator(name: str, definition: str = "") -> Any:
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    schema = load_schema(name)
    if definition:
        schema = {"$defs": schema["$defs"], "$ref": f"#/$defs/{definition}"}
    # To JSON Schema 1.0 is an integer; whoever reads the value after it was let through differs.
    # And YAML has numbers that JSON does not: no limit is infinite, or none at all.
    checker = Draft202012Validator.TYPE_CHECKER
    types = checker.redefine_many({"integer": _is_integer, "number": _is_number})
    strict = extend(Draft202012Validator, type_checker=types)  # type: ignore[no-untyped-call]
    return strict(schema)


def _is_integer(_: Any, value: Any) -> bool:
    return type(value) is int


def _is_number(_: Any, value: Any) -> bool:
    return type(value) is int or (type(value) is float and math.isfinite(value))


def problems(source: YamlSource, schema_name: str) -> Iterator[SchemaProblem]:
    """Every place in `source` that does not fit the schema, in the order of the file."""
    found = []
    for error in _validator(schema_name).iter_errors(source.data):
        for one in said_of(error, tuple(error.absolute_path)):
            line, column = source.place_of_key(one.key) if one.at_key else source.place(one.key)
            found.append(
                SchemaProblem(
                    message=one.message,
                    mend=one.mend,
                    line=line,
                    column=column,
                    unknown_key=error.validator == "additionalProperties",
                )
            )
    yield from sorted(found, key=lambda one: (one.line, one.column, one.message))


def require_valid(source: YamlSource, schema_name: str) -> None:
    """Raise ConfigurationError for the place that explains most.

    That is a key nobody knows, else the first: a misspelt key also makes the right one missing.
    """
    found = sorted(problems(source, schema_name), key=lambda one: not one.unknown_key)
    for problem in found[:1]:
        raise ConfigurationError(
            problem.message,
            path=source.path,
            line=problem.line,
            column=problem.column,
            mend=problem.mend,
        )


def require_fit(data: Any, schema_name: str, definition: str, where: str) -> None:
    """Check data that comes from no file against one of a schema's `$defs`.

    Raises:
        ConfigurationError: it does not fit; the message begins with `where`.
    """
    found = sorted(
        _validator(schema_name, definition).iter_errors(data),
        key=lambda one: one.validator != "additionalProperties",
    )
    for error in found[:1]:
        for one in said_of(error, (where, *error.absolute_path)):
            raise ConfigurationError(one.message, mend=one.mend)
