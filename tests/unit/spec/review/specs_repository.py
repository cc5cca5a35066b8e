"""A specs repository with branches, and `factory`'s own review of them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from factory.errors import AuthenticationError
from factory.forge.local import LocalForge
from factory.records import GateReport
from factory.spec.review import Asked, review

GOOD = (
    Path(__file__).resolve().parents[4] / "examples/shortener/specs/specs/link-expiry.md"
).read_text()


class Desk(LocalForge):
    """A forge that knows who set a label and who is in which team; None: nobody may ask."""

    def __init__(self) -> None:
        super().__init__()
        self.labelled: str | None = None
        self.may_ask = True
        self.asked: list[tuple[str, ...]] = []

    def label_set_by(self, repository: str, pull: int, label: str) -> str | None:
        self.asked.append((str(pull), label))
        if not self.may_ask:
            raise AuthenticationError("nobody may ask")
        return self.labelled


class Specs:
    """A repository; `commit` on a branch, `review` the branch against main."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.desk, self.reviews = folder, Desk(), 0
        self.git("init", "-q", "-b", "main", str(folder), place=folder.parent)

    def git(self, *words: str, place: Path | None = None, stdin: bytes = b"") -> str:
        names = ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL")
        env = {
            **os.environ,
            **dict.fromkeys(names, "a@example.com"),
            "GIT_CONFIG_GLOBAL": "/dev/null",
        }
        done = subprocess.run(
            ["git", *words], cwd=place or self.folder, env=env, input=stdin, capture_output=True,
            check=True, timeout=60,
        )  # fmt: skip
        return done.stdout.decode().strip()

    def commit(self, files: dict[str, str | None], *, branch: str = "main") -> str:
        """Write files (None deletes) on a branch, made from where HEAD is if it is new."""
        if branch != self.git("branch", "--show-current"):
            known = self.git("branch", "--list", branch)
            self.git("checkout", "-q", *([] if known else ["-b"]), branch)
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            elif text.startswith("-> "):
                path.symlink_to(text[3:])
            else:
                path.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")
        return self.git("rev-parse", "HEAD")

    def review(self, head: str = "change", *, base: str = "main", **asked: object) -> GateReport:
        self.reviews += 1
        given = {"pull": 7, **asked}
        scratch = self.folder.parent / f"review-{self.reviews}"
        question = Asked(repository=str(self.folder), base=base, head=head, **given)
        return review(question, self.desk, scratch)


def spec(spec_id: str, *more: tuple[str, str]) -> str:
    """A good spec, with each `old` replaced by its `new`; a draft, which overlaps with nothing."""
    text = GOOD.replace("id: link-expiry", f"id: {spec_id}")
    text = text.replace("status: ready", "status: draft")
    for old, new in more:
        assert old in text
        text = text.replace(old, new, 1)
    return text


BAD = ("## Edge cases\n", "- A rule without a number.\n\n## Edge cases\n")
FACTORY_YML = (
    Path(__file__).resolve().parents[4] / "examples/shortener/specs/factory.yml"
).read_text()
