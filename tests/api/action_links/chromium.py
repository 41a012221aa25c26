"""A real headless Chromium, driven by the DevTools protocol over a pipe: messages in JSON, each ended by a NUL."""

import asyncio
import base64
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_SECONDS = 20
# The browser reads commands from descriptor 3 and writes answers to 4.
_START = 'exec "$@" 3<&{commands} 4>&{answers}'
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
)


class Tab:
    """One page of the browser, without scripts of the page's own."""

    def __init__(self, browser: "Chromium", session_id: str) -> None:
        self._browser = browser
        self._session_id = session_id
        self.seen: list[dict[str, Any]] = []

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """The answer to a command."""
        return await self._browser.call(method, params, self._session_id)

    async def size(self, width: int, height: int, *, scale: float = 1, dark: bool = False) -> None:
        """The window's size in CSS pixels; with `scale` as on a screen with more pixels."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": width < 600}
        await self.call("Emulation.setDeviceMetricsOverride", **metrics)
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        await self.call("Emulation.setEmulatedMedia", features=features)

    async def open(self, url: str) -> None:
        """Go to an address, and wait until it is there."""
        loaded = self._browser.wait_for("Page.loadEventFired", self._session_id)
        await self.call("Page.navigate", url=url)
        await loaded

    async def run(self, script: str) -> Any:
        """What a script of ours gives back; it is not bound by the page's policy."""
        answer = await self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def click(self, selector: str) -> None:
        """Click in the middle of an element."""
        box = "JSON.stringify((e => (e.scrollIntoView({block: 'center'}), e.getBoundingClientRect()))"
        found = json.loads(await self.run(f"{box}(document.querySelector({json.dumps(selector)})))"))
        at = {"x": found["x"] + found["width"] / 2, "y": found["y"] + found["height"] / 2}
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **at)

    async def send(self, selector: str) -> None:
        """Click something that leads to another page, and wait until that is there."""
        loaded = self._browser.wait_for("Page.loadEventFired", self._session_id)
        await self.click(selector)
        await loaded

    async def send_twice(self, selector: str) -> None:
        """The same by an impatient double click."""
        loaded = self._browser.wait_for("Page.loadEventFired", self._session_id)
        await self.run(f"(e => (e.click(), e.click()))(document.querySelector({json.dumps(selector)}))")
        await loaded

    async def write(self, selector: str, text: str) -> None:
        """Write into a field by the keyboard."""
        await self.run(f"document.querySelector({json.dumps(selector)}).focus()")
        await self.call("Input.insertText", text=text)

    async def picture(self) -> bytes:
        """The whole page as a PNG."""
        answer = await self.call("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(answer["data"])


class Chromium:
    """The browser's process."""

    def __init__(self, reader: asyncio.StreamReader, commands: int) -> None:
        self._reader = reader
        self._commands = commands
        self._last = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._awaited: list[tuple[str, str, asyncio.Future[None]]] = []
        self._tabs: dict[str, Tab] = {}

    async def call(self, method: str, params: dict[str, Any], session_id: str = "") -> dict[str, Any]:
        """The answer to a command."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": params}
        answer = self._answers[self._last] = asyncio.get_running_loop().create_future()
        sent = json.dumps(message | ({"sessionId": session_id} if session_id else {})).encode() + b"\0"
        os.write(self._commands, sent)
        return await asyncio.wait_for(answer, _SECONDS)

    def wait_for(self, method: str, session_id: str) -> "asyncio.Task[None]":
        """What ends with the next event of this kind."""
        happened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._awaited.append((method, session_id, happened))
        return asyncio.create_task(asyncio.wait_for(happened, _SECONDS))

    async def new_tab(self) -> Tab:
        """A fresh tab that remembers what it asked the network for and complained of, in a profile of its own."""
        context = (await self.call("Target.createBrowserContext", {}))["browserContextId"]
        target = await self.call("Target.createTarget", {"url": "about:blank", "browserContextId": context})
        attached = await self.call("Target.attachToTarget", {"targetId": target["targetId"], "flatten": True})
        tab = self._tabs[attached["sessionId"]] = Tab(self, attached["sessionId"])
        for domain in ("Page", "Network", "Log", "Accessibility"):
            await tab.call(f"{domain}.enable")
        return tab

    async def listen(self) -> None:
        """Hand on what the browser says, until it ends."""
        while True:
            try:
                message = json.loads((await self._reader.readuntil(b"\0"))[:-1])
            except asyncio.IncompleteReadError:
                return
            self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        if (answer := self._answers.pop(message.get("id", 0), None)) is not None:
            if "error" in message:
                answer.set_exception(RuntimeError(message["error"]["message"]))
            else:
                answer.set_result(message["result"])
            return
        session_id = message.get("sessionId", "")
        if (tab := self._tabs.get(session_id)) is not None:
            tab.seen.append(message)
        for waiting in [each for each in self._awaited if each[:2] == (message.get("method"), session_id)]:
            self._awaited.remove(waiting)
            waiting[2].set_result(None)


@asynccontextmanager
async def chromium() -> AsyncIterator[Chromium]:
    """A running browser with an empty profile."""
    assert PROGRAM is not None
    for_browser, commands = os.pipe()
    answers, from_browser = os.pipe()
    with tempfile.TemporaryDirectory(prefix="championed-chromium-", ignore_cleanup_errors=True) as profile:
        start = _START.format(commands=for_browser, answers=from_browser)
        process = await asyncio.create_subprocess_exec(
            *("bash", "-c", start, "chromium", PROGRAM, *_OPTIONS, f"--user-data-dir={profile}", "about:blank"),
            pass_fds=(for_browser, from_browser),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        os.close(for_browser)
        os.close(from_browser)
        reader = asyncio.StreamReader(limit=2**26)
        pipe = os.fdopen(answers, "rb", buffering=0)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), pipe
        )
        browser = Chromium(reader, commands)
        listening = asyncio.create_task(browser.listen())
        try:
            yield browser
        finally:
            await browser.call("Browser.close", {})
            await asyncio.wait_for(process.wait(), _SECONDS)
            await listening
            transport.close()
            os.close(commands)
