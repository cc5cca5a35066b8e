"""The subject as step code sees it: `subject.url`, `subject.run(argv)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from scenario_runner.errors import StepFailed
from scenario_runner.http_client import HttpClient
from scenario_runner.subject import command
from scenario_runner.subject.family import Asking, Family
from scenario_runner.subject.given import DEFAULT_NAME, GivenSubject
from scenario_runner.subject.service import Forwarder
from scenario_runner.subject.started import StartedCommand
from scenario_runner.subject.terminal import Terminal
from scenario_runner.target import Target

if TYPE_CHECKING:
    from scenario_runner.browser.browser import Browser


class Subject:
    """One subject: a service at an address, or a command. Where the runner starts the service, its
    address may be another one in each scenario."""

    def __init__(
        self,
        *,
        target: Target | None = None,
        address: str = "",
        argv: Sequence[str] = (),
        name: str = DEFAULT_NAME,
        managed: bool = False,
        family: Family | None = None,
    ) -> None:
        self.name = name
        self.target = target
        self.argv = tuple(argv)
        self.managed = managed
        self.family = family or Family()
        self.family.add(self)
        self._address = address
        self._forwarder: Forwarder | None = None
        self._http: HttpClient | None = None
        # Set at the start of each scenario: gives the scenario's work folder.
        self.work_folder: Callable[[], Path] | None = None

    @property
    def is_service(self) -> bool:
        return self.target is not None or self.managed

    @property
    def url(self) -> str:
        """The service's address without a slash at its end. Raises StepFailed for a command."""
        target = self._service("it has no address")
        if target.unix_path is None:
            return self._address
        if self._forwarder is None:
            self._forwarder = Forwarder(target.unix_path)
        return self._forwarder.url + target.prefix

    @property
    def http(self) -> HttpClient:
        """The connection kept alive across scenarios. Raises StepFailed for a command."""
        if self._http is None:
            self._http = HttpClient(self._service("it takes no requests"))
        return self._http

    @property
    def browser(self) -> Browser:
        """The run's one browser, which from now on reaches this subject and nothing else. Raises
        StepFailed for a command."""
        address = self.url
        browser = self.family.browser
        browser.address = address
        return browser

    def _service(self, cannot: str) -> Target:
        if self.target is not None:
            return self.target
        if self.managed:
            raise StepFailed("the service is started with the first scenario; ask in a step")
        raise StepFailed(f"the subject is a command; {cannot}")

    def named(self, name: str) -> Subject:
        """Another subject of the run, by its name. Raises StepFailed where there is none."""
        return self.family.named(name)

    def kill(self) -> None:
        """End the service with SIGKILL. Raises StepFailed where the runner did not start it."""
        self._ask("kill")

    def start_again(self) -> None:
        """After `kill`: on what it had written; returns once it answers. Raises StepFailed."""
        self._ask("start")

    def restart(self) -> None:
        """`kill` and `start_again` in one. Raises StepFailed."""
        self._ask("restart")

    def _ask(self, do: str) -> None:
        if not self.managed:
            raise StepFailed(
                f'the subject "{self.name}" was not started by the runner, which cannot '
                "start it again; give --subject service:COMMAND, image:NAME or launcher:COMMAND"
            )
        self.forget()
        self.family.ask(do, self)

    def settle(self, address: str) -> None:
        """From now on it is there. Raises UsageFault for no address."""
        if address != self._address or self.target is None:
            self.leave()
            self.target = Target.parse(address)
            self._address = address.rstrip("/")

    def run(
        self,
        argv: Sequence[str] = (),
        *,
        stdin: str | bytes = b"",
        environment: Mapping[str, str] = MappingProxyType({}),
        timeout_seconds: float = command.DEFAULT_TIMEOUT_SECONDS,
    ) -> command.CommandRun:
        """Run the command with these arguments in the scenario's work folder.

        Returns an object with `exit_code`, `output`, `error_output` and `elapsed_seconds`.
        Raises StepFailed for a service, or when the run breaks a limit.
        """
        words, folder = self._command(argv)
        data = stdin.encode() if isinstance(stdin, str) else stdin
        return command.run(
            words,
            folder,
            stdin=data,
            more_environment=environment,
            timeout_seconds=timeout_seconds,
        )

    def start(
        self, argv: Sequence[str], *, environment: Mapping[str, str] = MappingProxyType({})
    ) -> StartedCommand:
        """Start the command and leave it running; the caller closes it. Raises StepFailed."""
        words, folder = self._command(argv)
        return StartedCommand(words, folder, command.environment(folder, environment))

    def start_in_terminal(
        self, argv: Sequence[str], *, environment: Mapping[str, str] = MappingProxyType({})
    ) -> Terminal:
        """As `start`, with a terminal in place of pipes. Raises StepFailed, without pexpect too."""
        words, folder = self._command(argv)
        return Terminal(words, folder, command.environment(folder, environment))

    def _command(self, argv: Sequence[str]) -> tuple[list[str], Path]:
        if self.is_service:
            raise StepFailed("the subject is a service; it cannot be run with arguments")
        if isinstance(argv, str):
            raise TypeError("subject.run takes a list of arguments, not one text")
        if self.work_folder is None:
            raise StepFailed("subject.run works only inside a scenario")
        return [*self.argv, *argv], self.work_folder()

    def forget(self) -> None:
        """Drop the connections: who answers next is another."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def leave(self) -> None:
        """Drop the connections and the loopback address, which outlives a restart otherwise."""
        self.forget()
        if self._forwarder is not None:
            self._forwarder.close()
            self._forwarder = None

    def close(self) -> None:
        """This one and all the others of the run, and their browser."""
        self.family.close()


def of_given(given: Sequence[GivenSubject], asking: Asking | None = None) -> Subject:
    """The default of them, which knows the others. Raises UsageFault."""
    family: Family | None = None
    for one in given:
        target = Target.parse(one.text) if one.kind == "address" else None
        subject = Subject(
            target=target,
            address=one.text,
            argv=one.argv if one.kind == "command" else (),
            name=one.name,
            managed=one.managed,
            family=family,
        )
        family = subject.family
    assert family is not None
    family.asking = asking
    return family.default
