"""The page as HTTP: what opening and sending it do, to whom it says what, and what it gives away."""

import asyncio
import re
from base64 import b64encode
from hashlib import sha256

import httpx
import pytest
from fastapi import FastAPI

from api.main import attach
from api.platform.db import Databases
from api.platform.hook_tokens import mint
from api.platform.settings import Settings
from tests.api.action_links.conftest import Unchanged
from tests.api.action_links.links import (
    LINKS,
    NEEDED,
    SAW,
    Link,
    about,
    acts,
    asked_of_hana,
    browser_of,
    entered,
    make_link,
    options,
    words,
)
from tests.api.advocacies.scene import SEEN, Scene, got, sent

# What opening it does: nothing


async def test_opening_and_scanning_change_nothing(scene: Scene, link: Link, unchanged: Unchanged) -> None:
    async with unchanged():
        for _ in range(3):
            await link.open()
            head = await link.browser.head(link.path)
            assert (head.status_code, head.content) == (200, b"")
        tracked = await link.browser.get(f"{link.path}?utm_source=mail&fbclid=1&fbclid=2")
        assert tracked.status_code == 200
        for method in ("PUT", "PATCH", "DELETE"):
            assert (await link.browser.request(method, link.path)).status_code == 405


async def test_every_answer_is_private_and_strict(link: Link) -> None:
    answers = [await link.browser.get(path) for path in (link.path, f"/a/{mint()}", "/a/short")]
    answers.append(await link.browser.post(link.path, data={"answer": "x"}))
    assert [each.status_code for each in answers] == [200, 404, 404, 422]
    for answer in answers:
        style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
        assert style is not None
        hashed = b64encode(sha256(style[1].encode()).digest()).decode()
        policy = answer.headers["content-security-policy"]
        assert policy == (
            f"default-src 'none'; style-src 'sha256-{hashed}'; form-action 'self'; "
            "frame-ancestors 'none'; base-uri 'none'"
        )
        assert answer.headers.get_list("referrer-policy") == ["no-referrer"]
        assert answer.headers.get_list("cache-control") == ["no-store"]
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers
        assert not re.search(r"(?:src|href|action|style)=|<script|url\(|@import", answer.text)


# Once, and by one person


async def test_the_same_form_sent_twice_records_one_thing(scene: Scene, link: Link) -> None:
    form = {**await link.form(), "answer": "recorded", "said": "Hello."}
    answers = await asyncio.gather(*(link.browser.post(link.path, data=form) for _ in range(4)))
    assert [each.status_code for each in answers] == [200] * 4
    assert len({each.text for each in answers}) == 1
    assert len(await acts(scene)) == 1
    assert len(await scene.events("action_link.used")) == 1


async def test_other_words_from_a_page_opened_before_are_asked_about(scene: Scene, link: Link) -> None:
    form = {**await link.form(), "answer": "recorded"}
    first = await link.browser.post(link.path, data={**form, "said": "Hello."})
    assert "It is recorded" in words(first.text)
    other = await link.browser.post(link.path, data={**form, "said": "Kept billing up."})
    assert (other.status_code, "not recorded yet" in words(other.text)) == (422, True)
    assert len(await acts(scene)) == 1
    again = await link.browser.post(link.path, data={**entered(other.text), "answer": "recorded"})
    assert again.status_code == 200
    assert sorted(each["text"] for each in await acts(scene)) == ["Hello.", "Kept billing up."]


async def test_a_reason_sent_twice_is_told_once(scene: Scene, link: Link) -> None:
    form = {**await link.form(), "answer": "asked", "about": await about(link, SAW), "said": "Kept  billing up."}
    answers = [await link.browser.post(link.path, data=form) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert len(await acts(scene)) == 1


async def test_nobody_tells_themself(app: FastAPI, scene: Scene) -> None:
    """Rita of the team turns out to be Ada."""
    link = await make_link(app, scene, "record_act", scene.ada, scene.advocacy)
    assert scene.rita in options(await link.open(), "to").values()
    await sent(scene.client, f"/v1/people/{scene.rita}/merge", {"into": scene.ada})
    assert not {scene.rita, scene.ada} & set(options(await link.open(), "to").values())


async def test_a_single_use_is_single(app: FastAPI, scene: Scene, unchanged: Unchanged) -> None:
    _, link = await asked_of_hana(app, scene)
    form = {**await link.form(), "answer": "granted"}
    answers = await asyncio.gather(*(link.browser.post(link.path, data=form) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [200, 410, 410, 410]
    assert len(await scene.events("ask.answered")) == 1
    async with unchanged():
        assert "we have your answer" in await link.open(410)
        await link.send(410, answer="refused")


async def test_tampered_addresses_lead_nowhere(scene: Scene, link: Link, app: FastAPI, unchanged: Unchanged) -> None:
    address = (await sent(scene.client, "/v1/capture_addresses", {"name": "BCC"}))["token"]
    token = link.path.rpartition("/")[2]
    other = "a" if token[0] != "a" else "b"
    paths = [f"/a/{each}" for each in (mint(), other + token[1:], token[:-1], token.upper(), address, "%00", "é")]
    async with unchanged():
        pages = {(await link.browser.get(path)).text for path in paths}
        pages |= {(await link.browser.post(path, data={"answer": "recorded"})).text for path in paths}
    assert len(pages) == 1
    assert "does not work" in pages.pop()


async def test_whose_it_no_longer_is_cannot_use_it(app: FastAPI, scene: Scene, unchanged: Unchanged) -> None:
    act = await scene.act(audience=[scene.rita], ask={"kind": "interview", "to": scene.rita})
    link = await make_link(app, scene, "answer_ask", scene.hana, act["ask"]["id"])
    await sent(scene.client, f"/v1/jobs/{scene.job}/members/{scene.hana}/end", {"recorded_by": scene.rita}, 0)
    async with unchanged():
        await link.open(410)
        await link.send(410, answer="granted")


async def test_what_is_over_needs_no_answer(app: FastAPI, scene: Scene) -> None:
    agree = await make_link(app, scene, "agree", scene.ada, scene.advocacy)
    await scene.say("agree")
    assert "no longer open" in await agree.open(410)
    await agree.send(410, answer="declined")
    assert (await scene.read())["state"] == "agreed"


async def test_an_anonymised_persons_link_is_dead(app: FastAPI, scene: Scene, link: Link) -> None:
    await sent(scene.client, f"/v1/people/{scene.ada}/anonymize", {})
    await link.open(410)


async def test_each_link_has_a_rate(link: Link, app: FastAPI, databases: Databases) -> None:
    attach(app, databases, Settings(rate_limit_per_minute=2, rate_limit_burst_per_second=0))
    await link.open()
    await link.open()
    assert "try again in a minute" in await link.open(429)


# What is sent


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"answer": "recorded", "to": "person_" + "0" * 32}, "to"),
        ({"answer": "recorded", "to": ""}, "to"),
        ({"answer": "recorded", "about": "observed_directly:" + "0" * 32}, "about"),
        ({"answer": "recorded", "about": "cv_only"}, "about"),
        ({"answer": "recorded", "said": "x" * 2_001, "about": "real"}, "said"),
        ({"answer": "recorded", "said": "a\x00b"}, "said"),
        ({"answer": "recorded", "said": " ", "about": "real"}, "said"),
        ({"answer": "maybe"}, ""),
        ({}, ""),
    ],
)
async def test_what_is_unclear_is_asked_again(
    scene: Scene, link: Link, unchanged: Unchanged, fields: dict[str, str], fault: str
) -> None:
    if fields.get("about") == "real":
        fields = {**fields, "about": await about(link, SAW)}
    async with unchanged():
        page = await link.send(422, **fields)
    assert 'role="alert"' in page
    assert f'id="{fault}-wrong"' in page if fault else "choose one of the answers" in page
    assert (f'aria-describedby="{fault}-' in page) == bool(fault)
    if fault == "said" and fields["said"].strip():
        assert entered(page)["about"] == fields.get("about", "")


@pytest.mark.parametrize(
    "email",
    ["", "kim", "kim@", "a b@example.com", "x" * 300 + "@example.com", "k\x00@example.com", "k\u200b@example.com"],
)
async def test_half_an_address_is_asked_for_again(app: FastAPI, scene: Scene, unchanged: Unchanged, email: str) -> None:
    link = await make_link(app, scene, "hand_over", scene.ada, scene.advocacy)
    async with unchanged():
        assert 'id="email-wrong"' in await link.send(422, answer="suggested", email=email)


async def test_neither_the_candidate_nor_oneself_is_suggested(app: FastAPI, scene: Scene, unchanged: Unchanged) -> None:
    for person, address in ((scene.sam, "sam@example.com"), (scene.ada, "ada@example.com")):
        answer = await scene.client.patch(f"/v1/people/{person}", json={"email": address})
        assert answer.status_code == 200
    link = await make_link(app, scene, "hand_over", scene.ada, scene.advocacy)
    async with unchanged():
        for address in ("sam@example.com", "ada@example.com"):
            assert "somebody other than Sam Reyes" in await link.send(422, answer="suggested", email=address)


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b'{"answer": "recorded"}', 415),
        ("text/plain", b"answer=recorded", 415),
        ("application/x-www-form-urlencoded", b"answer=\xff\xfe", 400),
        ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 50), 400),
        ("application/x-www-form-urlencoded", b"said=" + b"a" * 70_000, 413),
    ],
)
async def test_what_is_no_form_is_refused(
    link: Link, unchanged: Unchanged, kind: str, body: bytes, status: int
) -> None:
    async with unchanged():
        answer = await link.browser.post(link.path, content=body, headers={"Content-Type": kind})
    assert answer.status_code == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://[evil"},
    ],
)
async def test_a_form_of_another_site_is_refused(link: Link, unchanged: Unchanged, headers: dict[str, str]) -> None:
    form = {**await link.form(), "answer": "recorded"}
    async with unchanged():
        answer = await link.browser.post(link.path, data=form, headers=headers)
        assert (answer.status_code, "That did not work" in answer.text) == (403, True)


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}, {"Origin": "http://test"}, {"Origin": "null"}]
)
async def test_our_own_form_is_taken(link: Link, headers: dict[str, str]) -> None:
    form = {**await link.form(), "answer": "recorded"}
    assert (await link.browser.post(link.path, data=form, headers=headers)).status_code == 200


async def test_names_and_words_are_never_markup(app: FastAPI, client: httpx.AsyncClient, scene: Scene) -> None:
    evil = "<script>alert(1)</script>\"'{0.x}&lt;"
    answer = await client.patch(f"/v1/people/{scene.sam}", json={"name": evil})
    assert answer.status_code == 200
    await sent(client, f"/v1/jobs/{scene.job}/requirements", {"text": evil})
    act = await scene.act(reasons=[{**SEEN, "claim": evil, "requirement": evil}])
    for purpose, person, subject in (
        ("record_act", scene.ada, scene.advocacy),
        ("hand_over", scene.ada, scene.advocacy),
        ("confirm_act", scene.hana, act["id"]),
        ("not_me", scene.ada, act["id"]),
    ):
        link = await make_link(app, scene, purpose, person, subject)
        page = await link.open()
        assert "<script" not in page
        assert evil in words(page) or purpose == "record_act"
    link = await make_link(app, scene, "record_act", scene.ada, scene.advocacy)
    page = await link.send(422, answer="maybe", said="</textarea><script>x</script>")
    assert "<script" not in page
    assert entered(page)["said"] == "</textarea><script>x</script>"


# What it shows


async def test_it_shows_its_own_part_and_nothing_else(app: FastAPI, scene: Scene) -> None:
    other = (await sent(scene.client, "/v1/people", {"name": "Olu Quiet"}))["id"]
    advocate = (await sent(scene.client, "/v1/advocates", {"person_id": other}))["id"]
    body = {"application_id": scene.application, "advocate_id": advocate, "word": "agreed"}
    advocacy = (await sent(scene.client, "/v1/advocacies", body))["id"]
    secret = {**SEEN, "requirement": "Secret need", "claim": "Secret claim."}
    act = {"kind": "spoke", "audience": [scene.hana], "reasons": [secret], "recorded_by": other, "text": "Secret text."}
    await sent(scene.client, f"/v1/advocacies/{advocacy}/acts", act)
    mine = await scene.act(
        audience=[scene.hana, scene.rita], text="Hidden text.", ask={"kind": "hire", "to": scene.hana}
    )
    await scene.tell("move", stage="interviewing")
    for purpose, person, subject in (
        ("record_act", scene.ada, scene.advocacy),
        ("hand_over", scene.ada, scene.advocacy),
        ("not_me", scene.ada, mine["id"]),
        ("confirm_act", scene.rita, mine["id"]),
        ("answer_ask", scene.hana, mine["ask"]["id"]),
    ):
        shown = words(await (await make_link(app, scene, purpose, person, subject)).open())
        for hidden in ("Olu", "Secret", "Hidden", "championed", "recommended", "interviewing", "overdue"):
            assert hidden.lower() not in shown.lower(), (purpose, shown)
        assert "Sam Reyes" in shown


async def test_it_asks_three_things_at_most(app: FastAPI, scene: Scene, link: Link) -> None:
    hand_over = await make_link(app, scene, "hand_over", scene.ada, scene.advocacy)
    for each in (link, hand_over):
        fields = set(await each.form()) - {"uses"}
        assert 0 < len(fields) <= 3
    assert NEEDED in await link.open()
    assert "Sam Reyes" in await hand_over.open()


async def test_two_workspaces_links_stay_apart(app: FastAPI, scene: Scene, link: Link) -> None:
    assert len((await got(scene.client, LINKS))["data"]) == 1
    assert (await browser_of(app).get(link.path)).status_code == 200
