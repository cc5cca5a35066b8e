"""factory.yml, read into what the stages use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from factory.config.prices import read_prices
from factory.config.validate import load_schema, require_valid
from factory.config.yaml_source import YamlSource, parse_yaml
from factory.errors import ConfigurationError
from factory.records import AgentProfile, Budget, Product, RetryRules, Subject
from factory.records.work_order import SandboxChoice

FILE_NAME = "factory.yml"
SCHEMA = "factory.schema.json"
DEFAULT_AGENT = AgentProfile(
    name="builder", uses="anthropic", options={"model": "claude-sonnet-5-5"}
)


@dataclass(frozen=True, kw_only=True)
class Route:
    """`agent` makes an attempt for which every key of `when` fits; `line` is its 1-based line.

    Keys: kind, stakes, product, spec, labels (a text or a list of texts), and attempt (a number,
    `2+` or `last`).
    """

    when: Mapping[str, Any]
    agent: str
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """factory.yml with every default filled in.

    `prices` maps models to prices that come before our own list's; agents hold them already.
    `specs_repository` is None where specs lie beside factory.yml.
    """

    products: Mapping[str, Product]
    specs_repository: str | None
    specs_ref: str
    scenarios_repository: str
    scenarios_ref: str
    agents: Mapping[str, AgentProfile]
    routes: tuple[Route, ...]
    budget: Budget
    prices: Mapping[str, Any]
    retries: RetryRules
    lost_after: timedelta
    sandbox: SandboxChoice
    leak_bits: float
    path: str
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Line and column of each agent."""


def load_configuration(
    folder: Path, *, here: str | None = None, relative_to: Path | None = None
) -> Configuration:
    """Read `folder`/factory.yml.

    Args:
        folder: where it is.
        here: the repository that it belongs to, and a product that names none; `folder` where None.
        relative_to: what its paths are relative to; `folder` where None.

    Raises:
        ConfigurationError: it is missing, not UTF-8, not YAML or does not fit its schema; with
            line, column and mend.
    """
    path = folder / FILE_NAME
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        if path.is_symlink():
            raise ConfigurationError(
                "is a symbolic link that leads nowhere",
                path=str(path),
                mend="put the file itself there",
            ) from error
        raise ConfigurationError(
            "there is no factory.yml here",
            path=str(path),
            mend="name the folder of your specs repository with --specs",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot be read: {error}", path=str(path)) from error
    source = parse_yaml(text, path=str(path), error=ConfigurationError)
    return configuration(source, relative_to or folder, here=here)


def configuration(source: YamlSource, folder: Path, *, here: str | None = None) -> Configuration:
    """Turn parsed YAML into a Configuration; local repository paths become absolute."""
    require_valid(source, SCHEMA)
    data: dict[str, Any] = source.data
    prices = read_prices(source, folder)
    agents = {
        name: _priced(
            AgentProfile(
                name=name,
                uses=options["uses"],
                options={key: value for key, value in options.items() if key != "uses"},
            ),
            prices,
        )
        for name, options in data.get("agents", {}).items()
    } or {DEFAULT_AGENT.name: _priced(DEFAULT_AGENT, prices)}
    _require_notes(source, agents, folder)
    protected = tuple(data.get("protected", ()))
    sandbox = data.get("sandbox", {})
    specs = data.get("specs")
    place = here or str(folder.resolve())
    return Configuration(
        products={
            name: _product(name, body, protected, folder, place)
            for name, body in data["products"].items()
        },
        specs_repository=_repository(specs["repository"], folder) if specs else None,
        specs_ref=specs.get("ref", "main") if specs else "",
        scenarios_repository=_repository(data["scenarios"]["repository"], folder),
        scenarios_ref=data["scenarios"].get("ref", "main"),
        agents=agents,
        routes=_routes(source, agents),
        budget=_budget(data.get("budget", {})),
        prices=prices,
        retries=_retries(data.get("retries", {})),
        lost_after=timedelta(hours=data.get("retries", {}).get("lost-after-hours", 12)),
        sandbox=SandboxChoice(uses=sandbox.get("uses", "auto"), image=sandbox.get("image")),
        leak_bits=float(data.get("leak", {}).get("bits", 32)),
        path=source.path,
        places={name: source.place(("agents", name)) for name in data.get("agents", {})},
    )


def _priced(profile: AgentProfile, prices: Mapping[str, Any]) -> AgentProfile:
    """The profile with the file's prices, after its own: it travels without the file."""
    keys = load_schema(SCHEMA)["$defs"][f"agent-{profile.uses}"]["properties"]
    if "prices" not in keys or not prices:
        return profile
    own = profile.options.get("prices", {})
    return msgspec.structs.replace(
        profile, options={**profile.options, "prices": {**prices, **own}}
    )


def _require_notes(source: YamlSource, agents: Mapping[str, AgentProfile], folder: Path) -> None:
    """Every file of an agent's `system` is there: else it would silently not be told."""
    for name, agent in agents.items():
        for index, note in enumerate(agent.system or ()):
            if not (folder / note).is_file():
                line, column = source.place(("agents", name, "system", index))
                raise ConfigurationError(
                    f"the agent {name!r} is to be told {note}, and there is no such file",
                    path=source.path,
                    line=line,
                    column=column,
                    mend="write it, or take it out of `system`",
                )


def _product(
    name: str, body: dict[str, Any], protected: tuple[str, ...], folder: Path, here: str
) -> Product:
    subject = body["subject"]
    return Product(
        name=name,
        repository=_repository(body["repository"], folder) if "repository" in body else here,
        base_branch=body.get("base-branch", "main"),
        subject=Subject(**{key.replace("-", "_"): value for key, value in subject.items()}),
        protected=protected,
    )


def _repository(text: str, folder: Path) -> str:
    """A path that begins with `.`, `/` or `~` is local and made absolute; the rest stays."""
    if text.startswith((".", "/", "~")):
        return str((folder / Path(text).expanduser()).resolve())
    return text


def _budget(data: dict[str, Any]) -> Budget:
    """One flat record of `attempt: {usd: …}`, `spec: {usd: …}` and the rest."""
    given: dict[str, Any] = dict(data.get("attempt", {}))
    for level in ("spec", "day", "factory"):
        given |= {f"{level}_{name}": value for name, value in data.get(level, {}).items()}
    if "spec_attempts" in given:
        given["attempts"] = given.pop("spec_attempts")
    whole = ("tokens", "steps", "attempts")
    # The schema has checked names and types; records keep amounts as floats.
    amounts = {k: float(v) for k, v in given.items() if not k.endswith(whole)}
    return msgspec.convert({**given, **amounts}, Budget)


def _retries(data: dict[str, Any]) -> RetryRules:
    default = RetryRules()
    return RetryRules(
        start=data.get("from", default.start),
        stop_on=tuple(data.get("stop-on", default.stop_on)),
        infrastructure=data.get("infrastructure", default.infrastructure),
        rebase=data.get("rebase", default.rebase),
    )


def _routes(source: YamlSource, agents: Mapping[str, AgentProfile]) -> tuple[Route, ...]:
    routes = []
    for index, body in enumerate(source.data.get("routes", ())):
        if body["agent"] not in agents:
            line, column = source.place(("routes", index, "agent"))
            raise ConfigurationError(
                f"the route names the unknown agent {body['agent']!r}",
                path=source.path,
                line=line,
                column=column,
                mend=f"use one of: {', '.join(agents)}",
            )
        line, _ = source.place(("routes", index))
        routes.append(Route(when=body.get("when", {}), agent=body["agent"], line=line))
    return tuple(routes)
