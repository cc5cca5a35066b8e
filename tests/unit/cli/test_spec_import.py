"""`factory spec import`: what is printed, what is written, and that nothing is overwritten."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from factory.cli.commands.spec import import_
from factory.spec.document import read_spec
from factory.spec.importing import FORMATS
from tests import forked

CASES = Path(__file__).resolve().parents[2] / "cases" / "imports"
PARCEL = CASES / "spec-kit" / "014-parcel-tracking" / "spec.md"


def run(folder: Path, *words: object, **env: str) -> subprocess.CompletedProcess[str]:
    return forked.run(
        [sys.executable, "-m", "factory.cli", "spec", "import", *map(str, words)],
        cwd=folder,
        env={**{k: v for k, v in os.environ.items() if k != "GITHUB_ACTIONS"}, **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_draft_alone_is_on_stdout(tmp_path: Path) -> None:
    done = run(tmp_path, PARCEL)
    assert done.returncode == 0
    assert done.stdout == (CASES / "expected" / "parcel-tracking.md").read_text("utf-8")
    assert "13 requirements, 12 open questions (from spec-kit)" in done.stderr
    assert "left out: a comment" in done.stderr and "spec.md:11" in done.stderr
    assert "kept as notes: User Story 1" in done.stderr


def test_a_folder_gives_a_file_for_each_spec(tmp_path: Path) -> None:
    done = run(tmp_path, CASES / "openspec", "--out", "specs", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    data = json.loads(done.stdout)
    assert [one["id"] for one in data["specs"]] == [
        "pause-reminders",
        "csv-export",
        "link-previews",
        "session-timeout",
    ]
    for one in data["specs"]:
        assert set(one) >= {"id", "path", "format", "requirements", "open_questions", "kept"}
        assert one["path"] == f"specs/{one['id']}.md" and "text" not in one
        assert one["format"] == "openspec"
        assert read_spec(tmp_path / one["path"]).id == one["id"]
    assert [Path(one).name for one in data["passed_over"]] == ["tasks.md"]


def test_options_answer_what_a_source_cannot(tmp_path: Path) -> None:
    out = tmp_path / "specs" / "parcel.md"
    done = run(
        tmp_path, PARCEL, "--out", out,
        "--id", "parcel", "--product", "depot", "--owner", "@acme/parcels",
    )  # fmt: skip
    assert done.returncode == 0 and done.stdout == ""
    assert "next: factory check" in done.stderr
    meta = read_spec(out).meta
    assert (meta["id"], meta["product"], meta["owner"]) == ("parcel", "depot", "@acme/parcels")
    assert "todo" not in out.read_text("utf-8").lower()


FACTORY = "version: 1\nproducts:\n{}scenarios: {{repository: ../scenarios}}\n"
PRODUCT = "  {}: {{repository: ../product, subject: {{command: x}}}}\n"


def repository(folder: Path, *products: str, owners: tuple[str, ...] = ()) -> None:
    """A specs repository with these products, and a spec of each of these owners."""
    products_yaml = "".join(map(PRODUCT.format, products))
    (folder / "factory.yml").write_text(FACTORY.format(products_yaml), "utf-8")
    for number, owner in enumerate(owners):
        (folder / "specs").mkdir(exist_ok=True)
        front = f'id: spec-{number}\nstatus: ready\nowner: "{owner}"'
        (folder / "specs" / f"spec-{number}.md").write_text(f"---\n{front}\n---\n", "utf-8")


@pytest.mark.parametrize(
    ("products", "owners", "known"),
    [
        (("depot",), ("@acme/parcels", "@acme/parcels"), ("depot", "@acme/parcels")),
        (("depot",), (), ("depot", "@TODO/owner")),
        (("depot",), ("TODO", "@TODO/owner", "@acme/a"), ("depot", "@acme/a")),
        (("depot",), ("TODO",), ("depot", "@TODO/owner")),
        (("depot", "shop"), ("@acme/a", "@acme/b"), ("todo-product", "@TODO/owner")),
    ],
)
def test_what_the_specs_repository_knows_is_taken_from_there(
    tmp_path: Path, products: tuple[str, ...], owners: tuple[str, ...], known: tuple[str, str]
) -> None:
    repository(tmp_path, *products, owners=owners)
    done = run(tmp_path, PARCEL, "--out", "specs", "--json")
    [one] = json.loads(done.stdout)["specs"]
    meta = read_spec(tmp_path / one["path"]).meta
    assert (meta["product"], meta["owner"]) == known
    done = run(tmp_path, PARCEL, "--out", "specs/b.md", "--product", "kiosk", "--owner", "@acme/k")
    assert done.returncode == 0, done.stderr
    meta = read_spec(tmp_path / "specs" / "b.md").meta
    assert (meta["product"], meta["owner"]) == ("kiosk", "@acme/k")


def test_an_owner_that_is_none_is_refused_also_where_the_repository_knows_one(
    tmp_path: Path,
) -> None:
    repository(tmp_path, "depot", owners=("@acme/parcels",))
    done = run(tmp_path, PARCEL, "--out", "specs", "--owner", "")
    assert done.returncode == 2
    assert [one.name for one in (tmp_path / "specs").iterdir()] == ["spec-0.md"]


def test_json_without_a_file_holds_the_draft(tmp_path: Path) -> None:
    [one] = json.loads(run(tmp_path, PARCEL, "--json").stdout)["specs"]
    assert one["path"] is None
    assert one["text"] == (CASES / "expected" / "parcel-tracking.md").read_text("utf-8")
    assert one["left_out"] == [{"path": str(PARCEL), "line": 11, "what": "a comment"}]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    there = tmp_path / "specs" / "link-previews.md"
    there.write_text("mine", encoding="utf-8")
    done = run(tmp_path, CASES / "openspec", "--out", "specs", "--json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert error["path"] == "specs/link-previews.md" and error["mend"]
    assert [one.name for one in (tmp_path / "specs").iterdir()] == ["link-previews.md"]
    assert there.read_text("utf-8") == "mine"


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "out.md").symlink_to(tmp_path / "elsewhere.md")
    assert run(tmp_path, PARCEL, "--out", "out.md").returncode == 2
    assert not (tmp_path / "elsewhere.md").exists()


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nowhere.md",),
        (PARCEL, "--format", "word"),
        (PARCEL, "--id", "Not An Id"),
        (PARCEL, "--id", "a\nkind: constraint"),
        (PARCEL, "--product", "x: y"),
        (PARCEL, "--owner", ""),
        (PARCEL, "--owner", "a\u202eb"),
        (CASES / "openspec",),
        (CASES / "openspec", "--out", "one.md"),
        (CASES / "openspec", "--out", "specs", "--id", "one"),
    ],
)
def test_usage_is_exit_2_and_writes_nothing(tmp_path: Path, words: tuple[object, ...]) -> None:
    done = run(tmp_path, *words)
    assert done.returncode == 2
    assert done.stdout == "" and done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_formats_offered_are_those_that_are_read() -> None:
    assert import_.FORMATS == FORMATS


def test_format_forces(tmp_path: Path) -> None:
    source = CASES / "openspec" / "specs" / "link-previews"
    [one] = json.loads(run(tmp_path, source, "--format", "plain", "--json").stdout)["specs"]
    assert one["format"] == "plain"


def test_a_file_is_answered_where_it_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"# A\n\nb\xff\n")
    done = run(tmp_path, "bad.md")
    assert done.returncode == 2
    assert "bad.md:3:2: not UTF-8: byte 0xff" in done.stderr
    assert "mend: save the file as UTF-8" in done.stderr


def test_on_a_runner_the_draft_commands_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Title\n\n::set-output name=x::y\n", encoding="utf-8")
    lines = run(tmp_path, "a.md", GITHUB_ACTIONS="true").stdout.splitlines()
    command = next(n for n, line in enumerate(lines) if line == "::set-output name=x::y")
    assert lines[0].startswith("::stop-commands::") and command > 0
    assert lines[-1] == f"::{lines[0].removeprefix('::stop-commands::')}::"
