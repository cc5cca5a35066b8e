"""Which specs a push is about, told by git; other events are about all."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

SPEC = (
    Path(__file__).resolve().parents[3] / "examples/shortener/specs/specs/link-expiry.md"
).read_text()
OLD = "0" * 40


class Specs:
    """A specs repository with commits to push."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", "-b", "main", str(folder))

    def git(self, *words: str) -> str:
        place = ["-C", str(self.folder)] if self.folder.exists() else []
        done = subprocess.run(
            ["git", *place, "-c", "user.name=t", "-c", "user.email=t@example.com", *words],
            check=True, capture_output=True, text=True, timeout=30,
        )  # fmt: skip
        return done.stdout.strip()

    def commit(self, **files: str | None) -> str:
        for name, text in files.items():
            path = self.folder / name.replace("__", "/").replace("_md", ".md").replace(
                "_yml", ".yml"
            )
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")
        return self.git("rev-parse", "HEAD")


def spec(spec_id: str, version: int = 1) -> str:
    return SPEC.replace("id: link-expiry", f"id: {spec_id}").replace(
        "version: 1", f"version: {version}"
    )


@pytest.fixture
def specs(tmp_path):
    return Specs(tmp_path / "specs")


@pytest.fixture
def pushed(script, monkeypatch, tmp_path, specs):
    """`pushed(before, after)`: the ids that the push is about."""
    events = script("events")

    def changed(before: str, after: str, event_name: str = "push"):
        event = tmp_path / "event.json"
        event.write_text(json.dumps({"before": before, "after": after}))
        monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
        monkeypatch.setenv("GITHUB_EVENT_NAME", event_name)
        monkeypatch.setenv("GITHUB_SHA", after)
        monkeypatch.setattr(events, "specs_repository", lambda: (str(specs.folder), {}))
        return events.changed_specs(tmp_path / "scratch")

    return changed


def test_only_the_specs_that_changed(pushed, specs):
    before = specs.commit(specs__one_md=spec("spec-one"), specs__two_md=spec("spec-two"))
    after = specs.commit(
        specs__two_md=spec("spec-two", 2), specs__deep__three_md=spec("spec-three"), note_md="x"
    )
    assert pushed(before, after) == ["spec-three", "spec-two"]


def test_several_commits_in_one_push_count_together(pushed, specs):
    before = specs.commit(note_md="x")
    specs.commit(specs__one_md=spec("spec-one"))
    after = specs.commit(specs__two_md=spec("spec-two"))
    assert pushed(before, after) == ["spec-one", "spec-two"]


def test_a_push_without_specs_is_about_none(pushed, specs):
    before = specs.commit(specs__one_md=spec("spec-one"))
    after = specs.commit(note_md="x", specs__readme_md="about")
    assert pushed(before, after) == []


def test_a_spec_that_is_gone_is_not_planned(pushed, specs):
    before = specs.commit(specs__one_md=spec("spec-one"), specs__two_md=spec("spec-two"))
    after = specs.commit(specs__one_md=None)
    assert pushed(before, after) == []


def test_configuration_concerns_every_spec(pushed, specs):
    before = specs.commit(specs__one_md=spec("spec-one"))
    assert pushed(before, specs.commit(factory_yml="version: 1\n")) is None


def test_a_spec_that_cannot_be_read_is_left_to_plan(pushed, specs):
    before = specs.commit(specs__one_md=spec("spec-one"))
    assert pushed(before, specs.commit(specs__two_md="no front matter")) is None


def test_a_new_branch_a_lost_commit_and_other_events_are_about_all(pushed, specs):
    after = specs.commit(specs__one_md=spec("spec-one"))
    assert pushed(OLD, after) is None
    assert pushed("d" * 40, after) is None
    assert pushed(after, after, "workflow_dispatch") is None


def test_without_a_commit_nothing_is_guessed(script, monkeypatch):
    events = script("events")
    monkeypatch.setenv("GITHUB_SHA", "main")
    with pytest.raises(events.EventError, match="GITHUB_SHA"):
        events.commit()
