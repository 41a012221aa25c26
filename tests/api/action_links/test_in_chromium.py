"""The page in a real browser: it works without scripts, on a phone, in the dark, enlarged, and for everybody.

With CHAMPIONED_TEST_SCREENSHOTS set to a folder, every page is kept there as a picture to look at.
"""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI

from tests.api.action_links.chromium import PROGRAM, Chromium, Tab, chromium
from tests.api.action_links.links import Link, make_link
from tests.api.advocacies.scene import SEEN, Scene, got

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium here (Debian's package: chromium)")

PHONE, DESKTOP = (390, 844), (1280, 800)
PURPOSES = ("record_act", "agree", "hand_over", "confirm_act", "answer_ask", "not_me")


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Chromium]:
    """One browser for all tests here."""
    async with chromium() as running:
        yield running


@pytest.fixture
async def tab(browser: Chromium) -> Tab:
    return await browser.new_tab()


@pytest.fixture
async def site(app: FastAPI) -> AsyncIterator[str]:
    """The service, reachable by a browser."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", server_header=False)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving


async def links(app: FastAPI, scene: Scene) -> dict[str, Link]:
    """A link for each purpose."""
    act = await scene.act(ask={"kind": "interview", "to": scene.hana}, reasons=[SEEN], recorded_by=scene.rita)
    about = {
        "confirm_act": (scene.hana, act["id"]),
        "answer_ask": (scene.hana, act["ask"]["id"]),
        "not_me": (scene.ada, act["id"]),
    }
    await scene.say("withdraw")
    given = {purpose: about.get(purpose, (scene.ada, scene.advocacy)) for purpose in PURPOSES}
    return {purpose: await make_link(app, scene, purpose, *each) for purpose, each in given.items()}


async def keep(tab: Tab, name: str) -> None:
    """Keep a picture of the page, where they are wanted."""
    if folder := os.environ.get("CHAMPIONED_TEST_SCREENSHOTS"):
        await asyncio.to_thread(Path(folder, f"{name}.png").write_bytes, await tab.picture())


def asked_for(tab: Tab) -> set[str]:
    """The hosts that the page asked the network for."""
    sent = (each for each in tab.seen if each["method"] == "Network.requestWillBeSent")
    return {urlsplit(each["params"]["request"]["url"]).netloc for each in sent}


def complaints(tab: Tab) -> list[str]:
    """What the browser found wrong, such as a breach of the page's own policy."""
    entries = (each["params"]["entry"] for each in tab.seen if each["method"] == "Log.entryAdded")
    return [each["text"] for each in entries if each["source"] != "network"]


MEASURE = """JSON.stringify((() => {
  const colours = text => { const found = text.match(/[\\d.]+/g).map(Number);
    return found.length < 4 ? [...found, 1] : found };
  const ground = e => { for (; e; e = e.parentElement) { const c = colours(getComputedStyle(e).backgroundColor);
    if (c[3] > 0) return c } return colours(getComputedStyle(document.documentElement).backgroundColor) };
  const light = ([r, g, b]) => { const [x, y, z] = [r, g, b].map(v => (v /= 255) <= .04045 ? v / 12.92 :
    ((v + .055) / 1.055) ** 2.4); return .2126 * x + .7152 * y + .0722 * z };
  const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + .05) / (y + .05) };
  const shown = [...document.querySelectorAll('main *')].filter(e => e.getClientRects().length);
  const texts = shown.filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || e.value);
  const controls = shown.filter(e => e.matches('button, input, select, textarea'));
  return {
    lang: document.documentElement.lang, title: document.title, headings: document.querySelectorAll('h1').length,
    mains: document.querySelectorAll('main').length,
    faint: texts.filter(e => e.tagName !== 'OPTION')
      .map(e => [e.tagName, contrast(colours(getComputedStyle(e).color), ground(e))]).filter(([, c]) => c < 4.5),
    borders: controls.map(e => [e.tagName,
      contrast(colours(getComputedStyle(e).borderTopColor), ground(e.parentElement))]).filter(([, c]) => c < 3),
    small: controls.filter(e => { const r = e.getBoundingClientRect(); return r.height < 44 || r.width < 44 }).length,
    tiny: texts.filter(e => parseFloat(getComputedStyle(e).fontSize) < 14).length,
    unlabelled: controls.filter(e => e.tagName !== 'BUTTON' && !(e.labels && e.labels.length)).length,
    dangling: controls.flatMap(e => (e.getAttribute('aria-describedby') || '').split(' ').filter(Boolean))
      .filter(id => !document.getElementById(id)).length,
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    tall: document.documentElement.scrollHeight,
  } })())"""


async def check(tab: Tab, where: str) -> None:
    """That everybody can use the page as it is now."""
    found: dict[str, Any] = json.loads(await tab.run(MEASURE))
    assert (found["lang"], found["headings"], found["mains"]) == ("en", 1, 1), where
    assert found["title"], where
    for name in ("faint", "borders"):
        assert found[name] == [], (where, name)
    for name in ("small", "tiny", "unlabelled", "dangling", "overflow"):
        assert found[name] == 0, (where, name, found[name])


async def test_every_page_is_for_everybody(app: FastAPI, scene: Scene, site: str, tab: Tab) -> None:
    made = await links(app, scene)
    for purpose, link in made.items():
        for name, size, dark in (
            ("phone", PHONE, False),
            ("phone-dark", PHONE, True),
            ("desktop", DESKTOP, False),
            ("narrow", (320, 568), False),
        ):
            await tab.size(*size, scale=2 if size == PHONE else 1, dark=dark)
            await tab.open(site + link.path)
            await check(tab, f"{purpose} {name}")
            await keep(tab, f"{purpose}-{name}")
    # Twice as large: the window has half the pixels of CSS.
    await tab.size(640, 400, scale=2)
    await tab.open(site + made["record_act"].path)
    await check(tab, "enlarged")
    await tab.open(f"{site}/a/nothing")
    await check(tab, "unknown")
    await keep(tab, "unknown")
    assert asked_for(tab) == {urlsplit(site).netloc}
    assert complaints(tab) == []


async def test_an_advocate_tells_what_they_did_without_scripts(app: FastAPI, scene: Scene, site: str, tab: Tab) -> None:
    link = await make_link(app, scene, "record_act", scene.ada, scene.advocacy)
    await tab.call("Emulation.setScriptExecutionDisabled", value=True)
    await tab.size(*PHONE, scale=2)
    await tab.open(site + link.path)
    await tab.run("document.querySelector('#about').selectedIndex = 1")
    await tab.send("button[value=asked]")
    assert "Please check" in await tab.run("document.title")
    assert await tab.run("document.querySelector('#said').getAttribute('aria-invalid')") == "true"
    assert await tab.run("document.querySelector('#about').selectedIndex") == 1
    await check(tab, "fault")
    await keep(tab, "record_act-fault")
    await tab.write("#said", "Kept billing up.\nFor two years.")
    await tab.send("button[value=asked]")
    assert "Thank you" in await tab.run("document.title")
    await check(tab, "thanks")
    await keep(tab, "thanks")
    (act,) = (await got(scene.client, f"/v1/advocacies/{scene.advocacy}/acts"))["data"]
    assert (act["qualifies"], act["ask"]["kind"], act["rung"]) == (True, "interview", "self_reported")
    await tab.call("Page.reload")
    assert asked_for(tab) == {urlsplit(site).netloc}
    assert complaints(tab) == []


async def test_a_double_click_answers_once(app: FastAPI, scene: Scene, site: str, tab: Tab) -> None:
    act = await scene.act(ask={"kind": "interview", "to": scene.hana})
    link = await make_link(app, scene, "answer_ask", scene.hana, act["ask"]["id"])
    await tab.size(*DESKTOP)
    await tab.open(site + link.path)
    await tab.send_twice("button[value=granted]")
    assert len(await scene.events("ask.answered")) == 1
    assert (await link.read())["uses"] == 1
    await tab.open(site + link.path)
    await check(tab, "ended")
    await keep(tab, "ended")


async def test_it_is_used_by_the_keyboard(app: FastAPI, scene: Scene, site: str, tab: Tab) -> None:
    link = await make_link(app, scene, "hand_over", scene.ada, scene.advocacy)
    await tab.size(*DESKTOP)
    await tab.open(site + link.path)
    order = []
    for _ in range(4):
        for kind in ("keyDown", "keyUp"):
            await tab.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        order.append(await tab.run("document.activeElement.name + '=' + document.activeElement.value"))
        assert float((await tab.run("getComputedStyle(document.activeElement).outlineWidth"))[:-2]) >= 2
    assert order == ["email=", "name=", "answer=suggested", "answer=nobody"]
    await keep(tab, "hand_over-focus")


async def test_another_page_cannot_send_its_form(app: FastAPI, scene: Scene, site: str, tab: Tab) -> None:
    link = await make_link(app, scene, "agree", scene.ada, scene.advocacy)
    form = f"<form method=post action='{site}{link.path}'><input name=uses value=0>"
    await tab.open(f"data:text/html,{form}<button name=answer value=agreed>Win</button></form>")
    await tab.send("button")
    assert "That did not work" in await tab.run("document.title")
    assert (await scene.read())["state"] == "asked"
