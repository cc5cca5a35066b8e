"""Scenarios are not seen beside an agent: in a build job, or in a sandbox cell."""

import pytest
from messages_api.bench import sandbox  # noqa: F401

from factory.errors import UsageError
from factory.sandbox.ownership import Identity
from factory.sandbox.protocol import Cell
from factory.sandbox.view import files
from factory.scenarios import refuse_beside_an_agent


@pytest.mark.parametrize(
    "env",
    [
        {"FACTORY_STAGE": "build"},
        {"FACTORY_STAGE": " Build "},
        {"GITHUB_ACTIONS": "true", "GITHUB_JOB": "build"},
    ],
)
def test_a_build_job_is_refused(env, tmp_path):
    with pytest.raises(UsageError, match="not to be seen here"):
        refuse_beside_an_agent(env, tmp_path / "none")


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"FACTORY_STAGE": "evaluate"},
        {"GITHUB_JOB": "build"},
        {"GITHUB_ACTIONS": "true", "GITHUB_JOB": "scenarios"},
    ],
)
def test_other_places_are_not(env, tmp_path):
    people = tmp_path / "passwd"
    people.write_text("root:x:0:0:root:/root:/bin/sh\nme:x:1:1:me and more:/home/me:/bin/sh\n")
    refuse_beside_an_agent(env, people)


def test_a_cell_is_known_by_its_only_user(tmp_path):
    passwd = tmp_path / "passwd"
    passwd.write_bytes(files(Identity(uid=1234, gid=1234))["/etc/passwd"])
    with pytest.raises(UsageError, match="sandbox cell"):
        refuse_beside_an_agent({}, passwd)


def test_the_real_cell_is_refused(sandbox, tmp_path):  # noqa: F811
    done = sandbox.run(Cell(), ["cat", "/etc/passwd"], timeout_seconds=60)
    (tmp_path / "passwd").write_bytes(done.stdout)
    with pytest.raises(UsageError, match="sandbox cell"):
        refuse_beside_an_agent({}, tmp_path / "passwd")
