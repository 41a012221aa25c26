"""What an erasure does not touch: levels and numbers at every moment, the feed's order, and everybody else."""

import json
from typing import Any

import httpx
import pytest

from api.domain.erasure import REMOVED
from api.platform.db import Databases
from tests.conftest import Cast, ClientFor, SetClock, Work
from tests.contents import contents
from tests.privacy.cast import CAST
from tests.privacy.dump import dumped, traces
from tests.privacy.scene import Scene, make_scene

ENDED = ("follow_up.", "invitation.", "application.follow_up_state.")
"""Nothing is owed or proposed any more to whoever is gone."""
DERIVED = ("level", "confidence", "documented_level", "championing", "since", "exposed", "sole_advocate")


def judged(support: dict[str, Any]) -> dict[str, Any]:
    """What is derived in an answer about support, without names."""
    parts = [(part["rule"], part["satisfied"], part["evidence"]) for part in support["parts"]]
    advocates = [
        {name: value for name, value in each.items() if name != "advocate"} | {"advocate": each["advocate"]["id"]}
        for each in support["advocates"]
    ]
    return {**{name: support[name] for name in DERIVED}, "parts": parts, "advocates": advocates}


async def finish(clock: SetClock, work: Work) -> None:
    clock.advance(seconds=31)
    await work()


@pytest.mark.parametrize("who", CAST)
async def test_no_answer_about_the_past_changes(scene: Scene, who: str, clock: SetClock, work: Work) -> None:
    moments = [clock.now.isoformat(), clock.advance(days=1).isoformat()]
    pasts = [{"as_of": at, "known_at": at} for at in moments]
    clock.advance(days=1)
    before = [judged(await scene.support(**past)) for past in pasts]
    await scene.anonymize(who)
    at_once = [judged(await scene.support(**past)) for past in pasts]
    await finish(clock, work)
    assert [judged(await scene.support(**past)) for past in pasts] == at_once == before
    assert before[0]["documented_level"] != "none", "evidence weighs something here"


async def test_no_row_and_no_number_of_the_feed_goes(
    scene: Scene, databases: Databases, clock: SetClock, work: Work
) -> None:
    counts = {table: count for table, (count, _) in (await contents(databases)).items()}
    feed = await scene.feed()
    await scene.anonymize(*CAST)
    await finish(clock, work)
    after = {table: count for table, (count, _) in (await contents(databases)).items()}
    more = {table: after[table] - counts[table] for table in after if after[table] != counts[table]}
    told = await scene.feed()
    ended = [event for event in told[len(feed) :] if event["type"].startswith(ENDED)]
    assert more == {"erasures": 6, "privacy_records": 6, "events": 6 + len(ended)}
    again = told[: len(feed)]
    kept = ("id", "number", "type", "timestamp", "recorded_at", "subject", "subject_version", "actor")
    assert [[event[name] for name in kept] for event in again] == [[event[name] for name in kept] for event in feed]
    assert [event.keys() for event in (each["data"] for each in again)] == [each["data"].keys() for each in feed]


async def test_everybody_can_go(scene: Scene, database_url: str, clock: SetClock, work: Work) -> None:
    await scene.anonymize(*CAST)
    await finish(clock, work)
    dump = dumped(database_url)
    assert {who: found for who, each in CAST.items() if (found := traces(dump, each))} == {}
    shown = await scene.get("/v1/applications")
    assert {row["candidate"]["name"] for row in shown["data"]} == {REMOVED}


async def test_an_answer_that_is_repeated_says_nothing_of_them(scene: Scene, clock: SetClock, work: Work) -> None:
    first = {word: await _again(scene, word) for word in ("candidate", "reason", "act", "referral", "capture")}
    assert all(CAST["candidate"].name in answer.text for answer in first.values())
    # The key names the person, too, and would not be found again.
    kept = {word: f"key-{word}" for word in first}
    made = {word: await scene.client.post("/v1/people", json=_named(word), headers=_key(kept[word])) for word in kept}
    await scene.anonymize("candidate")
    await finish(clock, work)
    for word, key in kept.items():
        answer = await scene.client.post("/v1/people", json=_named(word), headers=_key(key))
        assert (answer.status_code, answer.headers["idempotent-replayed"]) == (201, "true")
        assert answer.json()["id"] == made[word].json()["id"]
        assert CAST["candidate"].name not in answer.text
        assert REMOVED in answer.json()["metadata"]["knows"]


def _named(word: str) -> dict[str, Any]:
    return {"name": f"Friend {word}", "metadata": {"knows": f"{CAST['candidate'].name} of old"}}


def _key(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


async def _again(scene: Scene, word: str) -> httpx.Response:
    path, body, key = scene.keys[word]
    answer = await scene.client.post(path, json=body, headers={"Idempotency-Key": key})
    assert answer.headers["idempotent-replayed"] == "true", answer.text
    return answer


async def test_somebody_of_the_same_name_in_another_workspace_is_untouched(
    scene: Scene,
    client_for: ClientFor,
    databases: Databases,
    cast: Cast,
    clock: SetClock,
    work: Work,
) -> None:
    other = await make_scene(client_for(cast.globex), databases, cast.globex.workspace)
    before = await _everything(other)
    await scene.anonymize(*CAST)
    await finish(clock, work)
    assert await _everything(other) == before


async def _everything(scene: Scene) -> list[Any]:
    paths = ["/v1/people", "/v1/applications", "/v1/referrals", "/v1/references", "/v1/captures", "/v1/advocacies"]
    return [await scene.get(path, limit=100) for path in paths] + [await scene.feed()]


async def test_others_whose_names_are_alike_keep_theirs(scene: Scene, clock: SetClock, work: Work) -> None:
    odd = CAST["candidate"]
    names = [f"Anna {odd.surname}", f"Anna {odd.name}", odd.name, odd.first]
    others = [await scene.post(f"like {place}", "/v1/people", {"name": name}) for place, name in enumerate(names)]
    note = f"{names[0]} and {names[1]}"
    job = await scene.post("their job", "/v1/jobs", {"title": "Analyst", "metadata": {"x": note}})
    await scene.anonymize("candidate")
    await finish(clock, work)
    assert [(await scene.get(f"/v1/people/{each['id']}"))["name"] for each in others] == names
    assert (await scene.get(f"/v1/jobs/{job['id']}"))["metadata"]["x"] == note
    told = [event["data"]["name"] for event in await scene.feed() if event["subject"]["id"] == others[2]["id"]]
    assert told == [odd.name]
    assert (await scene.get(f"/v1/people/{scene.people['candidate']}"))["name"] == REMOVED


async def test_stored_messages_keep_ids_and_numbers(
    scene: Scene, databases: Databases, clock: SetClock, work: Work
) -> None:
    await scene.anonymize("candidate")
    await finish(clock, work)
    listed = (await scene.get("/v1/inbound_messages"))["data"]
    shown = [await scene.get(f"/v1/inbound_messages/{each['id']}") for each in listed]
    assert all(each["redacted_at"] is not None for each in shown)
    raw = [await _body(databases, each["id"]) for each in shown]
    application = json.loads(raw[-1])["payload"]["application"]
    assert (application["id"], application["candidate"]["id"], application["rate"]) == (88120417, 70231188, 1.5)
    assert application["candidate"]["created_at"] == "2026-01-02T03:04:05Z"
    assert (application["candidate"]["first_name"], application["candidate"]["email_addresses"]) == (None, [])
    assert application["credited_to"]["name"] == CAST["referrer"].name
    assert raw[2] == b"", "what cannot be read and names somebody is emptied"


async def _body(databases: Databases, message_id: str) -> bytes:
    async with databases.open_system() as connection:
        found = await connection.exec_driver_sql(
            "select body from inbound_messages where id = $1", (message_id.removeprefix("inbound_message_"),)
        )
        return bytes(found.scalar_one())
