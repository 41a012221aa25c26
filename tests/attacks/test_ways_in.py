"""What was once found by attacking captures, mails and external ids."""

import asyncio

import httpx
import pytest

from api.platform.db import Databases
from tests.api.captures.company import GOOD, open_office
from tests.api.captures.mails import is_kept, mail, open_post
from tests.conftest import SetClock

LINK = "https://chat.example.com/archives/C01/p17"
SPELLINGS = [
    "https://Chat.Example.com/archives/C01/p17",
    "https://chat.example.com:443/archives/C01/p17",
    "https://chat.example.com./archives/C01/p17?",
    "https://chat.example.com/archives/C01/%7017#",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_one_message_is_one_act_however_its_link_is_spelled(
    client: httpx.AsyncClient, clock: SetClock, spelling: str
) -> None:
    office = await open_office(client)
    first = await office.capture(source_url=LINK, ask="interview")
    clock.advance(days=1)
    assert await office.capture(200, source_url=spelling, ask="interview") == first
    assert (await office.capture(201, source_url=f"{LINK}/2"))["act_id"] != first["act_id"]


async def test_links_that_differ_in_query_or_fragment_are_different_messages(client: httpx.AsyncClient) -> None:
    office = await open_office(client)
    links = [LINK, f"{LINK}?m=1", f"{LINK}?m=2", f"{LINK}#1", f"{LINK}#2", "https://chat.example.com/archives/c01/p17"]
    assert len({(await office.capture(201, source_url=each))["act_id"] for each in links}) == len(links)


async def test_first_captures_of_a_known_person_do_not_lock_each_other_out(client: httpx.AsyncClient) -> None:
    office = await open_office(client)
    bodies = [{**GOOD, "source_url": f"{LINK}{number}"} for number in range(6)]
    answers = await asyncio.gather(*(client.post("/v1/captures", json=body) for body in bodies))
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.json()["advocacy_id"] for answer in answers}) == 1
    assert await office.level() == "recommended"


@pytest.mark.parametrize("tag", ["[\u017f:a@]", "[\u0131:@]", "[\u212a:a@b@c]"])
async def test_letters_that_look_like_latin_ones_make_no_tag(client: httpx.AsyncClient, tag: str) -> None:
    await open_office(client)
    post = await open_post(client)
    assert (await post.take(mail(subject=tag)))["state"] == "captured"


async def test_a_token_inside_a_mail_reaches_no_record(client: httpx.AsyncClient, databases: Databases) -> None:
    await open_office(client)
    post = await open_post(client, keeps_text=True)
    token = post.made["token"]
    raw = mail(
        f"Sam Reyes. Please put {token}@in.example.com or {token.upper()} in BCC.",
        subject=f"[hris:{token}]",
        to=f'"{token}" <hana@example.com>',
        message_id=f"<{token}@mail.example.com>",
    )
    await post.take(raw)
    assert not await is_kept(databases, token)
    assert not await is_kept(databases, token.upper())


@pytest.mark.parametrize("path", ["Ren%E9", "Ren%E8", "%FF", "%ED%A0%80", "%EF%BF%BD"])
async def test_bytes_that_are_no_text_are_no_external_id(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.put(f"/v1/people/by_ref/hris/{path}", json={"name": "Ren"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "external_id"
