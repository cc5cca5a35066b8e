"""Where the factory speaks with people: issues of one repository, and the comments on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from factory.forge.issues import Issue, Issues
from factory.forge.people import Said, may_write, said

if TYPE_CHECKING:
    from github import Github

T = TypeVar("T")


class Ask(Protocol):
    """Does something with a client that may write issues; the second argument says what, in words.

    Raises:
        ForgeError, AuthenticationError: GitHub did not do it.
    """

    def __call__(self, action: Callable[[Github], T], aim: str, /) -> T:
        """The answer of `action`."""
        ...


class Conversation:
    """Each call may be made again: what is there already is left or edited, never doubled.

    Every call raises what `Ask` does.
    """

    def __init__(self, ask: Ask, full_name: str) -> None:
        self._ask, self._name = ask, full_name

    def tell(self, mark: str, title: str, text: str, *, again: tuple[str, str]) -> Issue:
        """Have one open issue about a matter.

        Args:
            mark: the first line of its body, which tells the matter.
            title, text: what it says; the text is Markdown.
            again: marker and text of a comment for those who follow the issue, where it was there
                and said something else.

        Raises:
            ForgeError: the repository has its issues switched off.
        """

        def act(github: Github) -> Issue:
            issues = Issues(github, self._name)
            issue, what = issues.put(mark, title, text)
            if what == "changed":
                issues.comments.put(issue.number, *again)
            return issue

        return self._ask(act, "open or change an issue")

    def end(self, mark: str, word: tuple[str, str]) -> Issue | None:
        """Close the issue about a matter with a word, its marker first; None where none is open."""

        def act(github: Github) -> Issue | None:
            issues = Issues(github, self._name)
            issue = issues.find(mark)
            if issue is None or not issue.is_open:
                return None
            issues.comments.put(issue.number, *word)
            issues.close(issue)
            return issue

        return self._ask(act, "close an issue")

    def ours(self, number: int) -> Issue | None:
        """The issue of that number, if it is one of ours."""
        return self._on_issues(lambda issues: issues.ours(number))

    def said(self, comment: int) -> Said | None:
        """A comment as it stands now; None where it is no more."""
        return self._ask(lambda github: said(github, self._name, comment), "read a comment")

    def may_write(self, one: Said) -> bool:
        """Whether who said something has write access to the repository now."""

        def act(github: Github) -> bool:
            return may_write(github, self._name, one.login, one.account)

        return self._ask(act, "see what a person may do")

    def has(self, number: int, mark: str) -> bool:
        """Whether a comment of ours with this marker is on an issue."""
        return self._on_issues(lambda issues: issues.comments.mine(number, mark) is not None)

    def answer(self, number: int, mark: str, text: str) -> None:
        """Have one comment of ours with this marker on an issue, and let it say `text`."""
        self._on_issues(lambda issues: issues.comments.put(number, mark, text))

    def _on_issues(self, action: Callable[[Issues], T]) -> T:
        return self._ask(lambda github: action(Issues(github, self._name)), "speak on an issue")
