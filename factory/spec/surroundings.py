"""What stands around a spec in its repository and decides what its words mean."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from factory.errors import FactoryError
from factory.spec.finding import Finding, finding_of
from factory.spec.form import FORMS, Form, form_in, read_template, team_templates
from factory.spec.library import CONFIGURATION

# Each place of a sentence is looked at once for each length.
_LONGEST_TERM = 12


class Surroundings(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What a spec's words are read against.

    `forms`: what each kind of spec is asked. `products`: the names in factory.yml, None where
    there is none to ask, and `agents` likewise. `terms`: each term of the glossary, by its
    `spelling`, as it is written there; None without a glossary. `synonyms`: each synonym, by its
    spelling, and what is meant.
    """

    forms: Mapping[str, Form] = msgspec.field(default_factory=lambda: FORMS)
    products: frozenset[str] | None = None
    agents: frozenset[str] | None = None
    terms: Mapping[str, str] | None = None
    synonyms: Mapping[str, str] = msgspec.field(default_factory=dict)

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """How many words the terms and synonyms have, the longest first; none of over a dozen."""
        known = {phrase.count(" ") + 1 for phrase in (*(self.terms or ()), *self.synonyms)}
        return tuple(sorted((one for one in known if one <= _LONGEST_TERM), reverse=True))

    @cached_property
    def digest(self) -> bytes:
        """Of all that a finding may depend on."""
        parts = (
            sorted(self.forms.items()),
            sorted(self.products) if self.products is not None else None,
            sorted(self.terms.items()) if self.terms is not None else None,
            sorted(self.synonyms.items()),
        )
        return hashlib.blake2b(repr(parts).encode(), digest_size=16).digest()


def read_surroundings(root: Path | None) -> tuple[Surroundings, list[Finding]]:
    """What a specs repository says around its specs, and what in it cannot be read.

    Raises:
        ConfigurationError: its factory.yml cannot be read.
    """
    if root is None:
        return Surroundings(), []
    products = agents = None
    if is_configured(root):
        from factory.config.factory_file import load_configuration

        configuration = load_configuration(root)
        products = frozenset(configuration.products)
        agents = frozenset(name for agent in configuration.agents.values() for name in agent.told)
    forms, findings = _forms(root)
    terms, synonyms, unread = _glossary(root)
    around = Surroundings(
        forms=forms, products=products, agents=agents, terms=terms, synonyms=synonyms
    )
    return around, findings + unread


def is_configured(root: Path) -> bool:
    """Whether there is a factory.yml: also one to refuse, as a folder or a link to nothing."""
    return os.path.lexists(root / CONFIGURATION)


def context_findings(root: Path, around: Surroundings) -> list[Finding]:
    """What is wrong with the context library of a specs repository."""
    if not any((root / name).exists() for name in ("context", "agents")):
        return []
    from factory.spec.context import check_context

    return check_context(root, around.agents)


def _glossary(root: Path) -> tuple[Mapping[str, str] | None, Mapping[str, str], list[Finding]]:
    """Terms and synonyms, and why there are none of a glossary that cannot be read.

    That is told with every spec, since no rule on terms can look at it.
    """
    folder = root / "context"
    is_odd = os.path.lexists(folder) and (folder.is_symlink() or not folder.is_dir())
    if not is_odd and not os.path.lexists(folder / "glossary.yml"):
        return None, {}, []
    from factory.spec.context import check_glossary, read_glossary

    try:
        glossary = None if is_odd else read_glossary(root)
    except FactoryError as error:
        return None, {}, check_glossary(root) or [finding_of(error, "context-unreadable")]
    if glossary is None:
        return None, {}, check_glossary(root)
    return (
        {word: one.term for word, one in glossary.terms.items()},
        {word: one.term for word, one in glossary.synonyms.items()},
        [],
    )


def _forms(root: Path) -> tuple[Mapping[str, Form], list[Finding]]:
    """The team's own forms before ours. A template that cannot be read is told, never skipped."""
    forms, findings = dict(FORMS), []
    try:
        paths = team_templates(root)
    except FactoryError as error:
        return forms, [finding_of(error, "template")]
    for path in paths:
        try:
            document = read_template(path)
            forms[path.stem] = form_in(document)
        except FactoryError as error:
            findings.append(finding_of(error, "template"))
            continue
        from factory.spec.template import template_findings  # Most teams have no template.

        findings += template_findings(document, path.stem)
    return forms, findings
