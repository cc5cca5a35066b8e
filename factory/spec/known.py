"""What a specs repository knows already of a spec that is new in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from factory.config.factory_file import Configuration, load_configuration
from factory.errors import FactoryError
from factory.spec.document import SpecDocument, read_spec
from factory.spec.library import find_specs
from factory.spec.surroundings import is_configured


@dataclass(frozen=True, kw_only=True)
class Known:
    """`configuration` is None without a factory.yml; `specs` are those that can be read."""

    configuration: Configuration | None
    specs: tuple[SpecDocument, ...]

    @property
    def products(self) -> list[str]:
        """The names in factory.yml."""
        return list(self.configuration.products) if self.configuration else []

    @property
    def product(self) -> str | None:
        """The only product there is."""
        return self.products[0] if len(self.products) == 1 else None

    @property
    def owner(self) -> str | None:
        """Whom all specs name that are not retired; one that leaves it open names nobody."""
        named = [one.meta.get("owner") for one in self.specs if one.meta.get("status") != "retired"]
        owners = {one for one in named if isinstance(one, str) and one and "TODO" not in one}
        owner = owners.pop() if len(owners) == 1 else None
        return owner if owner and owner.isprintable() else None


def known_in(root: Path) -> Known:
    """What the specs repository at `root` knows; raises ConfigurationError for its factory.yml."""
    configuration = load_configuration(root) if is_configured(root) else None
    specs = []
    for path in find_specs(root) if (root / "specs").is_dir() else ():
        try:
            specs.append(read_spec(path))
        except FactoryError:  # `factory check` tells of it.
            continue
    return Known(configuration=configuration, specs=tuple(specs))
