"""Wheels without an index: what is installed beside the tests, packed again."""

from __future__ import annotations

import hashlib
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

LEFT_OUT = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}


def fill(folder: Path, wanted: list[str]) -> str:
    """Put `wanted` and all they need into the folder; a requirements file with their hashes."""
    lines = []
    waiting, seen = [Requirement(text) for text in wanted], set()
    while waiting:
        found = distribution(waiting.pop().name)
        if found.name in seen:
            continue
        seen.add(found.name)
        wheel = packed(found, folder)
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        lines.append(f"{found.name}=={found.version} --hash=sha256:{digest}\n")
        needed = [Requirement(text) for text in found.requires or []]
        waiting += [
            one for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})
        ]
    return "".join(lines)


def packed(found: Distribution, folder: Path) -> Path:
    """The wheel of an installed distribution, without scripts, which pip makes anew."""
    said = found.read_text("WHEEL") or ""
    tags = [line.removeprefix("Tag: ").split("-") for line in said.splitlines() if "Tag: " in line]
    tag = "-".join(".".join(dict.fromkeys(part)) for part in zip(*tags, strict=True))
    name = found.name.replace("-", "_").replace(".", "_")
    path = folder / f"{name}-{found.version}-{tag}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as wheel:
        for file in found.files or []:
            if ".." in file.parts or "__pycache__" in file.parts or file.is_absolute():
                continue
            if file.parent.name.endswith(".dist-info") and file.name in LEFT_OUT:
                continue
            wheel.write(file.locate(), str(file))
        info = next(str(file.parent) for file in found.files or [] if file.name == "METADATA")
        wheel.writestr(f"{info}/RECORD", "")
    return path
