"""How much of a suite shares one state of the subject: what the tags `@fresh:…` say, and whether
the subjects can do it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

from scenario_runner.model import Inventory, Scenario, SuiteError

if TYPE_CHECKING:
    from scenario_runner.subject.given import GivenSubject

Scope = Literal["suite", "feature", "scenario"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
TAG = "@fresh:"


def declared(tags: Sequence[Any]) -> tuple[str | None, list[tuple[int, str]]]:
    """What the tags of one place (Gherkin nodes) ask for, None where nothing; and what is wrong
    with them, with the line."""
    found: list[str] = []
    wrong: list[tuple[int, str]] = []
    for tag in tags:
        name = tag["name"]
        if not name.lower().startswith(TAG):
            continue
        if name[len(TAG) :] not in SCOPES or not name.startswith(TAG):
            known = ", ".join(TAG + scope for scope in SCOPES)
            wrong.append((tag["location"]["line"], f"unknown tag {name}; there is {known}"))
        else:
            found.append(name[len(TAG) :])
            if len(set(found)) > 1:
                message = f"{TAG}{found[0]} and {name} stand at one place; keep one"
                wrong.append((tag["location"]["line"], message))
    return (found[-1] if found else None), wrong


class Freshness:
    """`default` is what --fresh says for scenarios that no tag speaks of."""

    def __init__(self, default: Scope, subjects: Sequence[GivenSubject]) -> None:
        self.default = default
        self.subjects = tuple(subjects)

    @property
    def concerns_us(self) -> bool:
        """Whether we start, or reset, any of the subjects: else nothing of this costs a thing."""
        return any(each.managed or each.reset is not None for each in self.subjects)

    def of(self, scenario: Scenario) -> Scope:
        return scenario.fresh or self.default  # type: ignore[return-value]

    def errors(self, inventory: Inventory) -> Iterator[SuiteError]:
        """Scenarios that ask for what some subject cannot give; one error where it is --fresh."""
        unable = [each for each in self.subjects if not each.can_be_fresh]
        if not unable:
            return
        names = " and ".join(f'"{each.name}"' for each in unable)
        mend = (
            "let the runner start it (--subject service:COMMAND, image:NAME or launcher:COMMAND), "
            'or name a hook that resets it: --reset "POST /path"'
        )
        if self.default != "suite":
            message = f"--fresh {self.default}: the subject {names} is only an address; {mend}"
            yield SuiteError("", 0, message)
        for scenario in inventory.scenarios:
            if scenario.fresh not in ("", "suite"):
                message = (
                    f"{TAG}{scenario.fresh} asks for a fresh state, and the subject {names} is "
                    f"only an address; {mend}, or remove the tag"
                )
                yield SuiteError(scenario.path, scenario.line, message)

    def asked_each(self, scenario: Scenario) -> bool:
        """Whether something is to be done for it before it begins."""
        return self.of(scenario) != "suite" and any(
            each.managed or each.reset is not None for each in self.subjects
        )

    def apart(self, scenario: Scenario) -> bool:
        """A reset takes the state from all who share the subject."""
        return self.of(scenario) != "suite" and any(each.reset for each in self.subjects)

    def own(self, scenario: Scenario) -> bool:
        """Whether nobody else talks to the subjects while it runs."""
        return self.of(scenario) == "scenario" and all(
            each.managed and each.reset is None for each in self.subjects
        )
