"""What a spec says, sentence by sentence, each with where it stands."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from factory.spec.catalogue import Severity
from factory.spec.document import REQUIREMENT_SECTIONS, SpecDocument
from factory.spec.finding import Finding, finding_in
from factory.spec.language.prose import Sentence, sentences
from factory.spec.markdown import Block, Passage, Section

# Here every word binds whoever builds; other sections set the scene.
BINDING = frozenset(
    (*REQUIREMENT_SECTIONS, "Inputs", "Outputs", "Evaluation", "Applies to", "Components",
     "Seams", "Data flow", "Never", "Targets")
)  # fmt: skip


class Spoken(msgspec.Struct, frozen=True, gc=False):
    """One sentence.

    `requirement`: the id of the requirement that it belongs to, or "". `binding`: whether its
    words bind whoever builds.
    """

    document: SpecDocument
    section: Section
    block: Block
    passage: Passage
    sentence: Sentence
    requirement: str
    binding: bool

    @property
    def doubt(self) -> Severity | None:
        """The severity of a badly chosen word where that is in doubt, else None: in an example it
        obliges nobody, and the requirement that the example shows is looked at by itself."""
        return "warning" if self.section.name == "Evaluation" else None

    def written(self, first: int, end: int) -> str:
        """The words from `first` up to `end`, as written."""
        return self.passage.raw[self.sentence.offset(first) : self.sentence.end(end - 1)]

    def finding(
        self, rule: str, at: int, message: str, mend: str, severity: Severity | None = None
    ) -> Finding:
        """A finding at the word `at` of the sentence."""
        line, column = self.document.place(self.passage, self.sentence.offset(at))
        return finding_in(
            self.document, rule, message, mend, line=line, column=column, severity=severity
        )


def spoken(document: SpecDocument) -> Iterator[Spoken]:
    """Every sentence of a spec, in the order of the file; code says nothing."""
    ids = document.requirement_at
    for section in document.sections:
        binds = section.name in BINDING
        for block in section.blocks:
            requirement = ids.get(block.line, "")  # No two blocks begin on one line.
            binding = (binds and not block.quoted) or bool(requirement)
            for passage in block.passages:
                for sentence in sentences(passage.raw):
                    yield Spoken(document, section, block, passage, sentence, requirement, binding)
