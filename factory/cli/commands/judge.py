"""`factory judge`: the holdouts against a commit that anybody wrote, and the check on it."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factory.cli.output import (
    FOLDER,
    VERDICT_EXIT,
    clean,
    json_option,
    on_github,
    print_json,
)
from factory.cli.wiring import make_forge, run_url, scenario_source, signing_key
from factory.errors import NothingToDo, UsageError

if TYPE_CHECKING:
    from factory.forge.protocol import Forge
    from factory.pipeline.judge import Judgement
    from factory.pipeline.judge.leak import Leak


@click.command("judge")
@click.argument("spec_ids", nargs=-1)
@click.option(
    "--repository",
    envvar="GITHUB_REPOSITORY",
    default=".",
    help="The product: a folder, a URL or owner/name.  [default: GITHUB_REPOSITORY, else the "
    "current folder]",
)
@click.option("--commit", default="HEAD", show_default=True,
              help="What is judged: a branch, a tag or a full commit id.")  # fmt: skip
@click.option(
    "--base", default="HEAD", show_default=True,
    help="The branch or commit whose factory.yml and specs/ count; HEAD is on GitHub the default "
    "branch.",
)  # fmt: skip
@click.option("--specs", help="The repository with factory.yml and specs/, if that is another.")
@click.option("--scenarios", metavar="REPOSITORY",
              help="The scenario repository. Default: as factory.yml says.")  # fmt: skip
@click.option("--scenarios-ref", metavar="REF", help="Branch, tag or commit.")
@click.option("--out", type=FOLDER, help="Keep the private records there, in a folder a spec.")
@click.option("--publish", is_flag=True, help="Post the check `factory / verdict` on the commit.")
@click.option("--cause", help="With --publish: judge nothing, and post that there is no verdict "
              "for this cause, such as cut-short.")  # fmt: skip
@json_option
def command(
    spec_ids: tuple[str, ...],
    repository: str,
    commit: str,
    base: str,
    specs: str | None,
    scenarios: str | None,
    scenarios_ref: str | None,
    out: Path | None,
    publish: bool,
    cause: str | None,
    as_json: bool,
) -> int:
    """Judge a commit by the holdouts of every spec of its product, or of SPEC_IDS only.

    What counts is taken from --base, never from the commit. Nothing of the commit is executed
    outside of a sandbox. Exits 0 where every spec passed, 1 where one failed, 5 where there is no
    verdict; without --publish 2 where something cannot be read and 3 where there are no scenarios.
    """
    from factory.cli.progress import Progress
    from factory.pipeline import judge as judging
    from factory.ports.scratch import scratch

    if cause and not publish:
        raise UsageError("--cause is for --publish", mend="pass --publish, or leave --cause out")
    forge = make_forge()
    page, key = run_url(), signing_key()
    if cause:
        judgement = _for_cause(commit, cause)
    else:
        if publish:
            judging.begin(forge, repository, commit, run_url=page, wanted=spec_ids)
        asked = judging.Asked(
            repository=repository, commit=commit, base=base, specs=specs, wanted=spec_ids
        )
        with ExitStack() as stack:
            progress = stack.enter_context(Progress(f"judging {clean(commit, 60)}"))
            judgement = judging.judge(
                asked,
                forge=forge,
                scenarios=lambda named, ref: scenario_source(
                    scenarios or named, scenarios_ref or ("main" if scenarios else ref)
                ),
                out=out or stack.enter_context(scratch("judged")),
                leak=_leak(forge, repository),
                # What happens to which scenario is more than a verdict tells.
                say=_say_nothing if on_github() else progress.say,
            )
    if not publish and not judgement.judged:
        # Nobody's check depends on it: whoever runs it is told what happened, as by any command.
        raise judgement.error or NothingToDo(
            "there are no scenarios for a ready feature spec of this product, or not for SPEC_IDS",
            mend="set `status: ready` in the spec, and write scenarios/<spec-id>/*.feature in the "
            "scenario repository",
        )
    if publish:
        judging.complete(
            forge, repository, judgement, run_url=page, signing_key=key, wanted=spec_ids
        )
    _tell(judgement, as_json=as_json)
    return VERDICT_EXIT[judgement.verdict]


def _leak(forge: Forge, repository: str) -> Leak:
    """On GitHub everybody may read the answer and ask again, so what was told counts."""
    from factory import ledger
    from factory.pipeline.judge.leak import Leak

    if not on_github():
        return Leak()
    workflow = os.environ.get("GITHUB_WORKFLOW_REF", "").partition("@")[0].rpartition("/")[2]
    run_id = os.environ.get("GITHUB_RUN_ID", "")
    return Leak(
        runs=lambda since: forge.workflow_runs(repository, workflow, since, besides=run_id),
        told=lambda place, spec_id: ledger.ask(
            lambda entries: entries.of_spec(spec_id),
            url=forge.clone_url(place),
            env=forge.git_environment(place),
        ),
    )


def _for_cause(commit: str, cause: str) -> Judgement:
    from factory.pipeline.judge import Judgement
    from factory.ports.git.command import object_id
    from factory.verdict import Unavailable

    known = cause in {one.value for one in Unavailable}
    return Judgement(
        commit=object_id(commit), cause=Unavailable(cause) if known else Unavailable.CUT_SHORT
    )


def _tell(judgement: Judgement, *, as_json: bool) -> None:
    """The public verdicts, or why there are none."""
    from factory import verdict
    from factory.pipeline.judge import output_of, statement_of

    output = output_of(judgement)
    if as_json:
        data = {
            "commit": judgement.commit,
            "base": judgement.base,
            "verdict": judgement.verdict,
            "title": output.title,
            "summary": output.summary,
            "cause": judgement.cause,
            "notes": list(judgement.notes),
            "specs": [one.public.to_data() for one in judgement.judged],
            "statement": verdict.attestable(statement_of(judgement)) if judgement.judged else None,
        }
        print_json(data)
        return
    click.echo(f"{judgement.verdict}: {output.title}")
    for one in judgement.judged:
        public = one.public
        unmet = ", ".join(public.requirements_not_met)
        more = " and more" if unmet and public.other else ""
        said = f": not met: {unmet}{more}" if unmet else f": {public.cause}" if public.cause else ""
        click.echo(f"  {public.spec_id} version {public.spec_version}: {public.verdict}{said}")
    if judgement.cause:
        from factory.verdict.reasons import UNAVAILABLE

        phrase = UNAVAILABLE[judgement.cause]
        click.echo(f"  {phrase.cause}\n  mend: {phrase.mend}")
    for note in judgement.notes:
        click.echo(f"  {note}")


def _say_nothing(text: str) -> None:
    """Logs of a public repository are public."""
