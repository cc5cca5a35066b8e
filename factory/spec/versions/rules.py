"""The gate's rules between a spec and what it said before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from factory.spec.document import SpecDocument
from factory.spec.finding import Finding, finding_in
from factory.spec.versions.likeness import meaning
from factory.spec.versions.requirements import Requirements, texts_of, trace
from factory.spec.versions.revisions import version_of
from factory.spec.versions.texts import same_text
from factory.spec.visible import cut

SHOWN_CHARACTERS = 60
RENAMED_SHARE = 0.5
"""A spec of whose requirements more than this stand in a new one has been renamed."""


@dataclass(frozen=True, kw_only=True)
class Was:
    """What a requirement said, and the last ready version in which it did."""

    text: str
    version: int


@dataclass(frozen=True, kw_only=True)
class Before:
    """What a spec was: `ready` is its last ready text, `version` the highest that the base names.

    `removed` are requirements of earlier ready versions that `ready` does not have; `base` is what
    messages call the base branch; `gone` says that this has the spec no more.
    """

    base: str
    version: int
    ready: SpecDocument | None
    removed: Mapping[str, Was]
    gone: bool = False


def versions_rise(document: SpecDocument, before: Before) -> Iterator[Finding]:
    """`version-same` and `version-lower`, at the line of `version:`."""
    now = version_of(document)
    if not now:
        return  # The front matter's own rule says so.
    line, column = document.front.place(("version",))
    if now < before.version:
        yield finding_in(
            document, "version-lower",
            f"the version fell from {before.version} to {now} ({_had(before, before.version)})",
            f"versions only rise: write `version: {before.version + 1}`, or put the spec back as"
            " it was", line=line, column=column,
        )  # fmt: skip
    elif (
        document.meta.get("status") == "ready"
        and before.ready is not None
        and now <= version_of(before.ready)
        and not same_text(document, before.ready)
    ):
        yield finding_in(
            document, "version-same",
            f"the text has changed, and its version has not ({_had(before, now)})",
            f"write `version: {now + 1}`", line=line, column=column,
        )  # fmt: skip


def _had(before: Before, version: int) -> str:
    """Which text a version is compared with."""
    if before.gone:
        return f"{before.base} had version {version}, and has the spec no more"
    return f"on {before.base} it is {version}"


def ids_stay(document: SpecDocument, before: Before) -> Iterator[Finding]:
    """`requirement-renumbered` and `requirement-reused`, at the line of the requirement."""
    if before.ready is None:
        return  # Nothing was ever built from it, so no id means anything yet.
    old, new = texts_of(before.ready), texts_of(document)
    version = version_of(before.ready)
    earlier = {**before.removed, **{name: Was(text=old[name], version=version) for name in old}}
    origins = _origins(old, new, before.removed)
    lines = {one.id: one.line for one in reversed(list(document.requirements()))}
    for name in new:
        was = origins.get(name)
        if was and was != name:
            yield finding_in(
                document, "requirement-renumbered",
                f"{name} says what {was} said in version {earlier[was].version}",
                f"put it back under {was}: scenarios and verdicts know it by that id",
                line=lines[name],
            )  # fmt: skip
        elif not was and name in earlier:
            yield finding_in(
                document, "requirement-reused",
                f"{name} meant something else in version {earlier[name].version}:"
                f" “{cut(meaning(earlier[name].text), SHOWN_CHARACTERS)}”",
                "give this one an id that the spec never had, such as"
                f" {_free(name, [*earlier, *new])}; where only the words are other ones, say so in"
                " a comment that allows it",
                line=lines[name],
            )  # fmt: skip


def id_stays(document: SpecDocument, gone: Sequence[SpecDocument]) -> Iterator[Finding]:
    """`requirement-renumbered` where a new spec is one of the `gone` ones under another id."""
    new = {meaning(text) for text in texts_of(document).values()}
    for other in gone:
        old = [meaning(text) for text in texts_of(other).values()]
        if sum(text in new for text in old) > RENAMED_SHARE * len(old):
            line, column = document.front.place(("id",))
            yield finding_in(
                document, "requirement-renumbered",
                f"the requirements of {other.id} stand here, and {other.id} is gone",
                f"keep the id {other.id}; or keep that spec beside this one, with"
                " `status: retired`", line=line, column=column,
            )  # fmt: skip
            return


def _origins(old: Requirements, new: Requirements, removed: Mapping[str, Was]) -> dict[str, str]:
    """`trace`, first in the last ready version, then in what earlier ones had besides."""
    found = trace(old, new)
    loose = {name: text for name, text in new.items() if name not in found}
    taken_out = {n: one.text for n, one in removed.items() if n in loose or n not in new}
    return found | trace(taken_out, loose)


def _free(name: str, taken: Sequence[str]) -> str:
    """An id of the same letter above all that are taken."""
    return f"{name[0]}{max(int(one[1:]) for one in taken if one[0] == name[0]) + 1}"
