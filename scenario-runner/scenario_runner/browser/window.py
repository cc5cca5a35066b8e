"""The browser as one scenario sees it: fresh, with its pages, and a note of what they did."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin, urlsplit

from scenario_runner.browser.browser import Browser, BrowserUnusable
from scenario_runner.browser.gate import host_and_port
from scenario_runner.browser.roles import MAX_SNAPSHOT, PATIENCE_SECONDS
from scenario_runner.errors import StepFailed

if TYPE_CHECKING:
    from playwright.async_api import (
        BrowserContext,
        ConsoleMessage,
        Dialog,
        Page,
        Request,
        WebError,
    )

T = TypeVar("T")

OPEN_SECONDS = 10.0
MAX_WINDOWS = 10
MAX_DIALOGS = 50
MAX_NOTED = 100
MAX_PICTURE_BYTES = 400_000
_LOOK_SECONDS = 0.05
_LOOK_LIMIT_SECONDS = 5.0
# Chromium itself asks here for its own news; no page of the subject did.
_OF_THE_BROWSER = "update.googleapis.com:"

Look = Callable[[], Awaitable[StepFailed | None]]


class Window:
    """`settings` are Playwright's for a fresh context, and must come before the first page.

    `answers` says what becomes of the next dialogs: True accepts, False dismisses, a text answers.
    `dialogs`, `errors` (of the console) and `foreign` (addresses asked for elsewhere) hold what
    was seen so far, the first hundred of each.
    """

    def __init__(self, browser: Browser, limit: Callable[[float], float]) -> None:
        self.browser = browser
        self.settings: dict[str, Any] = {
            "viewport": {"width": 1280, "height": 720},
            "locale": "en-US",
            "timezone_id": "UTC",
        }
        self.answers: list[bool | str] = []
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.status: int | None = None
        self._limit = limit
        self._context: BrowserContext | None = None
        self._page: Page | None = None
        self._trouble: str | None = None
        self._closing: set[asyncio.Future[None]] = set()

    # The page that steps are about.

    @property
    def opened(self) -> bool:
        return self._page is not None

    @property
    def page(self) -> Page:
        """Raises StepFailed before the first page, and once the page is no more."""
        self._require_browser()
        if self._page is None:
            raise StepFailed("no page was opened yet; add a step such as: When I open the page")
        if self._trouble is not None:
            raise StepFailed(self._trouble)
        if self._page.is_closed():
            raise StepFailed("the page has closed its window")
        return self._page

    @property
    def address(self) -> str:
        """As a step writes it: without the subject's own address at the beginning."""
        url = self.page.url
        begins = self.browser.address
        rest = url.removeprefix(begins)
        return rest if url.startswith(begins) and rest.startswith(("/", "?", "#")) else url

    def do(self, work: Coroutine[Any, Any, T], seconds: float = PATIENCE_SECONDS) -> T:
        """The work's result, in this time and within the scenario's.

        Raises StepFailed; BrowserUnusable where the browser, not a page in it, is gone.
        """
        seconds = self._limit(seconds)
        try:
            return self.browser.do(work, seconds)
        except Exception as problem:
            self._require_browser()
            if isinstance(problem, TimeoutError):
                raise StepFailed(
                    self._trouble or f"the page did not answer within {seconds:g} s"
                ) from None
            if type(problem).__module__.startswith("playwright."):
                raise StepFailed(self._trouble or _said(problem)) from None
            raise

    def _require_browser(self) -> None:
        if self.browser.lost:
            raise BrowserUnusable("the browser ended while a scenario was using it") from None

    def eventually(self, look: Look, seconds: float = PATIENCE_SECONDS) -> None:
        """Look again and again until it gives None. Raises the last StepFailed that it gave."""
        self.page  # noqa: B018
        seconds = self._limit(seconds)
        work = _looked(look, seconds, lambda: self.page)
        self.do(work, seconds + _LOOK_LIMIT_SECONDS + 0.5)

    def open(self, path: str) -> None:
        """Open a page of the subject, and wait until it is loaded. Raises StepFailed."""
        address = self.browser.address + path if path.startswith("/") else path
        address = urljoin(self.browser.address + "/", address)
        if not self._is_subjects(address):
            raise StepFailed(
                "a browser opens pages of the subject alone",
                expected=self.browser.address,
                seen=path,
            )
        if self._page is None:
            self._begin()
        page = self.page

        async def go() -> int | None:
            answer = await page.goto(address, timeout=0)
            return answer.status if answer is not None else None

        self.status = self.do(go(), OPEN_SECONDS)

    def travel(self, way: str) -> None:
        """`way` is reload, go_back or go_forward. Raises StepFailed where there is no such page."""
        page = self.page

        async def go() -> int | None:
            before = page.url
            answer = await getattr(page, way)(timeout=0)
            if answer is None and way != "reload" and page.url == before:
                raise StepFailed("the browser's history has no page there")
            return answer.status if answer is not None else None

        self.status = self.do(go(), OPEN_SECONDS)

    def use_newest(self) -> None:
        """Go on in the window that was opened last. Raises StepFailed where there is but one."""
        self.page  # noqa: B018
        assert self._context is not None
        context = self._context

        async def newest() -> StepFailed | None:
            if len(context.pages) < 2 or context.pages[-1] is self._page:
                return StepFailed("the page opened no new window")
            return None

        self.eventually(newest)
        self._page = context.pages[-1]
        self.do(self._page.wait_for_load_state(timeout=0), OPEN_SECONDS)

    def close_window(self) -> None:
        self.do(self.page.close())
        assert self._context is not None
        if self._context.pages:
            self._page = self._context.pages[-1]

    def add_cookies(self, cookies: list[Any]) -> None:
        if self._page is None:
            self._begin()
        assert self._context is not None
        self.do(self._context.add_cookies(cookies))

    def resize(self, width: int, height: int) -> None:
        size = {"width": width, "height": height}
        if self._page is None:
            self.settings["viewport"] = size
        else:
            self.do(self.page.set_viewport_size(size))  # type: ignore[arg-type]

    def setting(self, **settings: Any) -> None:
        """Raises StepFailed where a page is open already."""
        if self.opened:
            raise StepFailed("this must be said before the first page is opened")
        self.settings.update(settings)

    def _begin(self) -> None:
        self._context = context = self.browser.context(**self.settings)

        async def begin() -> Page:
            # Here and not in the caller's thread: to listen is to speak to the browser.
            context.on("dialog", self._on_dialog)
            context.on("console", self._on_console)
            context.on("weberror", self._on_error)
            context.on("request", self._on_request)
            context.on("page", self._on_page)
            return await context.new_page()

        self._page = self.do(begin(), OPEN_SECONDS)

    # What pages do, heard in the browser's thread.

    async def _on_dialog(self, dialog: Dialog) -> None:
        if dialog.type == "beforeunload":
            return await dialog.accept()
        if len(self.dialogs) >= MAX_DIALOGS:
            # Left open: whatever waits for the page now waits in vain.
            self._trouble = f"the page showed more than {MAX_DIALOGS} dialogs"
            return None
        self.dialogs.append(dialog.message[:1000])
        answer = self.answers.pop(0) if self.answers else False
        if answer is False:
            return await dialog.dismiss()
        return await (dialog.accept() if answer is True else dialog.accept(answer))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        place = str(message.location.get("url", ""))
        # What the gate refused fails because of us, and is told of on its own.
        blocked = any(each.split(" ", 1)[1] in message.text for each in self.foreign)
        # Chromium asks for a picture of the site by itself.
        unasked = place.endswith("/favicon.ico")
        if not blocked and not unasked and not self._is_foreign(place):
            _note(self.errors, f"{message.text[:500]} ({place[:200]})")

    def _on_error(self, error: WebError) -> None:
        _note(self.errors, f"uncaught: {str(error.error)[:500]}")

    def _on_request(self, request: Request) -> None:
        if self._is_foreign(request.url):
            _note(self.foreign, f"{request.method} {request.url[:300]}")

    def _on_page(self, page: Page) -> None:
        page.on("crash", self._on_crash)
        page.on("websocket", lambda socket: self._on_socket(socket.url))
        assert self._context is not None
        if len(self._context.pages) > MAX_WINDOWS:
            self._trouble = f"the page opened more than {MAX_WINDOWS} windows"
            self._closing.add(asyncio.ensure_future(page.close()))

    def _on_socket(self, url: str) -> None:
        if self._is_foreign(url.replace("ws", "http", 1)):
            _note(self.foreign, f"WebSocket {url[:300]}")

    def _on_crash(self, _page: Page) -> None:
        self._trouble = "the page crashed: its process is gone"

    def _is_foreign(self, url: str) -> bool:
        return url.startswith(("http:", "https:")) and not self._is_subjects(url)

    def _is_subjects(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
            same = host_and_port(url) == host_and_port(self.browser.address)
        except ValueError:
            return False
        return parts.scheme == urlsplit(self.browser.address).scheme and same

    def reached_out(self) -> list[str]:
        """Where the pages wanted to go besides the subject, workers of theirs too."""
        told = [each for each in self.browser.refused if not each.startswith(_OF_THE_BROWSER)]
        known = " ".join(self.foreign)
        return [*self.foreign, *(each for each in dict.fromkeys(told) if each not in known)]

    # What authors are shown.

    def snapshot(self, seconds: float) -> str:
        """The page as assistive technology reads it, cut; says so where it does not answer."""
        try:
            page = self.page
            text = self.browser.do(page.locator("body").aria_snapshot(timeout=0), seconds)
        except StepFailed as problem:
            return str(problem)
        except Exception:
            return "the page does not answer"
        return text if len(text) <= MAX_SNAPSHOT else text[:MAX_SNAPSHOT] + "\n[…]"

    def picture(self, *, whole: bool, seconds: float) -> tuple[str, bytes]:
        """The media type and the bytes: PNG, or JPEG where that would be too large.

        Raises StepFailed.
        """
        page = self.page

        async def take() -> tuple[str, bytes]:
            data = await page.screenshot(full_page=whole, timeout=0, animations="disabled")
            if len(data) <= MAX_PICTURE_BYTES:
                return "image/png", data
            return "image/jpeg", await page.screenshot(
                full_page=whole, timeout=0, type="jpeg", quality=50
            )

        kind, data = self.do(take(), seconds)
        if len(data) > MAX_PICTURE_BYTES:
            raise StepFailed(f"the picture has {len(data)} bytes, more than {MAX_PICTURE_BYTES}")
        return kind, data

    def close(self) -> None:
        if self._context is not None:
            self.browser.discard(self._context)
            self._context = None


async def _looked(look: Look, seconds: float, alive: Callable[[], object]) -> None:
    deadline = time.monotonic() + seconds
    wait = _LOOK_SECONDS
    last: StepFailed | None = None
    while True:
        alive()
        try:
            # A look that began in time may end a little later: the machine may be busy.
            async with asyncio.timeout(max(_LOOK_LIMIT_SECONDS, deadline - time.monotonic())):
                last = await look()
            if last is None:
                return
        except TimeoutError:
            last = last or StepFailed(f"the page did not answer within {seconds:g} s")
        except Exception as problem:
            # A page that just gives way to the next one.
            if not type(problem).__module__.startswith("playwright."):
                raise
            last = StepFailed(_said(problem))
        if time.monotonic() + wait >= deadline:
            raise last
        await asyncio.sleep(wait)
        wait = min(0.25, wait * 1.5)


def _note(notes: list[str], text: str) -> None:
    if len(notes) < MAX_NOTED:
        notes.append(text)


def _said(problem: Exception) -> str:
    """What Playwright said, without its log of attempts beyond the last few lines."""
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    first = lines[0] if lines else type(problem).__name__
    if first.endswith("Target page, context or browser has been closed"):
        return "the page has closed its window"
    log = [line.lstrip("- ") for line in lines[1:] if line != "Call log:"]
    return "\n".join([first[:500], *(line[:200] for line in log[-4:])])
