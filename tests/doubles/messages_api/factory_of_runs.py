"""A factory under a model's server that lies: attempts reserve, ask, crash, resume and release.

One hypothesis machine over the real reservation, meter, journal, model and SDK, with a clock of
its own. After each step no level of the budget may be passed by anything at all: neither by what is
charged, nor by what the server had a right to bill.
"""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from factory import money
from factory.agents import checkpoint as checkpoints
from factory.agents.failures import ContextFull, DeadlineReached
from factory.agents.model import Model
from factory.agents.prices import Price, Rates, Tokens
from factory.agents.spent import Spent
from factory.agents.written_meter import WrittenMeter
from factory.errors import (
    AgentError,
    AuthenticationError,
    BudgetExceeded,
    ConfigurationError,
)
from factory.ledger.accounts import Accounts, Used
from factory.plan import release, reserve
from factory.records import (
    AgentProfile,
    Budget,
    LedgerEntry,
    Product,
    Requirement,
    SpecText,
    Subject,
    WorkOrder,
    digest_of,
)
from messages_api.lying import KINDS, STATUSES, LyingServer, honest_usage

DEFINED = (BudgetExceeded, DeadlineReached, ContextFull, AgentError, AuthenticationError,
           ConfigurationError)  # fmt: skip
PRICE = Price(
    base=Rates(input=2000, output=10_000, cache_write=2500, cache_write_1h=4000, cache_read=100),
    above=Rates(input=4000, output=20_000, cache_write=5000, cache_write_1h=8000, cache_read=200),
    threshold=50_000,
)
WISHED = 2000
KEY = "attempt"
_counts = st.one_of(
    st.integers(-5, 300_000), st.none(), st.floats(), st.text(max_size=3), st.booleans(),
    st.integers(10**6, 10**30), st.lists(st.integers(), max_size=2),
)  # fmt: skip
_usages = st.dictionaries(
    st.sampled_from((
        "input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens",
        "cache_creation",
    )),
    _counts | st.fixed_dictionaries({"ephemeral_1h_input_tokens": _counts}),
) | st.none() | st.integers() | st.text(max_size=3)  # fmt: skip
_fields = st.dictionaries(
    st.sampled_from(("server_tool_use", "service_tier", "speed", "inference_geo", "iterations",
                     "new_tokens")),
    st.recursive(st.sampled_from((0, 1, 0.5, True, "us", "fast", "standard", None, "")),
                 lambda one: st.lists(one, max_size=2) | st.dictionaries(st.text(max_size=2), one,
                                                                        max_size=2), max_leaves=3),
    min_size=1, max_size=2,
)  # fmt: skip
_garbage = st.sampled_from((
    b"", b"\xff\xfe", b"event: message_start\ndata: {}\n\n", b"event: x\ndata: [1]\n\n",
    b"event: message_start\ndata: [1]\n\n", b"event: message_stop\ndata: {\n\n",
    b"event: message_start\ndata: " + b"[" * 3000 + b"\n\n",
    b'event: message_start\ndata: {"type":"message_start","message":null}\n\n',
    b'event: message_delta\ndata: {"type":"message_delta","usage":{"output_tokens":NaN}}\n\n',
)) | st.binary(max_size=40)  # fmt: skip
_errors = st.sampled_from(("overloaded_error", "api_error", "invalid_request_error"))
_more = {
    "lie": {"lie": _usages},
    "unknown-field": {"fields": _fields},
    "status": {"status": st.sampled_from(STATUSES)},
    "error-event": {"at": st.integers(0, 9), "error": _errors},
    "garbage": {"garbage": _garbage},
}  # fmt: skip


def _plan(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({
        "kind": st.just(kind),
        "share": st.sampled_from((1.0, 0.5, 0.1)),
        "output": st.sampled_from((WISHED, 1200, 1)),
        "cache": st.sampled_from(("none", "read", "write")),
        **_more.get(kind, {"at": st.integers(0, 9)}),
    })  # fmt: skip


honest = _plan("honest")
dishonest = st.sampled_from([kind for kind in KINDS if kind != "honest"]).flatmap(_plan)
_cents = st.sampled_from((150, 60, 100, 30, 200, 300, 500, 0))
"""Limits from nothing to a few attempts."""


def an_order(run: int, attempt: int, budget: Budget) -> WorkOrder:
    """An attempt of one of two specs."""
    spec = ("first", "second")[run % 2]
    return WorkOrder(
        run_id=f"20261122t210000-{run:08x}",
        nonce="0" * 32,
        created_at="2026-11-22T21:00:00Z",
        spec=SpecText(
            id=spec, title="T", version=1, path=f"specs/{spec}.md", commit="a" * 40,
            digest=digest_of("x"), text="x",
            requirements=(Requirement(id="R1", text="It greets", line=1),),
        ),
        product=Product(name="p", repository="/x", subject=Subject(command="greet")),
        base_commit="a" * 40,
        agent=AgentProfile(name="builder", uses="anthropic"),
        budget=budget,
        brief="x",
        attempt=attempt,
    )  # fmt: skip


class Running:
    """One attempt under way. It goes on with the journal that is there, or (`anew`) without it."""

    def __init__(self, order: WorkOrder, granted: WorkOrder, folder: Path, anew: bool) -> None:
        self.order, self.granted = order, granted
        self.path = folder / f"{order.run_id}-{order.attempt}"
        self.stack = ExitStack()
        self.journal = self.stack.enter_context(checkpoints.opened(self.path, KEY))
        if anew or not self.journal.resumed:
            self.journal.begin("a" * 40, self.journal.abandoned + self.journal.spent)
        before, budget = self.journal.abandoned, granted.budget
        self.limits = msgspec.structs.replace(
            budget,
            usd=money.dollars(money.limit(budget.usd) - before.nano),
            tokens=None if budget.tokens is None else budget.tokens - before.tokens,
        )
        self.meter = WrittenMeter(PRICE, self.limits, self.journal)
        self._replay()
        self.prompt = 8000

    def _replay(self) -> None:
        """As the loop does: each line once, and a request without an end at its worst."""
        asked = None
        for line in self.journal.lines:
            if line["line"] == "asked":
                asked = Spent.of(line)
            else:
                self.meter.replay(line)
                asked = None
        if asked is not None:
            self.meter.lose(asked)

    def known(self) -> Used:
        """What its journal says that all tries have used."""
        left = checkpoints.left(self.path, KEY)
        assert left is not None and not left.damaged
        spent = left.abandoned + left.spent
        return Used(nano=spent.nano, tokens=spent.tokens)


class FactoryOfRuns(RuleBasedStateMachine):
    """See the module."""

    def __init__(self):
        super().__init__()
        self.entries: list[LedgerEntry] = []
        self.running: dict[tuple[int, int], Running] = {}
        self.crashed: dict[tuple[int, int], Running] = {}
        self.numbers = 0

    @initialize(
        attempt=_cents, spec=_cents, day=_cents, factory=st.none() | _cents,
        tokens=st.none() | st.integers(20_000, 400_000),
        day_tokens=st.none() | st.integers(20_000, 900_000), hour=st.sampled_from((0, 12, 23)),
    )  # fmt: skip
    def begin(self, attempt, spec, day, factory, tokens, day_tokens, hour):
        """A factory with limits of its own, at some time of day."""
        self.budget = Budget(
            usd=attempt / 100, spec_usd=spec / 100, day_usd=day / 100,
            factory_usd=None if factory is None else factory / 100, tokens=tokens,
            spec_tokens=None if tokens is None else tokens * 2, day_tokens=day_tokens, minutes=20,
        )  # fmt: skip
        self.now = datetime(2026, 11, 27, hour, 50, tzinfo=UTC)
        self.queue: list[dict[str, Any]] = []
        self.billed_on: dict[date, int] = defaultdict(int)
        self.billed_for: dict[str, int] = defaultdict(int)
        self.asking: Running | None = None
        self.trusted = True
        self.folder = tempfile.TemporaryDirectory(prefix="runs-")
        self.server = LyingServer(self.planned, self.billed)
        self.start()

    def teardown(self):
        """Leave nothing behind."""
        if hasattr(self, "folder"):
            for one in (*self.running.values(), *self.crashed.values()):
                one.stack.close()
            self.folder.cleanup()

    def planned(self, body: dict[str, Any]) -> dict[str, Any]:
        """What the server does with a request; what was not planned is honest."""
        usual = {"kind": "honest", "share": 0.5, "output": 100, "cache": "none", "at": 0}
        plan = dict(self.queue.pop(0) if self.queue else usual)
        assert self.asking is not None
        bound = self.asking.prompt
        plan["prompt"] = max(int(bound * plan["share"]), 200)
        plan["output"] = min(plan["output"], body["max_tokens"])
        cached = plan["prompt"] if plan["cache"] == "read" else 0
        written = plan["prompt"] if plan["cache"] == "write" else 0
        truth = honest_usage(plan["prompt"], plan["output"], cached, written)
        plan["truth"] = truth
        plan["usage"] = truth
        if plan["kind"] == "lie":
            plan["usage"] = plan["lie"]
            self.trusted = False
        if plan["kind"] == "unknown-field":
            plan["usage"] = {**truth, **plan["fields"]}
        self.last = plan
        return plan

    def billed(self, body: dict[str, Any], prompt: int, output: int) -> None:
        """The server has a right to so much."""
        truth = self.last["truth"]
        cost = PRICE.cost(
            Tokens(
                input=truth["input_tokens"],
                cache_read=truth["cache_read_input_tokens"],
                cache_write=truth["cache_creation_input_tokens"],
                output=output,
            )
        )
        assert self.asking is not None
        self.billed_on[self.now.date()] += cost
        self.billed_for[self.asking.order.spec.id] += cost

    @precondition(lambda self: len(self.running) < 4)
    @rule()
    def start(self):
        """Another attempt reserves its budget, or is refused."""
        self.numbers += 1
        self._reserve(self.numbers, 1)

    def _reserve(self, run: int, attempt: int, *, anew: bool = False) -> None:
        order = an_order(run, attempt, self.budget)
        crashed = self.crashed.pop((run, attempt), None)
        before = None
        if crashed is not None:
            before = crashed.known()
        try:
            done = reserve(order, self.entries, now=self.now, before=before)
        except BudgetExceeded as error:
            assert error.level in ("attempt", "spec", "day", "factory")
            if crashed is not None:
                self.crashed[run, attempt] = crashed
            return
        self.entries += done.entries
        self.running[run, attempt] = Running(order, done.order, Path(self.folder.name), anew)

    @precondition(lambda self: self.running)
    @rule(asked=st.lists(honest, min_size=1, max_size=3), which=st.integers(0, 3))
    def ask(self, asked, which):
        """An attempt sends requests to a server that answers them honestly."""
        for one in asked:
            self._ask([one], which)

    @precondition(lambda self: self.running)
    @rule(asked=st.lists(dishonest, min_size=1, max_size=3), which=st.integers(0, 3))
    def ask_a_liar(self, asked, which):
        """An attempt sends a request, which is tried again where that may help."""
        self._ask(asked, which)

    def _ask(self, asked: list[dict[str, Any]], which: int) -> None:
        one = list(self.running.values())[which % len(self.running)]
        self.asking, self.queue = one, list(asked)
        model = Model(
            self.server.client, one.meter, {"model": "m"}, max_tokens=WISHED,
            deadline=time.monotonic() + 600, backoff_seconds=0, sleep=lambda _: None,
        )  # fmt: skip
        messages = [{"role": "user", "content": [{"type": "text", "text": "x" * one.prompt}]}]
        before = one.meter.spent_nano
        try:
            model.ask(messages, one.prompt)
        except DEFINED:
            pass
        else:
            assert one.meter.spent_nano >= before
            one.journal.write("turn", **one.meter.unwritten())
        one.prompt = min(one.prompt + 5000, 120_000)
        self.asking = None

    @precondition(lambda self: self.running)
    @rule(which=st.integers(0, 3), under_way=st.booleans(), share=st.sampled_from((0.1, 1.0)))
    def crash(self, which, under_way, share):
        """A process is killed, maybe with a request under way; its reservation stays."""
        key = list(self.running)[which % len(self.running)]
        one = self.running.pop(key)
        if under_way:
            try:
                held = one.meter.reserve(one.prompt, WISHED)
            except BudgetExceeded:
                pass
            else:
                cost = int(held.nano * share)
                self.billed_on[self.now.date()] += cost
                self.billed_for[one.order.spec.id] += cost
        one.stack.close()
        self.crashed[key] = one

    @precondition(lambda self: self.crashed)
    @rule(which=st.integers(0, 3), anew=st.booleans())
    def resume(self, which, anew):
        """A killed attempt is taken up again or begun anew, on this day or another."""
        self._reserve(*list(self.crashed)[which % len(self.crashed)], anew=anew)

    @precondition(lambda self: self.running)
    @rule(which=st.integers(0, 3), known=st.booleans())
    def finish(self, which, known):
        """An attempt comes to its end, and says what it used, if that is known."""
        key = list(self.running)[which % len(self.running)]
        one = self.running.pop(key)
        one.stack.close()
        total = one.known()
        closing = release(one.order, self.entries, now=self.now, total=total if known else None)
        assert closing
        self.entries += closing
        assert release(one.order, self.entries, now=self.now, total=total) == []

    @rule(minutes=st.integers(1, 15))
    def wait(self, minutes):
        """Time passes; an attempt whose time is up asks nothing more."""
        self.now += timedelta(minutes=minutes)
        self._time_up()

    @precondition(lambda self: self.numbers > 1)
    @rule(days=st.integers(1, 2))
    def sleep(self, days):
        """Days pass."""
        self.now += timedelta(days=days)
        self._time_up()

    def _time_up(self) -> None:
        for key, one in list(self.running.items()):
            begun = max(
                datetime.fromisoformat(entry.at)
                for entry in self.entries
                if (entry.run_id, entry.attempt) == (one.order.run_id, one.order.attempt)
                and entry.event == "reserved"
            )
            if self.now > begun + timedelta(minutes=one.granted.budget.minutes):
                one.stack.close()
                self.crashed[key] = self.running.pop(key)

    @invariant()
    def no_level_is_passed(self):
        """Neither by what is charged nor, while usage was told truly, by what may be billed."""
        if not self.numbers:
            return
        accounts, limits = Accounts(self.entries), self.budget
        for spec in ("first", "second"):
            used = accounts.spec(spec, 1)
            assert used.nano <= money.limit(limits.spec_usd)
            if limits.spec_tokens is not None:
                assert used.tokens <= limits.spec_tokens
            if self.trusted:
                assert self.billed_for[spec] <= used.nano
        for number in range(-1, 3):
            day = self.now.date() + timedelta(days=number)
            used = accounts.day(day)
            assert used.nano <= money.limit(limits.day_usd)
            if limits.day_tokens is not None:
                assert used.tokens <= limits.day_tokens
        if self.trusted:
            assert all(nano <= accounts.day(day).nano for day, nano in self.billed_on.items())
        if limits.factory_usd is not None:
            assert accounts.all.nano <= money.limit(limits.factory_usd)
        for key, one in (*self.running.items(), *self.crashed.items()):
            meter = one.meter
            assert 0 <= meter.spent_nano <= money.limit(one.limits.usd)
            assert one.limits.tokens is None or 0 <= meter.tokens <= one.limits.tokens
            if key in self.running:
                assert one.journal.spent == meter.spent
                assert one.known().nano == one.journal.abandoned.nano + meter.spent_nano


def one_attempt(plans: list[dict[str, Any]], cents: int, tokens: int | None) -> None:
    """One attempt that sends a request for each plan; its limits are checked after each."""
    machine = FactoryOfRuns()
    machine.begin(cents, 500, 500, None, tokens, None, 12)
    try:
        for plan in plans:
            machine._ask([plan], 0)
            machine.no_level_is_passed()
    finally:
        machine.teardown()
