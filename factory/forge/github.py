"""The forge of GitHub, of GitHub Enterprise Server, and of whatever speaks their API."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from factory.errors import AuthenticationError, ForgeError
from factory.forge.access import Access
from factory.forge.calls import Patience
from factory.forge.checks import Check, CheckRuns, CommitStatuses
from factory.forge.client import client, git_authorization
from factory.forge.comments import Comments
from factory.forge.conversation import Conversation
from factory.forge.identity import Credential
from factory.forge.pages import pages
from factory.forge.protocol import CheckConclusion, CheckOutput
from factory.forge.pulls import merged_pull
from factory.moment import moment_text

if TYPE_CHECKING:
    from github import Github

T = TypeVar("T")

ATTEMPT_EVENT = "factory-attempt"
PLAN_EVENT = "factory-plan"
PAYLOAD_KEYS = 10
PAYLOAD_LIMIT_BYTES = 64 * 1024
RUNS_COUNTED = 1000
"""GitHub shows no more of a filtered list; every leak budget is spent by then."""
_CHECKS = {"checks": "write"}
_CHECKS_READ = {"checks": "read"}
_CONTENTS = {"contents": "write"}
_ACTIONS = {"actions": "read"}
_PULLS = {"pull_requests": "read"}
_PULLS_WRITE = {"pull_requests": "write"}
_MEMBERS = {"members": "read"}
_ISSUES = {"issues": "write"}


class GitHubForge(Access):
    """GitHub through PyGithub, for what `Forge` says; `Access` has its arguments.

    `remarks` gathers what a person should be told of how a call was carried out.
    """

    def __init__(self, env: Mapping[str, str], patience: Patience | None = None) -> None:
        super().__init__(env, patience)
        self.remarks: list[str] = []
        self._git: dict[str, Credential] = {}

    def clone_url(self, repository: str) -> str:
        """HTTPS for owner/name; a URL or an SSH address as it is."""
        if "://" in repository or "@" in repository:
            return repository
        return f"{self.server}/{self._name(repository)}.git"

    def git_environment(self, repository: str) -> dict[str, str]:
        """An Authorization header for this repository's address and for no other.

        Raises:
            ForgeError: GitHub did not answer when asked which token serves.
        """
        url = self.clone_url(repository)
        if not url.startswith(f"{self.server}/"):
            return {}
        credential = self._git_credential(self._name(repository))
        if credential is None:
            return {}
        return git_authorization(url, credential)

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
        check = Check(
            commit, name, external_id or name, details_url, output=output, replaces=replaces
        )
        self._show(repository, check)

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
        check = Check(commit, name, external_id or name, details_url, conclusion, output)
        self._show(repository, check)

    def check_texts(self, repository: str, commit: str, name: str) -> list[str]:
        """See `Forge`."""
        full = self._name(repository)
        return self._with_credentials(
            full,
            _CHECKS_READ,
            lambda github: CheckRuns(github, full).texts(commit, name),
            "read its checks",
        )

    def request_attempt(self, repository: str, payload: dict[str, object]) -> None:
        """Send repository_dispatch `factory-attempt`, which even GITHUB_TOKEN's own may start.

        Raises:
            ForgeError: the payload is out of GitHub's limits, or GitHub did not take it.
            AuthenticationError: no token may do it.
        """
        self._dispatch(repository, ATTEMPT_EVENT, payload, "ask for the next attempt")

    def request_plan(self, repository: str) -> None:
        """Send repository_dispatch `factory-plan`; see `Forge`."""
        self._dispatch(repository, PLAN_EVENT, {}, "ask for another plan")

    def _dispatch(self, repository: str, event: str, payload: dict[str, object], aim: str) -> None:
        size = len(json.dumps(payload).encode())
        if len(payload) > PAYLOAD_KEYS or size >= PAYLOAD_LIMIT_BYTES:
            raise ForgeError(
                f"the request has {len(payload)} keys and {size} bytes; GitHub takes "
                f"{PAYLOAD_KEYS} keys and less than {PAYLOAD_LIMIT_BYTES} bytes",
                mend="start the next attempt by hand with `factory plan --retry`",
            )
        name = self._name(repository)
        body = {"event_type": event, "client_payload": payload}

        def send(github: Github) -> None:
            github.requester.requestJsonAndCheck("POST", f"/repos/{name}/dispatches", input=body)

        self._with_credentials(name, _CONTENTS, send, aim)

    def workflow_runs(
        self, repository: str, workflow: str, since: int | None, *, besides: str
    ) -> int:
        """See `Forge`."""
        if not workflow:
            raise AuthenticationError("the runner does not say which workflow this is")
        name = self._name(repository)
        place = f"/repos/{name}/actions/workflows/{quote(workflow, '')}/runs"
        moment = datetime.fromtimestamp(since or 0, UTC)
        created = {"created": f">={moment_text(moment)}"} if since else {}

        def ask(github: Github) -> int:
            runs = pages(github, place, created, "workflow_runs")
            return sum(
                int(one.get("run_attempt") or 1) - (str(one["id"]) == besides)
                for one in islice(runs, RUNS_COUNTED)
            )

        return self._with_credentials(name, _ACTIONS, ask, "count its runs")

    def merged_pull(self, repository: str, commit: str) -> int | None:
        """See `Forge`."""
        name = self._name(repository)
        return self._with_credentials(
            name, _PULLS, lambda github: merged_pull(github, name, commit), "read pull requests"
        )

    def comment_on_pull(self, repository: str, pull: int, mark: str, text: str) -> None:
        """See `Forge`."""
        name = self._name(repository)
        self._with_credentials(
            name,
            _PULLS_WRITE,
            lambda github: Comments(github, name).put(pull, mark, text),
            "comment on a pull request",
        )

    def conversation(self, repository: str) -> Conversation:
        """See `Forge`."""
        name = self._name(repository)

        def ask(action: Callable[[Github], T], aim: str) -> T:
            return self._with_credentials(name, _ISSUES, action, aim)

        return Conversation(ask, name)

    def label_set_by(self, repository: str, pull: int, label: str) -> str | None:
        """See `Forge`. The events of a pull request are those of its issue, oldest first."""
        name = self._name(repository)

        def ask(github: Github) -> str | None:
            last: str | None = None
            place = f"/repos/{name}/issues/{int(pull)}/events"
            for one in pages(github, place, {}, None):
                if (one.get("label") or {}).get("name") == label:
                    on = one["event"] == "labeled"
                    last = str((one.get("actor") or {}).get("login", "")) if on else None
            return last

        return self._with_credentials(name, _PULLS, ask, "ask who set a label")

    def in_team(self, repository: str, team: str, login: str) -> bool:
        """See `Forge`."""
        name = self._name(repository)
        owner = name.partition("/")[0]
        place = f"/orgs/{owner}/teams/{quote(team, '')}/memberships/{quote(login, '')}"

        def ask(github: Github) -> bool:
            _, body = github.requester.requestJsonAndCheck("GET", place)
            return bool(body["state"] == "active")

        return self._with_credentials(name, _MEMBERS, ask, "see who is in a team")

    def _show(self, repository: str, check: Check) -> None:
        name = self._name(repository)
        refused: list[Credential] = []

        def post(github: Github) -> None:
            token = getattr(github.requester.auth, "token", None)
            CheckRuns(github, name, self.identity.buyer(token)).show(check)

        try:
            self._with_credentials(name, _CHECKS, post, "post a check", refused)
        except AuthenticationError:
            # Only Apps may write checks. A person's token may still set a commit status.
            for credential in refused:
                if self._show_as_status(name, check, credential):
                    return
            raise

    def _show_as_status(self, name: str, check: Check, credential: Credential) -> bool:
        from github import GithubException

        try:
            with client(credential, self.api) as github:
                self.patience.call(lambda: CommitStatuses(github, name).show(check))
        except GithubException:
            return False
        self.remarks.append(
            f"{credential.source} may not write checks in {name} (only GitHub Apps may); "
            f"the commit status `{check.name}` was set instead"
        )
        return True

    def _git_credential(self, name: str) -> Credential | None:
        """The first credential that GitHub shows the repository to; None to go without."""
        if name in self._git and not self._git[name].bought:
            return self._git[name]
        found = list(self.identity.credentials(name, _CONTENTS))
        if found and not found[0].bought:  # An App that may not write may still read.
            readers = self.identity.credentials(name, {"contents": "read"})
            found = [one for one in readers if one.bought] + found
        if len(found) > 1 and not found[0].bought:
            found = [one for one in found if self._sees(name, one)] or found
        if found:
            self._git[name] = found[0]
        return found[0] if found else None

    def _sees(self, name: str, credential: Credential) -> bool:
        from github import GithubException

        try:
            with client(credential, self.api) as github:
                self.patience.call(
                    lambda: github.requester.requestJsonAndCheck("GET", f"/repos/{name}")
                )
        except GithubException:
            return False
        return True
