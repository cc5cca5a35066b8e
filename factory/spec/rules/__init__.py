"""The gate's rules, a module for each kind of fault; what each asks for is in the catalogue."""

from factory.spec.catalogue import CATALOGUE, Rule

__all__ = ["CATALOGUE", "Rule"]
