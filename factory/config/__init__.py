"""factory.yml and scenarios.yml: read, checked against one JSON Schema, with line and column."""

from factory.config.factory_file import Configuration, load_configuration

__all__ = ["Configuration", "load_configuration"]
