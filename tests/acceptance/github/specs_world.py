"""A team's three repositories: specs and product on GitHub's double, scenarios behind sshd."""

from __future__ import annotations

import base64
import json
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import harness
import yaml
from deploy_key import DeployKey, served
from hub import APP_ID, JOB_TOKEN, READ_TOKEN, Hub, app_keys, git, github

EXAMPLE = harness.ROOT / "examples" / "shortener"
SPEC = "link-expiry"
IDENTITY = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")


def readable(text: str) -> str:
    """A text, followed by the records in it that are compressed, as anybody can read them."""
    packed = dict.fromkeys(re.findall(r"gzip\+base64:([A-Za-z0-9+/]+=*)", text))
    return "\n".join([text, *(zlib.decompress(base64.b64decode(one)).decode() for one in packed)])


@dataclass
class World:
    """One team's repositories, keys and release, and the runs that act made of them."""

    folder: Path
    hub: Hub
    key: DeployKey
    release: Path
    venv: Path | None
    app_key: str
    runs: list[harness.ActRun] = field(default_factory=list)
    timeout_seconds: float = harness.TIMEOUT_SECONDS

    @property
    def specs(self) -> Path:
        """Ann's clone of the specs repository; its HEAD is what was pushed last."""
        return self.folder / "specs"

    def secrets(self, **changed: str | None) -> dict[str, str]:
        """The repository's secrets; a name given as None is left out."""
        every = {
            "GITHUB_TOKEN": JOB_TOKEN,
            "FACTORY_READ_TOKEN": READ_TOKEN,
            "FACTORY_APP_PRIVATE_KEY": self.app_key,
            "FACTORY_SCENARIOS_KEY": self.key.private_key,
            "FACTORY_SCENARIOS_KNOWN_HOSTS": self.key.known_hosts,
            **changed,
        }
        return {name: value for name, value in every.items() if value is not None}

    def merge(self, spec: str = SPEC, *, hostile: str = "", area: str = "") -> dict[str, Any]:
        """Merge a spec into main, `hostile` text in its first section; returns the push event."""
        before = git("rev-parse", "HEAD", cwd=self.specs)
        source = EXAMPLE / "specs" / "specs" / f"{spec}.md"
        text = source.read_text().replace("## Who\n", f"{hostile}\n\n## Who\n", 1)
        if area:
            text = text.replace("\nkind:", f"\narea: {area}\nkind:", 1)
        (self.specs / "specs" / source.name).write_text(text)
        after = commit(self.specs, f"Merge spec {spec}")
        git("push", "--quiet", str(self.hub.root / "acme/specs.git"), "HEAD:main", cwd=self.specs)
        return {"ref": "refs/heads/main", "before": before, "after": after, **self.facts()}

    def dispatch_event(self, dispatch: Mapping[str, Any]) -> dict[str, Any]:
        """The event that GitHub makes of a recorded repository_dispatch."""
        return {
            "action": dispatch["event_type"],
            "branch": "main",
            "client_payload": dispatch["client_payload"],
            **self.facts(),
        }

    def act(
        self,
        event_name: str,
        event: Mapping[str, object],
        workflow: str = "factory.yml",
        **changed: str | None,
    ) -> harness.ActRun:
        """Run the caller's workflow; each run gets a folder of its own."""
        env = {"GITHUB_API_URL": self.hub.url, "GITHUB_SERVER_URL": self.hub.url}
        if self.venv is not None:
            env["FACTORY_VENV"] = str(self.venv)
        run = harness.act(
            self.specs,
            work=self.folder / f"run-{len(self.runs) + 1}",
            release=self.release,
            event_name=event_name,
            event=event,
            secrets=self.secrets(**changed),
            variables={"FACTORY_APP_ID": APP_ID},
            env=env,
            workflow=workflow,
            timeout_seconds=self.timeout_seconds,
        )
        self.runs.append(run)
        return run

    def candidate(self) -> str:
        """The commit on the only holding branch."""
        (branch,) = [
            name for name in self.hub.branches("acme/shortener") if name.startswith("factory/")
        ]
        return self.hub.branch("acme/shortener", branch)

    def everything_public(self) -> dict[str, str]:
        """Where a reader could look → what is there: logs, artifacts, the double's whole state."""
        found = {f"log {number}": run.log for number, run in enumerate(self.runs, 1)}
        state = self.hub.state()
        parts = ("check_runs", "statuses", "issues", "comments", "dispatches",
                 "workflow_dispatches", "requests")  # fmt: skip
        for part in parts:
            found[part] = json.dumps(state[part], ensure_ascii=False)
        for path in self.folder.glob("run-*/artifacts/**/*"):
            if path.suffix == ".tar":
                with tarfile.open(path) as archive:
                    for member in archive:
                        found[f"{path.name}:{member.name}"] = member.name
                        content = archive.extractfile(member) if member.isreg() else None
                        if content:
                            found[f"{path.name}:{member.name}"] += content.read().decode(
                                "utf-8", "replace"
                            )
            elif path.is_file():
                found[str(path)] = path.read_text(errors="replace")
        for repository in ("acme/specs", "acme/shortener"):
            bare = self.hub.root / f"{repository}.git"
            found[f"messages of {repository}"] = git("log", "--all", "--format=%B", cwd=bare)
        return {place: readable(text) for place, text in found.items()}

    def facts(self) -> dict[str, Any]:
        """What every event says of the repository."""
        return {
            "repository": {
                "name": "specs",
                "full_name": "acme/specs",
                "owner": {"login": "acme"},
                "default_branch": "main",
                "html_url": f"{self.hub.url}/acme/specs",
            }
        }


@contextmanager
def team(
    folder: Path,
    venv: Path,
    trajectories: Path,
    timeout_seconds: float = harness.TIMEOUT_SECONDS,
) -> Iterator[World]:
    """One team in `folder`, with the example's product and every scenario, and no spec merged."""
    private, public = app_keys()
    scenarios = scenario_repository(folder)
    with served(scenarios, folder / "sshd") as key, github(folder, public) as hub:
        fill(hub, folder, key.url, trajectories)
        yield World(
            folder=folder,
            hub=hub,
            key=key,
            release=harness.released_checkout(folder / "release"),
            venv=venv,
            app_key=private,
            timeout_seconds=timeout_seconds,
        )
    # act keeps a copy of each action for each job.
    for left in folder.glob("run-*/cache"):
        shutil.rmtree(left, ignore_errors=True)


def fill(hub: Hub, folder: Path, scenarios_url: str, trajectories: Path) -> None:
    """Push the example's product and its specs, all but the spec that is merged later."""
    product = folder / "product"
    shutil.copytree(EXAMPLE / "product", product, ignore=shutil.ignore_patterns("__pycache__"))
    start(product)
    git("push", "--quiet", str(hub.root / "acme/shortener.git"), "HEAD:main", cwd=product)
    specs = folder / "specs"
    shutil.copytree(EXAMPLE / "specs", specs)
    for path in (specs / "specs").glob("*.md"):
        path.unlink()
    configuration = yaml.safe_load((specs / "factory.yml").read_text())
    configuration["products"]["shortener"]["repository"] = "acme/shortener"
    configuration["scenarios"] = {"repository": scenarios_url, "ref": "main"}
    configuration["agents"] = {"builder": {"uses": "replay", "trajectories": str(trajectories)}}
    (specs / "factory.yml").write_text(yaml.safe_dump(configuration, sort_keys=False))
    workflow = specs / ".github" / "workflows" / "factory.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(harness.CALLER)
    (specs / "specs" / "README.md").write_text("Specs are merged here.\n")
    start(specs)
    git("remote", "add", "origin", "https://github.com/acme/specs", cwd=specs)
    git("push", "--quiet", str(hub.root / "acme/specs.git"), "HEAD:main", cwd=specs)


def scenario_repository(folder: Path) -> Path:
    """The example's scenarios in a bare repository, for sshd to serve."""
    clone, bare = folder / "scenarios", folder / "scenarios.git"
    shutil.copytree(EXAMPLE / "scenarios", clone)
    start(clone)
    git("clone", "--quiet", "--bare", str(clone), str(bare), cwd=folder)
    return bare


def hidden_words() -> set[str]:
    """Everything that only the scenario repository says, and no log may: names, steps, files."""
    words: set[str] = set()
    for path in (EXAMPLE / "scenarios").rglob("*.feature"):
        words.add(path.name)
        for line in path.read_text().splitlines():
            text = re.sub(
                r"^(Given|When|Then|And|But|Scenario[^:]*:|Feature:|@.*)", "", line.strip()
            )
            if len(text.strip()) >= 12:
                words.add(text.strip())
    public = "".join(
        path.read_text(errors="replace")
        for part in ("specs", "product")
        for path in (EXAMPLE / part).rglob("*.*")
        if path.is_file() and path.suffix in (".md", ".py", ".yml", ".toml")
    )
    return {word for word in words if word not in public}


def start(folder: Path) -> None:
    """Make a repository of a folder."""
    git("init", "--quiet", "-b", "main", cwd=folder)
    commit(folder, "Begin")


def commit(folder: Path, message: str) -> str:
    """Commit everything; returns the commit."""
    git("add", "--all", cwd=folder)
    git(*IDENTITY, "commit", "--quiet", "-m", message, cwd=folder)
    return git("rev-parse", "HEAD", cwd=folder)
