"""How long the gate takes: starting, one spec, ten thousand, and ten thousand once more.

    python bench/gate.py [--specs 10000] [--rounds 9] [--peers FOLDER]

`--peers` is a folder in which `npm install @fission-ai/openspec` was run; check-jsonschema is
taken from this environment. Without them their rows are left out, and it says so.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import sys
import tempfile
from pathlib import Path

from processes import interleaved, row, run

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "cases" / "specs" / "valid"
PYTHON = sys.executable
FACTORY = [PYTHON, "-m", "factory.cli"]

# The floor: what reading and parsing alone cost, with the fastest loader that PyYAML has.
FLOOR = """
import sys
from pathlib import Path
import yaml
from markdown_it import MarkdownIt
parser = MarkdownIt("commonmark").enable("table")
for path in sorted(Path(sys.argv[1]).rglob("*.md")):
    _, front, body = path.read_text("utf-8").split("---\\n", 2)
    yaml.load(front, Loader=yaml.CSafeLoader)
    parser.parse(body)
"""


def specs_repository(folder: Path, count: int) -> Path:
    """`count` specs made from the tests' valid ones, each with its own id and product."""
    texts = [path.read_text("utf-8") for path in sorted(CASES.glob("*.md"))]
    (folder / "specs").mkdir(parents=True)
    for number in range(count):
        lines = texts[number % len(texts)].split("\n")
        for at, line in enumerate(lines[:20]):
            if line.startswith("id:"):
                lines[at] = f"id: spec-{number}"
            elif line.startswith("product:"):
                lines[at] = f"product: product-{number}"
        (folder / "specs" / f"spec-{number:05}.md").write_text("\n".join(lines), encoding="utf-8")
    return folder


def starting(rounds: int) -> None:
    print("\nstarting")
    took = interleaved(
        {"click": [PYTHON, "-c", "import click"], "factory --version": [*FACTORY, "--version"]},
        rounds=rounds,
    )
    ratio = took["factory --version"].seconds / took["click"].seconds
    row(
        "factory --version / python -c 'import click'",
        ratio,
        "times",
        "at most 1.5",
        kept=ratio <= 1.5,
    )


def one_spec(rounds: int, peers: Path | None) -> None:
    print("\none spec")
    spec = str(sorted(CASES.glob("*.md"))[0])
    commands = {
        "imports": [PYTHON, "-c", "import click, yaml, jsonschema"],
        "check": [*FACTORY, "check", "--no-cache", spec],
    }
    took = interleaved(commands, rounds=rounds)
    ratio = took["check"].seconds / took["imports"].seconds
    row(
        "factory check / importing click, yaml, jsonschema",
        ratio,
        "times",
        "at most 1.6",
        kept=ratio <= 1.6,
    )
    if peers:
        with tempfile.TemporaryDirectory() as name:
            folder = openspec_project(Path(name), 1)
            peer = interleaved(
                {"openspec": [*openspec(peers), "validate", "--all"]}, rounds=rounds, folder=folder
            )
        row(
            "factory check / openspec validate",
            took["check"].seconds / peer["openspec"].seconds,
            "times",
        )


def many(count: int, peers: Path | None) -> None:
    print(f"\n{count:,} specs in one process")
    with tempfile.TemporaryDirectory() as name:
        folder = specs_repository(Path(name) / "many", count)
        few = specs_repository(Path(name) / "few", count // 10)
        cache = {"FACTORY_CACHE": str(Path(name) / "cache")}
        floor = run([PYTHON, "-c", FLOOR, str(folder)])
        anew = run([*FACTORY, "check", "--no-cache", str(folder)])
        small = run([*FACTORY, "check", "--no-cache", str(few)])
        above = (anew.cpu_seconds - floor.cpu_seconds) / count * 1000
        row("reading and parsing alone", floor.seconds, "s")
        row("factory check", anew.seconds, "s")
        row(
            "above reading and parsing, for each spec",
            above,
            "ms",
            "at most 1.5",
            kept=above <= 1.5,
        )
        grown = anew.peak_mib / small.peak_mib
        row(
            f"memory, against {count // 10:,} specs",
            grown,
            "times",
            "not growing",
            kept=grown <= 1.1,
        )
        first = run([*FACTORY, "check", str(folder)], env=cache)
        second = run([*FACTORY, "check", str(folder)], env=cache)
        ratio = second.seconds / first.seconds
        row("a second run / the first", ratio, "times", "at most 0.1", kept=ratio <= 0.1)
        row("a second run", second.seconds, "s")
        if peers:
            project = openspec_project(Path(name) / "openspec", count)
            peer = run([*openspec(peers), "validate", "--all"], folder=project)
            row(
                "factory check, first / openspec validate --all",
                first.seconds / peer.seconds,
                "times",
            )
            row(
                "factory check, second / openspec validate --all",
                second.seconds / peer.seconds,
                "times",
            )
        beside = Path(PYTHON).with_name("check-jsonschema")
        validator = str(beside) if beside.exists() else shutil.which("check-jsonschema")
        if validator:
            front = front_matter_files(folder, Path(name) / "front")
            schema = ROOT / "factory" / "config" / "schemas" / "spec-front-matter.schema.json"
            # A tenth of them: it takes the same for each.
            some = [str(path) for path in front[: count // 10]]
            peer = run([validator, "--schemafile", str(schema), *some])
            ratio = second.seconds / (peer.seconds * 10)
            row("factory check, second / check-jsonschema", ratio, "times")
        else:
            print("  check-jsonschema is not installed: left out")


def front_matter_files(folder: Path, into: Path) -> list[Path]:
    """The front matter of each spec as a YAML file of its own."""
    into.mkdir()
    made = []
    for path in sorted((folder / "specs").glob("*.md")):
        made.append(into / f"{path.stem}.yaml")
        made[-1].write_text(path.read_text("utf-8").split("---\n", 2)[1], encoding="utf-8")
    return made


def openspec(peers: Path) -> list[str]:
    return [str(peers / "node_modules" / ".bin" / "openspec")]


def openspec_project(folder: Path, count: int) -> Path:
    """An OpenSpec project with as many specs, each of ten requirements with a scenario."""
    for number in range(count):
        place = folder / "openspec" / "specs" / f"spec-{number:05}"
        place.mkdir(parents=True)
        requirements = "\n".join(
            f"### Requirement: Rule {one}\nThe service SHALL answer request {one} of {number}.\n\n"
            f"#### Scenario: Rule {one} is kept\n- **WHEN** request {one} arrives\n"
            f"- **THEN** the service answers it\n"
            for one in range(10)
        )
        (place / "spec.md").write_text(
            f"# Spec {number}\n\n## Purpose\nWhat spec {number} is for, in a sentence that is long "
            f"enough to be taken for one by the validator.\n\n## Requirements\n\n{requirements}",
            encoding="utf-8",
        )
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--specs", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--peers", type=Path)
    options = parser.parse_args()
    if options.peers is None:
        print("openspec: no --peers, left out")
    os.environ["PYTHONPATH"] = f"{ROOT}"
    # As pip does when it installs: else each process compiles what was edited since, wherever the
    # environment says that Python is to write no bytecode.
    compileall.compile_dir(ROOT / "factory", quiet=1)
    starting(options.rounds)
    one_spec(options.rounds, options.peers)
    many(options.specs, options.peers)


if __name__ == "__main__":
    main()
