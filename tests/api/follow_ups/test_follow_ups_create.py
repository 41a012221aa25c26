"""Making a follow-up by hand: what it says, who may own it, and what is refused."""

from typing import Any

import httpx
import pytest

from tests.api.applications.scene import make_application, make_person
from tests.api.applications.support_scene import REASON, make_referral, speak_up
from tests.api.follow_ups.scene import LIST, Scene, make_scene
from tests.api.problem import places, problem
from tests.api.referrals.scene import make_referrer, read, sent
from tests.conftest import SetClock


@pytest.fixture
async def scene(client: httpx.AsyncClient) -> Scene:
    """An application that Rita administers and Hana decides."""
    return await make_scene(client)


async def test_it_is_made_as_it_is_said(client: httpx.AsyncClient, scene: Scene) -> None:
    person = await make_person(client)
    answer = await client.post(LIST, json=scene.body(person_id=person, title="Send the contract."))
    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{LIST}/{made['id']}"
    assert (made["type"], made["title"], made["state"], made["standing"]) == (
        "send_contract",
        "Send the contract.",
        "open",
        "scheduled",
    )
    assert (made["owner"]["id"], made["person"]["id"]) == (scene.rita, person)
    assert (made["due_on"], made["due_at"], made["overdue_at"]) == (
        "2026-03-06",
        "2026-03-06T08:00:00Z",
        "2026-03-06T16:00:00Z",
    )
    assert made["trigger"] == {"kind": "by_hand", "id": None}
    assert (made["is_next"], made["draft"], made["changes"]) == (True, None, [])
    assert made["allowed_transitions"] == ["cancel", "complete", "reassign", "skip", "snooze"]
    assert await scene.again(made) == made
    assert await scene.events(made) == ["follow_up.created"]


async def test_it_shows_on_the_application(client: httpx.AsyncClient, scene: Scene) -> None:
    made = await scene.make()
    application = await read(client, f"/v1/applications/{scene.application['id']}")
    assert application["follow_up_state"] == "scheduled"
    assert application["next_follow_up"]["id"] == made["id"]


async def test_each_call_makes_another(scene: Scene) -> None:
    assert (await scene.make())["id"] != (await scene.make())["id"]


async def test_a_call_repeated_under_its_key_makes_one(client: httpx.AsyncClient, scene: Scene) -> None:
    key = {"Idempotency-Key": "one"}
    first, second = [await client.post(LIST, json=scene.body(), headers=key) for _ in range(2)]
    assert first.json()["id"] == second.json()["id"]


async def test_one_due_today_is_due(scene: Scene) -> None:
    assert (await scene.make(due_on="2026-03-02"))["standing"] == "due"


async def test_a_type_of_the_table_is_closed_by_what_closes_it(
    client: httpx.AsyncClient, scene: Scene, clock: SetClock
) -> None:
    advocacy = await speak_up(client, scene.application, scene.hana)
    clock.advance(minutes=1)
    made = await scene.make(type="check_in_advocate", advocacy_id=advocacy["id"])
    assert (made["advocacy_id"], made["person"]["name"]) == (advocacy["id"], "Ada Okafor")
    act = {"kind": "spoke", "audience": [scene.hana], "recorded_by": scene.hana, "reasons": [REASON]}
    act_id = (await sent(client, f"/v1/advocacies/{advocacy['id']}/acts", act))["id"]
    done = await scene.again(made)
    assert (done["state"], done["closed_by"]) == ("completed", {"type": "act", "id": act_id})


async def test_an_act_brings_its_ask(client: httpx.AsyncClient, scene: Scene) -> None:
    advocacy = await speak_up(client, scene.application, scene.hana)
    act = {
        "kind": "spoke",
        "audience": [scene.rita],
        "recorded_by": scene.rita,
        "ask": {"kind": "hire", "to": scene.rita},
        "reasons": [REASON],
    }
    asked = await sent(client, f"/v1/advocacies/{advocacy['id']}/acts", act)
    made = await scene.make(type="answer_ask", act_id=asked["id"])
    assert (made["act_id"], made["ask_id"], made["advocacy_id"]) == (asked["id"], asked["ask"]["id"], advocacy["id"])
    await sent(client, f"/v1/acts/{asked['id']}/answer", {"answer": "refused", "recorded_by": scene.rita})
    assert (await scene.again(made))["closed_by"]["type"] == "ask_answer"


async def test_an_outcome_cancels_a_word_of_ones_own(client: httpx.AsyncClient, scene: Scene) -> None:
    made = await scene.make()
    await sent(client, f"/v1/applications/{scene.application['id']}/close", {"outcome": "rejected"})
    done = await scene.again(made)
    assert (done["state"], done["standing"], done["closed_by"]["type"]) == ("cancelled", "none", "stage_change")
    problem(await client.post(LIST, json=scene.body()), 409, "nothing_owed")


async def test_what_is_settled_is_not_made(client: httpx.AsyncClient, scene: Scene) -> None:
    candidate = scene.application["candidate"]["id"]
    referral = await make_referral(client, candidate, scene.job, application_id=scene.application["id"])
    await sent(client, f"/v1/referrals/{referral['id']}/acknowledge")
    body = scene.body(type="acknowledge_referral", referral_id=referral["id"])
    problem(await client.post(LIST, json=body), 409, "nothing_owed")


async def test_a_referral_that_is_linked_names_its_application(client: httpx.AsyncClient, scene: Scene) -> None:
    candidate = scene.application["candidate"]["id"]
    referral = await make_referral(client, candidate, scene.job, application_id=scene.application["id"])
    made = await scene.make(application_id=None, referral_id=referral["id"])
    assert (made["application_id"], made["referral_id"]) == (scene.application["id"], referral["id"])
    assert made["person"]["name"] == "Kim Vale"
    assert made["id"] in [each["id"] for each in (await read(client, LIST, referral=referral["id"]))["data"]]
    assert made["id"] in [
        each["id"] for each in (await read(client, LIST, referrer=referral["referrer"]["id"]))["data"]
    ]


async def test_a_referral_that_is_linked_to_none_has_its_own(
    client: httpx.AsyncClient, scene: Scene, clock: SetClock
) -> None:
    candidate = (await sent(client, "/v1/candidates", {"person": {"name": "Cleo Marsh"}}))["id"]
    body = {"candidate_id": candidate, "referrer_id": await make_referrer(client), "job_id": scene.job}
    referral = await sent(client, "/v1/referrals", body)
    made = await scene.make(application_id=None, referral_id=referral["id"])
    assert (made["application_id"], made["referral_id"]) == (None, referral["id"])
    refused = await client.post(
        LIST, json=scene.body(application_id=None, referral_id=referral["id"], owner_id=await make_person(client))
    )
    problem(refused, 422, "owner_not_possible")
    assert (await scene.told(made, "complete", result="Called them."))["state"] == "completed"


async def test_an_owner_is_a_member_who_may_be_contacted(client: httpx.AsyncClient, scene: Scene) -> None:
    stranger = await make_person(client)
    refused = problem(await client.post(LIST, json=scene.body(owner_id=stranger)), 422, "owner_not_possible")
    assert places(refused) == ["#/owner_id"]
    await scene.forbid(scene.hana)
    refused = problem(await client.post(LIST, json=scene.body(owner_id=scene.hana)), 422, "do_not_contact")
    assert places(refused) == ["#/owner_id"]
    assert (await read(client, LIST))["data"] == []


async def test_nothing_is_owed_to_somebody_who_is_not_to_be_contacted(client: httpx.AsyncClient, scene: Scene) -> None:
    person = await make_person(client)
    await scene.forbid(person)
    refused = problem(await client.post(LIST, json=scene.body(person_id=person)), 422, "do_not_contact")
    assert places(refused) == ["#/person_id"]
    assert (await scene.make(type="widen_coverage", person_id=person))["person"]["id"] == person


@pytest.mark.parametrize(
    ("members", "code", "place"),
    [
        ({"due_on": "2026-03-01"}, "due_in_the_past", "#/due_on"),
        ({"due_on": "2033-03-01"}, "too_far_ahead", "#/due_on"),
        ({"owner_id": f"person_{'1' * 32}"}, "unknown_reference", "#/owner_id"),
        ({"person_id": f"person_{'1' * 32}"}, "unknown_reference", "#/person_id"),
        ({"application_id": f"application_{'1' * 32}"}, "unknown_reference", "#/application_id"),
        ({"referral_id": f"referral_{'1' * 32}"}, "unknown_reference", "#/referral_id"),
        ({"advocacy_id": f"advocacy_{'1' * 32}"}, "unknown_reference", "#/advocacy_id"),
        ({"act_id": f"act_{'1' * 32}"}, "unknown_reference", "#/act_id"),
        ({"application_id": None}, "invalid_request", "#"),
        ({"type": "Send it"}, "invalid_request", "#/type"),
        ({"title": " "}, "invalid_request", "#/title"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    client: httpx.AsyncClient, scene: Scene, members: dict[str, Any], code: str, place: str
) -> None:
    refused = problem(await client.post(LIST, json=scene.body(**members)), 422, code)
    assert places(refused) == [place]
    assert (await read(client, LIST))["data"] == []


async def test_what_it_names_belongs_to_the_application(client: httpx.AsyncClient, scene: Scene) -> None:
    other = await make_application(client)
    advocacy = await speak_up(client, other, scene.hana)
    refused = problem(await client.post(LIST, json=scene.body(advocacy_id=advocacy["id"])), 422, "belongs_elsewhere")
    assert places(refused) == ["#/advocacy_id"]


async def test_the_day_is_one_of_the_owner(client: httpx.AsyncClient, scene: Scene, clock: SetClock) -> None:
    await client.patch(f"/v1/people/{scene.rita}", json={"time_zone": "Pacific/Auckland"})
    clock.advance(hours=1)  # Tuesday there, Monday here
    problem(await client.post(LIST, json=scene.body(due_on="2026-03-02")), 422, "due_in_the_past")
    assert (await scene.make(due_on="2026-03-03"))["due_at"] == "2026-03-02T20:00:00Z"
