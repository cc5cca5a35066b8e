"""WorkOrder: one ready spec, its agent, its budget, its base commit. Written by plan."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from factory.digest import digest_of
from factory.records.attempts import PastAttempt, RetryRules
from factory.records.base import (
    Amount,
    BranchName,
    CommitId,
    Count,
    Digest,
    Nonce,
    Part,
    Positive,
    Record,
    RequirementId,
    RunId,
    SpecId,
)
from factory.records.verdict import PublicVerdict


class Requirement(Part, frozen=True, kw_only=True):
    """One numbered line of a spec; `line` is its 1-based line in the spec file."""

    id: RequirementId
    text: str
    line: Positive


class SpecText(Part, frozen=True, kw_only=True):
    """A spec as it was merged. `digest` is the SHA-256 of `text`'s UTF-8 bytes.

    `commit` is the one on the main line that this text came with.
    """

    id: SpecId
    title: str
    version: Positive
    path: str
    commit: CommitId
    digest: Digest
    text: str
    stakes: Literal["low", "normal", "high"] = "normal"
    requirements: Annotated[tuple[Requirement, ...], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse a text that is not the one of the digest, also while a record is read."""
        if self.digest != digest_of(self.text):
            raise ValueError(f"the text of {self.id} is not the one of its digest")


class BoundSpec(Part, frozen=True, kw_only=True):
    """An architecture or constraint spec that binds the one to build; its digest as of a spec."""

    id: SpecId
    kind: Literal["architecture", "constraint"]
    version: Positive
    path: str
    digest: Digest


class ContextFile(Part, frozen=True, kw_only=True):
    """A file that the agent is given besides specs; `digest` is the SHA-256 of its bytes."""

    path: str
    digest: Digest


class Subject(Part, frozen=True, kw_only=True):
    """How a candidate is installed and started.

    A service has `start`, `port` and `ready` (a path answered with a status below 400); a
    command-line tool has `command`. `install` runs first, in a sandbox without network.
    """

    install: str | None = None
    start: str | None = None
    ready: str = "/"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8080
    command: str | None = None
    install_seconds: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 300.0
    start_seconds: Annotated[float, msgspec.Meta(gt=0, le=600)] = 30.0


class Product(Part, frozen=True, kw_only=True):
    """What is built: where its code lives and what in it no agent may change.

    `repository` is a local path, a URL or owner/name on the forge; `protected` are patterns in
    the form of .gitignore, relative to the root.
    """

    name: str
    repository: str
    base_branch: BranchName = "main"
    subject: Subject
    protected: tuple[str, ...] = ()


class AgentProfile(Part, frozen=True, kw_only=True):
    """Which agent builds: `uses` names the kind, `options` are that kind's own settings.

    `outside`: nobody of ours; a person or another's agent wrote what is judged.
    """

    name: str
    uses: Literal[
        "anthropic",
        "claude-code",
        "codex",
        "gemini",
        "mini-swe-agent",
        "command",
        "replay",
        "outside",
    ]
    options: dict[str, Any] = msgspec.field(default_factory=dict)

    @property
    def system(self) -> tuple[str, ...] | None:
        """The notes to it that it lists, as `agents/NAME.md`; None for those of its own name."""
        listed = self.options.get("system")
        return tuple(map(str, listed)) if isinstance(listed, list) else None

    @property
    def told(self) -> tuple[str, ...]:
        """The names of the notes that reach it."""
        if self.system is None:
            return (self.name,)
        return tuple(one.removeprefix("agents/").removesuffix(".md") for one in self.system)


Level = Literal["attempt", "spec", "day", "factory"]
"""Where a limit holds, from the narrowest to the widest."""


class Budget(Part, frozen=True, kw_only=True):
    """The limits of all levels; None is no limit. A day is one in UTC.

    `usd`, `tokens`, `minutes` and `steps` bound one attempt. `spec_*` bound all attempts at one
    spec version together, `day_*` all that one day sees, `factory_usd` all there ever is.
    Tokens are those of prompts, cached or not, and of answers. `spec_minutes` are those of
    building and evaluating.

    Once an order is reserved, `usd` and `tokens` are what was set aside for it, `usd_level` and
    `tokens_level` say whose limit that is, and `spec_minutes` is what was left of them. `begin_by`
    is then the latest time (UTC) at which what was set aside may be begun with; "" is at once.
    """

    usd: Amount = 5.0
    tokens: Positive | None = None
    minutes: Annotated[float, msgspec.Meta(gt=0)] = 30.0
    steps: Positive = 200
    spec_usd: Amount = 15.0
    spec_tokens: Positive | None = None
    spec_minutes: Annotated[float, msgspec.Meta(gt=0)] | None = None
    attempts: Positive = 3
    day_usd: Amount = 100.0
    day_tokens: Positive | None = None
    factory_usd: Amount | None = None
    usd_level: Level = "attempt"
    tokens_level: Level = "attempt"
    begin_by: str = ""


class SandboxChoice(Part, frozen=True, kw_only=True):
    """Which sandbox: `auto` takes bubblewrap, else Docker; never none."""

    uses: Literal["auto", "bubblewrap", "docker"] = "auto"
    image: str | None = None


class WorkOrder(Record, frozen=True, kw_only=True, tag="work-order/1"):
    """Everything that one attempt needs, and nothing about scenarios.

    `nonce` ties the verdict to this order. `brief` is the text that the agent is given first: the
    spec, what binds it (`bound`) and what explains it (`context`), in the order of these lists.
    `created_at` is UTC in the form 2026-11-22T21:10:08Z. From the second attempt on, `previous`
    is the candidate to go on from, `feedback` what may be known of its verdict, and `spent_usd`
    what the attempts before have cost together. `leak_left_bits` is what verdicts may still tell
    about the scenarios of this spec version. `agents` are the names of the agents of attempt 1, 2
    and so on, where routes know more than one; empty, `agent` makes them all. `history` are the
    attempts of this run before this one; `rebased` counts those that no agent made: the candidate
    before, brought onto a base branch that had moved. `merges` is that candidate, where this is
    such an attempt.
    """

    run_id: RunId
    nonce: Nonce
    created_at: str
    spec: SpecText
    product: Product
    base_commit: CommitId
    agent: AgentProfile
    budget: Budget
    sandbox: SandboxChoice = SandboxChoice()
    brief: str
    bound: tuple[BoundSpec, ...] = ()
    context: tuple[ContextFile, ...] = ()
    attempt: Positive = 1
    previous: CommitId | None = None
    feedback: PublicVerdict | None = None
    spent_usd: Amount = 0.0
    leak_left_bits: Amount = 32.0
    agents: tuple[str, ...] = ()
    retries: RetryRules = RetryRules()
    history: tuple[PastAttempt, ...] = ()
    rebased: Count = 0
    merges: CommitId | None = None

    @property
    def holding_branch(self) -> str:
        """Where the candidates of this run are held; each attempt replaces the one before."""
        return f"factory/hold/{self.spec.id}/{self.run_id}"
