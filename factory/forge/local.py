"""The forge of one machine: repositories are paths, checks are files."""

from __future__ import annotations

import json
from pathlib import Path

from factory.errors import ConfigurationError
from factory.forge.protocol import CheckConclusion, CheckOutput
from factory.records.base import write_atomically


class LocalForge:
    """Local git repositories, or any URL that git reaches without our help.

    Args:
        checks: the folder for check runs as JSON files; None to keep none.
    """

    def __init__(self, checks: Path | None) -> None:
        self.checks = checks

    def clone_url(self, repository: str) -> str:
        """A path as it is, a URL as it is.

        Raises:
            ConfigurationError: it is neither.
        """
        if "://" in repository or repository.startswith(("/", "git@")):
            return repository
        if repository.startswith("."):
            return str(Path(repository).resolve())
        raise ConfigurationError(
            f"{repository!r} is on GitHub, but there is no token to reach it with",
            mend="set FACTORY_TOKEN, or name a path that begins with ./ or /",
        )

    def git_environment(self, repository: str) -> dict[str, str]:
        """Nothing: git reaches local paths as they are."""
        return {}

    def begin_check(self, repository: str, commit: str, name: str, details_url: str) -> None:
        """Write a check that is in progress."""
        self._write(commit, name, {"status": "in_progress", "repository": repository})

    def complete_check(
        self,
        repository: str,
        commit: str,
        name: str,
        conclusion: CheckConclusion,
        output: CheckOutput,
        details_url: str,
    ) -> None:
        """Write the completed check; the same again gives the same file."""
        self._write(
            commit,
            name,
            {
                "status": "completed",
                "repository": repository,
                "conclusion": conclusion,
                "title": output.title,
                "summary": output.summary,
            },
        )

    def request_attempt(self, repository: str, payload: dict[str, object]) -> None:
        """Nothing to ask for: on one machine the line itself goes on."""

    def _write(self, commit: str, name: str, body: dict[str, str]) -> None:
        if self.checks is None:
            return
        self.checks.mkdir(parents=True, exist_ok=True)
        path = self.checks / f"{commit}-{name.replace(' / ', '-').replace('/', '-')}.json"
        text = json.dumps({"name": name, "head_sha": commit, **body}, indent=2)
        write_atomically(path, f"{text}\n".encode())
