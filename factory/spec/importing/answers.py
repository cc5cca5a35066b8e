"""What a source cannot state, and its user does; the front matter of a draft."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from factory.config.validate import problems
from factory.config.yaml_source import YamlSource
from factory.errors import UsageError
from factory.spec.document import FRONT_MATTER_SCHEMA
from factory.spec.importing import questions
from factory.spec.known import known_in
from factory.spec.library import repository_of


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Values for the front matter: None where the user left one open."""

    id: str | None = None
    product: str | None = None
    owner: str | None = None

    def require_valid(self) -> None:
        """Raise UsageError for the first that the front matter cannot hold."""
        front = front_matter(self, id=questions.TODO_ID, title=questions.TODO_TITLE)
        for problem in problems(YamlSource(data=front, positions={}, path=""), FRONT_MATTER_SCHEMA):
            raise UsageError(problem.message, mend=problem.mend)
        if not (self.owner or "").isprintable():
            raise UsageError("the owner holds a character that nobody sees", mend="remove it")

    def with_known(self, path: Path) -> Answers:
        """These, and what the specs repository knows in which a draft would stand at `path`.

        Raises:
            ConfigurationError: its factory.yml cannot be used.
        """
        root = repository_of(path)
        if root is None or None not in (self.product, self.owner):
            return self
        known = known_in(root)
        return replace(
            self,
            product=known.product if self.product is None else self.product,
            owner=known.owner if self.owner is None else self.owner,
        )


def front_matter(answers: Answers, *, id: str, title: str) -> dict[str, str | int]:
    """The front matter, in the order of our form; `id` unless the user gave another."""
    return {
        "id": id if answers.id is None else answers.id,
        "title": title,
        "kind": "feature",
        "status": "draft",
        "version": 1,
        "product": questions.TODO_PRODUCT if answers.product is None else answers.product,
        "owner": questions.TODO_OWNER if answers.owner is None else answers.owner,
        "stakes": "normal",
    }
