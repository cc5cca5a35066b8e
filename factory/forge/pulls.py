"""What GitHub says of pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factory.forge.pages import pages

if TYPE_CHECKING:
    from github import Github


def merged_pull(github: Github, full_name: str, commit: str) -> int | None:
    """The number of the pull request that brought a commit to the default branch, if one did."""
    place = f"/repos/{full_name}/commits/{commit}/pulls"
    return min(
        (
            int(one["number"])
            for one in pages(github, place, {}, None)
            if one.get("merged_at") and one["base"]["ref"] == one["base"]["repo"]["default_branch"]
        ),
        default=None,
    )
