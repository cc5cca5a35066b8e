"""The context library: what an agent is told besides its spec, and the checks of it."""

from factory.spec.context.check import check_context, check_glossary
from factory.spec.context.glossary import Glossary, Term, read_glossary
from factory.spec.context.read import Context, ContextText, read_context

__all__ = [
    "Context",
    "ContextText",
    "Glossary",
    "Term",
    "check_context",
    "check_glossary",
    "read_context",
    "read_glossary",
]
