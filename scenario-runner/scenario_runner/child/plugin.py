"""The pytest plugin of the child: collects feature files, binds steps, reports each outcome.

Every scenario is bound before the first one runs; the parent then says whether to go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from scenario_runner.child import judge, native
from scenario_runner.child.bdd_hooks import BddHooks
from scenario_runner.child.bindings import Bindings, BoundModule
from scenario_runner.child.browser_ahead import start_ahead
from scenario_runner.child.items import FeatureFile, ScenarioItem
from scenario_runner.child.job import Job
from scenario_runner.child.loading import SuiteLoader
from scenario_runner.child.schedule import Schedule
from scenario_runner.child.silent_reporter import SilentReporter
from scenario_runner.child.suite_says import foreign_autouse, foreign_fixture, foreign_hooks
from scenario_runner.child.trail import definitions
from scenario_runner.child.witness import Witness
from scenario_runner.engine.context import fresh_context
from scenario_runner.engine.plain_fixtures import ALWAYS
from scenario_runner.model import Scenario
from scenario_runner.subject.subject import Subject


class ScenarioPlugin:
    """One a run."""

    hooks: BddHooks

    def __init__(self, job: Job, witness: Witness, control: Any) -> None:
        self._job = job
        self._witness = witness
        self._control = control
        self.loader = SuiteLoader(
            job.root, job.step_modules, job.scenarios, job.binding_modules, job.rules()
        )
        self.bindings = Bindings(job.root, job.scenarios)
        self._told: list[judge.Told] = []
        self._variants: Counter[str] = Counter()
        make_subject = job.subject_maker(witness, control)
        self._subject = make_subject()
        self._schedule = Schedule(job, witness, self._subject, make_subject)
        self._current: ScenarioItem | None = None
        self._went_on = False

    # What the suite's step code may ask for.

    @pytest.fixture(scope="session")
    def subject(self) -> Subject:
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
        self._witness.install()
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
        path = self.loader.relative(collection_path)
        return path not in self.loader.scenarios and path not in self.loader.binding_modules

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makemodule(
        self, module_path: Path, parent: pytest.Collector
    ) -> BoundModule | None:
        if self.loader.relative(module_path) not in self.loader.binding_modules:
            return None
        module = BoundModule.from_parent(parent, path=module_path)
        module.plugin = self
        return module

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

    def plans_natively(self, file: FeatureFile) -> set[str]:
        """The ids of those that the engine alone can run: nothing of the suite has a say in them,
        neither a hook nor a fixture used by all."""
        found: set[str] = set()
        # What a test module binds is pytest's, and which that is nobody knows yet.
        may = not (self.loader.binding_modules or foreign_hooks(file.config))
        may = may and not foreign_autouse(file)
        own_too = may and self._job.jobs > 1 and not foreign_fixture(file, ALWAYS)
        for scenario in file.scenarios:
            planned = None
            if may:
                table = self.loader.table(file)
                planned = native.plan(scenario, table, self.loader.rules, own_steps_too=own_too)
            self._schedule.collected(scenario, file, planned)
            if planned is not None:
                found.add(scenario.id)
        return found

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        # A conftest.py that was loaded late may have hooks that must see every scenario.
        if foreign_hooks(config):
            self._schedule.give_back(items)
        # What a test module binds runs there, and not beside its feature file as well.
        scenarios = [each for each in items if isinstance(each, ScenarioItem)]
        bound = {each.scenario.id for each in scenarios if isinstance(each.parent, BoundModule)}
        unwanted = {
            each
            for each in scenarios
            if each.scenario.id in bound and not isinstance(each.parent, BoundModule)
        }
        items[:] = [each for each in items if each not in unwanted]
        # Hooks of the suite come after this; none may leave a variant out unnoticed.
        self._variants.update(each.scenario.id for each in scenarios if each not in unwanted)

    # Binding, before anything runs.

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        # Where a file of the suite cannot be loaded, what it defines would be called undefined.
        for item in [] if self.loader.errors else session.items:
            if isinstance(item, ScenarioItem):
                assert isinstance(item.parent, pytest.Module)
                item.bound = self.loader.bind(item.scenario, item.parent)
        _variants_together(session)
        if self._job.ordered:
            place = self._job.places()
            session.items.sort(
                key=lambda item: place[item.scenario.id] if isinstance(item, ScenarioItem) else -1
            )
        items = [item for item in session.items if isinstance(item, ScenarioItem)]
        plans = [(item.scenario, item.bound) for item in items]
        plans += [(each.scenario, list(each.steps)) for each in self._schedule.planned()]
        start_ahead(plans, self._subject, self.loader.errors)
        self._witness.bound(self.loader.errors, self._schedule.apart(session.items))
        self._went_on = self._control.readline() == b"go\n"
        if not self._went_on:
            session.items.clear()
            self._schedule.clear()
        strangers = [item for item in session.items if not isinstance(item, ScenarioItem)]
        if strangers:
            self.problem(f"{len(strangers)} items that are no scenarios were collected")
            session.items[:] = [item for item in session.items if isinstance(item, ScenarioItem)]

    # Running.

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        return self._schedule.run(session)

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
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, Any, Any]:
        return (yield from self._guarded(item))

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self) -> Generator[None, Any, Any]:
        return (yield from self._guarded())

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_teardown(self) -> Generator[None, Any, Any]:
        return (yield from self._guarded())

    def _guarded(self, begun: pytest.Item | None = None) -> Generator[None, Any, Any]:
        self._witness.alarm.enter()
        try:
            if isinstance(begun, ScenarioItem) and begun.context is not None:
                # Before any fixture: one may talk to the subject.
                begun.take_subject()
            return (yield)
        finally:
            self._witness.alarm.leave()

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if self._current is not None:
            self._current.reports.append(report)

    def _begin(self, item: ScenarioItem) -> None:
        if item.first:
            self._told.clear()
            self._witness.begin(item.scenario.id)
        else:
            self._witness.go_on(sum(seconds for _, seconds, _ in self._told))
        item.context = fresh_context(self._subject, self._job.seed, item.scenario)
        self._current = item

    def _finish(self, item: ScenarioItem) -> None:
        seen = self._witness.end()
        self._current = None
        assert item.context is not None
        outcome = judge.under_pytest(
            judge.outcome_of(item.progress, item.problem, seen.timed_out, seen.thread_failures),
            item.reports,
            item.problem,
        )
        spare = self._witness.timeout_seconds - seen.seconds
        if item.last and item.context.closing:
            self._witness.letting_go(item.scenario.id)
        item.context.close(failed=outcome != "passed", spare_seconds=spare)
        found = judge.detail(
            item.context, item.progress, item.problem, seen.thread_failures, item.reports
        )
        found.update(definitions(item.bound, self.loader.root))
        self._told.append((outcome, seen.seconds - item.context.waited_seconds, found))
        if item.last:
            expected = self._variants[item.scenario.id]
            outcome, seconds, found = judge.of_variants(self._told, expected)
            self._witness.finished(item.scenario.id, outcome, seconds, found)
            # What follows, a fixture's end, is not this scenario's any more.
            self._witness.flush()
            if self._job.fail_fast and outcome != "passed":
                item.session.shouldfail = "--fail-fast"
        # Thousands of scenarios: keep nothing of one that is over.
        item.context, item.bound, item.reports = None, [], []

    # Trouble.

    def problem(self, text: str) -> None:
        self._witness.problem(text)

    def finish_session(self) -> None:
        if not self._went_on and self.loader.errors:
            # pytest gave up before collection was over.
            self._witness.bound(self.loader.errors)
        self._subject.close()


def _variants_together(session: pytest.Session) -> None:
    """A scenario's variants run one after the other, so that it begins and ends once."""
    groups: dict[object, list[pytest.Item]] = {}
    for item in session.items:
        key = item.scenario.id if isinstance(item, ScenarioItem) else item
        groups.setdefault(key, []).append(item)
    for several in groups.values():
        for item in several:
            if isinstance(item, ScenarioItem):
                item.first, item.last = item is several[0], item is several[-1]
    session.items[:] = [item for several in groups.values() for item in several]
