"""Specs: read them, check them, gather the context that an agent gets with them."""

from factory.spec.binding import bound
from factory.spec.brief import Brief
from factory.spec.context import check_context, read_context
from factory.spec.document import SpecDocument, read_spec
from factory.spec.finding import Finding
from factory.spec.gate import check_folder, check_specs
from factory.spec.library import find_specs, read_library
from factory.spec.surroundings import gather

__all__ = [
    "Brief",
    "Finding",
    "SpecDocument",
    "bound",
    "check_context",
    "check_folder",
    "check_specs",
    "find_specs",
    "gather",
    "read_context",
    "read_library",
    "read_spec",
]
