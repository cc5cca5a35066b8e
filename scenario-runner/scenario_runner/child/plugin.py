"""The pytest plugin of the child: collects feature files, binds steps, reports each outcome.

Every scenario is bound before the first one runs; the parent then says whether to go on.
"""

from __future__ import annotations

import io
import os
import time
import traceback
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from _pytest._io import TerminalWriter

from scenario_runner.child import suite_steps
from scenario_runner.child.alarm import Alarm
from scenario_runner.child.bdd_hooks import BddHooks
from scenario_runner.child.failed_threads import FailedThreads
from scenario_runner.child.items import FeatureFile, ScenarioItem
from scenario_runner.child.judge import detail, outcome_of
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.table import BindError, BoundLibraryStep, StepTable
from scenario_runner.model import Scenario, SuiteError
from scenario_runner.subject import subject as subjects
from scenario_runner.wire import Sender


class ScenarioPlugin:
    """One a run. `job` is what the parent sent; see run/supervise.py."""

    hooks: BddHooks

    def __init__(self, job: dict[str, Any], sender: Sender, control: Any) -> None:
        self._sender = sender
        self._control = control
        self._root = Path(job["root"])
        self._scenarios: dict[str, list[Scenario]] = {}
        for data in job["scenarios"]:
            scenario = Scenario.from_wire(data)
            self._scenarios.setdefault(scenario.path, []).append(scenario)
        self._step_modules: dict[str, list[str]] = job["step_modules"]
        self._folders = {
            parent for path in self._scenarios for parent in (self._root / path).parents
        }
        self._seed: str = job["seed"]
        self._timeout_seconds: float = job["scenario_timeout_seconds"]
        self._subject = subjects.parse(job["subject"], Path(job["start_folder"]))
        self._errors: list[SuiteError] = []
        self._loaded: set[str] = set()
        self._tables: dict[Path, StepTable] = {}
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
            config.pluginmanager.register(_SilentReporter(), "terminalreporter")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_load_initial_conftests(self) -> Generator[None, Any, Any]:
        try:
            return (yield)
        except BaseException as problem:
            self._load_failed(problem, "conftest.py")
            raise

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self, collection_path: Path) -> bool:
        if collection_path in self._folders:
            return False
        return self._relative(collection_path) not in self._scenarios

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> FeatureFile | None:
        scenarios = self._scenarios.get(self._relative(file_path))
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
            where = self._relative(collector.path) or "conftest.py"
            self._load_failed(problem or RuntimeError(str(report.longrepr)), where)
        return report

    def load_steps_for(self, file: FeatureFile) -> None:
        """Load the step modules of every folder above the file, each once."""
        for node in file.listchain():
            if not isinstance(node, (pytest.Dir, pytest.Package, pytest.Session)):
                continue
            folder = self._relative(node.path)
            if folder in self._loaded or (folder == "" and isinstance(node, pytest.Session)):
                continue
            self._loaded.add(folder)
            for number, path in enumerate(self._step_modules.get(folder, [])):
                name = f"scenario_runner_suite.steps_{len(self._loaded)}_{number}"
                try:
                    module = suite_steps.load_module(self._root / path, name, file.config)
                    suite_steps.register(module, node)
                except BaseException as problem:
                    self._load_failed(problem, path)

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
        for item in [] if self._errors else session.items:
            if isinstance(item, ScenarioItem):
                self._bind(item)
        errors = sorted(set(self._errors), key=lambda each: (each.path, each.line))
        self._sender.send("bound", errors=[error.as_json() for error in errors])
        answer = self._control.readline()
        self._went_on = answer == b"go\n"
        if not self._went_on:
            session.items.clear()
        strangers = [item for item in session.items if not isinstance(item, ScenarioItem)]
        if strangers:
            self.problem(f"{len(strangers)} items that are no scenarios were collected")
            session.items[:] = [item for item in session.items if isinstance(item, ScenarioItem)]

    def _bind(self, item: ScenarioItem) -> None:
        scenario = item.scenario
        file = item.parent
        assert isinstance(file, FeatureFile)
        table = self._tables.get(file.path)
        if table is None:
            table = self._tables[file.path] = self._table_for(file)
        asserts = False
        for step in scenario.steps:
            try:
                bound = table.bind(step)
            except BindError as problem:
                self._errors.append(SuiteError(scenario.path, step.line, str(problem)))
            except Exception as problem:
                message = f'the parser of "{step.text}" failed: {problem!r}'
                self._errors.append(SuiteError(scenario.path, step.line, message))
            else:
                item.bound.append(bound)
                counts = not isinstance(bound, BoundLibraryStep) or bound.asserts
                asserts = asserts or (step.type == "then" and counts)
        if not asserts and len(item.bound) == len(scenario.steps):
            message = f'"{scenario.name}" asserts nothing: no Then line checks what came back'
            self._errors.append(SuiteError(scenario.path, scenario.line, message))

    def _table_for(self, file: FeatureFile) -> StepTable:
        return StepTable(suite_steps.visible_from(file))

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
        item.context = ScenarioContext(self._subject, seed, self._timeout_seconds)
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
        if not self._went_on and self._errors:
            # pytest gave up before collection was over.
            self._sender.send("bound", errors=[error.as_json() for error in self._errors])
        self._subject.close()

    def _load_failed(self, problem: BaseException, path: str) -> None:
        cause = getattr(problem, "cause", None) or problem
        frames = traceback.extract_tb(cause.__traceback__)
        line = getattr(cause, "lineno", None) or 1
        where = path
        shown = getattr(problem, "path", None)
        if shown is not None:
            where = self._relative(Path(shown)) or path
        for frame in frames:
            if os.path.realpath(frame.filename) == str(self._root / where):
                line = frame.lineno or line
        message = f"cannot be loaded: {type(cause).__name__}: {cause}"
        self._errors.append(SuiteError(where, int(line), message))

    def _relative(self, path: Path) -> str:
        """A path as the inventory writes it; "" for the root, or for what is outside."""
        try:
            relative = path.relative_to(self._root).as_posix()
        except ValueError:
            return ""
        return "" if relative == "." else relative


class _SilentReporter:
    """Stands in for pytest's terminal reporter, which costs time and says nothing we need; parts
    of pytest ask for it by name to learn how to write."""

    def __init__(self) -> None:
        self._tw = TerminalWriter(io.StringIO())
        self.verbosity = 0

    def write(self, *_arguments: Any, **_options: Any) -> None:
        """Says nothing; suites call it."""

    write_line = write_sep = section = line = ensure_newline = write
