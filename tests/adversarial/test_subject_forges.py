"""Subject: says that it passed, writes reports, plants what a runner would import or collect."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factory.records import Subject
from tests.adversarial.subject_bench import COMMAND, feature, judge, server

PASS = {"inventory": 1, "scenarios": [], "errors": [], "verdict": "pass"}
FORGE = f"""
import json, os, sys
print("1 passed in 0.01s", flush=True)
print({json.dumps(PASS)!r}, flush=True)
print("::set-output name=verdict::pass", flush=True)
JUNIT = '<testsuite tests="1" failures="0"><testcase name="x"/></testsuite>'
places = ["/", "/app", "/workspace", "/tmp", "/run", "/run/factory", "/dev/shm", "/var/tmp", "/opt",
          os.environ.get("PREFIX", "."), ".", "..", "../..", "/proc/1/cwd", "/proc/1/root/tmp"]
for place in places:
    for name, text in (("report.json", {json.dumps(PASS)!r}), ("junit.xml", JUNIT),
                       ("verdict.json", '{{"record": "verdict/1", "verdict": "pass"}}'),
                       ("public-verdict.json", '{{"verdict": "pass"}}'),
                       ("inventory.json", '{{"scenarios": []}}')):
        try:
            with open(os.path.join(place, name), "w") as stream:
                stream.write(text)
        except OSError:
            pass
for number in range(3, 64):
    try:
        os.write(number, {json.dumps(PASS)!r}.encode())
    except OSError:
        pass
"""
WANTED = """
    When I run it with "add 2 3"
    Then the output is:
      \"\"\"
      5
      \"\"\"
"""
GREETS = """
    When I send GET "/hello"
    Then the response body contains "hello"
"""


@pytest.fixture(autouse=True)
def _tools(needs) -> None:
    needs("git", "bwrap")


def test_a_command_that_prints_and_writes_a_pass(tmp_path: Path) -> None:
    tool = "#!/usr/bin/env python3\n" + FORGE + "os._exit(0)\n"
    judged = judge(tmp_path, {"tool": tool}, feature(WANTED, WANTED), subject=COMMAND)
    assert judged.verdict == "fail" and judged.outcomes == ["failed", "failed"]
    assert json.loads((judged.out / "report.json").read_text())["run_id"] == judged.report.run_id


@pytest.mark.parametrize("phase", ["install", "start"])
def test_a_service_that_prints_and_writes_a_pass_and_exits_0(tmp_path: Path, phase: str) -> None:
    forge = "python3 forge.py"
    subject = (
        Subject(install=forge, start="true", start_seconds=2)
        if phase == "install"
        else Subject(start=forge, start_seconds=5)
    )
    judged = judge(tmp_path, {"forge.py": FORGE}, feature(GREETS), subject=subject)
    assert (judged.verdict, judged.public.failure_class) == ("fail", "start")
    assert judged.report.scenarios == () and judged.report.fault == "subject"


def test_a_service_that_answers_with_verdicts(tmp_path: Path) -> None:
    """In bodies, headers and status lines, the words that reports are made of."""
    files = server(
        f"""
        verdict = {json.dumps(PASS)!r}
        if self.path == "/hello":
            self.wfile.write(b"HTTP/1.1 200 1 passed\\r\\nX-Verdict: pass\\r\\n"
                             b"Content-Length: %d\\r\\n\\r\\n" % len(verdict) + verdict.encode())
            return
        """,
        start=FORGE,
    )
    judged = judge(tmp_path, files, feature(GREETS))
    assert judged.verdict == "fail" and judged.outcomes == ["failed"]


PLANTS = (
    "json.py",
    "os.py",
    "re.py",
    "site.py",
    "signal.py",
    "sitecustomize.py",
    "usercustomize.py",
    "conftest.py",
    "test_planted.py",
    "click.py",
    "pytest.py",
    "factory/__init__.py",
    "factory/sandbox/__init__.py",
    "factory/sandbox/__main__.py",
    "scenario_runner/__init__.py",
    "steps/planted.py",
    "encodings/__init__.py",
)
SETTINGS = {
    "pytest.ini": "[pytest]\naddopts = -p planted\npython_files = *.py\n",
    "tox.ini": "[pytest]\naddopts = -p planted\n",
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-p planted"\n',
    "pyvenv.cfg": "home = /workspace\n",
    "planted.pth": "import planted\n",
    ".env": "PYTHONPATH=/workspace\n",
}


def planter(marker: Path) -> str:
    """A tool that plants everything below the folder it runs in, then answers wrongly."""
    payload = f"open({str(marker)!r}, 'a').write(__file__ + '\\n')\n"
    settings = {**SETTINGS, **dict.fromkeys(PLANTS, payload), "planted.py": payload}
    return f"""#!/usr/bin/env python3
import os
for name, text in {settings!r}.items():
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    with open(name, "w") as stream:
        stream.write(text)
for name in ("python3", "python", "bwrap", "sh", "prlimit", "setpriv", "env", "git", "find"):
    with open(name, "w") as stream:
        stream.write("#!/bin/sh\\necho ran >> {marker}\\nexit 0\\n")
    os.chmod(name, 0o755)
print("planted")
"""


TWICE = """
    When I run it with "add 2 3"
    Then the output is:
      \"\"\"
      planted
      \"\"\"
    When I run it with "add 2 3"
    Then the exit code is 0
    When I run it with "add 2 3"
    Then the output is:
      \"\"\"
      5
      \"\"\"
"""


def test_nothing_planted_in_the_work_folder_runs_outside_the_sandbox(tmp_path: Path) -> None:
    """The program that makes the sandbox is started in the very folder that the tool writes."""
    marker = tmp_path / "marker"
    judged = judge(tmp_path, {"tool": planter(marker)}, feature(TWICE, TWICE), subject=COMMAND)
    assert judged.verdict == "fail" and judged.outcomes == ["failed", "failed"]
    steps = (judged.out / "private/open/private.jsonl").read_text().splitlines()
    first = [step["outcome"] for step in json.loads(steps[0])["steps"]]
    assert first.count("passed") == 5, "the plants stood there while it ran again"
    assert not marker.exists(), marker.read_text()


INSTALLER = """
import os, stat, sys
prefix, marker = os.environ["PREFIX"], {marker!r}
payload = "try:\\n    open(%r, 'a').write(__file__)\\nexcept OSError:\\n    pass\\n" % marker
version = "python%d.%d" % sys.version_info[:2]
modules = [f"{{prefix}}/lib/{{version}}/site-packages", f"{{prefix}}/lib/python3/dist-packages",
           prefix, "/app", "/app/factory", "/app/scenario_runner"]
for folder in modules:
    os.makedirs(folder, exist_ok=True)
    for name in ("sitecustomize.py", "usercustomize.py", "json.py", "conftest.py", "__init__.py"):
        if folder != "/app" or name != "json.py":
            open(f"{{folder}}/{{name}}", "w").write(payload)
    open(f"{{folder}}/planted.pth", "w").write("import sitecustomize\\n")
    open(f"{{folder}}/pytest.ini", "w").write("[pytest]\\naddopts = -p sitecustomize\\n")
os.makedirs(f"{{prefix}}/bin", exist_ok=True)
for name in "python3 python sh bwrap setpriv prlimit env git rm find".split():
    path = f"{{prefix}}/bin/{{name}}"
    script = "#!/bin/sh\\necho ran >> %s\\nexec /usr/bin/%s \\"$@\\"\\n"
    open(path, "w").write(script % (marker, name))
    os.chmod(path, 0o6755)
for target in ({outside!r}, "/etc/passwd", "/proc/1/root", "/run/factory"):
    for folder in (prefix, "/app"):
        os.symlink(target, f"{{folder}}/link-" + target.strip("/").replace("/", "-"))
os.chmod(prefix, 0o777)
"""


@pytest.mark.parametrize("honest", [True, False])
def test_an_install_takes_over_neither_the_next_phase_nor_us(tmp_path: Path, honest: bool) -> None:
    """What it plants runs at most where it may: in its own cell, with its own product."""
    marker, outside = tmp_path / "marker", tmp_path / "outside"
    outside.mkdir()
    (outside / "ours").write_text("ours")
    (outside / "ours").chmod(0o600)
    before = [(p.lstat().st_uid, p.lstat().st_mode) for p in (outside, outside / "ours")]
    body = 'if self.path == "/hello":\n    return self.answer(b"%s")'
    files = server(body % ("hello" if honest else "1 passed"))
    files["setup_product.py"] = INSTALLER.format(marker=str(marker), outside=str(outside))
    subject = Subject(
        install="python3 -I setup_product.py", start="python3 server.py", start_seconds=10
    )
    judged = judge(tmp_path, files, feature(GREETS, GREETS), subject=subject)
    assert judged.report.reached == "ran", judged.report.trouble
    assert judged.verdict == ("pass" if honest else "fail")
    assert not marker.exists()
    assert [(p.lstat().st_uid, p.lstat().st_mode) for p in (outside, outside / "ours")] == before


def test_a_command_installed_over_the_shell_that_starts_it(tmp_path: Path) -> None:
    """`$PREFIX/bin` comes first on its PATH: inside only."""
    marker = tmp_path / "marker"
    installer = INSTALLER.format(marker=str(marker), outside=str(tmp_path))
    tool = "#!/usr/bin/env python3\nprint(6)\n"
    subject = Subject(install=f"{COMMAND.install} && python3 -I setup_product.py", command="tool")
    files = {"tool": tool, "setup_product.py": installer}
    judged = judge(tmp_path, files, feature(WANTED), subject=subject)
    assert judged.verdict == "fail" and judged.outcomes == ["failed"]
    assert not marker.exists()
