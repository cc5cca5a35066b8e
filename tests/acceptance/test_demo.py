"""`factory demo`: what a new user sees first, on both examples, honest and cheating."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import factory, git

pytestmark = pytest.mark.slow
# test_wheel has the other one, installed and for another user.
PRODUCTS = ["shortener", pytest.param("tally", marks=pytest.mark.nightly)]


@pytest.mark.parametrize("product", PRODUCTS)
def test_attempt_1_fails_and_attempt_2_ships(tmp_path: Path, product: str) -> None:
    done = factory(
        "demo", "--product", product, "--folder", str(tmp_path / "x"), "--json", cwd=tmp_path
    )
    assert done.code == 0, done.err
    data = done.data
    assert data["mode"] == "replay" and data["product"] == product
    assert "REPLAYS" in done.err
    first, second = data["attempts"]
    assert (first["attempt"], first["verdict"]) == (1, "fail")
    assert (second["attempt"], second["verdict"]) == (2, "pass")
    assert "not-met" in first["requirements"].values()
    assert set(second["requirements"].values()) == {"met"}
    assert first["candidate"] != second["candidate"]
    shipped = data["shipped"]
    assert shipped == {"commit": second["candidate"], "branch": "main"}
    product_repository = tmp_path / "x" / "product"
    assert git(product_repository, "rev-parse", "main") == shipped["commit"]
    assert git(product_repository, "status", "--porcelain") == ""
    assert Path(data["report"]).read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("product", PRODUCTS)
def test_the_cheat_ships_nothing(tmp_path: Path, product: str) -> None:
    done = factory(
        "demo", "--agent", "cheat", "--product", product, "--folder", str(tmp_path / "x"),
        "--json", cwd=tmp_path,
    )  # fmt: skip
    assert done.code in (1, 5), done.err
    data = done.data
    assert data["shipped"] is None
    assert [one["verdict"] for one in data["attempts"]] != []
    assert "pass" not in {one["verdict"] for one in data["attempts"]}
    product_repository = tmp_path / "x" / "product"
    assert git(product_repository, "rev-list", "--count", "main") == "1"
    assert "tried to find the holdouts: found 0" in done.err
    assert "0 keys" in done.err


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    done = factory("demo", "--folder", str(tmp_path), cwd=tmp_path)
    assert done.code == 2 and "not empty" in done.err
    assert [one.name for one in tmp_path.iterdir()] == ["mine"]
