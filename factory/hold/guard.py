"""What an agent may not change, and what is left out of a commit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from factory.errors import ConfigurationError, GuardError
from factory.ports.git import tree
from factory.ports.git.patterns import Patterns

# Where GitHub runs code, assigns reviewers or fetches other repositories, and the factory's own
# settings. GitHub reads CODEOWNERS in the root, in docs/ and in .github/.
ALWAYS_PROTECTED = (
    "/.github/",
    "/.github",
    ".gitmodules",
    ".lfsconfig",
    "/CODEOWNERS",
    "/docs/CODEOWNERS",
    "/factory.yml",
)
# Left behind by tools, never part of a product; a .gitignore of the base can take them back.
LEFTOVERS = (
    "__pycache__/",
    ".pytest_cache/",
    ".mypy_cache/",
    ".ruff_cache/",
    ".hypothesis/",
    ".venv/",
    "node_modules/",
    ".DS_Store",
)
_IGNORE_FILE_BYTES = 1024 * 1024


def check_changes(changed: Sequence[str], protected: Sequence[str]) -> None:
    """Refuse a change of nothing, or of a protected path.

    Args:
        changed: every path whose content, mode or kind differs from the base.
        protected: patterns of the product in the form of .gitignore, added to ours.

    Raises:
        GuardError: with the paths.
        ConfigurationError: a pattern means nothing.
    """
    if not changed:
        raise GuardError(
            "the agent changed nothing",
            mend="look at the agent's trajectory; the next attempt must write code",
        )
    always = Patterns(ALWAYS_PROTECTED, ignore_case=True)
    try:
        own = Patterns(protected, ignore_case=True)
    except ValueError as error:
        raise ConfigurationError(
            f"protected: {error}", mend="write it in the form of .gitignore"
        ) from error
    touched = [path for path in changed if always.covers(path) or own.covers(path)]
    if touched:
        named = ", ".join(tree.shown(path) for path in touched[:10])
        more = f" and {len(touched) - 10} more" if len(touched) > 10 else ""
        raise GuardError(
            f"the agent changed what is protected: {named}{more}",
            mend="a person makes this change; the next attempt must leave it alone",
        )


def leftovers(
    repository: Path, blobs: Mapping[str, str], folders: Collection[str]
) -> Callable[[str, bool], bool]:
    """What the base's own .gitignore files, and `LEFTOVERS`, leave out of a commit.

    The agent's .gitignore files are not asked. What the base tracks is never left out, so that
    no ignored change stands in for a deletion.

    Args:
        blobs, folders: of the base, as `tree.list_objects` lists them.
    """
    files = {
        path.rpartition("/")[0]: _readable(tree.read_blob(repository, blob))
        for path, blob in blobs.items()
        if path.rpartition("/")[2] == ".gitignore"
    }
    built_in = Patterns(LEFTOVERS)

    def ignored(path: str, is_folder: bool) -> bool:
        folder = path
        while folder:  # The nearest file that has a say decides.
            folder = folder.rpartition("/")[0]
            rules = files.get(folder)
            inner = path[len(folder) + 1 :] if folder else path
            said = rules.decide(inner, is_folder) if rules else None
            if said is not None:
                return said
        return built_in.decide(path, is_folder) or False

    def skip(path: str, is_folder: bool) -> bool:
        if path in blobs or path in folders:
            return False
        parts = path.split("/")
        above = ("/".join(parts[:count]) for count in range(1, len(parts)))
        return any(ignored(folder, True) for folder in above) or ignored(path, is_folder)

    return skip


def _readable(content: bytes) -> Patterns:
    """The patterns of one .gitignore; a line that means nothing to git means nothing here."""
    lines = content[:_IGNORE_FILE_BYTES].decode("utf-8", "replace").split("\n")
    good = []
    for line in lines:
        try:
            Patterns([line])
        except ValueError:
            continue
        good.append(line)
    return Patterns(good)
