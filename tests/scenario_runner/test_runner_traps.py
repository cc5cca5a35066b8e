"""Everything that has made other runners say "passed" without a pass. Not one may pass here."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

DISTRIBUTION = Path(__file__).resolve().parents[2] / "scenario-runner"

GOOD = """
Feature: Good
  Scenario: good
    When I run it with "csv"
    Then the exit code is 0
"""

CODES = {
    "osexit": "os._exit(0)",
    "close": "os.close(1); os.close(2); sys.stdout.close()",
    "systemexit": "raise SystemExit(0)",
    "keyboard": "raise KeyboardInterrupt",
    "pytestexit": "pytest.exit('done', returncode=0)",
    "skip": "pytest.skip('later')",
    "xfail": "pytest.xfail('known')",
    "hang": "time.sleep(60)",
    "spin": "while True: pass",
    "swallow": "while True:\n try: time.sleep(60)\n except BaseException: pass",
    "killself": "os.kill(os.getpid(), 9)",
    "thread": "threading.Thread(target=lambda: 1/0).start()",
    "lowthread": "import _thread; _thread.start_new_thread(lambda: 1/0, ()); time.sleep(0.1)",
    "late": "threading.Thread(target=lambda: (time.sleep(0.4), 1/0)).start()",
    "fork": "os.fork() or os._exit(0)",
    "forkstay": "os.fork() or time.sleep(60)",
    "forkdie": "os.fork() and os._exit(0); time.sleep(60)",
    "assertion": "assert 1 == 2, 'secret-detail'",
}
IMPORTS = "import json, os, shutil, sys, threading, time\nimport pytest\n"
STEPS = f"""
{IMPORTS}
from pytest_bdd import given, when, then, parsers
@given("nothing")
def _(): pass
@when(parsers.parse('python runs {{code:w}}'))
def _(code): exec({CODES!r}[code])
@then("all is well")
def _(): pass
"""
LIBRARY = f"""
{IMPORTS}
from scenario_runner.engine.phrases import phrase
def trap(text, code, keyword="When"):
    phrase(text, keyword=keyword, about="-", example="-")(lambda context: exec(code, globals()))
trap("nothing", "", "Given")
trap("all is well", "", "Then")
for name, code in {CODES!r}.items():
    trap(f"python runs {{name}}", code)
"""


@pytest.fixture
def library_with(tmp_path):
    """A copy of the distribution whose library has more steps; gives the environment to use it."""

    def make(module: str) -> dict[str, str]:
        made = tmp_path / "distribution"
        if not made.exists():
            shutil.copytree(DISTRIBUTION / "scenario_runner", made / "scenario_runner")
            phrases = made / "scenario_runner" / "engine" / "phrases.py"
            text = phrases.read_text()
            phrases.write_text(text.replace("_MODULES = (", '_MODULES = (\n    "traps",', 1))
            assert '"traps"' in phrases.read_text()
        (made / "scenario_runner" / "steps" / "traps.py").write_text(module)
        return {"PYTHONPATH": str(made)}

    return make


@pytest.fixture(
    params=[
        "suite",
        "library",
        pytest.param("beside", marks=pytest.mark.nightly),
        pytest.param("mixed", marks=pytest.mark.nightly),
    ]
)
def trapped(request, suite, run, library_with):
    """Runs one feature whose steps misbehave: as steps of a suite, as steps of the library, which
    run without pytest, those side by side, and suite steps between scenarios that need none.

    `more` maps further step texts to what they do.
    """
    way = request.param

    def start(text, *arguments, more=()):
        more = dict(more)
        if way in ("library", "beside"):
            extra = "".join(f"trap({each!r}, {code!r})\n" for each, code in more.items())
            jobs = ("--jobs", "4") if way == "beside" else ()
            env = library_with(LIBRARY + extra)
            return run(suite({"t.feature": text}), *arguments, *jobs, env=env)
        extra = "".join(
            f"@when({each!r})\ndef _(): exec({code!r}, globals())\n" for each, code in more.items()
        )
        files = {"t.feature": text, "steps/s.py": STEPS + extra}
        if way == "mixed":
            files |= {"a.feature": PLAIN.format("before"), "z.feature": PLAIN.format("behind")}
        return run(suite(files), *arguments)

    start.way = way
    return start


PLAIN = """
Feature: Plain
  Scenario: {}
    When I run it with no arguments
    Then the exit code is 0
"""


def of_trap(ran):
    """The outcomes of the feature that misbehaves; those beside it are judged here."""
    beside = [each for each in ran.report["scenarios"] if each["path"] != "t.feature"]
    assert all(each["outcome"] in ("passed", "missing") for each in beside)
    assert [each["outcome"] for each in beside[:1]] in ([], ["passed"])
    return [each["outcome"] for each in ran.report["scenarios"] if each["path"] == "t.feature"]


def scenario(code: str, name: str = "trap") -> str:
    return f"""
Feature: Trap
  Scenario: {name}
    When python runs {code}
    Then all is well
  Scenario: after
    Given nothing
    Then all is well
"""


@pytest.mark.parametrize(
    ("code", "arguments", "exit_code", "outcomes"),
    [
        ("osexit", (), 5, ["failed", "missing"]),
        ("killself", (), 5, ["failed", "missing"]),
        ("pytestexit", (), 5, ["failed", "missing"]),
        ("forkdie", (), 5, ["failed", "missing"]),
        ("forkstay", (), 0, ["passed", "passed"]),
        ("systemexit", (), 1, ["failed", "passed"]),
        ("keyboard", (), 1, ["failed", "passed"]),
        ("assertion", (), 1, ["failed", "passed"]),
        ("thread", (), 1, ["failed", "passed"]),
        ("lowthread", (), 1, ["failed", "passed"]),
        ("skip", (), 5, ["invalid", "passed"]),
        ("xfail", (), 5, ["invalid", "passed"]),
        ("hang", ("--scenario-timeout", "0.5"), 5, ["timed_out", "passed"]),
        ("swallow", ("--scenario-timeout", "0.5"), 5, ["timed_out", "missing"]),
        ("spin", ("--scenario-timeout", "0.5"), 5, ["timed_out", "passed"]),
        ("hang", ("--total-timeout", "1.5"), 5, ["timed_out", "missing"]),
    ],
)
def test_step_code_that_misbehaves(trapped, code, arguments, exit_code, outcomes):
    ran = trapped(scenario(code), *arguments)
    seen = of_trap(ran)
    if trapped.way in ("suite", "mixed"):
        assert seen == outcomes
        assert ran.code == exit_code
    elif code == "pytestexit":
        assert (seen, ran.code) == (["failed", "passed"], 1)  # there is no pytest to leave
    elif trapped.way == "library":
        assert (seen, ran.code) == (outcomes, exit_code)
    elif code in ("thread", "lowthread"):
        # Nobody can say whose thread it was, so the whole run is in doubt.
        assert (ran.code, ran.report["verdict"]) == (5, "inconclusive")
    else:
        # Beside it the other scenario may have come to its end, and been seen to, or not.
        blamed = {outcomes[0]} | ({"missing"} if outcomes[1] == "missing" else set())
        assert seen[0] in blamed
        assert seen[1] in {outcomes[1], "passed"}
        assert ran.code == exit_code
    assert "secret-detail" not in (ran.folder / "report.json").read_text()


def test_a_scenario_that_will_not_stop_beside_others_is_the_one_that_is_blamed(
    suite, run, library_with
):
    others = "".join(f" Scenario: {n}\n  Given nothing\n  Then all is well\n" for n in range(20))
    text = scenario("hang") + others
    env = library_with(LIBRARY)
    ran = run(suite({"t.feature": text}), "--jobs", "3", "--scenario-timeout", "0.5", env=env)
    assert ran.code == 5
    assert {name for name, outcome in ran.outcomes.items() if outcome == "timed_out"} == {"trap"}
    text = scenario("spin") + others
    ran = run(suite({"t.feature": text}), "--jobs", "3", "--scenario-timeout", "0.5", env=env)
    assert (ran.code, ran.report["errors"]) == (5, [])  # it was stopped, and the run went on
    assert [name for name, outcome in ran.outcomes.items() if outcome != "passed"] == ["trap"]
    assert ran.outcomes["trap"] == "timed_out"


def test_closing_stdout_changes_nothing(trapped):
    ran = trapped(scenario("close"))
    assert (ran.code, set(ran.outcomes.values())) == (0, {"passed"})


def test_a_thread_that_fails_outside_any_scenario_makes_it_inconclusive(trapped):
    ran = trapped("Feature: F\n Scenario: S\n  When python runs late\n  Then all is well\n")
    if trapped.way == "mixed" and ran.outcomes["behind"] == "failed":
        assert ran.code == 1  # it died while another scenario ran
        return
    assert ran.code == 5
    assert "thread" in ran.report["errors"][0]["message"]


def test_a_forked_copy_of_the_child_cannot_report_twice(trapped):
    ran = trapped(scenario("fork"))
    assert ran.code in (0, 5)
    assert len(of_trap(ran)) == 2


def test_a_step_that_deletes_or_forges_the_report(trapped, tmp_path):
    path = str(tmp_path / "report" / "report.json")
    forged = {"inventory": 1, "scenarios": [], "errors": [], "verdict": "pass"}
    more = {
        "the report folder goes": f"shutil.rmtree({str(tmp_path / 'report')!r}); assert 0",
        "a report is forged": f"open({path!r}, 'w').write(json.dumps({forged!r}))\n"
        f"os.chmod({path!r}, 0o400); os._exit(0)",
    }
    for step, code in (("the report folder goes", 1), ("a report is forged", 5)):
        text = f"Feature: F\n Scenario: S\n  When {step}\n  Then all is well\n"
        ran = trapped(text, more=more)
        assert (ran.code, of_trap(ran)) == (code, ["failed"])


def test_a_feature_file_removed_or_changed_during_the_run(trapped, tmp_path):
    path = str(tmp_path / "suite" / "t.feature")
    for action in (f"os.remove({path!r})", f"open({path!r}, 'a').write('# more')"):
        text = "Feature: F\n Scenario: S\n  When the file goes\n  Then all is well\n"
        ran = trapped(text, more={"the file goes": action})
        assert (ran.code, of_trap(ran)) == (5, ["invalid"])
        assert ran.report["errors"][0]["path"] == "t.feature"


CONFTESTS = {
    "marks skip": "import pytest\ndef pytest_collection_modifyitems(items):\n"
    "    for item in items: item.add_marker(pytest.mark.skip)",
    "marks xfail": "import pytest\ndef pytest_collection_modifyitems(items):\n"
    "    for item in items: item.add_marker(pytest.mark.xfail)",
    "skips in setup": "import pytest\ndef pytest_runtest_setup(item): pytest.skip('no')",
    "turns failures into passes": "import pytest\n@pytest.hookimpl(hookwrapper=True)\n"
    "def pytest_runtest_makereport(item, call):\n"
    "    out = yield\n    out.get_result().outcome = 'passed'\n",
    "deselects": "def pytest_collection_modifyitems(items): items[:] = []",
    "duplicates": "def pytest_collection_modifyitems(items): items[:] = items * 2",
    "ends the session": "def pytest_runtest_setup(item): item.session.shouldstop = 'x'",
    "never runs": "import pytest\n@pytest.hookimpl(tryfirst=True)\n"
    "def pytest_runtest_protocol(item, nextitem): return True",
    "reruns": "from _pytest.runner import runtestprotocol\nimport pytest\n"
    "@pytest.hookimpl(tryfirst=True)\n"
    "def pytest_runtest_protocol(item, nextitem):\n"
    "    runtestprotocol(item, nextitem=item); runtestprotocol(item, nextitem=nextitem)\n"
    "    return True",
    "fails in teardown": "import pytest\n@pytest.fixture(autouse=True)\n"
    "def broken():\n    yield\n    assert 0",
    "fails at the end": "import pytest\n@pytest.fixture(autouse=True, scope='session')\n"
    "def broken():\n    yield\n    assert 0",
    "breaks the session's end": "def pytest_sessionfinish(session): raise ValueError('x')",
    "ends with zero": "import os\ndef pytest_runtest_teardown(item): os._exit(0)",
    "ends while loading": "import os\nos._exit(0)",
}


@pytest.mark.parametrize("name", CONFTESTS)
def test_a_conftest_cannot_give_a_pass(suite, run, name):
    failing = "Feature: F\n Scenario: S\n  When python runs assertion\n  Then all is well\n"
    passing = "Feature: F\n Scenario: S\n  Given nothing\n  Then all is well\n"
    text = failing if name == "turns failures into passes" else passing
    files = {"t.feature": text, "steps/s.py": STEPS, "conftest.py": CONFTESTS[name] + "\n"}
    ran = run(suite(files))
    assert ran.code in (1, 2, 5)
    if name not in ("breaks the session's end", "ends the session"):
        assert "passed" not in ran.outcomes.values()


BROKEN = {
    "first step undefined": (
        "Feature: F\n Scenario: S\n  When I run itt with \"x\"\n  Then the exit code is 0\n",
        3, 'nearest known step is "I run it with {arguments:string}"'),
    "later step undefined": (
        'Feature: F\n Scenario: S\n  When I run it with "x"\n  Then the exit cod is 0\n',
        4, "the exit code is"),
    "Then: before any step": (
        "Feature: F\n Scenario: S\n  Then: the exit code is 0\n", 3, "description"),
    "Then: among steps": (
        'Feature: F\n Scenario: S\n  When I run it with "x"\n  Then: the exit code is 0\n',
        4, "not a step"),
    "lower case keyword": (
        'Feature: F\n Scenario: S\n  when I run it with "x"\n  Then the exit code is 0\n',
        3, "description"),
    "misspelt keyword": (
        'Feature: F\n Scenario: S\n  Wehn I run it with "x"\n  Then the exit code is 0\n',
        3, "description"),
    "scenario without its capital": (
        'Feature: F\n  scenario: lost\n Scenario: S\n  When I run it with "x"\n'
        "  Then the exit code is 0\n", 2, "description"),
    "no Then": (
        'Feature: F\n Scenario: S\n  When I run it with "x"\n', 2, "asserts nothing"),
    "a Then that asserts nothing": (
        'Feature: F\n Scenario: S\n  Then I run it with "x"\n', 2, "asserts nothing"),
    "empty scenario": ("Feature: F\n Scenario: S\n", 2, "no steps"),
    "empty outline": (
        'Feature: F\n Scenario Outline: S\n  When I run it with "<a>"\n'
        "  Then the exit code is 0\n  Examples:\n   | a |\n", 5, "no rows"),
    "outline without Examples": (
        'Feature: F\n Scenario Outline: S\n  When I run it with "<a>"\n'
        "  Then the exit code is 0\n", 2, "no Examples"),
    "feature without scenarios": ("Feature: F\n", 1, "no scenarios"),
    "empty file": ("", 1, "no feature"),
    "a BOM": ("\ufeffFeature: F\n Scenario: S\n  Then the exit code is 0\n", 1, "byte order mark"),
    "UTF-16": ("Feature: F".encode("utf-16"), 1, "byte order mark"),
    "not UTF-8": (b"Feature: F\n Scenario: \xff\n", 2, "not UTF-8"),
    "a NUL": ("Feature: F\n Scenario: \0\n", 2, "NUL"),
    "no such language": ("# language: xx\nFeature: F\n", 1, "Language not supported"),
    "ragged table": (
        "Feature: F\n Scenario: S\n  Then the output is CSV equal to:\n   | a | b |\n   | a |\n",
        5, "inconsistent cell count"),
    "a doc string is missing": (
        "Feature: F\n Scenario: S\n  Then the output is:\n", 3, "needs a doc string"),
    "a doc string too many": (
        'Feature: F\n Scenario: S\n  Then the exit code is 0\n   """\n   x\n   """\n',
        3, "takes no doc string"),
    "a pattern that can run away": (
        'Feature: F\n Scenario: S\n  Then the output matches "(a+)+$"\n', 3, "for ever"),
    "no pattern at all": (
        'Feature: F\n Scenario: S\n  Then the output matches "("\n', 3, "not a regular expression"),
    "JSON that is none": (
        'Feature: F\n Scenario: S\n  Then the output is JSON equal to:\n'
        '   """\n   {a: 1}\n   """\n',
        3, "not JSON"),
    "two scenarios of one name": (
        "Feature: F\n Scenario: S\n  Then the exit code is 0\n"
        " Scenario: S\n  Then the exit code is 0\n", 4, "already on line 2"),
    "two of one name in two rules": (
        "Feature: F\n Rule: A\n  Scenario: S\n   Then the exit code is 0\n"
        " Rule: B\n  Scenario: S\n   Then the exit code is 0\n", 6, "already on line 3"),
    "two of one id": (
        "Feature: F\n @id:x\n Scenario: S\n  Then the exit code is 0\n"
        " @id:x\n Scenario: T\n  Then the exit code is 0\n", 6, 'id "x" is already used'),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_errors_before_the_first_scenario_ran(suite, run, tool, name):
    text, line, message = BROKEN[name]
    ran = run(suite({"good.feature": GOOD, "t.feature": text}), subject=tool)
    assert ran.code == 2
    assert ran.report["verdict"] == "inconclusive"
    assert set(ran.outcomes.values()) <= {"invalid", "missing"}
    assert ran.outcomes["good"] == "missing"
    error = next(each for each in ran.report["errors"] if message in each["message"])
    assert (error["path"], error["line"]) == ("t.feature", line)
    refused = [each for each in ran.report["scenarios"] if each["path"] == "t.feature"]
    assert all(each["outcome"] == "invalid" for each in refused)
    assert "t.feature" in ran.stderr


def test_a_suite_that_cannot_be_loaded_is_an_error_with_its_line(suite, run):
    text = "Feature: F\n Scenario: S\n  Given nothing\n  Then all is well\n"
    for path in ("steps/s.py", "conftest.py", "deep/conftest.py"):
        for content, line in (("import os\nraise ValueError('x')\n", 2), ("x = 1\ndef (\n", 2)):
            root = suite({"deep/t.feature": text, "steps/s.py": STEPS, path: content})
            ran = run(root)
            assert ran.code == 2, (path, ran.report, (ran.folder / "private.log").read_text())
            error = ran.report["errors"][0]
            assert (error["path"], error["line"]) == (path, line), ran.report["errors"]
            (root / path).unlink()


def test_ambiguous_steps_are_errors(suite, run):
    steps = STEPS + '@given(parsers.re("noth.*"))\ndef _(): pass\n'
    text = "Feature: F\n Scenario: S\n  Given nothing\n  Then all is well\n"
    ran = run(suite({"t.feature": text, "steps/s.py": steps}))
    assert (ran.code, ran.outcomes) == (2, {"S": "invalid"})
    assert "ambiguous" in ran.report["errors"][0]["message"]


def test_a_step_of_another_type_says_so(suite, run):
    text = "Feature: F\n Scenario: S\n  When nothing\n  Then all is well\n"
    ran = run(suite({"t.feature": text, "steps/s.py": STEPS}))
    assert ran.code == 2
    assert "as given, but here it is a when" in ran.report["errors"][0]["message"]


def test_no_scenarios_and_no_folder(suite, run, tmp_path):
    ran = run(suite({"readme.md": "x"}))
    assert (ran.code, ran.report["inventory"]) == (2, 0)
    ran = run(tmp_path / "gone")
    assert ran.code == 2
    ran = run(suite({"t.feature": GOOD}), "--tags", "@never")
    assert "no scenario matches" in ran.report["errors"][0]["message"]
    ran = run(suite({"t.feature": GOOD}), "--tags", "@a and")
    assert (ran.code, ran.report["errors"][0]["path"]) == (2, "")


@pytest.mark.parametrize("subject", ["docker:demo", "no-such-command-here", "http://", '"'])
def test_a_subject_that_cannot_be_used(suite, run, subject):
    ran = run(suite({"t.feature": GOOD}), subject=subject)
    assert (ran.code, ran.outcomes) == (2, {"good": "missing"})
    assert "--subject" in ran.report["errors"][0]["message"]


def test_links_that_leave_the_suite_are_refused(suite, run, tool, tmp_path):
    outside = tmp_path / "outside"
    (outside / "steps").mkdir(parents=True)
    (outside / "more.feature").write_text(GOOD.replace("good", "more"))
    (outside / "steps" / "s.py").write_text("")
    for link, target in (
        ("a.feature", outside / "more.feature"),
        ("folder", outside),
        ("steps", outside / "steps"),
        ("conftest.py", outside / "steps" / "s.py"),
        ("gone.feature", tmp_path / "nowhere"),
    ):
        root = suite({"t.feature": GOOD})
        (root / link).symlink_to(target)
        ran = run(root, subject=tool)
        assert ran.code == 2, link
        assert ran.report["errors"][0]["path"] == link
        (root / link).unlink()
    root = suite({"t.feature": GOOD, "real/in.feature": GOOD.replace("good", "in")})
    (root / "linked").symlink_to(root / "real")
    (root / "real" / "loop").symlink_to(root)
    ran = run(root, subject=tool)
    assert ran.code == 0
    assert {"t.feature", "real/in.feature", "linked/in.feature"} <= {
        each["path"] for each in ran.report["scenarios"]
    }


def test_nothing_is_left_behind(trapped):
    daemon = (
        "if os.fork() == 0:\n os.setsid()\n if os.fork() == 0:\n"
        "  os.execvp('sleep', ['sleep', '47.1234'])\n os._exit(0)\nos.wait()"
    )
    text = "Feature: F\n Scenario: S\n  When a daemon starts\n  Then all is well\n"
    trapped(text, more={"a daemon starts": daemon})
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    assert "sleep 47.1234" not in listed


def test_the_channel_takes_nothing_without_the_token():
    from scenario_runner.wire import BrokenMessage, Receiver

    for line in (
        b'{"token": "guess", "number": 0, "kind": "end"}\n',
        b'{"number": 0}\n',
        b"[]\n",
        b"no\n",
        b'{"token": "t", "number": 1}\n',
        b'{"token": "\xc3\xa9", "number": 0}\n',
    ):
        with pytest.raises(BrokenMessage):
            list(Receiver("t").feed(line))
    assert list(Receiver("t").feed(b'{"token": "t", "number": 0}\n'))


def test_a_step_that_writes_into_every_descriptor(trapped):
    writes = (
        "for fd in range(3, 64):\n"
        """ try: os.write(fd, b'{"kind": "finished", "outcome": "passed"}\\n')\n"""
        " except OSError: pass\nassert 0"
    )
    text = "Feature: F\n Scenario: S\n  When every descriptor is written to\n  Then all is well\n"
    ran = trapped(text, more={"every descriptor is written to": writes})
    assert ran.code in (1, 5)
    assert of_trap(ran)[0] in (("failed", "missing") if trapped.way == "beside" else ("failed",))
