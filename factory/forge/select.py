"""Which forge answers for which repository.

By the way a repository is written: a folder (`./…`, `/…`, `~…`, `file://…`, or a name that is a
folder here, outside of GitHub Actions) is local; `owner/name` and addresses on the server of
GITHUB_SERVER_URL are GitHub's; any other URL is git's to reach, and its checks are local files.
FACTORY_FORGE=local or =github overrides that for all but folders.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from factory.errors import ConfigurationError
from factory.forge.address import full_name, is_folder, server_url
from factory.forge.conversation import Conversation
from factory.forge.github import GitHubForge
from factory.forge.local import LocalForge
from factory.forge.protocol import CheckConclusion, CheckOutput, Forge


class ForgeByRepository:
    """Asks the forge of each repository."""

    def __init__(self, local: LocalForge, github: GitHubForge, env: Mapping[str, str]) -> None:
        self.local, self.github, self._env = local, github, env
        self._forced = env.get("FACTORY_FORGE", "")
        if self._forced not in ("", "local", "github"):
            raise ConfigurationError(
                f"FACTORY_FORGE is {self._forced!r}", mend="set it to local or github, or unset it"
            )

    @property
    def remarks(self) -> list[str]:
        """What a person should be told of how calls were carried out."""
        return self.github.remarks

    def of(self, repository: str) -> Forge:
        """The forge that answers for `repository`."""
        if is_folder(repository):
            return self.local
        if self._forced:
            return self.github if self._forced == "github" else self.local
        in_actions = self._env.get("GITHUB_ACTIONS") == "true"
        if not in_actions and "://" not in repository and Path(repository).is_dir():
            return self.local
        return self.github if full_name(repository, server_url(self._env)) else self.local

    def clone_url(self, repository: str) -> str:
        """See `Forge`."""
        return self.of(repository).clone_url(repository)

    def git_environment(self, repository: str) -> dict[str, str]:
        """See `Forge`."""
        return self.of(repository).git_environment(repository)

    def check_texts(self, repository: str, commit: str, name: str) -> list[str]:
        """See `Forge`."""
        return self.of(repository).check_texts(repository, commit, name)

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
        """See `Forge`."""
        self.of(repository).begin_check(
            repository,
            commit,
            name,
            details_url,
            external_id=external_id,
            output=output,
            replaces=replaces,
        )

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
        """See `Forge`."""
        self.of(repository).complete_check(
            repository, commit, name, conclusion, output, details_url, external_id=external_id
        )

    def request_attempt(self, repository: str, payload: dict[str, object]) -> None:
        """See `Forge`."""
        self.of(repository).request_attempt(repository, payload)

    def request_plan(self, repository: str) -> None:
        """See `Forge`."""
        self.of(repository).request_plan(repository)

    def workflow_runs(
        self, repository: str, workflow: str, since: int | None, *, besides: str
    ) -> int:
        """See `Forge`."""
        return self.of(repository).workflow_runs(repository, workflow, since, besides=besides)

    def merged_pull(self, repository: str, commit: str) -> int | None:
        """See `Forge`."""
        return self.of(repository).merged_pull(repository, commit)

    def comment_on_pull(self, repository: str, pull: int, mark: str, text: str) -> None:
        """See `Forge`."""
        self.of(repository).comment_on_pull(repository, pull, mark, text)

    def conversation(self, repository: str) -> Conversation | None:
        """See `Forge`."""
        return self.of(repository).conversation(repository)

    def label_set_by(self, repository: str, pull: int, label: str) -> str | None:
        """See `Forge`."""
        return self.of(repository).label_set_by(repository, pull, label)

    def in_team(self, repository: str, team: str, login: str) -> bool:
        """See `Forge`."""
        return self.of(repository).in_team(repository, team, login)


def select(
    *, checks: Path | None = None, env: Mapping[str, str] | None = None
) -> ForgeByRepository:
    """The forges of this environment.

    Args:
        checks: the folder where checks of local repositories are kept; None to keep none.
        env: the environment to read; the process's own by default.

    Raises:
        ConfigurationError: FACTORY_FORGE is neither local nor github.
    """
    env = os.environ if env is None else env
    return ForgeByRepository(LocalForge(checks), GitHubForge(env), env)
