"""Every phrase of the step library, against a real service and a real command."""

from __future__ import annotations

import json
import re

import pytest

from tests.scenario_runner.conftest import DISTRIBUTION


def passes(ran):
    assert ran.code == 0, (ran.report, (ran.folder / "private.jsonl").read_text()[-3000:])


def test_http_phrases(suite, run, service):
    root = suite(
        {
            "http.feature": '''
        Feature: Links
          Scenario: create and follow
            Given a random URL as "target"
            And a random word as "alias"
            And the request header "X-API-Key" is "k-${alias}"
            When I send POST "/links" with JSON:
              """
              {"url": "${target}", "alias": "${alias}"}
              """
            Then the response status is 201
            And the response status is not 500
            And the response status is one of 200, 201
            And the response header "X-Made" is "yes"
            And the response header "X-Made" is present
            And the response header "X-Gone" is absent
            And the response header "Content-Type" contains "json"
            And the response header "Content-Length" matches "^[0-9]+$"
            And the response JSON at "code" is "${alias}"
            And the response JSON at "code" is ${alias}
            And the response JSON at "code" is a string
            And the response JSON at "code" matches "^[a-z]{8}$"
            And the response JSON at "code" contains "${alias}"
            And the response JSON at "code" is not "other"
            And the response JSON at "visits" is 0
            And the response JSON at "visits" is 0.0
            And the response JSON at "visits" is a number
            And the response JSON at "visits" is at least 0
            And the response JSON at "visits" is at most 0.5
            And the response JSON at "tags" is a list
            And the response JSON at "tags" has 2 items
            And the response JSON at "tags.1" is "b"
            And the response JSON at "tags" contains "a"
            And the response JSON at "" is an object
            And the response JSON at "missing" is absent
            And the response JSON at "tags.0" is present
            And the response JSON at "tags" is ["a", "b"]
            And the response arrives within 5000 milliseconds
            When I remember the response JSON at "code" as "code"
            And I send GET "/links/${code}"
            Then the response status is 302
            And the response header "Location" is "${target}"
            And the response body is empty
            When I send GET "http://elsewhere.invalid:1/links/${code}"
            Then the response status is 302
            When I remember the response header "Location" as "again"
            And I send POST "/links" with JSON:
              """
              {"url": "${again}"}
              """
            Then the response status is 201
            When I send GET "/echo-key"
            Then the response JSON is:
              """
              {"key": "k-${alias}"}
              """
          Scenario: bodies and several at once
            When I send GET "/health"
            Then the response body is:
              """
              ok
              """
            And the response body contains "ok"
            And the response body does not contain "error"
            When I send POST "/links" with body:
              """
              not json
              """
            Then the response status is 400
            When I send GET "/health" 5 times
            Then every response status is 200
            And 5 responses have status 200
            When 12 clients send POST "/links" at once with JSON:
              """
              {"url": "https://a.example/", "alias": "same"}
              """
            Then 1 response has status 201
            And 11 responses have status 409
            And every response status is one of 201, 409
            When I send POST "/links" 3 times with JSON:
              """
              {"url": "https://a.example/"}
              """
            Then every response differs in the JSON at "code"
            When 4 clients send GET "/health" at once
            Then 4 responses have status 200
            And within 3 seconds GET "/soon" answers 410
          Scenario: generated values
            Given a random number between 5 and 5 as "n"
            And a random email as "mail"
            And I remember "https://${mail}" as "url"
            When I send POST "/links" with JSON:
              """
              {"url": "${url}", "visits": ${n}}
              """
            Then the response status is 201
            When I follow the redirect
            Then the response status is 200
        '''
        }
    )
    ran = run(root, "--tags", "not @never", subject=service)
    assert ran.outcomes["create and follow"] == "passed", ran.private
    assert ran.outcomes["bodies and several at once"] == "passed", ran.private
    # The last one asks to follow a redirect that is not there.
    assert ran.outcomes["generated values"] == "failed"
    assert "no Location" in ran.private[-1]["message"]
    assert ran.private[-1]["generated"]["n"] == 5
    assert ran.code == 1


def test_command_phrases(suite, run, tool):
    root = suite(
        {
            "tool.feature": '''
        Feature: Tool
          Scenario: files and sums
            Given a file "data/in.csv" with:
              """
              name,amount
              tea,3
              "iced, tea",4
              """
            And an empty file "empty.txt"
            And a folder "out"
            When I run it with "sum 'data/in.csv'"
            Then the exit code is 0
            And the output is:
              """
              7
              """
            And the output contains "7"
            And the output does not contain "8"
            And the output has 1 line
            And line 1 of the output is "7"
            And the output matches "^[0-9]$"
            And the error output is empty
            And the run takes at most 10 seconds
            And the file "data/in.csv" is unchanged
            And the file "data/in.csv" contains "iced, tea"
            And the file "data/in.csv" does not contain "milk"
            And the file "data/in.csv" is CSV equal to:
              | name      | amount |
              | tea       | 3      |
              | iced, tea | 4      |
            And the file "nothing" does not exist
            And the file "empty.txt" exists
            When I remember line 1 of the output as "sum"
            And I run it with "write out/o.txt \\"a ${sum} b\\""
            Then the file "out/o.txt" is:
              """
              a ${sum} b
              """
            And the output is empty
          Scenario: input, CSV, JSON and errors
            When I run it with "copy" and input:
              """
              one
                two
              """
            Then the output has 2 lines
            And line 2 of the output is "  two"
            When I run it with "csv"
            Then the output is CSV equal to:
              | name   | amount |
              | tea    | 3      |
              | coffee | 4      |
            When I run it with "json"
            Then the output is JSON equal to:
              """
              {"a": null, "b": [1.0, 2]}
              """
            When I run it with no arguments
            Then the exit code is not 0
            And the exit code is 1
            And the error output contains "usage"
            And the error output matches "usage: [a-z]+"
            And the error output does not contain "Traceback"
            When I run it with "bad"
            Then the exit code is 2
            And the error output is:
              """
              no such command: bad
              """
        '''
        }
    )
    passes(run(root, subject=tool))


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ('When I run it with "link x"\n Then the file "x" contains "a"', "cannot be opened"),
        ('When I run it with "fifo x"\n Then the file "x" contains "a"', "not a regular file"),
        ('When I run it with "flood"\n Then the exit code is 0', "more than"),
        ('When I run it with "die"\n Then the exit code is not 0', "differs"),
        ('When I run it with "csv"\n Then the output contains "${nope}"', "nothing is remembered"),
        ('Given a file "../x" with:\n """\n a\n """\n When I run it with "csv"\n'
         ' Then the exit code is 0', "below the work folder"),
        ('When I send GET "/"\n Then the response status is 200', "takes no requests"),
        ("When I run it with no arguments\n Then the exit code is 0", "exit code is 1"),
    ],
)  # fmt: skip
def test_a_subject_that_misbehaves_fails_the_step(suite, run, tool, steps, message):
    ran = run(suite({"a.feature": f"Feature: F\n Scenario: S\n {steps}\n"}), subject=tool)
    assert (ran.code, ran.outcomes) == (1, {"S": "failed"})
    assert message in ran.private[0]["message"]


@pytest.mark.parametrize("path", ["/twice", "/nan", "/deep"])
def test_only_strict_json_counts(suite, run, service, path):
    text = (
        f'Feature: F\n Scenario: S\n  When I send GET "{path}"\n'
        '  Then the response JSON at "" is present\n'
    )
    ran = run(suite({"a.feature": text}), subject=service)
    assert ran.outcomes == {"S": "failed"}
    assert "not JSON" in ran.private[0]["message"]


def test_a_dripping_answer_cannot_extend_the_deadline(service):
    from scenario_runner.http_client import HttpClient, NoAnswer
    from scenario_runner.target import Target

    client = HttpClient(Target.parse(service))
    with pytest.raises(NoAnswer, match=r"within 0\.5 s"):
        client.request("GET", "/drip", timeout_seconds=0.5)
    answer = client.request("GET", "/away")
    assert answer.status == 302
    assert answer.elapsed_seconds < 5


def test_the_work_folder_is_fresh_and_the_environment_minimal(suite, run, tool):
    root = suite({"a.feature": '''
        Feature: F
          Scenario: one
            When I run it with "write left.txt x"
            And I run it with "environment"
            Then the output is JSON equal to:
              """
              ["HOME", "LANG", "PATH"]
              """
          Scenario: two
            When I run it with "where"
            Then the file "left.txt" does not exist
            When I remember line 1 of the output as "folder"
            Then line 2 of the output is "${folder}"
        '''})  # fmt: skip
    env = {"SECRET": "x", "LC_CTYPE": "C.UTF-8"}
    ran = run(root, subject=tool, env=env)
    # Python itself may add LC_CTYPE to a process that coerces its locale.
    assert ran.code == 0, ran.private


def test_a_grandchild_that_holds_the_pipes_does_not_hold_the_run(suite, run, tool):
    text = (
        'Feature: F\n Scenario: S\n  When I run it with "orphan"\n  Then the output is:\n'
        '   """\n   parent done\n   """\n  And the run takes at most 5 seconds\n'
    )
    passes(run(suite({"a.feature": text}), subject=tool))


def test_steps_lists_each_phrase_with_an_example_that_it_fits(cli):
    done = cli("steps", "--json")
    steps = json.loads(done.stdout)["steps"]
    assert done.returncode == 0
    assert len(steps) > 350
    from scenario_runner.engine import phrases

    for step in steps:
        keyword, text = step["example"].split("\n")[0].split(" ", 1)
        assert keyword == step["keyword"]
        fits = phrases.matches(text)
        assert len(fits) == 1, text
        assert fits[0][0].about == step["about"]
        assert (step["takes"] in ("text", "json")) == ('"""' in step["example"])
    narrowed = cli("steps", "redirect")
    assert "I follow the redirect" in narrowed.stdout
    assert "exit code" not in narrowed.stdout


def test_every_phrase_of_the_library_takes_linear_time():
    import time

    from scenario_runner.engine import phrases

    def seconds(length):
        """The best of three over all phrases, so that a busy machine does not count."""
        times = []
        for _ in range(3):
            started = time.process_time()
            for step in phrases.library():
                step.pattern.fullmatch((step.start + '"' + '\\"' * length)[:length])
                step.pattern.fullmatch((step.start + '"a", ' * length)[:length])
            times.append(time.process_time() - started)
        return min(times)

    seconds(10)  # compiles them
    assert seconds(4000) < 4 * seconds(2000), "twice the length: twice the time, not its square"


def test_the_page_of_steps_is_what_the_library_says():
    from scenario_runner.reference import rendered

    page = DISTRIBUTION.parent / "docs/steps.md"
    assert page.read_text("utf-8") == rendered(), (
        "python -m scenario_runner.reference > docs/steps.md"
    )


def test_editors_get_expressions_over_parameter_types(cli):
    document = json.loads(cli("steps", "--json").stdout)
    types = {each["name"]: each["regexp"] for each in document["parameterTypes"]}
    for step in document["steps"]:
        names = re.findall(r"\{(\w+)\}", step["expression"])
        assert all(name in types for name in names), step
        # As the language server reads an expression: literal text, parameters, optional letters.
        pattern = re.escape(re.sub(r"\\([\\/])", r"\1", step["expression"]))
        pattern = re.sub(r"\\\((\w+)\\\)", r"(?:\1)?", pattern)
        pattern = re.sub(r"\\\{(\w+)\\\}", lambda match: f"(?:{types[match[1]]})", pattern)
        assert re.fullmatch(pattern, step["example"].split("\n")[0].split(" ", 1)[1]), step
