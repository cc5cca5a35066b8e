"""What of pytest's configuration is taken from the suite itself: where its features lie and where
its imports do. Nothing else is, and nothing from outside FEATURES."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

# In the order in which pytest looks.
_FILES = ("pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")


def arguments(root: Path) -> list[str]:
    """For pytest's command line. Raises pytest.UsageError for a file that cannot be read."""
    settings = _settings(root)
    found: list[str] = []
    if base := settings.get("bdd_features_base_dir"):
        found += ["-o", f"bdd_features_base_dir={base}"]
    paths = settings.get("pythonpath") or []
    if isinstance(paths, str):
        paths = shlex.split(paths)
    if paths:
        found += ["-o", f"pythonpath={shlex.join(str(root / path) for path in paths)}"]
    return found


def _settings(root: Path) -> dict[str, Any]:
    from _pytest.config.findpaths import load_config_dict_from_file

    for name in _FILES:
        path = root / name
        known = load_config_dict_from_file(path) if path.is_file() else None
        if known is not None:
            # pytest 9 tells with each value where it comes from.
            return {key: getattr(each, "value", each) for key, each in known.items()}
    return {}
