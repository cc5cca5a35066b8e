"""`image:NAME` with a real Docker daemon, where there is one or root may start one."""

from __future__ import annotations

import subprocess

import pytest

from tests.contract.docker_daemon import daemon
from tests.contract.docker_image import build
from tests.scenario_runner.managed_service import EMPTY, SOURCE
from tests.scenario_runner.test_managed_fresh import feature, passes
from tests.scenario_runner.test_managed_restarts import RESTART

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    with daemon():
        folder = tmp_path_factory.mktemp("image")
        (folder / "service.py").write_text(SOURCE.replace('"127.0.0.1"', '"0.0.0.0"'))
        (folder / "Dockerfile").write_text(
            f"FROM {build()}\nCOPY service.py /service.py\nWORKDIR /data\n"
            'CMD ["python3", "/service.py", "/tmp/events"]\n'
        )
        name = "scenario-runner-test:service"
        subprocess.run(["docker", "build", "--tag", name, str(folder)], check=True)
        (folder / "Dockerfile").write_text(f'FROM {name}\nCMD ["sleep", "600"]\n')
        idle = "scenario-runner-test:idle"
        subprocess.run(["docker", "build", "--tag", idle, str(folder)], check=True)
        yield name


def docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True).stdout.strip()


def left() -> str:
    containers = docker("ps", "--all", "--quiet", "--filter", "label=scenario-runner=subject")
    return containers + docker("network", "ls", "--quiet", "--filter", "name=scenario-runner-")


def test_fresh_containers_and_restarts(suite, run, image):
    # Inside, its process has the same number each time.
    restart = RESTART.replace('    And the response JSON at "pid" is not ${pid}\n', "")
    root = suite({"a.feature": feature(EMPTY, restart, EMPTY)})
    ran = run(root, "--fresh", "scenario", "--jobs", "2", subject=f"image:{image}")
    passes(ran)
    assert "listening" in (ran.folder / "private-subjects.log").read_text()
    assert left() == ""


def test_it_is_seen_on_loopback_alone_and_sees_nothing_outside(suite, run, image):
    look = """
    import json, subprocess
    from pytest_bdd import then
    @then("it is shut in")
    def shut_in():
        found = subprocess.run(
            ["docker", "ps", "--quiet", "--filter", "label=scenario-runner=subject"],
            capture_output=True, text=True, check=True,
        ).stdout.split()
        (one,) = json.loads(subprocess.run(
            ["docker", "inspect", found[0]], capture_output=True, check=True
        ).stdout)
        ((binding,),) = one["HostConfig"]["PortBindings"].values()
        assert binding["HostIp"] == "127.0.0.1"
        assert one["HostConfig"]["SecurityOpt"] == ["no-new-privileges"]
        code = "import socket; socket.create_connection(('192.0.2.1', 80), 2)"
        reached = subprocess.run(["docker", "exec", found[0], "python3", "-c", code])
        assert reached.returncode != 0
    """
    steps = '    When I send GET "/"\n    Then it is shut in\n'
    root = suite({"a.feature": feature(steps), "steps/look.py": look})
    passes(run(root, subject=f"image:{image}"))
    assert left() == ""


def test_an_image_that_does_not_serve_fails_and_leaves_nothing(suite, run, image):
    root = suite({"a.feature": feature(EMPTY)})
    idle = image.replace("service", "idle")
    ran = run(root, "--start-timeout", "3", "--port", "9999", subject=f"image:{idle}")
    assert (ran.code, ran.outcomes) == (1, {"F 0": "failed"})
    assert left() == ""
    ran = run(root, subject=f"image:{build()}")
    assert ran.code != 0
    assert left() == ""


def test_an_image_that_is_not_there_is_never_pulled(suite, run, image):
    root = suite({"a.feature": feature(EMPTY)})
    ran = run(root, subject="image:example.invalid/nothing:1")
    assert ran.code == 2
    assert "never pulls" in ran.report["errors"][0]["message"]
    ran = run(root, subject="image:-v")
    assert ran.code == 2


def test_without_docker_it_says_so(suite, run, tmp_path):
    root = suite({"a.feature": feature(EMPTY)})
    ran = run(root, subject="image:anything", env={"PATH": str(tmp_path)})
    assert ran.code == 2
    assert "no command docker on PATH" in ran.report["errors"][0]["message"]
