"""Start a spec: everything about a new one that its repository knows already."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from factory.config.factory_file import FILE_NAME
from factory.errors import InputError, UsageError
from factory.spec.draft import draft
from factory.spec.known import Known, known_in
from factory.spec.naming import require_id, require_line, title_of


@dataclass(frozen=True, kw_only=True)
class Started:
    """The new file, and the team's template that it was made from, or None where it was ours."""

    path: Path
    template: Path | None


def start(
    root: Path,
    kind: str,
    spec_id: str,
    *,
    title: str | None = None,
    product: str | None = None,
    owner: str | None = None,
) -> Started:
    """Write `root`/specs/`spec_id`.md; nothing is overwritten.

    Args:
        root: the specs repository.
        kind: one of the three kinds.
        title, product, owner: of its front matter; where None, what the repository says.

    Raises:
        UsageError: id, title, product or owner cannot be, or the id is taken.
        ConfigurationError: factory.yml cannot be used.
        InputError: no specs repository, a team's template that cannot be used, or a file that
            cannot be written.
    """
    values = {"id": require_id(spec_id), "title": require_line("title", title or title_of(spec_id))}
    _require_repository(root)
    known = known_in(root)
    for other in known.specs:
        if other.id == spec_id:
            raise UsageError(
                f"the id {spec_id!r} is that of {other.path}", mend="choose another, or change it"
            )
    named = _product(known, product)
    owner = require_line("owner", owner) if owner is not None else known.owner
    values |= {"product": named} if named else {}
    values |= {"owner": owner} if owner else {}
    made = draft(root, kind, values)
    path = root / "specs" / f"{spec_id}.md"
    _write(path, made.text)
    return Started(path=path, template=made.template)


def _require_repository(root: Path) -> None:
    folder = root / "specs"
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise InputError("is no folder", path=str(folder), mend="make it a folder")
    if not folder.exists() and not (root / FILE_NAME).exists():
        raise InputError(
            f"is no specs repository: it has neither specs/ nor {FILE_NAME}",
            path=str(root),
            mend="name yours with --specs, or make one with `factory init specs DIR`",
        )


def _product(known: Known, wanted: str | None) -> str | None:
    names = known.products
    if wanted is None:
        if len(names) > 1:
            raise UsageError(
                f"{FILE_NAME} has several products", mend=f"add --product: {', '.join(names)}"
            )
        return known.product
    if names and wanted not in names:
        raise UsageError(
            f"{FILE_NAME} has no product {wanted!r}",
            mend=f"use one of: {', '.join(names)}, or add it there first",
        )
    return require_line("product", wanted)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
        stream = path.open("x", encoding="utf-8")
    except FileExistsError as error:
        raise UsageError(
            "there is such a file already", path=str(path), mend="choose another id"
        ) from error
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path=str(path)) from error
    try:
        with stream:
            stream.write(text)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise InputError(f"cannot be written: {error.strerror}", path=str(path)) from error
