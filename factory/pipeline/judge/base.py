"""What a commit is judged by: factory.yml and the specs, never taken from that commit itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from factory.config.factory_file import FILE_NAME, Configuration, load_configuration
from factory.errors import ConfigurationError, FactoryError, InputError
from factory.forge.protocol import Forge
from factory.ports.git import tree
from factory.records import Product
from factory.spec.document import SpecDocument, front_matter_problems
from factory.spec.library import read_library


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is to be judged.

    `repository` is the product's, as for `Forge`; `commit` a branch or full commit id in it.
    `base` is the ref that factory.yml is read at; HEAD is on GitHub the default branch. `specs`
    is the repository that factory.yml and the specs are in, where it is another; it is read at
    its own HEAD. `wanted` are ids to restrict to; empty for all.
    """

    repository: str
    commit: str
    base: str = "HEAD"
    specs: str | None = None
    wanted: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Base:
    """Configuration and specs, with the commits they were read at.

    `bare` is the repository that holds the specs' history, `specs_folder` their files.
    """

    configuration: Configuration
    commit: str
    documents: tuple[SpecDocument, ...]
    specs_commit: str
    specs_folder: Path
    bare: Path


def read_base(asked: Asked, forge: Forge, scratch: Path) -> Base:
    """Fetch and read what the commit is judged by; files are written below `scratch` alone.

    Raises:
        FactoryError: something cannot be fetched or read, or a spec breaks the schema.
    """
    place = asked.specs or asked.repository
    ref = "HEAD" if asked.specs else asked.base
    bare, commit = _fetched(place, ref, forge, scratch / "base")
    folder = scratch / "base-files"
    tree.materialise(bare, commit, folder, only={"specs", FILE_NAME})
    local = tree.local_folder(forge.clone_url(place))
    configuration = load_configuration(
        folder, here=str(local) if local else place, relative_to=local
    )
    specs_commit = commit
    if configuration.specs_repository:
        bare, specs_commit = _fetched(
            configuration.specs_repository, configuration.specs_ref, forge, scratch / "specs"
        )
        folder = scratch / "specs-files"
        tree.materialise(bare, specs_commit, folder, only={"specs"})
    return Base(
        configuration=configuration,
        commit=commit,
        documents=_documents(folder),
        specs_commit=specs_commit,
        specs_folder=folder,
        bare=bare,
    )


def products_of(base: Base, asked: Asked, forge: Forge) -> Mapping[str, Product]:
    """The products of factory.yml that live in the repository that is judged.

    Raises:
        ConfigurationError: there is none.
    """
    here = _address(asked.repository, forge)
    found = {
        name: one
        for name, one in base.configuration.products.items()
        if _address(one.repository, forge) == here
    }
    if not found:
        raise ConfigurationError(
            f"no product is in the repository {asked.repository}",
            path=FILE_NAME,
            mend="name it as `repository` of a product, or leave `repository` out of the one here",
        )
    return found


def _fetched(repository: str, ref: str, forge: Forge, into: Path) -> tuple[Path, str]:
    bare = tree.mirror(
        forge.clone_url(repository), into, refs=[ref], env=forge.git_environment(repository)
    )
    return bare, tree.resolve(bare, ref)


def _documents(folder: Path) -> tuple[SpecDocument, ...]:
    """Every spec; one that is ready and does not fit its schema judges nothing, so it is told."""
    if not (folder / "specs").is_dir():
        return ()
    documents = tuple(read_library(folder))
    taken: dict[str, str] = {}
    for one in documents:
        if one.meta.get("status") == "draft":
            continue
        for message, mend, line, column in front_matter_problems(one):
            raise InputError(message, path=one.path, line=line, column=column, mend=mend)
        if one.kind == "feature" and not one.numbered:
            raise InputError(
                "there is no numbered requirement to judge by",
                path=one.path,
                mend="number what can be judged, as in `- R1: …`",
            )
        if one.id in taken:
            raise InputError(
                f"the id {one.id} is taken by {taken[one.id]}",
                path=one.path,
                mend="give one of them another id",
            )
        taken[one.id] = one.path
    return documents


def _address(repository: str, forge: Forge) -> str:
    """One spelling for each repository; "" for one that no forge here knows."""
    try:
        return forge.clone_url(repository).rstrip("/").removesuffix(".git").casefold()
    except FactoryError:
        return ""
