"""The packages that a runner of one's own keeps: its index is asked once, its hashes each time."""

from __future__ import annotations

import http.server
import os
import sys
import threading

import pytest

from tests.unit.workflows.test_action_install import wheels

__all__ = ["wheels"]


@pytest.fixture
def index():
    """An index that has nothing: its address, and what it was asked for."""
    asked = []

    class Index(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/simple", asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def job(script, monkeypatch, tmp_path, wheels, index):
    """`job(name)`: a job's installation, into a folder of its own; pip's code and what is there."""
    packages = script("packages")
    requirements = tmp_path / "needs.txt"
    requirements.write_text(f"tiny-backend==1.0 --hash=sha256:{wheels[1]}\n")
    for name, value in {"CONFIG_FILE": os.devnull, "INDEX_URL": index[0]}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    monkeypatch.setenv("FACTORY_CACHE", str(tmp_path / "cache"))

    def start(name, *, runner="self-hosted", links=wheels[0]):
        monkeypatch.setenv("RUNNER_ENVIRONMENT", runner)
        monkeypatch.setenv("PIP_FIND_LINKS", str(links))
        monkeypatch.setenv("PIP_TARGET", str(tmp_path / name))
        code = packages.install([sys.executable, "-I", "-m", "pip"], requirements)
        return code, sorted(one.name for one in (tmp_path / name).glob("*.py"))

    return start


@pytest.fixture
def kept(tmp_path):
    """`kept()`: the folders that are kept."""
    return lambda: sorted((tmp_path / "cache").glob("packages/*"))


def test_what_is_kept_is_held_against_its_hash_and_asks_no_index(job, kept, index, tmp_path, capfd):
    installed, (_, asked) = (0, ["tiny_backend.py"]), index
    assert job("first") == installed
    assert asked
    asked.clear()
    assert job("second", links=tmp_path / "nowhere") == installed
    assert asked == [] and "no good" not in capfd.readouterr().out
    (folder,) = kept()
    (wheel,) = folder.iterdir()
    wheel.write_bytes(wheel.read_bytes() + b"planted")
    assert job("third") == installed
    assert "no good" in capfd.readouterr().out
    assert kept() == [], "the next job takes them anew"


def test_a_hosted_runner_keeps_nothing(job, kept):
    assert job("only", runner="github-hosted") == (0, ["tiny_backend.py"])
    assert kept() == []


def test_what_no_job_has_used_for_a_month_goes(script, tmp_path):
    packages = script("packages")
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "new")
    os.utime(tmp_path / "old", (0, 0))
    packages._forget_old(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["link", "new"]


def test_a_cache_that_cannot_be_written_is_none(script, monkeypatch, tmp_path):
    packages = script("packages")
    (tmp_path / "file").write_text("")
    (tmp_path / "needs.txt").write_text("")
    monkeypatch.setenv("FACTORY_CACHE", str(tmp_path / "file"))
    assert packages._kept([], tmp_path / "needs.txt") is None
