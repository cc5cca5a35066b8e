"""One source a fact: what action.yml takes, what its docs say and what the command line takes."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
DOCS = (ROOT / "docs" / "github.md").read_text()
# Not options of a command: which command, and what its record is packed in.
OUR_OWN = {"command"}


def table(heading: str) -> dict[str, str]:
    """First column → second column of the table whose head begins with `heading`."""
    lines = DOCS[DOCS.index(f"| {heading} |") :].splitlines()[2:]
    rows = [line.strip("|").split("|") for line in lines[: lines.index("")]]
    return {row[0].strip(" `"): row[1].strip() for row in rows}


def test_every_input_is_documented_and_every_documented_input_exists():
    assert set(table("input")) == set(ACTION["inputs"])


def test_every_output_is_documented_and_every_documented_output_exists():
    assert set(table("output")) == set(ACTION["outputs"])


def command_of(stage: str) -> click.Command | None:
    """What a stage runs: `plan` is `factory plan`, `gate-review` is `factory gate review`."""
    from factory.cli.main import group

    name, _, rest = stage.partition("-")
    command = group.get_command(None, name)
    return command.get_command(None, rest) if rest else command


@pytest.mark.parametrize("name", sorted(set(ACTION["inputs"]) - OUR_OWN))
def test_input_is_a_parameter_of_the_commands_it_is_documented_for(name):
    for stage in table("input")[name].split(", "):
        command = command_of(stage)
        assert command, f"there is no factory {stage}"
        names = {
            word.removeprefix("--") for parameter in command.params for word in parameter.opts
        } | {parameter.name.replace("_", "-").removesuffix("s") for parameter in command.params}
        assert name in names, f"factory {stage} takes no {name}"


def test_commands_are_the_documented_ones_and_exist(script):
    run = script("run")
    documented = re.findall(r"`([\w-]+)`", DOCS[DOCS.index("| `command` |") :].splitlines()[0])[1:]
    assert sorted(run.COMMANDS) == sorted(documented)
    for name in run.COMMANDS:
        assert command_of(name)
        assert name in ACTION["inputs"]["command"]["description"]


def test_every_input_reaches_the_step_as_environment_and_never_as_shell_text():
    step = next(one for one in ACTION["runs"]["steps"] if one.get("id") == "run")
    passed = set(step["env"].values())
    assert passed == {f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]}
    for one in ACTION["runs"]["steps"]:
        assert "${{" not in one["run"]
    for name in ACTION["inputs"]:
        key = "FACTORY_INPUT_" + name.upper().replace("-", "_")
        assert step["env"][key] == f"${{{{ inputs.{name} }}}}"


def test_every_output_names_the_step_that_sets_it():
    folder = ROOT / ".github" / "action"
    source = "".join(path.read_text() for path in sorted(folder.rglob("*.py")))
    for name, output in ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.run.outputs.{name} }}}}"
        assert f'set_output("{name}"' in source
