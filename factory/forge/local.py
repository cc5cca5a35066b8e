"""The forge of one machine: repositories are folders or plain URLs, checks are files."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from factory.errors import ConfigurationError, ForgeError
from factory.forge.protocol import CheckConclusion, CheckOutput
from factory.records.base import write_atomically


class LocalForge:
    """Local git repositories, or any URL that git reaches without our help.

    Args:
        checks: the folder for checks and requests as JSON files; None to keep none.
    """

    def __init__(self, checks: Path | None = None) -> None:
        self.checks = checks

    def clone_url(self, repository: str) -> str:
        """An absolute path, or the URL as it is.

        Raises:
            ConfigurationError: it is neither.
        """
        if "://" in repository or re.match(r"[\w.-]+@[\w.-]+:", repository):
            return repository
        path = Path(repository).expanduser()
        if path.is_absolute() or repository.startswith(".") or path.is_dir():
            return str(path.resolve())
        raise ConfigurationError(
            f"there is no repository {repository!r} on this machine",
            mend="name a folder (./… or /…), a URL, or owner/name on GitHub",
        )

    def git_environment(self, repository: str) -> dict[str, str]:
        """Nothing: git reaches these as they are."""
        return {}

    def begin_check(
        self,
        repository: str,
        commit: str,
        name: str,
        details_url: str,
        *,
        external_id: str = "",
        output: CheckOutput | None = None,
        replaces: str = "",
    ) -> None:
        """Write a check that is in progress. There is one file for each name on a commit.

        Raises:
            ForgeError: its file cannot be written.
        """
        said = {"title": output.title, "summary": output.summary} if output else {}
        body = {"status": "in_progress", "repository": repository, "external_id": external_id}
        body |= said
        self._write(repository, commit, name, body)

    def complete_check(
        self,
        repository: str,
        commit: str,
        name: str,
        conclusion: CheckConclusion,
        output: CheckOutput,
        details_url: str,
        *,
        external_id: str = "",
    ) -> None:
        """Write the completed check; the same again gives the same file.

        Raises:
            ForgeError: its file cannot be written.
        """
        body = {
            "status": "completed",
            "repository": repository,
            "external_id": external_id,
            "conclusion": conclusion,
            "title": output.title,
            "summary": output.summary,
            **({"text": output.text} if output.text else {}),
            "annotations": [asdict(one) for one in output.annotations],
        }
        self._write(repository, commit, name, body)

    def check_texts(self, repository: str, commit: str, name: str) -> list[str]:
        """The text of the check that was kept, if there is one.

        Raises:
            ForgeError: its file cannot be read.
        """
        if self.checks is None:
            return []
        file = self.checks / _file_name(commit, name)
        try:
            body = json.loads(file.read_bytes())
            return [str(body.get("text", ""))] if body["status"] == "completed" else []
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ForgeError("the check cannot be read", path=str(file)) from error

    def request_attempt(self, repository: str, payload: dict[str, object]) -> None:
        """Write the request to a file; on one machine the line itself goes on.

        Raises:
            ForgeError: its file cannot be written.
        """
        text = json.dumps(payload, indent=2, sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(f"{repository}\n{text}".encode()).hexdigest()[:12]
        self._put(f"request-{digest}.json", text)

    def request_plan(self, repository: str) -> None:
        """Nobody: on one machine whoever runs plans again."""

    def workflow_runs(
        self, repository: str, workflow: str, since: int | None, *, besides: str
    ) -> int:
        """0: there are no workflows without a forge."""
        return 0

    def merged_pull(self, repository: str, commit: str) -> int | None:
        """None: there are no pull requests without a forge."""
        return None

    def comment_on_pull(self, repository: str, pull: int, mark: str, text: str) -> None:
        """Nowhere: there are no pull requests without a forge."""

    def conversation(self, repository: str) -> None:
        """None: there are no issues without a forge."""

    def label_set_by(self, repository: str, pull: int, label: str) -> str | None:
        """None: there are no labels without a forge."""
        return None

    def in_team(self, repository: str, team: str, login: str) -> bool:
        """False: there are no teams without a forge."""
        return False

    def _write(self, repository: str, commit: str, name: str, body: Mapping[str, object]) -> None:
        text = json.dumps({"name": name, "head_sha": commit, **body}, indent=2, ensure_ascii=False)
        self._put(_file_name(commit, name), text)

    def _put(self, file: str, text: str) -> None:
        if self.checks is None:
            return
        try:
            self.checks.mkdir(parents=True, exist_ok=True)
            write_atomically(self.checks / file, f"{text}\n".encode())
        except OSError as error:
            raise ForgeError(
                f"the check cannot be written: {error.strerror}",
                path=str(self.checks / file),
                mend="make the folder writable and run this again",
            ) from error


def _file_name(commit: str, name: str) -> str:
    word = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return f"{commit}-{word}.json"
