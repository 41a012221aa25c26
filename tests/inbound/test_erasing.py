"""Candidates whom the vendor deleted or anonymised."""

import json
from typing import Any

import httpx
import pytest

from tests.inbound.scene import Scene
from tests.inbound.vendor import Greenhouse


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("how", ["anonymize", "delete_candidate"])
async def test_who_is_forgotten_there_is_forgotten_here(
    scene: Scene, vendor: Greenhouse, how: str, backwards: bool
) -> None:
    vendor.apply(1, 70, 7)
    vendor.move(1, "Offer")
    getattr(vendor, how)(70)
    await scene.hear(*(reversed(vendor.sent) if backwards else vendor.sent))
    records = await scene.records()
    assert [row[8] for row in records.applications] == ["A person, removed"]
    assert [row[1:] for row in records.candidates] == [("A person, removed", None)]
    for message in await scene.messages():
        assert b"Okafor" not in message.body
        assert "Okafor" not in json.dumps(message.parsed)


async def test_nothing_later_gives_a_name_back(scene: Scene, vendor: Greenhouse) -> None:
    vendor.apply(1, 70, 7)
    vendor.move(1, "Offer")
    vendor.anonymize(70)
    await scene.hear(vendor.sent[0], vendor.sent[2], vendor.sent[1])
    records = await scene.records()
    assert [(row[2], row[8]) for row in records.applications] == [("offer", "A person, removed")]
    assert all(b"Okafor" not in message.body for message in await scene.messages())


@pytest.mark.parametrize("fields", [("phone_numbers", "notes"), ("inmails",)])
async def test_who_keeps_name_and_address_there_keeps_them_here(
    scene: Scene, vendor: Greenhouse, fields: tuple[str, ...]
) -> None:
    vendor.apply(1, 70, 7)
    vendor.anonymize_fields(70, *fields)
    vendor.touch(1)
    await scene.hear(*vendor.sent)
    assert [row[1] for row in (await scene.records()).candidates] == ["Ines Okafor"]
    _, told, after = await scene.messages()
    assert (told.state, told.effects, told.redacted_at) == ("processed", [], None)
    assert told.reason == f"fields_anonymized: {', '.join(fields)}. Name and address stay."
    assert after.reason == "nothing_new"


@pytest.mark.parametrize("fields", [(), ("firstName",), ("notes", "emails"), ("Full name",)])
async def test_without_a_name_or_an_address_there_is_none_here(
    scene: Scene, vendor: Greenhouse, fields: tuple[str, ...]
) -> None:
    vendor.apply(1, 70, 7)
    vendor.anonymize_fields(70, *fields)
    await scene.hear(*vendor.sent)
    assert [row[1] for row in (await scene.records()).candidates] == ["A person, removed"]


async def _make_advocate(client: httpx.AsyncClient, person: str) -> httpx.Response:
    return await client.post("/v1/advocates", json={"person_id": person})


async def _make_referrer(client: httpx.AsyncClient, person: str) -> httpx.Response:
    return await client.post("/v1/referrers", json={"person_id": person})


async def _make_member(client: httpx.AsyncClient, person: str) -> httpx.Response:
    (job,) = (await client.get("/v1/jobs")).json()["data"]
    return await client.post(f"/v1/jobs/{job['id']}/members", json={"person_id": person, "power": "influences"})


async def _make_employee(client: httpx.AsyncClient, person: str) -> httpx.Response:
    return await client.post(f"/v1/people/{person}/affiliations", json={"affiliation": "employee"})


@pytest.mark.parametrize("how", ["anonymize", "delete_candidate"])
@pytest.mark.parametrize(
    ("make", "known_as"),
    [
        (_make_advocate, "advocate"),
        (_make_referrer, "referrer"),
        (_make_member, "job member"),
        (_make_employee, "employee"),
    ],
)
async def test_who_is_known_for_another_reason_is_kept(
    scene: Scene, vendor: Greenhouse, client: httpx.AsyncClient, how: str, make: Any, known_as: str
) -> None:
    vendor.apply(1, 70, 7)
    await scene.hear(*vendor.sent)
    (person,) = (await client.get("/v1/people")).json()["data"]
    made = await make(client, person["id"])
    assert made.is_success, made.text
    getattr(vendor, how)(70)
    await scene.hear(vendor.sent[-1])
    records = await scene.records()
    assert [row[1:] for row in records.candidates] == [("Ines Okafor", "ines.70@mail.example")]
    assert [row[7] for row in records.applications] == [vendor.now if how == "delete_candidate" else None]
    messages = await scene.messages()
    assert messages[-1].reason == f"person_kept: they are known here as {known_as}."
    assert all(b"Okafor" not in message.body and "Okafor" not in json.dumps(message.parsed) for message in messages)
    before = records
    await scene.replay()
    await scene.work()
    assert await scene.records() == before
