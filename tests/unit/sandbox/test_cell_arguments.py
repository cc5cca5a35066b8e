"""The words that bwrap and docker are given."""

from __future__ import annotations

import csv

import pytest

from factory.sandbox import docker_arguments, ownership, view
from factory.sandbox.protocol import Bind, Cell

WHO = ownership.Identity(uid=1234, gid=1235)


def create(cell: Cell, **others) -> list[str]:
    return docker_arguments.create(
        "name",
        cell,
        identity=WHO,
        environment={"PATH": "/bin", **cell.env},
        image="image",
        image_variables={"PATH": "/x", "PYTHON_VERSION": "3"},
        labels=[("key", "value")],
        **others,
    )


def test_docker_is_given_every_wall() -> None:
    words = " ".join(create(Cell()))
    for wall in (
        "--network none",
        "--read-only",
        "--cap-drop ALL",
        "--security-opt no-new-privileges",
        "--user 1234:1235",
        "--ipc private",
        "--log-driver none",
        "--pull never",
        "--pids-limit 256",
        "--label key=value",
    ):
        assert wall in words


def test_no_value_of_the_environment_is_an_argument_of_docker() -> None:
    words = create(Cell(env={"ANTHROPIC_API_KEY": "sk-secret"}))
    assert "ANTHROPIC_API_KEY" in words
    assert "sk-secret" not in " ".join(words)


def test_what_the_image_and_docker_set_is_taken_away() -> None:
    words = create(Cell())
    assert words[words.index("image") + 1 :] == [
        "-u",
        "HOSTNAME",
        "-u",
        "PWD",
        "-u",
        "PYTHON_VERSION",
    ]


def test_odd_paths_survive_dockers_csv(tmp_path) -> None:
    source = tmp_path / 'a,b "c"'
    words = create(Cell(binds=(Bind(source=source, target="/t,u"),)))
    [fields] = csv.reader([words[words.index("--mount") + 1]])
    assert fields == ["type=bind", f"source={source}", "target=/t,u", "readonly"]


def test_bwrap_as_root_keeps_only_what_setpriv_needs() -> None:
    words = view.arguments(Cell(), root=True, file_descriptors={})
    added = [words[at + 1] for at, word in enumerate(words) if word == "--cap-add"]
    assert added == ["CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"]
    assert words.index("ALL") < words.index("CAP_SETUID")
    assert "--unshare-user" not in words


def test_bwrap_as_a_user_may_make_no_more_namespaces() -> None:
    words = view.arguments(Cell(), root=False, file_descriptors={})
    assert "--disable-userns" in words
    assert "--cap-add" not in words


@pytest.mark.parametrize("root", [True, False])
def test_bwrap_is_given_every_wall_and_no_home(root: bool) -> None:
    words = view.arguments(Cell(), root=root, file_descriptors={})
    for wall in ("--unshare-net", "--unshare-pid", "--unshare-ipc", "--die-with-parent"):
        assert wall in words
    shown = {words[at + 1] for at, word in enumerate(words) if word.endswith("bind")}
    allowed = ("/usr", "/etc/ld.so", "/etc/alternatives", "/etc/localtime", "/lib", "/bin", "/sbin")
    runtime = tuple(str(folder) for folder in view.runtime())
    assert not [path for path in shown if not path.startswith((*allowed, *runtime))]
