"""What factory.yml says of the subject that a spec's scenarios judge."""

from __future__ import annotations

from pathlib import Path

from factory.config.factory_file import Configuration
from factory.records import Subject
from factory.spec.document import SpecDocument


def subject_of(document: SpecDocument, configuration: Configuration | None) -> Subject | None:
    """The subject of a spec's product; None where factory.yml names no such product."""
    products = configuration.products if configuration else {}
    product = products.get(str(document.meta.get("product")))
    return product.subject if product else None


def program_of(subject: Subject | None) -> str:
    """What it is called on a command line; "" for a service, or for none."""
    return Path((subject.command or "").split(" ")[0]).name if subject else ""
