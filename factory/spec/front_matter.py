"""Set values in the front matter of a spec's text; all else stays as its author wrote it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import yaml

from factory.config.yaml_source import parse_yaml
from factory.errors import Bug
from factory.spec.document import parse_spec

_NEVER_FOLD = 1_000_000


def with_values(text: str, values: Mapping[str, str | int], *, path: str) -> str:
    """`text` with these keys of its front matter set; a key that it lacks is added at the end.

    Args:
        text: a whole spec.
        values: by key; a text on one line, or a whole number.
        path: what to call the spec in messages.

    Raises:
        InputError: the text is no spec, as `parse_spec` says.
    """
    # What YAML can hide or nest is refused before it is composed.
    end = parse_spec(text, path=path).front_end - 1
    lines = text.split("\n")
    front = "\n".join(lines[1:end]) + "\n"
    missing = dict(values)
    places = []
    mapping = yaml.compose(front, Loader=yaml.SafeLoader)
    assert isinstance(mapping, yaml.MappingNode)
    for key, node in mapping.value:
        if key.value in missing:
            wanted = as_yaml(missing.pop(key.value))
            places.append((node.start_mark.index, node.end_mark.index, wanted))
    for start, stop, wanted in reversed(places):
        before = front[start:stop]
        line_end = before[len(before.rstrip()) :]
        front = front[:start] + (wanted if before else f" {wanted}") + line_end + front[stop:]
    front += "".join(f"{key}: {as_yaml(value)}\n" for key, value in missing.items())
    changed = "\n".join([lines[0], front + "\n".join(lines[end:])])
    found = parse_spec(changed, path=path).meta
    if any(found.get(key) != value for key, value in values.items()):
        raise Bug("the front matter does not hold what was written to it", path=path)
    return changed


def as_yaml(value: str | int) -> str:
    """A value as YAML on one line, quoted where YAML would take it for something else."""
    dumped = yaml.safe_dump({"value": value}, allow_unicode=True, width=_NEVER_FOLD)
    plain = dumped.removeprefix("value: ").removesuffix("\n")
    # YAML 1.1 takes `0E0` for a text, and 1.2, by which specs are read, for a number.
    same = plain == str(value) and parse_yaml(dumped, path="value").data == {"value": value}
    return plain if same else json.dumps(value, ensure_ascii=False)
