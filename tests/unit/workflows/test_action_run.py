"""From inputs to an argument list, and from exit codes to outputs; no shell, nothing leaked."""

from __future__ import annotations

import json
import tarfile

import pytest

from tests.unit.workflows.action_outputs import outputs

SECRET = "Scenario: the hidden one"


@pytest.fixture
def job(script, monkeypatch, tmp_path):
    """`job(answer, code, **inputs)`: run.main with a stand-in for the command it starts."""
    run = script("run")
    calls: list[list[str]] = []

    def start(command, *, code=0, answer=None, writes=(), **inputs):
        monkeypatch.setenv("FACTORY_INPUT_COMMAND", command)
        for name, value in inputs.items():
            monkeypatch.setenv("FACTORY_INPUT_" + name.upper(), value)

        def factory(*words, private=False):
            calls.append([*words, "PRIVATE"] if private else list(words))
            for path, data in writes:
                target = tmp_path / "runner" / "factory" / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(json.dumps(data))
            return code, answer

        monkeypatch.setattr(script("command"), "factory", factory)
        return run.main()

    start.run, start.calls = run, calls
    return start


def error(code, message="broken", **more):
    return {"error": {"code": code, "message": message, **more}}


def test_unknown_command_is_refused(job, capsys):
    assert job("run; rm -rf /") == 2
    assert job.calls == []
    assert "must be one of plan, budget-reserve" in capsys.readouterr().out


def test_record_as_text_becomes_a_file_and_no_word_of_it_an_argument(job, tmp_path):
    text = '{"record":"candidate/1","x":"$(id) `id` ${{ x }} --publish"}'
    job("ship", candidate=text, verdict='{"a":1}', code=5, answer=error("forge"))
    (words,) = job.calls
    assert words[0] == "ship"
    assert not any("$(" in word for word in words)
    assert (tmp_path / "runner" / "factory" / "in" / "candidate.json").read_text() == text


def test_missing_record_is_refused_before_anything_starts(job, capsys):
    assert job("ship", verdict="{}") == 2
    assert job.calls == []
    assert "`candidate` is empty" in capsys.readouterr().out


@pytest.mark.parametrize("word", ["--out", "../x", "a b;c", "UPPER", "x" * 80])
def test_spec_ids_are_words_of_the_contract(job, word):
    assert job("plan", spec_id=word, specs="specs") == 2
    assert job.calls == []


def test_scenarios_cannot_be_an_option(job):
    assert job("evaluate", candidate="{}", scenarios="--out=/tmp/x") == 2
    assert job.calls == []


def test_plan_with_nothing_to_do_is_an_empty_list(job, tmp_path):
    assert job("plan", specs="specs", code=3, answer={"orders": []}) == 0
    assert outputs(tmp_path)["record"] == "[]"


def test_plan_gives_one_line_an_order(job, tmp_path):
    order = tmp_path / "order.json"
    order.write_text(json.dumps({"text": "ä" * 100_000}))
    row = {"spec": "a-b", "run_id": "r", "attempt": 1, "path": str(order)}
    assert job("plan", specs="specs", answer={"orders": [row], "later": []}) == 0
    (line,) = json.loads(outputs(tmp_path)["record"])
    assert (line["spec"], line["run_id"], line["attempt"]) == ("a-b", "r", 1)
    handover = __import__("handover")
    assert json.loads(handover.unpack_text(line["work_order"])) == json.loads(order.read_text())


def test_plan_claims_no_more_than_a_matrix_and_the_outputs_hold(job, tmp_path, capsys):
    assert job("plan", answer={"orders": [], "later": ["s-one"]}) == 0
    (words,) = job.calls
    assert "--claim" in words
    assert words[words.index("--limit") + 1] == "256"
    assert words[words.index("--fit") + 1] == "480000"
    assert "['s-one']" in capsys.readouterr().out


def test_plan_is_not_red_where_todays_money_is_spent(job, tmp_path, capsys):
    assert job("plan", code=4, answer=error("budget")) == 0
    assert outputs(tmp_path)["record"] == "[]"
    assert "the budget of the day" in capsys.readouterr().out


@pytest.mark.parametrize(("ids", "again"), [("a-b", True), ("", False)])
def test_only_specs_that_are_named_are_planned_again(job, ids, again):
    job("plan", code=3, spec_id=ids, again="true")
    assert ("--again" in job.calls[0]) is again


def test_an_attempt_event_plans_that_attempt_only(job, tmp_path, monkeypatch):
    event = tmp_path / "event.json"
    payload = {"run_id": "r", "feedback": {"verdict": "fail"}}
    sent = {"action": "factory-attempt", "client_payload": {"request": payload}}
    event.write_text(json.dumps(sent))
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    monkeypatch.setenv("GITHUB_EVENT_NAME", "repository_dispatch")
    job("plan", code=3)
    (words,) = job.calls
    retry = tmp_path / "runner" / "factory" / "in" / "retry.json"
    assert words[words.index("--retry") + 1] == str(retry)
    assert json.loads(retry.read_text()) == payload


def test_an_attempt_event_without_payload_plans_nothing(job, tmp_path, monkeypatch):
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"action": "factory-attempt"}))
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    monkeypatch.setenv("GITHUB_EVENT_NAME", "repository_dispatch")
    assert job("plan") == 2
    assert job.calls == []


CAUSES = [
    ("authentication", "", "key-missing"),
    ("input", "", "key-missing"),
    ("authentication", "a key", "key-refused"),
    ("input", "a key", "scenarios-unreadable"),
    ("configuration", "a key", "scenarios-unreadable"),
    ("sandbox-unavailable", "a key", "sandbox-unavailable"),
    ("sandbox-breach", "", "sandbox-unavailable"),
    ("suite", "a key", "suite-invalid"),
    ("suite", "", "suite-invalid"),
    ("bug", "", "evaluate-crashed"),
    ("", "", "evaluate-crashed"),
]


@pytest.mark.parametrize(("kind", "key", "cause"), CAUSES)
def test_evaluate_that_fails_tells_a_cause_and_no_word(
    job, tmp_path, capsys, monkeypatch, kind, key, cause
):
    monkeypatch.setenv("FACTORY_SCENARIOS_KEY", key)
    answer = error(kind, SECRET, mend=SECRET, path=SECRET)
    assert job("evaluate", candidate="{}", scenarios="x/y", code=5, answer=answer) == 5
    assert outputs(tmp_path) == {"minutes": "1", "cause": cause}
    assert SECRET not in capsys.readouterr().out
    assert job.calls[0][-1] == "PRIVATE"


def test_the_key_is_not_to_blame_once_the_scenarios_were_read(job, tmp_path, monkeypatch):
    monkeypatch.setenv("FACTORY_SCENARIOS_KEY", "a key")
    writes = [("evaluate/inventory.json", {})]
    answer = error("authentication", "the product refuses us")
    job("evaluate", candidate="{}", scenarios="x/y", code=2, answer=answer, writes=writes)
    assert outputs(tmp_path) == {"minutes": "1", "cause": "evaluate-crashed"}
    assert not (tmp_path / "runner" / "factory" / "evaluate").exists()


def test_evaluate_causes_are_known_to_the_verdict(script):
    from factory.verdict.reasons import WITHOUT_CANDIDATE, Unavailable

    cause_of = script("stages.evaluate").cause_of
    known = {one.value for one in Unavailable}
    assert {cause_of(kind, False) for kind, _, _ in CAUSES} <= known
    assert {cause for _, _, cause in CAUSES} <= known
    assert script("stages.hold").GUARD_REFUSED in WITHOUT_CANDIDATE
    budget = script("stages.budget")
    assert {budget.OVER_BUDGET, budget.SPEC_OVER_BUDGET} < set(WITHOUT_CANDIDATE)


@pytest.mark.parametrize("code", [0, 1, 5])
def test_deciding_succeeds_once_there_is_a_public_verdict(job, tmp_path, capsys, code):
    public = {"verdict": {0: "pass", 1: "fail", 5: "inconclusive"}[code], "candidate": "c" * 40}
    writes = [("verdict/public-verdict.json", public), ("verdict/verdict.json", {"r": SECRET})]
    assert job("verdict", candidate="{}", code=code, writes=writes) == 0
    told = outputs(tmp_path)
    assert json.loads(told["record"]) == public
    assert told["verdict"] == public["verdict"]
    assert SECRET not in json.dumps(told) + capsys.readouterr().out
    assert job.calls[0][-1] == "PRIVATE"


def test_deciding_without_a_public_verdict_fails(job, tmp_path):
    assert job("verdict", candidate="{}", code=2, answer=error("record", SECRET)) == 2
    assert not (tmp_path / "output").exists()


def test_publishing_without_a_verdict_passes_the_cause_on(job, tmp_path):
    answer = {"verdict": "inconclusive"}
    code = job("verdict", candidate="{}", publish="true", cause="key-missing", code=5,
               answer=answer)  # fmt: skip
    assert code == 5
    (words,) = job.calls
    assert words[-3:] == ["--cause", "key-missing", "--publish"]
    assert not (tmp_path / "runner" / "factory" / "in" / "public.json").exists()
    assert outputs(tmp_path)["verdict"] == "inconclusive"


@pytest.mark.parametrize(("said", "words"), [
    ("7", ["--minutes", "7"]), ("0", ["--minutes", "0"]), ("", []), ("-1", []), ("--out", []),
    ("${{ needs.evaluate.outputs.minutes }}", []),
])  # fmt: skip
def test_publishing_passes_on_what_the_evaluation_took(job, said, words):
    job("verdict", candidate="{}", publish="true", minutes=said)
    assert job.calls[0][4:] == [*words, "--publish"]


def test_publishing_that_nothing_was_built_takes_the_work_order(job, tmp_path, capsys):
    answer = {"verdict": "inconclusive", "cause": "Nothing was built.", "mend": "Read the log."}
    code = job("verdict", work_order='{"w":1}', publish="true", cause="guard-refused", code=5,
               answer=answer)  # fmt: skip
    assert code == 5
    (words,) = job.calls
    order = tmp_path / "runner" / "factory" / "in" / "work-order.json"
    assert words == ["verdict", "--work-order", str(order), "--cause", "guard-refused", "--publish"]
    assert order.read_text() == '{"w":1}'
    assert outputs(tmp_path) == {"verdict": "inconclusive"}
    assert "inconclusive: Nothing was built.%0ATo mend it: Read the log." in capsys.readouterr().out


@pytest.mark.parametrize("about", [{"work_order": "{}"}, {"candidate": "{}"}])
def test_what_the_check_says_is_on_the_page_of_the_run_too(job, tmp_path, monkeypatch, about):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "page"))
    told = {"verdict": "fail", "check": {"title": "T", "summary": "**Why**"}}
    assert job("verdict", publish="true", code=1, answer=told, **about) == 1
    assert (tmp_path / "page").read_text() == "### factory / verdict\n\n**Why**\n"


STATEMENT = {"subject": [{"name": "ä"}], "predicate": {"result": "PASSED"}}


def test_the_statement_is_handed_on_once_the_verdict_is_published(job, tmp_path):
    told = {"verdict": "pass", "statement": STATEMENT}
    assert job("verdict", candidate="{}", publish="true", answer=told) == 0
    assert json.loads(outputs(tmp_path)["statement"]) == STATEMENT


@pytest.mark.parametrize("told", [
    {"verdict": "fail", "statement": STATEMENT},  # Another word than the exit code's.
    {"verdict": "pass", "statement": None},
    {"verdict": "pass", "statement": {"long": "x" * 60_000}},
])  # fmt: skip
def test_what_is_no_statement_to_attest_is_not_handed_on(job, tmp_path, told):
    job("verdict", candidate="{}", publish="true", answer=told)
    assert "statement" not in outputs(tmp_path)


@pytest.mark.parametrize(
    ("about", "word"), [({"work_order": "{}"}, "--work-order"), ({"candidate": "{}"}, "")]
)
def test_beginning_names_one_record_and_nothing_else(job, tmp_path, capsys, about, word):
    assert job("verdict", begin="true", answer={"begun": True}, **about) == 0
    (words,) = job.calls
    assert words[0] == "verdict" and words[-1] == "--begin"
    assert [one for one in words if one.startswith("--")] == [*filter(None, [word]), "--begin"]
    assert not (tmp_path / "output").exists()
    assert capsys.readouterr().out == ""


def test_a_check_that_cannot_be_begun_stops_no_line_and_is_said(job, capsys):
    assert job("verdict", begin="true", work_order="{}", answer={"begun": False}) == 0
    assert "::warning title=Dark Factory::" in capsys.readouterr().out
    assert job("verdict", begin="true", work_order="{}", code=2, answer=error("record")) == 2


@pytest.mark.parametrize("cause", ["${{ steps.hold.outputs.cause }}", "--out", "a b", "A" * 50])
def test_what_is_no_cause_does_not_keep_the_check_from_being_told(job, cause):
    assert job("verdict", work_order="{}", publish="true", cause=cause, code=5) == 5
    (words,) = job.calls
    assert "--cause" not in words
    assert words[-1] == "--publish"


@pytest.mark.parametrize("other", [{"candidate": "{}"}, {"public": "{}"}])
def test_a_work_order_and_a_candidate_are_not_published_together(job, other):
    assert job("verdict", work_order="{}", publish="true", **other) == 2
    assert job.calls == []


@pytest.fixture
def attempt(script, tmp_path):
    """A folder that build left, with a tree of one file."""
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "a.py").write_text("1\n")
    folder = tmp_path / "handed-on"
    folder.mkdir()
    (folder / "attempt.json").write_text("{}")
    script("handover").pack_tree(tmp_path / "tree", folder / "tree.tar")
    return folder


@pytest.mark.parametrize(
    ("kind", "code", "told"),
    [("guard", 1, {"cause": "guard-refused"}), ("forge", 5, {}), ("", 1, {})],
)
def test_hold_tells_a_tree_that_the_guard_refused(attempt, job, tmp_path, kind, code, told):
    assert job("hold", attempt=str(attempt), code=code, answer=error(kind)) == code
    output = tmp_path / "output"
    assert (outputs(tmp_path) if output.exists() else {}) == told


def test_hold_tells_a_tree_that_it_would_not_even_unpack(attempt, job, tmp_path):
    with tarfile.open(attempt / "tree.tar", "w") as archive:
        archive.addfile(tarfile.TarInfo("../outside"))
    assert job("hold", attempt=str(attempt)) == 2
    assert outputs(tmp_path) == {"cause": "guard-refused"}
    assert job.calls == []


def test_a_broken_archive_is_not_the_agents_doing(attempt, job, tmp_path):
    (attempt / "tree.tar").write_bytes(b"no archive")
    assert job("hold", attempt=str(attempt)) == 2
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize(("code", "word"), [(0, "pass"), (1, "fail"), (5, "inconclusive"),
                                            (70, "inconclusive"), (2, "inconclusive")])  # fmt: skip
def test_only_exit_code_0_is_a_pass(job, tmp_path, code, word):
    answer = {"verdict": word} if code in (0, 1, 5) else error("bug")
    given = {"candidate": "{}", "public": "{}", "publish": "true", "code": code, "answer": answer}
    assert job("verdict", **given) == code
    assert outputs(tmp_path)["verdict"] == word


@pytest.mark.parametrize("answer", [None, {}, error("gate"), {"verdict": "inconclusive"}])
@pytest.mark.parametrize("code", [0, 1])
def test_an_exit_code_without_its_word_is_no_verdict(job, tmp_path, code, answer):
    """Python itself ends with 1, as where a package is broken: nothing was entered or posted."""
    given = {"candidate": "{}", "public": "{}", "publish": "true", "code": code, "answer": answer}
    assert job("verdict", **given) == (code or 5)
    assert outputs(tmp_path)["verdict"] == "inconclusive"


def test_a_message_cannot_start_a_workflow_command(job, capsys):
    evil = "x\n::add-mask::y\r\n::set-output name=verdict::pass"
    assert job("hold", attempt="nowhere") == 2
    run = job.run
    run.runner.annotate("error", evil)
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("::error title=Dark Factory::x%0A::add-mask")


def test_shown_text_cannot_look_like_the_runners_own(script, capsys):
    runner = script("workflow_file")
    runner.show("a ##[group]b \x1b[2Jc\r\u202ed\te\n")
    assert capsys.readouterr().out == "a ## [group]b [2Jcd\te\n"
    runner.annotate("error", "x\n##[error]y\x1b[0m")
    assert capsys.readouterr().out == "::error title=Dark Factory::x%0A## [error]y[0m\n"


def test_output_values_cannot_close_their_delimiter(script, tmp_path):
    runner = script("workflow_file")
    runner.set_output("record", "a\nEOF\nverdict=pass\nend-")
    runner.set_output("verdict", "fail")
    assert outputs(tmp_path) == {"record": "a\nEOF\nverdict=pass\nend-", "verdict": "fail"}


@pytest.fixture
def command(script, monkeypatch, tmp_path):
    """`command(python)`: `factory`, where the command is a few lines of Python."""
    module = script("command")

    def start(source, **options):
        monkeypatch.setattr(module, "CALL", source)
        return module.factory("evaluate", **options)

    return start


def test_the_command_gets_no_more_environment_than_it_needs(command, monkeypatch):
    for name in ("GITHUB_ENV", "GITHUB_PATH", "ACTIONS_RUNTIME_TOKEN", "BASH_ENV", "LD_PRELOAD",
                 "PYTHONPATH", "GIT_SSH_COMMAND", "FACTORY_INPUT_CANDIDATE"):  # fmt: skip
        monkeypatch.setenv(name, "" if name == "LD_PRELOAD" else "planted")
    monkeypatch.setenv("FACTORY_SCENARIOS_KEY", "kept")
    source = "import json, os, sys; print(json.dumps([dict(os.environ), sys.flags.isolated]))"
    code, (env, isolated) = command(source)
    assert code == 0
    assert "planted" not in env.values()
    assert "LD_PRELOAD" not in env
    assert env["FACTORY_SCENARIOS_KEY"] == "kept"
    assert isolated == 1


TALK = """
import os, sys
sys.stderr.write("working" + ("\\x1b[2K" if sys.stderr.isatty() else ""))
sys.stderr.write("\\n::set-output name=verdict::pass\\nno end of line")
print('{"error": {"code": "suite", "message": "hidden"}}')
sys.exit(5)
"""


def test_its_progress_is_shown_and_none_of_it_is_a_command(command, capfd):
    assert command(TALK) == (5, {"error": {"code": "suite", "message": "hidden"}})
    lines = capfd.readouterr().out.splitlines()
    token = lines[0].removeprefix("::stop-commands::")
    assert len(token) == 32
    assert "working" in lines
    assert lines.index(f"::{token}::") > lines.index("no end of line")
    assert "\x1b" not in "".join(lines)


def test_of_a_private_command_nothing_is_shown(command, capfd):
    command(TALK, private=True)
    told = capfd.readouterr()
    assert "working" not in told.out + told.err
    assert "hidden" not in told.out + told.err


def test_what_is_no_json_is_no_answer(command):
    assert command("print('pass'); print('{}')") == (0, None)


def test_a_command_that_does_not_end_is_ended(script, monkeypatch, command):
    monkeypatch.setattr(script("command"), "TIMEOUT_SECONDS", 0.5)
    code, answer = command("import time; time.sleep(60)")
    assert code < 0
    assert answer is None


def test_deciding_leaves_no_private_evidence(job, tmp_path):
    public = {"verdict": "fail", "candidate": "c" * 40}
    writes = [
        ("evaluate/private/report.json", {"r": SECRET}),
        ("evaluate/report.json", {"r": SECRET}),
        ("verdict/verdict.json", {"r": SECRET}),
        ("verdict/public-verdict.json", public),
    ]
    assert job("verdict", candidate="{}", code=1, writes=writes) == 0
    left = [path for path in (tmp_path / "runner").rglob("*") if path.is_file()]
    assert left
    assert [path for path in left if SECRET in path.read_text()] == []


@pytest.mark.parametrize(("level", "cause"), [("day", "over-budget"), ("factory", "over-budget"),
                                              ("spec", "spec-over-budget"),
                                              ("attempt", "spec-over-budget"),
                                              (None, "spec-over-budget")])  # fmt: skip
def test_a_reserved_order_is_handed_on_and_a_spent_budget_is_told(job, tmp_path, level, cause):
    order = {"run_id": "r", "budget": {"usd": 1.5}, "agent": {"name": "builder"}}
    writes = [("reserved/work-order.json", order)]
    assert job("budget-reserve", work_order='{"w":1}', answer={}, writes=writes) == 0
    assert job.calls[0][:2] == ["budget", "reserve"]
    assert json.loads(outputs(tmp_path)["record"]) == order
    answer = error("budget")
    answer["error"].update({"level": level} if level else {})
    assert job("budget-reserve", work_order='{"w":1}', code=4, answer=answer) == 4
    assert outputs(tmp_path)["cause"] == cause


@pytest.mark.parametrize("spent", ["", "${{ needs.build.outputs.spent }}", "5"])
def test_what_is_no_record_of_spend_is_none(job, spent):
    assert job("budget-release", work_order='{"w":1}', spent=spent, answer={}) == 0
    assert "--spent" not in job.calls[0]


def test_build_tells_what_it_used_also_where_it_failed(job, tmp_path):
    spend = {"record": "spend/1", "usd": 0.5, "tokens": 7, "seconds": 1.0}
    writes = [("build/spent.json", spend)]
    assert job("build", work_order='{"w":1}', code=5, answer=error("agent"), writes=writes) == 5
    assert json.loads(outputs(tmp_path)["spent"]) == spend
    assert job("budget-release", work_order='{"w":1}', spent=outputs(tmp_path)["spent"],
               answer={}) == 0  # fmt: skip
    assert job.calls[-1][3] == "--spent"
