"""equivalent-mutants.yml of a scenario repository: faults that change nothing anyone can see."""

from __future__ import annotations

import os
from pathlib import Path

from factory.config.validate import require_valid
from factory.config.yaml_source import parse_yaml
from factory.errors import ConfigurationError
from factory.spec.text_file import read_text_file

FILE_NAME = "equivalent-mutants.yml"
LIMIT_BYTES = 1024 * 1024


def equivalents(root: Path) -> dict[str, str]:
    """Digest of a mutant → reason; empty where there is no such file.

    Raises:
        InputError, ConfigurationError: it cannot be read, or says what it may not say.
    """
    path = root / FILE_NAME
    if not path.exists():
        return {}
    shown = os.path.relpath(path)
    text = read_text_file(path, shown=shown, limit_bytes=LIMIT_BYTES).text
    source = parse_yaml(text, path=shown, error=ConfigurationError)
    require_valid(source, "equivalent-mutants.schema.json")
    return {one["digest"]: " ".join(one["reason"].split()) for one in source.data["mutants"]}
