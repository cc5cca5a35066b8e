"""Names in a tree that git, another file system or a reader would take for something else."""

from __future__ import annotations

import re
import unicodedata

# Code points that HFS+ leaves out when it compares names, so that ".g\u200cit" opens ".git".
_HFS_IGNORED = dict.fromkeys(
    [*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF]
)
# Control, format (bidi, zero-width), surrogate, line and paragraph separator.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_WINDOWS_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])")
_WINDOWS_FORBIDDEN = frozenset('<>:"|?*\\')
# No dot but between letters, no device's name of two to seven letters before the first of them.
_PLAIN = re.compile(
    rb"(?!(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$))[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*"
)
_SHORT_NAME = re.compile(r"(?i)git~[0-9]+")
# git reads these itself; as links they would let it read elsewhere.
NO_LINK = frozenset({".gitmodules", ".gitattributes", ".gitignore", ".mailmap"})


def shown(path: bytes | str) -> str:
    """A hostile path as one line of ASCII, at most 200 characters, safe in a log."""
    text = path.decode("utf-8", "surrogateescape") if isinstance(path, bytes) else path
    escaped = ascii(text)[1:-1]
    return escaped if len(escaped) <= 200 else escaped[:197] + "..."


def is_git_like(name: str) -> bool:
    """Whether some file system opens `.git` under this name.

    Case, HFS+ ignored code points, NTFS short names (`git~1`), alternate streams (`.git::$…`)
    and trailing dots and spaces are seen through; so is a backslash, NTFS's second separator.
    """
    for part in name.split("\\"):
        plain = part.translate(_HFS_IGNORED).split(":", 1)[0].rstrip(". ")
        if twin_key(plain) == ".git" or _SHORT_NAME.fullmatch(plain):
            return True
    return False


def twin_key(name: str) -> str:
    """What two names share when a case- or normalisation-insensitive file system mixes them up."""
    if name.isascii():
        return name.lower()
    bare = unicodedata.normalize("NFKD", name.translate(_HFS_IGNORED))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", bare.casefold()))


def trouble(name: bytes) -> str | None:
    """Why one path component may not enter a repository, or None."""
    if _PLAIN.fullmatch(name):  # Nearly every name: none of what follows can be found in it.
        return None
    try:
        text = name.decode("utf-8")
    except UnicodeDecodeError:
        return "its name is not UTF-8"
    if text in ("", ".", "..") or "/" in text:
        return "its name is not a plain name"
    if any(unicodedata.category(character) in _UNPRINTABLE for character in text):
        return "its name holds a control or invisible character"
    if is_git_like(text):
        return "its name means .git to git or to a file system"
    if _WINDOWS_FORBIDDEN.intersection(text) or text[-1] in ". ":
        return "its name cannot exist on Windows"
    if _WINDOWS_DEVICE.fullmatch(text.split(".", 1)[0].rstrip(" ")):
        return "its name is a device on Windows"
    return None


def link_trouble(folder_depth: int, name: str, target: bytes) -> str | None:
    """Why a symbolic link may not enter or leave a repository, or None.

    Args:
        folder_depth: how many folders lie between the root of the tree and the link; 0 at the
            root.
        name: the link's own name.
        target: what it points at.

    `..` is allowed at the start only: there it climbs from a real folder, so counting is sound.
    After a name it would climb from wherever another link leads.
    """
    if name.casefold() in NO_LINK:
        return "git reads this file, so it may not be a symbolic link"
    try:
        text = target.decode("utf-8")
    except UnicodeDecodeError:
        return "a symbolic link whose target is not UTF-8"
    if not text or len(target) > 4095:
        return "a symbolic link whose target is empty or too long"
    if any(unicodedata.category(character) in _UNPRINTABLE for character in text):
        return "a symbolic link whose target holds a control or invisible character"
    if text.startswith("/") or "\\" in text or ":" in text:
        return "a symbolic link that leaves the tree"
    parts = [part for part in text.split("/") if part not in ("", ".")]
    climb = next((at for at, part in enumerate(parts) if part != ".."), len(parts))
    if climb > folder_depth or ".." in parts[climb:]:
        return "a symbolic link that leaves the tree"
    if any(is_git_like(part) for part in parts[climb:]):
        return "a symbolic link into a .git folder"
    return None
