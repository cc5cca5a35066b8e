"""Specs: read them, check them, gather the context that an agent gets with them."""

from factory.spec.context import read_context
from factory.spec.document import SpecDocument, read_spec
from factory.spec.finding import Finding
from factory.spec.gate import check_folder, check_specs
from factory.spec.library import find_specs, read_library

__all__ = [
    "Finding",
    "SpecDocument",
    "check_folder",
    "check_specs",
    "find_specs",
    "read_context",
    "read_library",
    "read_spec",
]
