"""Lists that GitHub gives in pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from github import Github

ROWS_A_PAGE = 100
"""GitHub's limit."""


def pages(
    github: Github, place: str, parameters: Mapping[str, str], key: str | None
) -> Iterator[dict[str, Any]]:
    """Every row of a list, page by page; `key` names it where a page holds more than the list.

    Raises:
        GithubException: GitHub refused a page.
    """
    page = 1
    while True:
        given = {**parameters, "per_page": ROWS_A_PAGE, "page": page}
        _, body = github.requester.requestJsonAndCheck("GET", place, parameters=given)
        rows: list[dict[str, Any]] = body[key] if key else body
        yield from rows
        if len(rows) < ROWS_A_PAGE:
            return
        page += 1
