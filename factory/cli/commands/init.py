"""`factory init`: the skeleton of a repository in a folder, or all three on GitHub."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from factory.cli.output import clean, json_option, print_json
from factory.counted import counted
from factory.errors import UsageError
from factory.spec.skeleton import SKELETONS

OWNER = "@acme/owners"
PRODUCT = "wordcount"


@click.command("init")
@click.argument("kind", required=False, type=click.Choice(SKELETONS))
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
@click.option("--github", metavar="OWNER",
              help="Set up all three on GitHub, for this organisation or person.")  # fmt: skip
@click.option("--product", metavar="NAME", default=PRODUCT, show_default=True,
              help="What the product is called.")  # fmt: skip
@click.option("--owner", metavar="TEXT",
              help="Who guards workflows and factory.yml: @user, @org/team or e-mail.  "
              f"[default: {OWNER}; --github: you]")  # fmt: skip
@click.option("--repository", metavar="OWNER/NAME",
              help="specs: where the product is.  "
              "[default: ../product; --github: OWNER/PRODUCT]")  # fmt: skip
@click.option("--scenarios", metavar="OWNER/NAME",
              help="specs: where the scenarios are.  "
              "[default: ../scenarios; --github: OWNER/scenarios]")  # fmt: skip
@click.option("--specs", metavar="OWNER/NAME",
              help="--github: the specs repository.  [default: OWNER/specs]")  # fmt: skip
@click.option("--app-id", metavar="ID",
              help="--github: the GitHub App that gives verdicts.  "
              "[default: FACTORY_APP_ID]")  # fmt: skip
@click.option("--push-app-id", metavar="ID",
              help="--github: the GitHub App that pushes to the product.  "
              "[default: that of --app-id]")  # fmt: skip
@click.option("--public", is_flag=True,
              help="--github: all may see specs and product, not the scenarios.")  # fmt: skip
@click.option("--adopt", is_flag=True,
              help="--github: take over empty repositories that others may use, too.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@json_option
def command(
    kind: str | None,
    folder: Path | None,
    github: str | None,
    product: str,
    owner: str | None,
    repository: str | None,
    scenarios: str | None,
    specs: str | None,
    app_id: str | None,
    push_app_id: str | None,
    public: bool,
    adopt: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Write a new repository to DIR, which must be absent or empty; a fresh `git init` is.

    KIND is specs, scenarios or product. The three fit together: a first spec that passes the
    gate, scenarios that judge it, and a product that passes them. Exits 2, with nothing written,
    where DIR holds anything.

    With --github OWNER, and no KIND, all three are set up on GitHub with their first commit,
    labels, environments, deploy key and branch rules. What is there is left as it is: a second
    run changes nothing, one that was cut off goes on, and nothing is deleted or overwritten.
    Exits 2 where something differs from what is wanted, or was refused; each says how to mend it.
    """
    if github:
        if kind or folder:
            raise UsageError("--github makes all three, and no folder", mend="leave out KIND, DIR")
        from factory.cli.init_github import begin

        return begin(
            github,
            product=product,
            code_owner=owner,
            names={"specs": specs, "scenarios": scenarios, "repository": repository},
            app_id=app_id,
            push_app_id=push_app_id,
            public=public,
            adopt=adopt,
            dry_run=dry_run,
            as_json=as_json,
        )
    if kind is None or folder is None:
        missing = "KIND" if kind is None else "DIR"
        raise click.UsageError(f"Missing argument '{missing}'.")
    if specs or app_id or push_app_id or public or adopt:
        raise UsageError(
            "--specs, --app-id, --push-app-id, --public and --adopt are about GitHub",
            mend="add --github OWNER",
        )
    return _in_folder(
        kind,
        folder,
        product=product,
        owner=owner or OWNER,
        repository=repository,
        scenarios=scenarios,
        dry_run=dry_run,
        as_json=as_json,
    )


def _in_folder(
    kind: str,
    folder: Path,
    *,
    product: str,
    owner: str,
    repository: str | None,
    scenarios: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    from factory.spec import skeleton
    from factory.spec.naming import require_code_owner, require_line

    if kind != "specs" and (repository or scenarios):
        raise UsageError(
            f"a {kind} repository names no other", mend="leave out --repository and --scenarios"
        )
    files = skeleton.render(
        kind,
        product=require_line("product", product),
        owner=require_code_owner(owner),
        repository=_repository(repository or "../product"),
        scenarios=_repository(scenarios or "../scenarios"),
    )
    skeleton.require_free(folder)
    if not dry_run:
        skeleton.write(folder, files)
    steps = list(_next_steps(kind, folder, product, owner))
    if as_json:
        print_json(
            {
                "kind": kind,
                "folder": str(folder),
                "files": list(files),
                "written": not dry_run,
                "next": steps,
            }
        )
        return 0
    did = "would write" if dry_run else "wrote"
    click.echo(f"{did} {counted(len(files), 'file')} to {clean(str(folder))}:")
    for name in files:
        click.echo(f"  {name}")
    if not dry_run:
        click.echo("next:")
        for step in steps:
            click.echo(f"  - {step}")
    return 0


def _repository(text: str) -> str:
    """`text`, if factory.yml can take it for a repository."""
    from factory.forge.address import full_name, is_folder, server_url

    address = "://" in text or re.match(r"[\w.-]+@[\w.-]+:", text)
    if not text.isprintable() or not (
        address or is_folder(text) or full_name(text, server_url(os.environ))
    ):
        raise UsageError(
            f"{text!r} names no repository",
            mend="write owner/name, a URL or a path",
        )
    return text


def _next_steps(kind: str, folder: Path, product: str, owner: str) -> Iterator[str]:
    """What to do, to be typed in the folder where this command ran."""
    if owner == OWNER:
        yield f"name your own team in place of {OWNER}, in the files that hold it"
    git = "git" if folder == Path() else f"git -C {_quoted(folder)}"
    make = "" if (folder / ".git").exists() else f"{git} init -b main && "
    yield f"commit it: {make}{git} add -A && {git} commit -m Begin"
    if kind == "specs":
        here = _quoted(folder)
        yield f"see that the gate finds nothing: factory check {here}"
        same = "" if product == PRODUCT else f" --product {shlex.quote(product)}"
        same += "" if owner == OWNER else f" --owner {shlex.quote(owner)}"
        for other in ("product", "scenarios"):
            beside = _quoted(Path(os.path.normpath(folder / ".." / other)))
            yield f"make the {other} beside it: factory init {other} {beside}{same}"
        yield f"write a spec of your own: factory new feature ID --title TITLE --specs {here}"
    elif kind == "scenarios":
        yield "keep it private: no builder, person or agent, may read it"
        yield f"list what is expected: scenario-runner inventory {_quoted(folder / 'scenarios')}"
    else:
        yield "see that it works: run python3 -m unittest in it"


def _quoted(path: Path) -> str:
    return shlex.quote(clean(str(path)))
