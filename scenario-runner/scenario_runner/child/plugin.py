"""The pytest plugin of the child: collects feature files, binds steps, reports each outcome.

Every scenario is bound before the first one runs; the parent then says whether to go on.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from scenario_runner.child.alarm import Alarm
from scenario_runner.child.bdd_hooks import BddHooks
from scenario_runner.child.failed_threads import FailedThreads
from scenario_runner.child.items import FeatureFile, ScenarioItem
from scenario_runner.child.judge import detail, outcome_of
from scenario_runner.child.loading import SuiteLoader
from scenario_runner.child.silent_reporter import SilentReporter
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.model import Scenario
from scenario_runner.subject import subject as subjects
from scenario_runner.wire import Sender


class ScenarioPlugin:
    """One a run. `job` is what the parent sent; see run/supervise.py."""

    hooks: BddHooks

    def __init__(self, job: dict[str, Any], sender: Sender, control: Any) -> None:
        self._sender = sender
        self._control = control
        scenarios = [Scenario.from_wire(data) for data in job["scenarios"]]
        self.loader = SuiteLoader(Path(job["root"]), job["step_modules"], scenarios)
        self._seed: str = job["seed"]
        self._timeout_seconds: float = job["scenario_timeout_seconds"]
        self._subject = subjects.parse(job["subject"], Path(job["start_folder"]))
        self._current: ScenarioItem | None = None
        self._thread_failures: list[str] = []
        self._threads = FailedThreads(self._thread_failed)
        self._alarm = Alarm()
        self._started_at = 0.0
        self._went_on = False

    # What the suite's step code may ask for.

    @pytest.fixture(scope="session")
    def subject(self) -> subjects.Subject:
        """The subject under test: `subject.url`, `subject.run(argv)`."""
        return self._subject

    @pytest.fixture
    def remembered(self, request: pytest.FixtureRequest) -> dict[str, Any]:
        """The scenario's remembered values by name, shared with the library's `${name}`."""
        item = request.node
        assert isinstance(item, ScenarioItem) and item.context is not None
        return item.context.memory

    # Loading and collecting.

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        self.hooks = BddHooks(config)
        self._threads.install()
        self._alarm.install()
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            config.pluginmanager.unregister(reporter)
            config.pluginmanager.register(SilentReporter(), "terminalreporter")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_load_initial_conftests(self) -> Generator[None, Any, Any]:
        try:
            return (yield)
        except BaseException as problem:
            self.loader.failed(problem, "conftest.py")
            raise

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self, collection_path: Path) -> bool:
        if collection_path in self.loader.folders:
            return False
        return self.loader.relative(collection_path) not in self.loader.scenarios

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> FeatureFile | None:
        scenarios = self.loader.scenarios.get(self.loader.relative(file_path))
        if scenarios is None:
            return None
        file = FeatureFile.from_parent(parent, path=file_path)
        file.scenarios = scenarios
        file.plugin = self
        return file

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, Any, pytest.CollectReport]:
        report: pytest.CollectReport = yield
        if report.failed:
            call: Any = getattr(report, "call", None)
            problem = getattr(getattr(call, "excinfo", None), "value", None)
            where = self.loader.relative(collector.path) or "conftest.py"
            self.loader.failed(problem or RuntimeError(str(report.longrepr)), where)
        return report

    def tagged_function(self, scenario: Scenario) -> Any:
        """The function that stands for a scenario; tags become marks as under pytest-bdd."""

        def run_scenario() -> None:
            """Never called: ScenarioItem.runtest runs the engine."""

        function: Any = run_scenario
        hook: Any = getattr(self.hooks, "_config", None)
        for tag in scenario.tags:
            name = tag.lstrip("@")
            if self.hooks.foreign_tag_hook():
                hook.hook.pytest_bdd_apply_tag(tag=name, function=function)
            elif not name.startswith("_"):
                function = getattr(pytest.mark, name)(function)
        function.__doc__ = scenario.name
        return function

    # Binding, before anything runs.

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        # Where a file of the suite cannot be loaded, what it defines would be called undefined.
        for item in [] if self.loader.errors else session.items:
            if isinstance(item, ScenarioItem):
                assert isinstance(item.parent, FeatureFile)
                item.bound = self.loader.bind(item.scenario, item.parent)
        errors = sorted(set(self.loader.errors), key=lambda each: (each.path, each.line))
        self._sender.send("bound", errors=[error.as_json() for error in errors])
        answer = self._control.readline()
        self._went_on = answer == b"go\n"
        if not self._went_on:
            session.items.clear()
        strangers = [item for item in session.items if not isinstance(item, ScenarioItem)]
        if strangers:
            self.problem(f"{len(strangers)} items that are no scenarios were collected")
            session.items[:] = [item for item in session.items if isinstance(item, ScenarioItem)]

    # Running.

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        if not isinstance(item, ScenarioItem):
            return (yield)
        self._begin(item)
        try:
            return (yield)
        finally:
            self._finish(item)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_setup(self) -> Generator[None, Any, Any]:
        return (yield from self._guarded())

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self) -> Generator[None, Any, Any]:
        return (yield from self._guarded())

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_teardown(self) -> Generator[None, Any, Any]:
        return (yield from self._guarded())

    def _guarded(self) -> Generator[None, Any, Any]:
        self._alarm.enter()
        try:
            return (yield)
        finally:
            self._alarm.leave()

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if self._current is not None:
            self._current.reports.append(report)

    def _begin(self, item: ScenarioItem) -> None:
        self._sender.send("start", id=item.scenario.id)
        self._started_at = time.monotonic()
        self._thread_failures.clear()
        seed = f"{self._seed}:{item.scenario.id}"
        item.context = ScenarioContext(self._subject, seed)
        context = item.context
        self._subject.work_folder = lambda: context.work_folder
        self._current = item
        self._alarm.start(self._timeout_seconds)

    def _finish(self, item: ScenarioItem) -> None:
        self._alarm.stop()
        self._threads.wait_for_new()
        duration_seconds = time.monotonic() - self._started_at
        self._current = None
        outcome = outcome_of(item, self._alarm.fired, self._thread_failures)
        assert item.context is not None
        item.context.close()
        self._sender.send(
            "finished",
            id=item.scenario.id,
            outcome=outcome,
            duration_seconds=round(duration_seconds, 6),
            detail=detail(item, self._thread_failures),
        )
        # Thousands of scenarios: keep nothing of one that is over.
        item.context, item.bound, item.reports = None, [], []

    # Trouble.

    def _thread_failed(self, text: str) -> None:
        if self._current is not None:
            self._thread_failures.append(text)
        else:
            self.problem(f"outside any scenario, {text}")

    def problem(self, text: str) -> None:
        """Something that makes the whole run inconclusive."""
        self._sender.send("problem", text=text[:10_000])

    def finish_session(self) -> None:
        if not self._went_on and self.loader.errors:
            # pytest gave up before collection was over.
            self._sender.send("bound", errors=[error.as_json() for error in self.loader.errors])
        self._subject.close()
