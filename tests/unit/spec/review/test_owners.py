"""CODEOWNERS: the examples of GitHub's page about it, and what other readers get wrong."""

from __future__ import annotations

import pytest

from factory.spec.review.owners import CodeOwners

# docs.github.com, "About code owners", the example file.
EXAMPLE = """\
# This is a comment.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/*  docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/special/ @octocat
/special/github
/other/ @octocat
/other/github @doctocat
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("README.md", ("@global-owner1", "@global-owner2")),
        ("a/b.js", ("@js-owner",)),
        ("a/b.go", ("docs@example.com",)),
        ("b.txt", ("@octo-org/octocats",)),
        ("build/logs/x/y", ("@octocat",)),
        ("x/build/logs.md", ("@global-owner1", "@global-owner2")),
        ("x/apps/y/z", ("@octocat",)),
        ("docs/a/b.md", ("@doctocat",)),
        ("scripts/x", ("@doctocat", "@octocat")),
        ("deeply/nested/logs/x", ("@octocat",)),
        ("special/x", ("@octocat",)),
        ("special/github/x", ()),
        ("other/github/x", ("@doctocat",)),
    ],
)
def test_the_example_of_githubs_page(path, owners):
    assert CodeOwners(EXAMPLE).of(path) == owners


@pytest.mark.parametrize(
    ("text", "path", "owners"),
    [
        ("docs/* @a", "docs/x", ("@a",)),
        ("docs/* @a", "docs/x/y", ()),
        ("/* @a", "factory.yml", ("@a",)),
        ("/* @a", "x/factory.yml", ()),
        ("/factory.yml @a", "factory.yml", ("@a",)),
        ("/factory.yml @a", "x/factory.yml", ()),
        (".github @a", ".github/workflows/x.yml", ("@a",)),
        (".github/** @a", ".github/workflows/x.yml", ("@a",)),
        ("*.YML @a", "factory.yml", ()),
        ("* @a\nfactory.yml", "factory.yml", ()),
        ("a\\ b @a", "a b", ("@a",)),
        ("", "x", ()),
        ("@a", "x", ()),
    ],
)
def test_patterns(text, path, owners):
    assert CodeOwners(text).of(path) == owners


@pytest.mark.parametrize(
    "line",
    [
        "# * @mallory",
        "[.]github/ @mallory",
        "![x]* @mallory",
        "!.github/ @mallory",
        "\\#x @mallory",
        ".github/ @mallory not-an-owner",
        ".github/ @",
        ".github/ @a/b/c",
        "[Section]",
        "^[Section][2] @mallory",
        "x\\",
    ],
)
def test_a_line_that_github_skips_gives_nobody_anything(line):
    assert CodeOwners(f"* @ann\n{line}\n").of(".github/workflows/x.yml") == ("@ann",)


def test_who_stands_in_a_comment_owns_nothing():
    assert CodeOwners("* @ann # was @mallory\n*.yml #@mallory").of("x.md") == ("@ann",)
    assert CodeOwners("* @ann # was @mallory\n*.yml #@mallory").of("x.yml") == ()
