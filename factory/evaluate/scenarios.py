"""The private scenario repository: fetched into a folder that only this user may enter."""

from __future__ import annotations

import hashlib
import hmac
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from factory.config.quarantine import Entry, entries, entry_problems, utc_today
from factory.config.validate import SchemaProblem, require_valid
from factory.config.yaml_source import YamlSource, parse_yaml
from factory.errors import ConfigurationError, InputError
from factory.evaluate.runner import State, SuiteError
from factory.ports.git import tree
from factory.ports.scratch import scratch


class SuiteSettingsError(ConfigurationError):
    """scenarios.yml says something that cannot be; the message quotes it and is private."""

    code = "suite"


@dataclass(frozen=True, kw_only=True)
class ScenarioSource:
    """Where the scenarios are. `env` authenticates git; it holds the deploy key's location."""

    url: str
    ref: str = "main"
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SuiteSettings:
    """scenarios.yml for one spec. Times in seconds; `should_threshold` a share from 0 to 1.

    `quarantine` holds the entries for this spec, those that have expired as well.
    """

    answers_version: int | None
    should_threshold: float
    scenario_seconds: float
    suite_seconds: float
    seed: int | None
    digest_key: str
    retries: int
    quarantine: tuple[Entry, ...]
    state: State


@dataclass(frozen=True, kw_only=True)
class Suite:
    """The scenarios for one spec: `features` is the folder that the runner is given.

    `today` is the day, in UTC, by which its quarantines are judged.
    """

    features: Path
    settings: SuiteSettings
    commit: str
    today: date

    def keyed_digest(self, nonce: str) -> str:
        """HMAC-SHA256 over every file's path and content, keyed with the nonce and the secret."""
        digest = hmac.new((nonce + self.settings.digest_key).encode(), digestmod=hashlib.sha256)
        for path in sorted(self.features.rglob("*")):
            if path.is_file():
                name = str(path.relative_to(self.features)).encode()
                content = path.read_bytes()
                digest.update(b"%d %d\n" % (len(name), len(content)) + name + content)
        return f"hmac-sha256:{digest.hexdigest()}"


@contextmanager
def checkout(source: ScenarioSource, spec_id: str, today: date | None = None) -> Iterator[Suite]:
    """Fetch the scenarios for one spec; the folder is gone when the context is left.

    What stays of the repository is `scenarios/<spec-id>/`, and what is shared: `steps/`,
    `conftest.py` and other files outside `scenarios/`. `today` is the clock's where None.

    Raises:
        InputError: no such repository, ref or folder for the spec.
        AuthenticationError: the deploy key is refused.
        SuiteError: the repository holds what cannot be written out safely.
        SuiteSettingsError: scenarios.yml does not fit its schema, or a quarantine cannot be.
    """
    today = today or utc_today()
    with scratch("private") as private:
        bare = tree.mirror(source.url, private / "git", refs=[source.ref], env=source.env)
        commit = tree.resolve(bare, source.ref)
        features = private / "suite"
        try:
            tree.materialise(bare, commit, features)
        except InputError as error:  # It names a file, which is the suite's secret.
            raise SuiteError(error.message, path=error.path, mend=error.mend) from error
        settings = _settings(features / "scenarios.yml", spec_id, today)
        _keep_only(features / "scenarios", spec_id, source.url)
        yield Suite(features=features, settings=settings, commit=commit, today=today)


def _keep_only(folder: Path, spec_id: str, url: str) -> None:
    if not (folder / spec_id).is_dir():
        raise InputError(
            f"there is no folder scenarios/{spec_id}",
            path=url,
            mend=f"write scenarios/{spec_id}/*.feature and merge them",
        )
    for other in folder.iterdir():
        if other.name == spec_id:
            continue
        if other.is_dir() and not other.is_symlink():
            shutil.rmtree(other)
        elif other.suffix == ".feature":
            other.unlink()


def _settings(path: Path, spec_id: str, today: date) -> SuiteSettings:
    data = {}
    quarantine: list[Entry] = []
    if path.is_file():
        source = parse_yaml(
            path.read_bytes().decode("utf-8", "replace"),
            path=path.name,
            error=SuiteSettingsError,
        )
        try:
            require_valid(source, "scenarios.schema.json")
        except ConfigurationError as error:
            raise SuiteSettingsError(
                error.message,
                path=error.path,
                line=error.line,
                column=error.column,
                mend=error.mend,
            ) from error
        for problem in entry_problems(source, today):
            raise _impossible(source, problem)
        data = source.data
        quarantine = entries(source)
    own = data.get("specs", {}).get(spec_id, {})
    timeouts = data.get("timeouts", {})
    state = data.get("state", {})
    reset = state.get("reset")
    should = own.get("should", data.get("thresholds", {}).get("should", 1.0))
    return SuiteSettings(
        answers_version=own.get("answers-version"),
        should_threshold=float(should),
        scenario_seconds=float(timeouts.get("scenario-seconds", 60)),
        suite_seconds=float(timeouts.get("suite-seconds", 1800)),
        seed=data.get("seed"),
        digest_key=data.get("digest-key", ""),
        retries=data.get("retries", 1),
        quarantine=tuple(one for one in quarantine if one.spec_id == spec_id),
        state=State(
            fresh=state.get("fresh", "suite"),
            reset=f"{reset.get('method', 'POST')} {reset['path']}" if reset else None,
        ),
    )


def _impossible(source: YamlSource, problem: SchemaProblem) -> SuiteSettingsError:
    return SuiteSettingsError(
        problem.message,
        path=source.path,
        line=problem.line,
        column=problem.column,
        mend=problem.mend,
    )


__all__ = ["ScenarioSource", "Suite", "SuiteSettings", "SuiteSettingsError", "checkout"]
