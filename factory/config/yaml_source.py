"""YAML with the position of every value kept, and the parts of YAML that hide things refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
import yaml

from factory.errors import FactoryError, InputError

SIZE_LIMIT_BYTES = 1024 * 1024
DEPTH_LIMIT = 40
# A number or date of more characters is nobody's setting, and reading it can take minutes.
SCALAR_LIMIT = 100

# To YAML a line ends here, to an editor it does not: every line below would have another number.
_LINE_END_TO_YAML = re.compile("[\x85\u2028\u2029]|\r(?!\n)")

# What begins a collection, in flow and in block style.
_NESTING = "[{:-?"

Key = tuple[str | int, ...]


class YamlSource(msgspec.Struct, frozen=True, kw_only=True):
    """Parsed YAML. `positions` maps a path of keys and indexes to a 1-based (line, column).

    `keys` maps the path of a value in a mapping to where its key stands.
    """

    data: Any
    positions: Mapping[Key, tuple[int, int]]
    path: str
    keys: Mapping[Key, tuple[int, int]] = msgspec.field(default_factory=dict)

    def place(self, key: Key) -> tuple[int, int]:
        """The position of the value at `key`, or of its nearest parent that was written."""
        while key not in self.positions and key:
            key = key[:-1]
        return self.positions.get(key, (1, 1))

    def place_of_key(self, key: Key) -> tuple[int, int]:
        """The position of the key of the value at `key`; of the value where it has none."""
        return self.keys.get(key) or self.place(key)


def parse_yaml(
    text: str, *, path: str, line_offset: int = 0, error: type[FactoryError] = InputError
) -> YamlSource:
    """Parse one YAML document.

    Args:
        text: the document.
        path: its file, for messages.
        line_offset: lines of the file before `text`.
        error: which error to raise.

    Raises:
        error: not YAML, longer than 1 MiB, deeper than 40 levels, a key twice, an alias, a tag.
    """
    if len(text) > SIZE_LIMIT_BYTES:
        raise error(f"longer than {SIZE_LIMIT_BYTES} bytes", path=path, line=1)
    written = text
    text = as_lines(text)
    loader = None
    try:
        _require_shallow(text, path, line_offset, error)
        loader = _loader()(text)  # The one in plain Python reads its text here.
        node = loader.get_single_node()
        if node is None:
            return YamlSource(data=None, positions={(): (line_offset + 1, 1)}, path=path)
        walk = _Walk(loader, path, line_offset, error)
        data = walk.value(node, ())
        return YamlSource(data=data, positions=walk.positions, path=path, keys=walk.keys)
    except (yaml.YAMLError, RecursionError) as problem:
        from factory.config.yaml_faults import explain  # Most files are YAML.

        fault = explain(problem, written)
        raise error(
            f"not valid YAML: {fault.message}",
            path=path,
            line=line_offset + fault.line,
            column=fault.column,
            mend=fault.mend,
        ) from problem
    finally:
        if loader is not None:
            loader.dispose()


def as_lines(text: str) -> str:
    """The text with spaces for what ends a line to YAML alone: each place stays where it is."""
    return text if text.isascii() and "\r" not in text else _LINE_END_TO_YAML.sub(" ", text)


def _require_shallow(text: str, path: str, offset: int, error: type[FactoryError]) -> None:
    """Refuse what is nested too deeply before it is composed.

    libyaml's binding composes by recursion in C, unchecked: a hundred thousand brackets would end
    the process. Reading events needs no recursion, and stops at the first level too many.
    """
    if sum(map(text.count, _NESTING)) <= DEPTH_LIMIT:
        return  # Nothing can be nested deeper than there are characters that nest.
    depth = 0
    for event in yaml.parse(text, Loader=_loader()):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEPTH_LIMIT + 1:
                mark = event.start_mark
                assert mark is not None
                raise error(
                    f"holds more than {DEPTH_LIMIT} levels, which is not accepted here",
                    path=path,
                    line=offset + mark.line + 1,
                    column=mark.column + 1,
                    mend="flatten it",
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


@cache
def _loader() -> Any:
    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    name = "PlainLoader"
    plain: Any = type(name, (base,), {})
    # A date stays the text its author wrote: nothing here has use for a datetime. And so does what
    # only YAML 1.1 takes for a number: 1:30 is 90 to it, and 010 is 8.
    plain.yaml_implicit_resolvers = {
        first: [
            (tag, _NUMBERS.get(tag, expression))
            for tag, expression in pairs
            if not tag.endswith("timestamp")
        ]
        for first, pairs in base.yaml_implicit_resolvers.items()
    }
    return plain


# As the core schema of YAML 1.2.2 has them (10.3.2), but for octal and hexadecimal integers.
_NUMBERS = {
    "tag:yaml.org,2002:int": re.compile(r"[-+]?(?:0|[1-9][0-9_]*)\Z"),
    "tag:yaml.org,2002:float": re.compile(
        r"[-+]?(?:(?:\.[0-9]+|(?:0|[1-9][0-9_]*)\.[0-9]*)(?:[eE][-+]?[0-9]+)?"
        r"|(?:0|[1-9][0-9_]*)[eE][-+]?[0-9]+)\Z"
        r"|[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z"
    ),
}


_TEXT = "tag:yaml.org,2002:str"


class _Walk:
    def __init__(self, loader: Any, path: str, offset: int, error: type[FactoryError]) -> None:
        self.loader = loader
        self.path = path
        self.offset = offset
        self.error = error
        self.positions: dict[Key, tuple[int, int]] = {}
        self.keys: dict[Key, tuple[int, int]] = {}
        self.seen: set[int] = set()

    def value(self, node: yaml.Node, key: Key) -> Any:
        self.positions[key] = self.at(node)
        if id(node) in self.seen:
            raise self.refuse(node, "an alias (*name)", "write the value out where it is used")
        self.seen.add(id(node))
        if len(key) > DEPTH_LIMIT:
            raise self.refuse(node, f"more than {DEPTH_LIMIT} levels", "flatten it")
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, key)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*key, n)) for n, item in enumerate(node.value)]
        if node.tag == _TEXT:
            return node.value
        if not node.tag.startswith("tag:yaml.org,2002:"):
            raise self.refuse(node, f"the tag {node.tag}", "write a plain value")
        if len(node.value) > SCALAR_LIMIT:
            raise self.refuse(node, f"a number of over {SCALAR_LIMIT} characters", "quote it")
        try:
            return self.loader.construct_object(node, deep=True)
        except (ValueError, OverflowError) as problem:
            raise self.refuse(node, f"a value that cannot be read ({problem})", "quote it") from (
                problem
            )

    def mapping(self, node: yaml.MappingNode, key: Key) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name_node, value_node in node.value:
            if not isinstance(name_node, yaml.ScalarNode):
                raise self.refuse(name_node, "a key that is not plain text", "use a plain key")
            name = str(name_node.value)
            if name == "<<":
                raise self.refuse(name_node, "a merge key (<<)", "write the keys out")
            if name in found:
                raise self.refuse(name_node, f"the key {name!r} twice", "remove one of them")
            self.keys[(*key, name)] = self.at(name_node)
            found[name] = self.value(value_node, (*key, name))
        return found

    def at(self, node: yaml.Node) -> tuple[int, int]:
        return self.offset + node.start_mark.line + 1, node.start_mark.column + 1

    def refuse(self, node: yaml.Node, what: str, mend: str) -> FactoryError:
        line, column = self.at(node)
        return self.error(
            f"holds {what}, which is not accepted here",
            path=self.path,
            line=line,
            column=column,
            mend=mend,
        )
