from collections.abc import Callable

import httpx
import pytest

from tests.api.referrals.scene import Answer, Scene, event_types, make_person, read, sent
from tests.cast import Company
from tests.conftest import SetClock


async def asked(scene: Scene, **members: object) -> Answer:
    """A request to a new person for a new application, unless given."""
    body = dict(members)
    body.setdefault("application_id", (await scene.apply())["id"] if "application_id" not in body else None)
    body.setdefault("person_id", await make_person(scene.client) if "person_id" not in body else None)
    return await sent(scene.client, "/v1/references", body)


async def test_it_records_that_somebody_was_asked(scene: Scene) -> None:
    made = await asked(scene, relationship="managed", worked_from="2020-01-01", metadata={"ats_id": "7"})
    assert (made["object"], made["state"], made["warnings"]) == ("reference", "requested", [])
    assert made["person"]["name"] == "Ines Duarte"
    assert made["allowed_transitions"] == ["agree", "decline", "give"]
    again = await read(scene.client, f"/v1/references/{made['id']}")
    assert again == {name: value for name, value in made.items() if name != "warnings"}
    assert await event_types(scene.client, "reference.") == ["reference.requested"]


async def test_it_records_one_that_was_given(scene: Scene) -> None:
    made = await asked(scene, given=True, content="Confirms dates.", praise=True)
    assert (made["state"], made["content"], made["praise"]) == ("given", "Confirms dates.", True)
    assert made["allowed_transitions"] == []
    assert await event_types(scene.client, "reference.") == ["reference.given"]


async def test_events_carry_neither_names_nor_content(scene: Scene) -> None:
    await asked(scene, given=True, content="Confirms dates.")
    (event,) = [
        each
        for each in (await read(scene.client, "/v1/events", limit=100))["data"]
        if each["type"] == "reference.given"
    ]
    assert "Ines" not in str(event)
    assert "Confirms" not in str(event)


async def test_content_goes_with_given_only(scene: Scene) -> None:
    body = {"application_id": (await scene.apply())["id"], "person_id": await make_person(scene.client), "praise": True}
    assert (await scene.client.post("/v1/references", json=body)).status_code == 422


async def test_it_moves_no_level_and_makes_no_advocacy(scene: Scene) -> None:
    application = await scene.apply()
    await asked(scene, application_id=application["id"], given=True, praise=True)
    assert await scene.level(application) == "none"
    assert await event_types(scene.client, "advoca", "application.support") == []


async def test_there_is_one_per_application_and_person(scene: Scene) -> None:
    made = await asked(scene)
    body = {"application_id": made["application_id"], "person_id": made["person"]["id"]}
    response = await scene.client.post("/v1/references", json=body)
    assert (response.status_code, response.json()["code"]) == (409, "reference_exists")
    assert response.json()["existing_id"] == made["id"]


async def test_the_candidate_gives_none(scene: Scene) -> None:
    application = await scene.apply()
    person = (await read(scene.client, f"/v1/candidates/{scene.candidate}"))["person"]["id"]
    body = {"application_id": application["id"], "person_id": person}
    response = await scene.client.post("/v1/references", json=body)
    assert (response.status_code, response.json()["code"]) == (422, "self_reference")


@pytest.mark.parametrize("member", ["application_id", "person_id", "recorded_by"])
async def test_what_is_named_must_exist(scene: Scene, member: str) -> None:
    kind = "application" if member == "application_id" else "person"
    body = {"application_id": (await scene.apply())["id"], "person_id": await make_person(scene.client)}
    body |= {member: f"{kind}_0192f3a4b5c67d8e9f00112233445566"}
    response = await scene.client.post("/v1/references", json=body)
    assert (response.status_code, response.json()["code"]) == (422, "unknown_reference")


async def test_more_than_three_requests_in_ninety_days_get_a_warning(scene: Scene, clock: SetClock) -> None:
    person = await make_person(scene.client)
    warnings = []
    for number in range(4):
        job = (await sent(scene.client, "/v1/jobs", {"title": f"Job {number}"}))["id"]
        application = await scene.apply(job_id=job)
        warnings.append((await asked(scene, application_id=application["id"], person_id=person))["warnings"])
        clock.advance(days=30)
    assert warnings == [[], [], [], ["reference_requests_exceeded"]]


async def test_requests_of_long_ago_are_forgotten(scene: Scene, clock: SetClock) -> None:
    person = await make_person(scene.client)
    for number in range(4):
        job = (await sent(scene.client, "/v1/jobs", {"title": f"Job {number}"}))["id"]
        application = await scene.apply(job_id=job)
        made = await asked(scene, application_id=application["id"], person_id=person)
        clock.advance(days=31)
    assert made["warnings"] == []


async def test_it_lists_by_application_person_and_state(scene: Scene) -> None:
    made = await asked(scene)
    other = await asked(scene, application_id=made["application_id"], given=True)
    listed = await read(scene.client, "/v1/references", application=made["application_id"])
    assert [each["id"] for each in listed["data"]] == [other["id"], made["id"]]
    for name, value in {"person": made["person"]["id"], "state": "requested"}.items():
        found = await read(scene.client, "/v1/references", **{name: value})
        assert [each["id"] for each in found["data"]] == [made["id"]]


async def test_it_shows_nothing_of_another_workspace(
    scene: Scene, client_for: Callable[..., httpx.AsyncClient], globex: Company
) -> None:
    made = await asked(scene)
    stranger = client_for(globex)
    assert (await read(stranger, "/v1/references"))["data"] == []
    assert (await stranger.get(f"/v1/references/{made['id']}")).status_code == 404
    assert (await stranger.post(f"/v1/references/{made['id']}/agree")).status_code == 404
