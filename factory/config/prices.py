"""`prices` of factory.yml: a file, or the prices themselves, by model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from factory.config.validate import require_valid
from factory.config.yaml_source import Key, YamlSource, parse_yaml
from factory.errors import ConfigurationError

SCHEMA = "prices.schema.json"


def read_prices(source: YamlSource, folder: Path) -> dict[str, Any]:
    """Model → price, as factory.yml or the file that it names has them; empty without the key.

    Raises:
        ConfigurationError: the file cannot be read or is outside of `folder`, or a price does not
            fit the schema; with line and column.
    """
    given = source.data.get("prices")
    if given is None:
        return {}
    own = _from_file(source, folder, given) if isinstance(given, str) else _written_out(source)
    require_valid(own, SCHEMA)
    models: dict[str, Any] = own.data["models"]
    return models


def _from_file(source: YamlSource, folder: Path, name: str) -> YamlSource:
    path = folder / name
    line, column = source.place(("prices",))

    def trouble(what: str) -> ConfigurationError:
        return ConfigurationError(
            f"the prices {name!r} {what}",
            path=source.path,
            line=line,
            column=column,
            mend="name a file beside factory.yml",
        )

    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise trouble("are outside of the specs repository")
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise trouble(f"cannot be read: {error}") from error
    return parse_yaml(text, path=str(path), error=ConfigurationError)


def _written_out(source: YamlSource) -> YamlSource:
    def below(places: Mapping[Key, tuple[int, int]]) -> dict[Key, tuple[int, int]]:
        return {("models", *key[1:]): at for key, at in places.items() if key[:1] == ("prices",)}

    start = source.place(("prices",))
    return YamlSource(
        data={"models": source.data["prices"]},
        positions={(): start, **below(source.positions)},
        path=source.path,
        keys=below(source.keys),
    )
