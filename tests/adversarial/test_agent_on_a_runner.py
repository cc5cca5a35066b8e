"""The action's build on a runner: an agent that goes for the runner's own files and its log.

The runner's files are open to everybody here, so that nothing but the sandbox keeps them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from messages_api.bench import sandbox  # noqa: F401

from factory.records import (
    AgentProfile,
    Budget,
    Product,
    Requirement,
    SpecText,
    Subject,
    WorkOrder,
    digest_of,
)
from factory.spec.brief import Brief, part_of

ACTION = Path(__file__).resolve().parents[2] / ".github" / "action"
CANARY = "canary-" + "of-the-runner"
FILES = {  # as a runner lays them out; by the variable that names the file, where one does
    "GITHUB_ENV": "work/_temp/_runner_file_commands/set_env_1",
    "GITHUB_OUTPUT": "work/_temp/_runner_file_commands/set_output_1",
    "GITHUB_STEP_SUMMARY": "work/_temp/_runner_file_commands/step_summary_1",
    "GITHUB_PATH": "work/_temp/_runner_file_commands/add_path_1",
    "GITHUB_STATE": "work/_temp/_runner_file_commands/save_state_1",
    "GITHUB_EVENT_PATH": "work/_temp/_github_workflow/event.json",
    "BASH_ENV": "bash_env.sh",
    "docker": ".docker/config.json",
    "ssh": ".ssh/id_ed25519",
    "git": ".gitconfig",
    "credentials": "work/specs/specs/.git/config",
    "pip": ".config/pip/pip.conf",
    "other home": "../other/.netrc",
}
SAID = [
    "::set-output name=usd::0",
    "::set-output name=verdict::pass",
    f"::add-mask::{CANARY}",
    "::stop-commands::mine",
    "::mine::",
    "::set-env name=PATH::/evil",
    "  ::add-path::/evil",
    "::save-state name=x::y",
    "::error title=Dark Factory::forged",
    "::echo::on",
    "##[add-mask]x",
    "##[group]forged",
    "words before ##[set-env name=PATH;]/evil",
    "\r::set-env name=BASH_ENV::/evil",
    "\x1b[2K\u202e::warning::forged",
    "no end of line",
]
AGENT = r"""
import glob, json, os, stat, sys

needle = "canary-" + "of-the-runner"
# Outside of a sandbox it stays in its own folder and its own process: it is a test, no guest.
loose = os.environ["WALK"] == "/"
others = glob.glob("/proc/[0-9]*") if loose else []
targets = json.loads(os.environ["TARGETS"])
reached = []


def attempt(what, act):
    try:
        done = act()
    except Exception:
        return
    if done:
        reached.append(what)


def holds(path):
    if not stat.S_ISREG(os.stat(path).st_mode):
        return False  # a pipe is somebody's, and reading it takes
    with open(path, "rb") as stream:
        return needle.encode() in stream.read(1 << 20)


def append(path):
    with open(path, "a") as stream:
        return stream.write("\nEVIL=planted\n")


for name, path in targets.items():
    attempt("read " + name, lambda: holds(path))
    attempt("append " + name, lambda: append(path))
    for process in others:
        attempt("append by /proc " + name, lambda: append(process + "/root" + path))
    attempt("variable " + name, lambda: name.isupper() and os.environ.get(name))
for process in ["/proc/self", *others]:
    for file in ("environ", "cmdline", *("fd/" + n for n in ("0", "3", "4", "5", "6"))):
        attempt("process " + file, lambda: holds(process + "/" + file))
for folder, folders, files in os.walk(os.environ["WALK"]):
    folders[:] = [one for one in folders if os.path.join(folder, one) not in ("/proc", "/sys")]
    for file in files:
        path = os.path.join(folder, file)
        attempt("found " + file, lambda: holds(path))
with open("reached.json", "w") as stream:
    json.dump(sorted(set(reached)), stream)
for name, path in targets.items():
    attempt("link", lambda: os.symlink(path, "link-to-" + name))
    attempt("hard link", lambda: os.link(path, "hard-" + name))
said = json.loads(os.environ["SAID"])
for stream in (sys.stdout, sys.stderr):
    stream.write("\n".join(said))
    stream.flush()
if os.environ["EXIT"] == "0":
    print("\n" + json.dumps({"total_cost_usd": 0.5, "result": "\n".join(said)}))
sys.exit(int(os.environ["EXIT"]))
"""


@dataclass
class Runner:
    """A runner's disk, and the environment of one step on it."""

    home: Path
    env: dict[str, str]

    @property
    def targets(self) -> dict[str, str]:
        """Every file that the agent goes for, the action's own code with them."""
        found = {name: str((self.home / path).resolve()) for name, path in FILES.items()}
        return found | {"action": str(self.action / "run.py")}

    @property
    def action(self) -> Path:
        return self.home / "work/_actions/acme/dark-factory/v1/.github/action"

    def content(self) -> dict[str, bytes]:
        """Every file on it but those of the factory's own folder."""
        ours = self.home / "work/_temp/factory"
        return {
            str(path): path.read_bytes()
            for path in self.home.parent.rglob("*")
            if path.is_file() and not path.is_relative_to(ours)
        }

    def step(self, order: WorkOrder) -> subprocess.CompletedProcess[str]:
        """The action's second step, for the stage build."""
        env = self.env | {
            "FACTORY_INPUT_COMMAND": "build",
            "FACTORY_INPUT_WORK_ORDER": order.to_json().decode(),
        }
        return subprocess.run(
            [sys.executable, "-I", "-B", self.action / "run.py"],
            cwd=self.home / "work/specs/specs", env=env, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip


@pytest.fixture
def runner():
    folder = Path(tempfile.mkdtemp(prefix="runner-of-a-test-"))
    home = folder / "home" / "runner"
    for path in FILES.values():
        file = (home / path).resolve()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f'{{"secret": "{CANARY}"}}\n' if "event" in path else f"# {CANARY}\n")
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "RUNNER_TEMP": str(home / "work/_temp"),
        "GITHUB_ACTIONS": "true",
        "GITHUB_WORKSPACE": str(home / "work/specs/specs"),
        "GITHUB_REPOSITORY": "acme/specs",
        "GITHUB_TOKEN": f"ghs_{CANARY}",
        "FACTORY_TOKEN": f"github_pat_{CANARY}",
        "ANTHROPIC_API_KEY": f"sk-ant-{CANARY}",
        "ACTIONS_RUNTIME_TOKEN": CANARY,
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": CANARY,
    }
    env |= {name: str((home / path).resolve()) for name, path in FILES.items() if name.isupper()}
    made = Runner(home, env)
    shutil.copytree(ACTION, made.action, ignore=shutil.ignore_patterns("__pycache__"))
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o777 if path.is_dir() else 0o666)
    yield made
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def order(tmp_path, runner):
    """`order(exit_code)`: the work order for the hostile agent, on a product of one file."""
    product, files = tmp_path / "product", tmp_path / "agent"
    for folder in (product, files):
        folder.mkdir(mode=0o755)
    (product / "greet.py").write_text('print("hello")\n')
    (files / "agent.py").write_text(AGENT)
    git = ["git", "-C", product, "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for words in (["init", "-qb", "main"], ["add", "-A"], ["commit", "-qm", "one"]):
        subprocess.run([*git, *words], check=True)
    base = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)

    def make(exit_code: int) -> WorkOrder:
        spec = SpecText(
            id="greeting",
            title="Greeting",
            version=1,
            path="specs/greeting.md",
            commit="c" * 40,
            digest=digest_of("- R1: It greets."),
            text="- R1: It greets.",
            requirements=(Requirement(id="R1", text="It greets.", line=1),),
        )
        return WorkOrder(
            run_id="20261122t211008-0123abcd",
            nonce="0" * 32,
            created_at="2026-11-22T21:10:08Z",
            spec=spec,
            product=Product(name="greeter", repository=str(product), subject=Subject(command="x")),
            base_commit=base.stdout.strip(),
            agent=AgentProfile(
                name="hostile",
                uses="command",
                options={
                    "argv": ["python3", "/agent/agent.py"],
                    "files": str(files),
                    "environment": hostile_environment(runner, "/", exit_code),
                },
            ),
            budget=Budget(usd=2, spec_usd=3, minutes=1),
            brief=Brief(parts=(part_of(spec),)).text,
        )

    return make


def hostile_environment(runner: Runner, walk: str, exit_code: int) -> dict[str, str]:
    said = [line.replace(CANARY, "it") for line in SAID]
    return {
        "TARGETS": json.dumps(runner.targets),
        "SAID": json.dumps(said),
        "WALK": walk,
        "EXIT": str(exit_code),
    }


def carried_out(log: str) -> list[str]:
    """The lines that a runner takes for commands: `::name …::` at the start of a line, or
    `##[name …]` anywhere in it, none between stop-commands and its token."""
    token, found = "", []
    for line in re.split(r"\r\n|\r|\n", log):
        if token:
            token = "" if line.strip() == f"::{token}::" else token
        elif stop := re.match(r"\s*::stop-commands::(.+)", line):
            token = stop[1]
        elif re.match(r"\s*::[\w-]+( [^:]*)?::", line) or re.search(r"##\[[^\]]+\]", line):
            found.append(line)
    assert token == "", "commands were never taken up again"
    return found


def outputs(text: str) -> dict[str, str]:
    return {
        name: body for name, _, body in re.findall(r"^(\w+)<<(\S+)\n(.*?)\n\2$", text, re.M | re.S)
    }


def test_without_a_sandbox_this_agent_reaches_them_all(runner, tmp_path):
    """What the other tests look for is there to be found."""
    subprocess.run(
        [sys.executable, "-c", AGENT], cwd=tmp_path, check=False, capture_output=True,
        timeout=20, stdin=subprocess.DEVNULL,
        env=runner.env | hostile_environment(runner, str(runner.home), 0),
    )  # fmt: skip
    reached = set(json.loads((tmp_path / "reached.json").read_text()))
    named = set(FILES)
    assert {f"read {name}" for name in named} <= reached
    assert {f"append {name}" for name in named | {"action"}} <= reached
    assert {"process environ", "variable GITHUB_ENV", "found event.json"} <= reached
    assert carried_out("\n".join(SAID[:3])) == SAID[:3]
    assert carried_out(f"::stop-commands::t\n{SAID[0]}\n::t::\n{SAID[-4]}") == [SAID[-4]]


@pytest.mark.usefixtures("sandbox")
def test_a_build_that_ends_well_has_touched_nothing_of_the_runner(runner, order):
    before = runner.content()
    done = runner.step(order(0))
    assert done.returncode == 0, done.stdout + done.stderr
    handed = runner.home / "work/_temp/factory/handed-on"
    with tarfile.open(handed / "tree.tar") as archive:
        reached = json.loads(archive.extractfile("reached.json").read())
        links = [member for member in archive if member.name.startswith("link-to-")]
        assert {member.type for member in links} == {tarfile.SYMTYPE}
    assert reached == []
    assert len(links) == len(runner.targets)
    for file in handed.iterdir():
        assert CANARY.encode() not in file.read_bytes()
    assert_only_ours(runner, before, done, {"report", "usd", "spent"})
    assert carried_out(done.stdout) == []


@pytest.mark.usefixtures("sandbox")
def test_the_last_words_of_a_build_that_fails_are_no_commands(runner, order):
    before = runner.content()
    done = runner.step(order(3))
    assert done.returncode == 5, done.stdout + done.stderr
    assert_only_ours(runner, before, done, {"spent"})
    (annotation,) = carried_out(done.stdout)
    assert annotation.startswith("::error title=Dark Factory::build ended with code 5 (agent): ")
    assert "no end of line" in annotation  # its words did come along, as text


def assert_only_ours(runner, before, done, names):
    """Nothing changed but this step's outputs, and nothing in the log is the runner's own."""
    after = runner.content()
    file = runner.targets["GITHUB_OUTPUT"]
    added = after.pop(file).removeprefix(before.pop(file)).decode()
    assert set(outputs(added)) == names
    assert "EVIL" not in added
    assert after == before
    log = done.stdout + done.stderr
    assert CANARY not in log
    assert "##[" not in log
    assert "\x1b" not in log
