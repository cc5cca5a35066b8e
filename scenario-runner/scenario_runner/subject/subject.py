"""The subject as step code sees it: `subject.url`, `subject.run(argv)`."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from scenario_runner.errors import StepFailed, UsageFault
from scenario_runner.http_client import HttpClient, Target
from scenario_runner.subject import command
from scenario_runner.subject.service import Forwarder
from scenario_runner.subject.started import StartedCommand
from scenario_runner.subject.terminal import Terminal

if TYPE_CHECKING:
    from scenario_runner.browser.browser import Browser

_SERVICE_SCHEMES = ("http://", "https://", "http+unix://")


class Subject:
    """One subject for a whole run: a service at an address, or a command."""

    def __init__(
        self, *, target: Target | None = None, address: str = "", argv: Sequence[str] = ()
    ) -> None:
        self.target = target
        self.argv = tuple(argv)
        self._address = address
        self._forwarder: Forwarder | None = None
        self._http: HttpClient | None = None
        self._browser: Browser | None = None
        # Set at the start of each scenario: gives the scenario's work folder.
        self.work_folder: Callable[[], Path] | None = None

    @property
    def is_service(self) -> bool:
        return self.target is not None

    @property
    def url(self) -> str:
        """The service's address without a slash at its end. Raises StepFailed for a command."""
        if self.target is None:
            raise StepFailed("the subject is a command; it has no address")
        if self.target.unix_path is None:
            return self._address
        if self._forwarder is None:
            self._forwarder = Forwarder(self.target.unix_path)
        return self._forwarder.url + self.target.prefix

    @property
    def http(self) -> HttpClient:
        """The connection kept alive across scenarios. Raises StepFailed for a command."""
        if self.target is None:
            raise StepFailed("the subject is a command; it takes no requests")
        if self._http is None:
            self._http = HttpClient(self.target)
        return self._http

    @property
    def browser(self) -> Browser:
        """One browser for the whole run, which reaches nothing but the subject. Raises StepFailed
        for a command."""
        if self._browser is None:
            from scenario_runner.browser.browser import Browser

            self._browser = Browser(self.url)
        return self._browser

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
        if self.target is not None:
            raise StepFailed("the subject is a service; it cannot be run with arguments")
        if isinstance(argv, str):
            raise TypeError("subject.run takes a list of arguments, not one text")
        if self.work_folder is None:
            raise StepFailed("subject.run works only inside a scenario")
        return [*self.argv, *argv], self.work_folder()

    def close(self) -> None:
        if self._browser is not None:
            self._browser.close()
        if self._http is not None:
            self._http.close()
        if self._forwarder is not None:
            self._forwarder.close()


def parse(text: str, start_folder: Path) -> Subject:
    """What `--subject` names. Raises UsageFault.

    A word of a command that names a file, seen from `start_folder`, becomes absolute, since each
    run has a work folder of its own.
    """
    if text.startswith(("docker:", "image:")):
        raise UsageFault(
            "--subject: images are not supported yet; "
            "start the image and give its address, or give a docker run command"
        )
    if text.startswith(_SERVICE_SCHEMES):
        return Subject(target=Target.parse(text), address=text.rstrip("/"))
    try:
        words = shlex.split(text)
    except ValueError as problem:
        raise UsageFault(f"--subject: the command cannot be split into words ({problem})") from None
    if not words:
        raise UsageFault("--subject is empty; give an address or a command")
    # A bare first word is looked up on PATH, as a shell does.
    first = _absolute(words[0], start_folder) if "/" in words[0] else words[0]
    argv = [first, *(_absolute(word, start_folder) for word in words[1:])]
    if shutil.which(argv[0]) is None:
        raise UsageFault(
            f'--subject: there is no command "{words[0]}"; give an http address or a command'
        )
    return Subject(argv=argv)


def _absolute(word: str, start_folder: Path) -> str:
    candidate = start_folder / word
    if os.path.isabs(word) or not candidate.is_file():
        return word
    return str(candidate)
