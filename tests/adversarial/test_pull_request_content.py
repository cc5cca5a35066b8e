"""Pull request: bombs, planted caches, and text and names that would be commands or markup."""

from __future__ import annotations

import json
import re
import subprocess
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt

from factory.errors import InputError
from factory.forge.local import LocalForge
from factory.pipeline.gate import publish
from factory.spec.catalogue import CATALOGUE
from factory.spec.pages import page
from factory.spec.review.changes import Commits
from factory.spec.review.findings import READ, findings_now
from tests.unit.spec.review.specs_repository import BAD, FACTORY_YML, Specs, spec

NAMES = [
    "specs/::error file=x::planted.md",
    "specs/a\n::add-mask::planted\n.md",
    "specs/${{ github.token }}.md",
    "specs/x](javascript:x) [y.md",
    "specs/<img src=x onerror=alert(1)>.md",
    "specs/@acme-everyone #1.md",
    "specs/`code` | cell | .md",
    "specs/\x1b[31m\u202ered.md",
    f"specs/{'long' * 60}.md",
    "specs/##[error]x.md",
    "specs/%0A::error::x.md",
]
TEXTS = ["::error::planted", "${{ secrets.X }}", "[a](javascript:x)", "<script>", "@acme/all #1"]


@pytest.fixture
def specs(tmp_path):
    made = Specs(tmp_path / "specs")
    made.commit({"specs/first.md": spec("first")})
    return made


def shown(specs, tmp_path, report):
    """The check as it is posted."""
    (tmp_path / "report.json").write_bytes(report.to_json())
    forge = LocalForge(tmp_path / "checks")
    done = publish(
        forge, str(specs.folder), report.head, 7, gate_report=tmp_path / "report.json", cause=""
    )
    (path,) = (tmp_path / "checks").iterdir()
    return done, json.loads(path.read_text())


def test_names_and_texts_are_shown_as_what_they_are(specs, tmp_path):
    files = {name: spec(f"s{n}", BAD) for n, name in enumerate(NAMES)}
    for n, text in enumerate(TEXTS):
        quoted = json.dumps(text)
        files[f"specs/t{n}.md"] = (
            spec(f"t{n}", BAD)
            .replace("title: Let links expire", f"title: {quoted}\n{quoted}: 1")
            .replace("product: shortener", f"product: {quoted}")
            .replace("depends-on: []", f"depends-on: [{quoted}]")
        )
    specs.commit(files, branch="change")
    report = specs.review()
    assert {one.path for one in report.findings} >= set(NAMES)
    done, check = shown(specs, tmp_path, report)
    assert check["conclusion"] == "failure"
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(check["summary"])
    links = set(re.findall(r'(?:href|src)="([^"]*)"', rendered))
    assert links and all(re.fullmatch(r"[\w/.:%?=#-]+", link) for link in links), links
    places = {one for one in links if one.startswith(f"{specs.folder}/blob/{report.head}/specs/")}
    assert places and links - places <= {page(rule) for rule in CATALOGUE}, links
    assert not re.search(r"<(script|img|svg|input)", rendered)
    assert not re.search(r"@(?!<!-- -->)\w", rendered)
    for text in (check["title"], check["summary"]):
        assert not re.search(r"^\s*::|##\[", text, re.MULTILINE)
    messages = "".join(one["message"] for one in check["annotations"])
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", messages + check["summary"])
    assert {one["path"] for one in check["annotations"]} >= set(NAMES)
    assert done.verdict == "fail"


def test_a_tree_that_unfolds_without_end_is_a_finding(specs):
    git = specs.git
    blob = git("hash-object", "-w", "--stdin", stdin=b"x")
    entry = f"100644 blob {blob}\tx.md\n"
    inner = git("mktree", stdin=entry.encode())
    for _ in range(9):
        rows = "".join(f"040000 tree {inner}\td{n}\n" for n in range(10))
        inner = git("mktree", stdin=rows.encode())
    top = git("mktree", stdin=f"040000 tree {inner}\tspecs\n".encode())
    head = git("commit-tree", top, "-p", "main", "-m", "bomb")
    git("update-ref", "refs/heads/change", head)
    report = specs.review()
    (one,) = report.findings
    assert one.rule == "unreadable"
    assert "more than 50000 files" in one.message
    assert not report.passed


BOMBS = {
    "aliases": "---\nid: a\na: &a [x,x,x]\n"
    + "".join(f"{c}: &{c} [*{p},*{p},*{p}]\n" for p, c in pairwise("abcdefghijk"))
    + "---\n",
    "huge": "---\nid: a\n---\n" + "x" * 11_000_000,
    "binary": "---\nid: a\n---\n\x00\x01\x02",
    "deep": "---\nid: a\n---\n" + "> " * 5000 + "x",
    "surrogate": '---\nid: a\ntitle: "\\ud800"\nkind: "\\udfff"\n---\n',
    "empty": "",
    "many lines": "---\nid: a\n---\n## Rules\n" + "- \n" * 50_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_spec_that_is_a_bomb_is_a_finding_and_the_report_still_fits(specs, tmp_path, name):
    specs.commit({"specs/second.md": BOMBS[name]}, branch="change")
    report = specs.review()
    assert not report.passed
    assert {one.path for one in report.findings} == {"specs/second.md"}
    assert len(report.to_json()) <= 80_000
    done, check = shown(specs, tmp_path, report)
    assert check["conclusion"] == "failure"
    assert len(done.output.summary.encode()) <= 65_535


def test_nothing_is_written_but_what_the_gate_reads(specs, tmp_path):
    """A pull request cannot plant a cache, settings or modules beside the specs that are read."""
    planted = [".factory/cache/x", ".cache/x", "factory.py", "specs.py", ".env", "x/specs/a.md"]
    head = specs.commit({**dict.fromkeys(planted, "x"), "context/a.md": "x"}, branch="change")
    folder = tmp_path / "out"
    base = specs.git("rev-parse", "main")
    commits = Commits(bare=specs.folder / ".git", head=head, base=base, branch="main",
                      ancestors=(base,))  # fmt: skip
    findings_now(commits, folder)
    assert {path.name for path in folder.iterdir()} == {"specs", "context", ".git"}
    assert not list((folder / ".git").rglob("hooks/*"))
    assert {"specs", "context"} <= READ


@pytest.mark.parametrize("target", ["/etc/passwd", "../../../etc/passwd", "../.git/config"])
def test_a_link_out_of_the_repository_is_refused_whole(specs, target):
    specs.commit({"specs/second.md": f"-> {target}"}, branch="change")
    report = specs.review()
    (one,) = report.findings
    assert one.rule == "unreadable"
    assert "link" in one.message
    assert "root:" not in report.to_json().decode()


def test_a_repository_within_the_specs_is_none_of_its_own(specs):
    """Its products, and ids that it alone knows, would pass here and stop every plan after."""
    other = FACTORY_YML.replace("shortener:", "evil:", 1)
    text = spec("first", ("product: shortener", "product: evil"))
    specs.commit({"factory.yml": FACTORY_YML})
    specs.commit({"specs/x/factory.yml": other, "specs/x/specs/a.md": text}, branch="change")
    report = specs.review()
    found = {(one.path, one.rule) for one in report.findings}
    assert found == {("specs/x/specs/a.md", "product-unknown"), ("specs/x/specs/a.md", "id-twice")}


def test_a_factory_yml_that_is_a_link_reads_nothing_else(specs):
    specs.commit({"factory.yml": "-> context/x.md", "context/x.md": "no: configuration\n"},
                 branch="change")  # fmt: skip
    assert not specs.review().passed


def test_a_commit_that_is_no_commit_is_an_error(specs):
    blob = specs.git("hash-object", "-w", "--stdin", stdin=b"x")
    specs.git("update-ref", "refs/heads/change", specs.git("rev-parse", "main"))
    with pytest.raises(InputError):
        specs.review(blob)


def test_a_name_that_is_not_utf_8_is_a_finding(specs):
    specs.git("checkout", "-q", "-b", "change")
    blob = specs.git("hash-object", "-w", "--stdin", stdin=b"x")
    subprocess.run(
        ["git", "update-index", "--add", "-z", "--index-info"], cwd=specs.folder, check=True,
        input=f"100644 {blob}\tspecs/".encode() + b"\xff\xfe.md\0", timeout=30,
    )  # fmt: skip
    specs.git("commit", "-q", "-m", "x")
    report = specs.review()
    assert [one.rule for one in report.findings] == ["unreadable"]
    assert "UTF-8" in report.findings[0].message
