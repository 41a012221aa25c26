"""Links of the scene, and the page behind one as a person's browser has it."""

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI

from tests.api.advocacies.scene import SEEN, Answer, Scene, got, sent

LINKS = "/v1/action_links"
SAW, HEARD = "observed_directly", "heard_from"
NEEDED = "Runs systems in production"


@dataclass
class Link:
    """A link with the browser of whoever it was sent to, which has no API key."""

    made: Answer
    browser: httpx.AsyncClient
    client: httpx.AsyncClient

    @property
    def path(self) -> str:
        """The page's path, with the token in it."""
        return urlsplit(self.made["url"]).path

    async def open(self, status: int = 200) -> str:
        """The page."""
        answer = await self.browser.get(self.path)
        assert answer.status_code == status, answer.text
        return answer.text

    async def send(self, status: int = 200, **fields: str) -> str:
        """What is answered to the form with these fields, opened anew."""
        answer = await self.browser.post(self.path, data={**await self.form(), **fields})
        assert answer.status_code == status, answer.text
        return answer.text

    async def form(self) -> dict[str, str]:
        """The form's fields as a browser would send them unchanged; nothing where there is no form."""
        page = (await self.browser.get(self.path)).text
        return entered(page)

    async def read(self) -> Answer:
        """The link as the API shows it."""
        return await got(self.client, f"{LINKS}/{self.made['id']}")


async def make_link(
    app: FastAPI, scene: Scene, purpose: str, person: str, subject: str, status: int = 201, **members: Any
) -> Link:
    """A link, and the browser it is opened in."""
    body = {"purpose": purpose, "person": person, "subject": subject, **members}
    made = await sent(scene.client, LINKS, body, status)
    return Link(made, browser_of(app), scene.client)


def browser_of(app: FastAPI) -> httpx.AsyncClient:
    """What a person has: no key."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test")


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.area = ""
        self.list = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input":
            self.fields[given["name"]] = given.get("value", "")
        elif tag == "textarea":
            self.area = given["name"]
            self.fields[self.area] = ""
        elif tag == "select":
            self.list = given["name"]
        elif tag == "option" and ("selected" in given or self.list not in self.fields):
            self.fields[self.list] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields[self.area] += data.lstrip("\n")


def entered(page: str) -> dict[str, str]:
    """The fields of a page's form with what stands in them."""
    parser = _Form()
    parser.feed(page)
    return parser.fields


def options(page: str, name: str) -> dict[str, str]:
    """The values of a list by their labels."""
    inside = re.search(rf'<select id="{name}".*?</select>', page, re.DOTALL)
    assert inside is not None
    found = re.findall(r'<option value="([^"]*)"(?: selected)?>([^<]*)</option>', inside[0])
    return {unescape(label): value for value, label in found}


def words(page: str) -> str:
    """What a person reads on a page."""
    body = page.partition("<main>")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


async def acts(scene: Scene) -> list[Answer]:
    """Ada's acts, in order."""
    return list((await got(scene.client, f"/v1/advocacies/{scene.advocacy}/acts"))["data"])


async def about(link: Link, basis: str) -> str:
    """What the list offers about the job's requirement, known by this basis."""
    page = await link.open()
    (value,) = re.findall(rf'value="({basis}:[0-9a-f]+)"', page)
    return str(value)


async def asked_of_hana(app: FastAPI, scene: Scene, purpose: str = "answer_ask") -> tuple[Answer, Link]:
    """An act with an ask to Hana, and her link about it."""
    act = await scene.act(ask={"kind": "interview", "to": scene.hana}, reasons=[SEEN])
    subject = act["ask"]["id"] if purpose == "answer_ask" else act["id"]
    return act, await make_link(app, scene, purpose, scene.hana, subject)
