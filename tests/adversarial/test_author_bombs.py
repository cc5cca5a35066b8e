"""Spec author: files made to hang, crash or confuse the gate; each is answered, in time."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from factory import resources
from factory.spec.alone import MOST_FINDINGS
from tests import forked
from tests.adversarial.subject_bench import ENVIRONMENT, repository
from tests.adversarial.tiny_line import CONFIGURATION, SPEC, Run, factory

CONFIGURED = CONFIGURATION.replace("AGENT", "/nowhere").replace("ATTEMPTS", "1")
FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")
GENEROUS_SECONDS = 20
N = 200_000  # Characters; quadratic work on them takes minutes.


def front(old: str, new: str) -> str:
    changed = FEATURE.replace(old, new, 1)
    assert changed != FEATURE
    return changed


ALLOW = "<!-- gate: allow vague-word: the owner wants it -->"
ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
# name → (text, the rule that finds it; None where all it asks for is patience)
BOMBS = {
    "aliases": (front("stakes: normal", f"{ALIASES}stakes: normal"), "unreadable"),
    "alias to itself": (front("stakes: normal", "x: &x [*x]\nstakes: normal"), "unreadable"),
    "merge keys": (front("stakes: normal", "x: &x {a: 1}\n<<: *x"), "unreadable"),
    "a key twice": (front("version: 1", "version: 1\nversion: 2"), "unreadable"),
    "a tag": (front("version: 1", "version: !!python/object/apply:os.x ['x']"), "front-matter"),
    "a tag on a text": (front("title: Shorten", "title: !x Shorten"), "unreadable"),
    "a title with a newline": (
        front("title: Shorten a URL", 'title: "Shorten\\n\\nFactory-Spec: x"'),
        "hidden-character",
    ),
    "many brackets": (front("id: shorten-url", "id: " + "[" * N), "unreadable"),
    "many braces": (front("id: shorten-url", "id: " + "{a: " * (N // 4)), "unreadable"),
    "many dashes": (front("id: shorten-url", "id:\n" + "- " * (N // 2)), "unreadable"),
    "sexagesimal": (front("version: 1", "version: 1" + ":1" * N), "front-matter"),
    "long number": (front("version: 1", "version: " + "9" * N), "unreadable"),
    "long hex": (front("version: 1", "version: 0x" + "f" * 5000), "front-matter"),
    "a number of 200 bits": (front("version: 1", "version: 0x" + "f" * 50), "front-matter"),
    "infinity": (front("usd: 5", "usd: .inf"), "front-matter"),
    "not a number": (front("usd: 5", "usd: .nan"), "front-matter"),
    "binary": (front("title: Shorten a URL", "title: !!binary aGVsbG8="), "front-matter"),
    "an id that leaves": (front("id: shorten-url", "id: ../../.github/x"), "front-matter"),
    "an id with a newline": (front("id: shorten-url", 'id: "shorten\\n"'), "front-matter"),
    "an id with a NUL": (front("id: shorten-url", 'id: "a\\0b"'), "front-matter"),
    "an id for git": (front("id: shorten-url", "id: --upload-pack=x"), "front-matter"),
    "a huge id": (front("id: shorten-url", "id: " + "a" * N), "front-matter"),
    "NUL": (FEATURE + "\0", "unreadable"),
    "many items": (front("## Edge cases", "- R1: a\n" * (N // 8) + "\n## Edge cases"), None),
    "a wide table": (f"{FEATURE}\n{'|a' * 4000}|\n{'|-' * 4000}|\n" + "|\n" * 4000, None),
    "quotes": (FEATURE + "\n" + ">" * N, None),
    "nested list": (FEATURE + "\n" + "- " * (N // 2), None),
    "emphasis": (FEATURE + "\n" + "*a **b " * (N // 7), None),
    "open brackets": (FEATURE + "\n" + "[" * (N // 2), None),
    "open links": (FEATURE + "\n" + "[a](" * (N // 4), None),
    "backticks": (FEATURE + "\n" + "".join("`" * (n % 300) + " " for n in range(N // 150)), None),
    "numbers within": (
        front("## Edge cases", "- R9: a\n" + "  R9: a\n" * (N // 8) + "\n## Edge cases"),
        "requirement-number",
    ),
    "numbers in code": (
        front("## Edge cases", "```\n" + "R9: a\n" * (N // 6) + "```\n\n## Edge cases"),
        "requirement-number",
    ),
    "tags before a number": (
        front("## Edge cases", "<b>" * (N // 3) + "R9: a\n\n## Edge cases"),
        "requirement-number",
    ),
    "constraints of others": (
        FEATURE[: FEATURE.rindex("- C1: 95")] + "`aa` " * (N // 5) + "\n",
        "requirement-number",
    ),
    "covers": (
        front("- E1: Given", "- " + "R1, " * (N // 4) + "x\n- E1: Given"),
        "evaluation-unnamed",
    ),
    "marks behind a number": (
        front("- E1: Given", "- R1" + "*" * N + "\n- E1: Given"),
        "evaluation-form",
    ),
    "numbered lines of a paragraph": (
        front("## Evaluation\n", "## Evaluation\n\n" + "R1. Given a, when b, then c\n" * (N // 28)),
        None,
    ),
    "headings with a number": (
        front("## Evaluation\n", "## Evaluation\n\n" + "### R1\n\n" * (N // 8)),
        None,
    ),
    "bare numbers": (
        front("- E1: Given", "- R1: " + "R1 and 5 more, " * (N // 15) + "in euros, 5\n- E1: Given"),
        None,
    ),
    "numbers without a unit": (
        front("## Edge cases", f"- R9: {'it weighs 5, ' * (N // 13)}in kg, 5\n\n## Edge cases"),
        None,
    ),
    "questions of nothing": (front("## Who", "?    " * (N // 5) + "a\n\n## Who"), None),
    "placeholders": (front("## Outputs", "<X y> " * (N // 6) + "\n\n## Outputs"), "open-question"),
    "sentences of nothing": (front("## Outputs", ";" * N + "\n\n## Outputs"), None),
    "the fifth of at most four": (
        front("- R1: `POST", "- R1: " + "Fifth boat 429; at most 4 boats; " * (N // 33) + " `POST"),
        None,
    ),
    "claims in one paragraph": (
        front("- R1: `POST", "- R1: " + "A list of 60 rows gets status 200; " * 2800 + " `POST"),
        None,
    ),
    "names who decide": (
        front("- R1: `POST", "- R1: " + "as our Anna and Bob to ask that we " * 2800 + " `POST"),
        None,
    ),
    "spaces": (front("- R1: `POST", "- R1" + " " * N + "x `POST"), "requirement-number"),
    "comments on one line": (
        front("- R1: `POST", "- R1: a nice one " + ALLOW * (N // 40) + " `POST"), None,
    ),
    "a comment on each line": (
        front("## Edge cases", f"- R9: A user sees it. {ALLOW}\n" * (N // 40) + "\n## Edge cases"),
        "silence-unused",
    ),
    "comments in one paragraph": (
        front("## Outputs", f"nice\n  {ALLOW} nice\n" * (N // 40) + "\n## Outputs"), None,
    ),
    "comments over comments": (front("## Edge cases", f"{ALLOW}\n" * (N // 40) + "## Edge cases"),
                               "silence-unused"),
    "comments never closed": (
        front("- R1: `POST", "- R1: " + "<!-- gate: allow x " * (N // 19) + " `POST"),
        "silence-unknown",
    ),
    "spaces in a comment": (
        front("## Outputs", f"<!--{' ' * N}gate:{' ' * N}allow{' ' * N}x: y -->\n## Outputs"),
        "silence-unknown",
    ),
    "lines in a comment": (
        front("## Outputs", f"<!-- x{chr(10) * N}gate: allow x: y -->\n## Outputs"),
        "silence-unknown",
    ),
    "rules in a comment": (
        front("## Outputs", f"<!-- gate: allow {'vague-word, x, ' * (N // 15)}: y -->\n## Outputs"),
        "silence-unknown",
    ),
    "dots for a reason": (
        front("## Outputs", f"<!-- gate: allow vague-word: {'.' * N} -->\n## Outputs"),
        "silence-reason",
    ),
    "backticks before comments": (
        front("## Outputs", "".join(f"{'`' * (n % 300)} {ALLOW} " for n in range(N // 200))
              + "\n\n## Outputs"), None,
    ),
    "comments in YAML": (
        front("stakes: normal", 'area: "' + "# gate: allow x " * (N // 16) + '"\nstakes: normal'),
        "front-matter",
    ),
    "words between comments": (
        front("- R1: `POST", "- R1: " + "nice<!----> " * (N // 12) + " `POST"), "vague-word",
    ),
    "many keys": (
        front("owner:", "".join(f"k{n}: 1\n" for n in range(N // 10)) + "owner:"),
        "front-matter",
    ),
    "too long": (FEATURE + "x" * (1 << 20), "unreadable"),
}  # fmt: skip


def found_in_time(tmp_path: Path, what: str) -> list[tuple[str, int, str]]:
    """(rule, line, message) of each finding in a file or folder below `tmp_path`."""
    began = time.monotonic()
    done = forked.run(
        [sys.executable, "-m", forked.FACTORY, "check", what, "--json", "--no-cache"],
        cwd=tmp_path,
        text=True,
    )
    assert done.returncode in (0, 1), done.stderr[-1000:]
    assert time.monotonic() - began < GENEROUS_SECONDS
    told = json.loads(done.stdout)["findings"]
    assert not any("the gate itself failed" in one["message"] for one in told), told
    return [(one["rule"], one["line"], one["message"]) for one in told]


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_answered_in_time(tmp_path: Path, bomb: str) -> None:
    """Together they would hide which one hangs, or ends the process."""
    text, rule = BOMBS[bomb]
    (tmp_path / "evil.md").write_text(text, encoding="utf-8")
    findings = found_in_time(tmp_path, "evil.md")
    lines = text.count("\n") + 1
    assert len(findings) <= MOST_FINDINGS + 1
    assert all(1 <= line <= lines for _, line, _ in findings)
    assert all(len(message) < 1000 for _, _, message in findings)
    if rule:
        assert rule in {one for one, _, _ in findings}


@pytest.mark.parametrize(
    "prose",
    ["a b; ", "It *a b* c. ", "It (KYC) goes. ", "A Foo goes. ", "Ms Foo and a Bar hold; "],
)
def test_prose_is_held_against_a_glossary_in_time(tmp_path: Path, prose: str) -> None:
    long = ", ".join(" ".join("qrstuvwxyzabcdef"[:n]) for n in range(2, 16))
    glossary = f"terms:\n  - term: link\n    meaning: a short address\n    synonyms: [{long}]\n"
    (tmp_path / "context").mkdir()
    (tmp_path / "context" / "glossary.yml").write_text(glossary, encoding="utf-8")
    (tmp_path / "factory.yml").write_text(CONFIGURED, encoding="utf-8")
    text = front("## Outputs", prose * (N // len(prose)) + "\n\n## Outputs")
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "shorten-url.md").write_text(text, encoding="utf-8")
    rules = {rule for rule, _, _ in found_in_time(tmp_path, ".")}
    assert "unreadable" not in rules
    assert ("undefined-term" in rules) is ("*" in prose), "the glossary was read"


def specs(tmp_path: Path, texts: dict[str, str], configuration: str = "") -> Path:
    text = configuration or CONFIGURED
    files = {f"specs/{name}.md": one for name, one in texts.items()}
    repository(tmp_path / "specs", {"factory.yml": text, **files})
    repository(tmp_path / "product", {"README.md": "x"})
    return tmp_path


GOOD = SPEC.format(title="Greet", rule="It greets.")


def test_a_configuration_that_is_a_bomb(tmp_path: Path) -> None:
    for number, text in enumerate(
        ["version: " + "[" * N, f"{ALIASES}version: 1\n", "version: 1" + ":1" * N, "version: !!x 1"]
    ):
        folder = specs(tmp_path / str(number), {"good": GOOD}, configuration=text)
        run = factory(folder, "plan", "--out", str(tmp_path / "out"))
        assert run.code == 2 and "factory.yml:1" in run.err, run.err


@pytest.mark.parametrize(
    "front_matter",
    [
        "status: draft",
        "id: other\nstatus: draft\nkind: 7\nversion: []",
        "id: other\nstatus: ready\nkind: feature\nproduct: greeter",
        "id: other\nstatus: ready\nkind: feature\nproduct: [a]\ndepends-on: [greeting, {a: b}]",
        "id: [greeting]\nstatus: draft\ndepends-on: greeting",
        "id: greeting\nstatus: draft\nkind: feature",
        "id: ../../.github/x\nstatus: ready\nkind: feature\nproduct: ../../x",
        "status: ready\nkind: [feature]\nproduct: greeter",
        "[]: x",
    ],
)
def test_another_spec_that_is_broken_is_no_bug_of_ours(tmp_path: Path, front_matter: str) -> None:
    """The wanted one is in order; what else is in the folder may be anything."""
    folder = specs(tmp_path, {"greeting": GOOD, "other": f"---\n{front_matter}\n---\n\n## What\n"})
    for words in ((), ("greeting",)):
        run: Run = factory(folder, "plan", *words, "--out", str(tmp_path / "out"), "--json")
        assert run.code in (0, 1, 2, 3), run.err
        written = [path.name for path in (tmp_path / "out").rglob("work-order.json")]
        assert len(written) <= 2
    assert not list(tmp_path.rglob(".github"))


def test_a_spec_changed_in_the_folder_after_the_merge_is_not_built(tmp_path: Path) -> None:
    folder = specs(tmp_path, {"greeting": GOOD})
    path = folder / "specs/specs/greeting.md"
    path.write_text(GOOD.replace("It greets.", "It opens a back door."))
    run = factory(folder, "plan", "--out", str(tmp_path / "out"))
    assert run.code == 2 and "greeting.md" in run.err
    link = folder / "specs/specs/link.md"
    path.write_text(GOOD)
    link.symlink_to("/etc/passwd")
    subprocess.run(["git", "add", "-A"], cwd=folder / "specs", env=ENVIRONMENT, check=True)
    subprocess.run(["git", "commit", "-qm", "x"], cwd=folder / "specs", env=ENVIRONMENT, check=True)
    run = factory(folder, "plan", "--out", str(tmp_path / "out"), "--json")
    assert run.code == 0, run.err
    assert [one["spec"] for one in run.data["orders"]] == ["greeting"]
