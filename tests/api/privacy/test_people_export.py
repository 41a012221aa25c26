"""The export of everything about one person."""

import json
import re

import httpx
import pytest

from api.privacy import export
from tests.api.advocacies.scene import Scene, make_scene
from tests.api.problem import problem
from tests.api.referrals.scene import Answer, read, sent
from tests.api.world import make_world
from tests.cast import Company
from tests.conftest import ClientFor

BARE_ID = re.compile(r"(?<![0-9a-z_])[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


@pytest.fixture
async def scene(client: httpx.AsyncClient) -> Scene:
    """Ada told Hana about Sam."""
    made = await make_scene(client)
    await made.begin()
    await made.act(text="She should be in the next round.", ask={"kind": "interview", "to": made.hana})
    return made


async def exported(client: httpx.AsyncClient, person_id: str) -> Answer:
    return await read(client, f"/v1/people/{person_id}/export")


async def test_the_candidate_gets_what_was_said_about_them(client: httpx.AsyncClient, scene: Scene) -> None:
    document = await exported(client, scene.sam)
    assert document["person"]["name"] == "Sam Reyes"
    assert [row["id"] for row in document["applications"]] == [scene.application]
    assert [row["text"] for row in document["acts"]] == ["She should be in the next round."]
    assert {row["claim"] for row in document["reasons"]} == {"Kept billing up.", "Taught three juniors."}
    assert document["advocacies"][0]["advocate_id"] == scene.advocate
    assert [row["verb"] for row in document["stage_changes"]] == ["create"]
    assert document["truncated"] == []


async def test_advocate_and_listener_get_the_act_and_nobody_else_does(client: httpx.AsyncClient, scene: Scene) -> None:
    acts = {who: (await exported(client, who))["acts"] for who in (scene.ada, scene.hana, scene.rita)}
    assert [len(rows) for rows in acts.values()] == [1, 1, 0]
    asks = (await exported(client, scene.hana))["asks"]
    assert [(row["kind"], row["addressee_id"]) for row in asks] == [("interview", scene.hana)]
    assert (await exported(client, scene.rita))["job_memberships"][0]["power"] == "administers"


async def test_a_merged_record_is_part_of_it(client: httpx.AsyncClient, scene: Scene) -> None:
    twin = await sent(client, "/v1/people", {"name": "Samuel Reyes", "metadata": {"a": "b"}})
    await sent(client, f"/v1/people/{twin['id']}/merge", {"into": scene.sam})
    for who in (twin["id"], scene.sam):
        document = await exported(client, who)
        assert {row["name"] for row in document["people"]} == {"Sam Reyes", "Samuel Reyes"}
        assert len(document["applications"]) == 1


async def test_what_is_too_long_is_cut_and_says_so(
    client: httpx.AsyncClient, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 1)
    document = await exported(client, scene.sam)
    assert document["truncated"] == ["reasons", "follow_ups"]
    assert len(document["reasons"]) == 1


async def test_each_export_is_in_the_audit_and_in_the_next_one(client: httpx.AsyncClient, scene: Scene) -> None:
    await exported(client, scene.sam)
    document = await exported(client, scene.sam)
    assert [row["action"] for row in document["privacy_records"]] == ["exported", "exported"]
    records = (await read(client, "/v1/privacy_records", limit=1))["data"]
    assert (records[0]["action"], records[0]["person_id"]) == ("exported", scene.sam)


async def test_nothing_that_only_we_need_is_shown(client: httpx.AsyncClient, scene: Scene) -> None:
    document = await exported(client, scene.sam)
    shown = {name for rows in document.values() if isinstance(rows, list) for row in rows for name in row}
    assert shown.isdisjoint({"workspace_id", "name_key", "claim_hash", "lease_until", "recheck_at", "email_normalised"})


async def test_every_id_says_what_it_is_of(client: httpx.AsyncClient) -> None:
    world = await make_world(client)
    ids = world.ids
    told = {"recorded_by": ids["person"], "occurred_at": "2026-03-01T09:00:00Z"}
    await sent(client, f"/v1/applications/{ids['application']}/move", {"stage": "screening", **told})
    for who in ("person_of_candidate", "person_of_advocate", "person_of_referrer", "person", "asked_person"):
        document = await exported(client, ids[who])
        found = BARE_ID.findall(json.dumps(document))
        assert not found, f"{who}: {found}"
    document = await exported(client, ids["person_of_candidate"])
    application = next(row for row in document["applications"] if row["id"] == ids["application"])
    assert application["advocate_id"] == ids["advocate"]
    assert ids["person"] in {row["recorded_by"] for row in document["stage_changes"]}


async def test_it_is_for_administrators(client_for: ClientFor, acme: Company, scene: Scene) -> None:
    writer = client_for(acme, "write")
    assert problem(await writer.get(f"/v1/people/{scene.sam}/export"), 403, "forbidden")
    assert problem(await writer.get("/v1/privacy_records"), 403, "forbidden")
