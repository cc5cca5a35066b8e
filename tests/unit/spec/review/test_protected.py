"""Which files are protected, and who may let a change to them through."""

from __future__ import annotations

import pytest

from factory.spec.review.owners import CodeOwners
from factory.spec.review.protected import Labelling, is_protected, is_spec_part, refusals

OWNERS = CodeOwners("* @ann @acme/leads\n/spec-templates/ mail@example.com\n/docs/")
BY_ANN = Labelling(by="ann", now="ann")


def of(*paths, labelling=BY_ANN, teams=()):
    asked = dict(teams)
    return refusals(paths, labelling, OWNERS, lambda team, login: asked.get((team, login), False))


@pytest.mark.parametrize(
    "path",
    [
        ".github", ".github/workflows/x.yml", ".github/CODEOWNERS", "factory.yml", "CODEOWNERS",
        "docs/CODEOWNERS", "spec-templates/feature.md", "spec-templates", "factory.yml/x",
        ".GitHub/workflows/x.yml", "FACTORY.YML", ".g\u200cithub/x", "codeowners",
    ],
)  # fmt: skip
def test_protected(path):
    assert is_protected(path)


@pytest.mark.parametrize(
    "path",
    ["specs/a.md", "x/.github/a", "docs/factory.yml", "x/CODEOWNERS", "context/a.md", ".gitignore"],
)
def test_not_protected(path):
    assert not is_protected(path)


def test_what_makes_it_a_pull_request_of_specs():
    assert all(map(is_spec_part, ["specs", "specs/README.md", "specs/x/y.png", "Specs/a.md"]))
    assert not any(map(is_spec_part, ["context/specs/a.md", "specs.md", "factory.yml"]))


def test_an_owner_who_has_just_set_the_label_lets_it_through():
    assert of("factory.yml", ".github/x") == {}
    assert of("factory.yml", labelling=Labelling(by="ANN", now="Ann")) == {}


@pytest.mark.parametrize(
    ("labelling", "why"),
    [
        (Labelling(), "no code owner has set the label"),
        (Labelling(now="ann"), "take it off and set it again"),
        (Labelling(by="ann"), "has been taken off"),
        (Labelling(by="ann", now="ben"), "set by someone else since"),
        (Labelling(by="ann", unseen="403"), "cannot be verified (403)"),
        (Labelling(by="ben", now="ben"), "ben set the label but does not own it"),
        (Labelling(by="an", now="an"), "an set the label but does not own it"),
    ],
)
def test_nobody_else_does(labelling, why):
    assert why in of("factory.yml", labelling=labelling)["factory.yml"]


def test_a_member_of_an_owning_team_does_where_that_can_be_seen():
    ben = Labelling(by="ben", now="ben")
    assert of("factory.yml", labelling=ben, teams={("acme/leads", "ben"): True}) == {}
    unseen = of("factory.yml", labelling=ben, teams={("acme/leads", "ben"): None})
    assert "whether they are in @acme/leads cannot be seen" in unseen["factory.yml"]


def test_each_file_needs_its_own_owner():
    found = of("factory.yml", "spec-templates/x.md", "docs/CODEOWNERS")
    assert set(found) == {"spec-templates/x.md", "docs/CODEOWNERS"}
    assert "e-mail addresses" in found["spec-templates/x.md"]
    assert "names no owner" in found["docs/CODEOWNERS"]
