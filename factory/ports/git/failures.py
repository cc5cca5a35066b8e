"""Which error a failed exchange with another repository amounts to."""

from __future__ import annotations

import re

from factory.errors import AuthenticationError, BaseMoved, FactoryError, InputError, ProcessFailed
from factory.ports import process
from factory.ports.git import command
from factory.ports.git.address import shown_url

_DENIED = re.compile(
    r"authentication failed|could not read (?:username|password)|terminal prompts disabled"
    r"|permission denied|invalid username or|host key verification failed|error: 40[13]"
    r"|permission to \S+ denied|write access .* not granted|marked as read.only"
    r"|without `?workflows?`? permission|no supported authentication|could not read from remote"
    r" repository.*access rights",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"repository '.*' (?:not found|does not exist)|repository not found"
    r"|does not appear to be a git repository|error: 404|not a git repository"
    r"|transport '.*' not allowed|unable to find remote helper|repository .* does not exist",
    re.IGNORECASE,
)


def failure(done: process.Completed, url: str, verb: str) -> FactoryError:
    """The error that a failed exchange with `url` amounts to."""
    where = shown_url(url)
    told = shown_url(command.describe(done, [verb]))
    flat = " ".join(told.split())
    if _DENIED.search(flat) and not _MISSING.search(flat):
        return AuthenticationError(
            f"{where} refuses us: {told}",
            mend="check the token or key for this repository, what it may do, and the host key",
        )
    if _MISSING.search(flat):
        return InputError(
            f"no repository can be read at {where}: {told}",
            mend="check its address, and that the token or key may read it",
        )
    return ProcessFailed(told, mend=f"check that {where} can be reached, then run this again")


def no_commit(commit: str, url: str) -> InputError:
    """The error for a commit that `url` does not have."""
    return InputError(
        f"{shown_url(url)} has no commit {commit}",
        mend="check that the commit was pushed and that a branch still holds it",
    )


def refused(line: str, done: process.Completed, url: str, ref: str) -> FactoryError:
    """The error for a push that was refused; `line` is git's porcelain line on `ref`."""
    where = f"{shown_url(url)} {ref}"
    reason = line.split("\t")[-1]
    if re.search(
        r"stale info|fetch first|non-fast-forward|cannot lock ref|incorrect old value"
        r"|failed to update ref|reference already exists|already exists",
        reason,
    ):
        return BaseMoved(
            f"{where} has moved, so nothing was pushed: {reason}",
            mend="plan and judge again on the new base",
        )
    if re.search(
        r"checked out|work(?:ing)? ?tree|unstaged|staged|unborn|denyCurrentBranch", reason
    ):
        return InputError(
            f"{where} is checked out there and cannot be moved: {reason}",
            mend="commit or stash what is in that work tree, or check out another branch",
        )
    if re.search(r"hook declined|protected branch|rule violations|denied|permission", reason):
        told = " ".join(done.stderr.decode("utf-8", "replace").split())[-1000:]
        return AuthenticationError(
            f"{where} may not be pushed to: {reason} {shown_url(told)}",
            mend="let the factory's token or key push to this branch",
        )
    return failure(done, url, "push")
