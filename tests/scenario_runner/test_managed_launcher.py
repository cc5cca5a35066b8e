"""`launcher:COMMAND`: a program that starts subjects for the runner; honest ones, and others."""

from __future__ import annotations

import json
import shlex
import sys

import pytest

from tests.scenario_runner.managed_service import EMPTY, managed
from tests.scenario_runner.test_managed_fresh import feature, passes
from tests.scenario_runner.test_managed_restarts import IN_TWO, RESTART

__all__ = ["managed"]

HONEST = """
import json, os, shlex, shutil, signal, socket, subprocess, sys, tempfile, threading, time

log, command = sys.argv[1], shlex.split(sys.argv[2])
running, works, lock = {}, [], threading.Lock()

def note(word):
    with open(log, "a") as stream:
        stream.write(word + "\\n")

def say(**answer):
    with lock:
        print(json.dumps(answer), flush=True)

def up(id, folder, held):
    port = held.getsockname()[1]
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, "PORT": str(port)},
                               stdout=subprocess.DEVNULL, start_new_session=True)
    running[id] = (process, folder, held)
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            if process.poll() is not None:
                return say(id=id, state="failed", whose="subject", message="it ended at once")
            time.sleep(0.02)
    say(id=id, state="ready", address=f"http://127.0.0.1:{port}")

def down(id):
    process = running[id][0]
    alive = process.poll() is None
    process.kill()
    process.wait()
    return alive

def start(id):
    # Bound, and not listening: nobody else is given the port, and the service may listen on it.
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    up(id, tempfile.mkdtemp(), held)

def restart(id):
    down(id)
    up(id, *running[id][1:])

def kill(id):
    down(id)
    say(id=id, state="killed")

def stop(id):
    alive = down(id)
    _, folder, held = running.pop(id)
    held.close()
    shutil.rmtree(folder)
    say(id=id, state="stopped", alive=alive)

print("a launcher began", file=sys.stderr, flush=True)
note("begun")
for line in sys.stdin:
    asked = json.loads(line)
    note(asked["do"])
    work = threading.Thread(target=globals()[asked["do"]], args=(asked["id"],))
    work.start()
    works.append(work)
for work in works:
    work.join()
for id in list(running):
    down(id)
    shutil.rmtree(running[id][1])
note("over")
"""


@pytest.fixture
def launcher(tmp_path, managed):
    """Words for --subject, of an honest launcher; its log is the file beside."""
    script = tmp_path / "launcher.py"
    script.write_text(HONEST)

    def words(*modes: str) -> str:
        command = [sys.executable, str(script), str(tmp_path / "log"), managed.command(*modes)]
        return f"launcher:{shlex.join(command)}"

    return words


def told(tmp_path) -> list[str]:
    return (tmp_path / "log").read_text().split()


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_fresh_instances_and_restarts_over_one_process(suite, run, launcher, tmp_path, jobs):
    root = suite({"a.feature": feature(EMPTY, RESTART, IN_TWO, EMPTY, tags="@fresh:scenario")})
    ran = run(root, "--jobs", jobs, subject=launcher())
    passes(ran)
    words = told(tmp_path)
    assert (words.count("begun"), words.count("start"), words[-1]) == (1, 4, "over")
    assert (words.count("restart"), words.count("kill")) == (2, 1)
    assert "a launcher began" in (ran.folder / "private-subjects.log").read_text()


# It takes two at once; one that is ending counts, and another may wait for it a little.
FULL = """
places = threading.Semaphore(2)

def limited(begin):
    def start(id):
        if not places.acquire(timeout=0.4):
            return say(id=id, state="failed", whose="ours", message="2 instances live")
        begin(id)
    return start

def freed(end):
    def stop(id):
        places.release()
        end(id)
    return stop

start, stop = limited(start), freed(stop)
"""


@pytest.mark.parametrize(
    ("limit", "code"),
    [(("--instances", "2"), 0), pytest.param((), 5, marks=pytest.mark.nightly)],
)
def test_of_a_launcher_with_two_places_no_more_is_asked(
    suite, run, launcher, tmp_path, limit, code
):
    """As many scenarios as there are places, each longer than anybody waits for one, and two
    subjects; without the limit it would be asked for more, which it refuses.
    """
    script = tmp_path / "launcher.py"
    script.write_text(HONEST.replace('print("a launcher began"', FULL + 'print("a launcher began"'))
    slow = EMPTY + '    When I send GET "/slow"\n' * 2
    slow += f'    Given the subject is "b"\n{EMPTY}'
    root = suite({"a.feature": feature(*[slow] * 5, tags="@fresh:scenario")})
    words = ["--subject", f"b={launcher()}", "--jobs", "8", *limit]
    ran = run(root, *words, subject=launcher())
    assert ran.code == code, ran.private
    if not code:
        passes(ran)


def test_one_instance_for_the_suite(suite, run, launcher, tmp_path):
    root = suite({"a.feature": feature(EMPTY, EMPTY.replace("is 0", "is 1"))})
    passes(run(root, subject=launcher()))
    assert told(tmp_path).count("start") == 1


def test_a_subject_that_it_cannot_start_fails_the_scenario(suite, run, launcher):
    ran = run(suite({"a.feature": feature(EMPTY)}), subject=launcher("refuse"))
    assert (ran.code, ran.outcomes) == (1, {"F 0": "failed"})
    assert "it ended at once" in ran.private[0]["message"]


def lying(tmp_path, body: str) -> str:
    """A launcher that does as `body` says with each request."""
    script = tmp_path / "liar.py"
    script.write_text(
        "import json, os, sys, time\n"
        "def say(**answer): print(json.dumps(answer), flush=True)\n"
        f"address = {json.dumps('http://127.0.0.1:1')}\n"
        "for line in sys.stdin:\n"
        "    asked = json.loads(line); id, do = asked['id'], asked['do']\n" + body
    )
    return f"launcher:{shlex.join([sys.executable, str(script)])}"


ANYTHING = "    When I do nothing\n    Then all is well\n"
WELL = """
from pytest_bdd import then, when
@when("I do nothing")
def nothing(): pass
@then("all is well")
def well(): pass
"""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("    print('no JSON', flush=True)\n", "a line that is no answer: no JSON"),
        ("    print('[1]', flush=True)\n", "a line that is no answer"),
        ("    print('[' * 9000, flush=True)\n", "a line that is no answer"),
        ("    say(id=1, state='ready', address=address)\n", "no answer"),
        ("    say(id='x', state='ready', address=address)\n", "what nobody asked"),
        ("    say(id=id, state='fine')\n", 'answered "start" with what is no answer'),
        ("    say(id=id, state='stopped', alive=True)\n", 'answered "start" with'),
        ("    say(id=id, state='ready')\n", 'answered "start" with'),
        ("    say(id=id, state='ready', address='ftp://x')\n", 'answered "start" with'),
        ("    say(id=id, state='failed', whose='nobody', message='')\n", 'answered "start"'),
        ("    say(id=id, state='failed', whose='ours', message='no sandbox')\n", "no sandbox"),
        ("    sys.exit(0)\n", "it ended before its time"),
        ("    os.kill(os.getpid(), 9)\n", "it ended before its time"),
        ("    while True: sys.stdout.write('x' * 65536)\n", "a line that is no answer"),
        (
            "    say(id=id, state='ready', address=address)\n"
            "    while do == 'start': say(id=id, state='ready', address=address)\n",
            "the launcher cannot be used: it answered",
        ),
    ],
)
def test_a_launcher_that_breaks_the_protocol_gives_no_pass(suite, run, tmp_path, body, words):
    root = suite({"a.feature": feature(ANYTHING, ANYTHING), "steps/well.py": WELL})
    ran = run(root, "--fresh", "scenario", subject=lying(tmp_path, body))
    assert ran.code == 5, ran.outcomes
    assert words in ran.report["errors"][0]["message"]
    assert "failed" not in ran.outcomes.values()


def test_one_address_for_two_instances_is_no_pass(suite, run, tmp_path):
    # Both are asked for before either is there: otherwise one may be gone before the other begins.
    body = (
        "    starts = globals().setdefault('starts', [])\n"
        "    starts += [id] if do == 'start' else []\n"
        "    for one in starts if len(starts) == 2 and do == 'start' else ():\n"
        "        say(id=one, state='ready', address=address)\n"
        "    if do == 'stop': say(id=id, state='stopped', alive=True)\n"
    )
    root = suite({"a.feature": feature(ANYTHING, ANYTHING), "steps/well.py": WELL})
    ran = run(root, "--fresh", "scenario", "--jobs", "2", subject=lying(tmp_path, body))
    assert ran.code == 5
    assert "two instances one address" in ran.report["errors"][0]["message"]


@pytest.mark.nightly
def test_a_launcher_that_does_not_answer_or_does_not_stop(suite, run, tmp_path):
    root = suite({"a.feature": feature(ANYTHING), "steps/well.py": WELL})
    hangs = lying(tmp_path, "    time.sleep(600)\n")
    ran = run(root, "--scenario-timeout", "1", subject=hangs)
    assert (ran.code, ran.outcomes) == (5, {"F 0": "timed_out"})
    ends_badly = lying(
        tmp_path,
        "    say(id=id, **{'start': dict(state='ready', address=address),\n"
        "                  'stop': dict(state='stopped', alive=False)}[do])\n"
        "sys.exit(3)\n",
    )
    ran = run(root, subject=ends_badly)
    assert (ran.code, ran.outcomes) == (5, {"F 0": "passed"})
    assert "ended with exit code 3" in ran.report["errors"][0]["message"]


def test_a_launcher_that_floods_its_error_stream(suite, run, launcher, tmp_path):
    script = tmp_path / "launcher.py"
    script.write_text(
        HONEST.replace(
            'note("begun")',
            'note("begun")\n'
            "def flood():\n"
            "    while True: sys.stderr.write('x' * 65536)\n"
            "threading.Thread(target=flood, daemon=True).start()\n",
        )
    )
    ran = run(suite({"a.feature": feature(EMPTY)}), subject=launcher())
    assert ran.outcomes == {"F 0": "passed"}
    assert (ran.folder / "private-subjects.log").stat().st_size < 17 * 1024 * 1024
