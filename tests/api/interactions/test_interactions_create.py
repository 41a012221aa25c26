from collections.abc import Mapping
from typing import Any

import pytest

from tests.api.applications.scene import events, make_person, sent
from tests.api.interactions.scene import Scene
from tests.api.problem import places, problem
from tests.cast import Company
from tests.conftest import ClientFor


async def test_it_records_a_contact(scene: Scene) -> None:
    made = await scene.record(
        counterpart_id=scene.rita, channel="phone", note="About Thursday.", source_url="https://example.com/1"
    )
    assert made["person"] == {"id": scene.cleo, "name": "Cleo Marsh"}
    assert made["counterpart"] == {"id": scene.rita, "name": "Rita Sands"}
    assert (made["kind"], made["direction"], made["automatic"]) == ("call", "to_person", False)
    assert made["occurred_at"] == made["recorded_at"] == "2026-03-02T11:00:00Z"
    assert (made["bounced_at"], made["retracted_at"], made["warnings"]) == (None, None, [])
    read = (await scene.client.get(f"/v1/interactions/{made['id']}")).json()
    assert read == {name: value for name, value in made.items() if name != "warnings"}


async def test_it_says_where_it_stands(scene: Scene) -> None:
    answer = await scene.client.post("/v1/interactions", json=scene.body())
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/interactions/{answer.json()['id']}"


async def test_without_an_application_it_is_kept_all_the_same(scene: Scene) -> None:
    made = await scene.record(application_id=None, person_id=scene.ada)
    assert (made["application_id"], made["is_hiring_side"], made["warnings"]) == (None, False, [])


@pytest.mark.parametrize(
    ("members", "is_hiring_side"),
    [
        ({}, True),
        ({"counterpart_id": "rita"}, True),
        ({"counterpart_id": "ada"}, False),
        ({"counterpart_id": "rita", "occurred_at": "2026-01-31T22:59:59Z"}, False),
        ({"counterpart_id": "rita", "occurred_at": "2026-01-31T23:00:00Z"}, True),
        ({"person_id": "rita"}, True),
        ({"person_id": "rita", "counterpart_id": "ada"}, False),
        ({"person_id": "rita", "counterpart_id": "cleo"}, False),
    ],
)
async def test_the_hiring_side_is_nobody_named_or_a_member_of_that_day(
    scene: Scene, members: Mapping[str, Any], is_hiring_side: bool
) -> None:
    people = {name: getattr(scene, value, value) for name, value in members.items()}
    made = await scene.record(**people)
    assert made["is_hiring_side"] is is_hiring_side
    assert made["warnings"] == ([] if is_hiring_side else ["counterpart_no_member"])


async def test_somebody_who_left_the_job_is_of_the_hiring_side_no_longer(scene: Scene) -> None:
    body = {"effective_on": "2026-02-20"}
    await sent(scene.client, f"/v1/jobs/{scene.job}/members/{scene.rita}/end", body)
    assert (await scene.record(counterpart_id=scene.rita))["is_hiring_side"] is False
    earlier = await scene.record(counterpart_id=scene.rita, occurred_at="2026-02-19T12:00:00Z")
    assert earlier["is_hiring_side"] is True


async def test_it_is_decided_when_it_is_recorded(scene: Scene) -> None:
    made = await scene.record(counterpart_id=scene.ada)
    member = {"person_id": scene.ada, "power": "influences", "effective_on": "2026-02-01"}
    await sent(scene.client, f"/v1/jobs/{scene.job}/members", member)
    read = (await scene.client.get(f"/v1/interactions/{made['id']}")).json()
    assert read["is_hiring_side"] is False
    assert (await scene.record(counterpart_id=scene.ada))["is_hiring_side"] is True


async def test_whoever_was_merged_is_the_one_they_are(scene: Scene) -> None:
    double = await make_person(scene.client, "R. Sands")
    await sent(scene.client, f"/v1/people/{double}/merge", {"into": scene.rita})
    made = await scene.record(counterpart_id=double)
    assert (made["counterpart"]["id"], made["is_hiring_side"]) == (scene.rita, True)
    assert places(problem(await scene.refused(person_id=scene.rita, counterpart_id=double), 422, "invalid_request"))


async def test_efforts_of_the_candidate_are_theirs(scene: Scene) -> None:
    made = await scene.record(kind="candidate_effort", direction="from_person", counterpart_id=scene.ada)
    assert made["warnings"] == []
    assert (await scene.application_now())["support"]["level"] == "none"
    assert [each["type"] for each in await scene.timeline()][-1] == "interaction.recorded"
    problem(await scene.refused(kind="candidate_effort"), 422, "invalid_request")


async def test_it_moves_nothing_that_is_derived_of_support(scene: Scene) -> None:
    before = await scene.application_now()
    for kind in ("promise", "assurance", "coaching"):
        await scene.record(kind=kind, person_id=scene.ada, direction="both_ways")
    after = await scene.application_now()
    assert (after["support"], after["stage"]) == (before["support"], before["stage"])


async def test_sensitive_text_is_asked_about(scene: Scene) -> None:
    made = await scene.record(note="She is pregnant and cannot travel.")
    assert made["warnings"] == ["sensitive_text:health"]


async def test_its_event_has_nothing_that_was_written(scene: Scene) -> None:
    written = {"channel": "whisper", "note": "whisper", "source_url": "https://example.com/whisper"}
    await scene.record(**written, metadata={"whisper": "whisper"}, occurred_at="2026-02-20T10:00:00Z")
    (event,) = await events(scene.client, "interaction.")
    assert event["type"] == "interaction.recorded"
    assert (event["timestamp"], event["recorded_at"]) == ("2026-02-20T10:00:00Z", "2026-03-02T11:00:00Z")
    assert (event["data"]["person_id"], event["data"]["counterpart_id"]) == (scene.cleo, None)
    assert "whisper" not in str(event)
    assert "Cleo" not in str(event)


@pytest.mark.parametrize(
    ("members", "code", "place"),
    [
        ({"occurred_at": "2026-03-02T11:00:01Z"}, "in_the_future", "#/occurred_at"),
        ({"kind": "telepathy"}, "invalid_request", "#/kind"),
        ({"direction": "sideways"}, "invalid_request", "#/direction"),
        ({"counterpart_id": "cleo"}, "invalid_request", "#/counterpart_id"),
        ({"person_id": "unknown"}, "unknown_reference", "#/person_id"),
        ({"counterpart_id": "unknown"}, "unknown_reference", "#/counterpart_id"),
        ({"recorded_by": "unknown"}, "unknown_reference", "#/recorded_by"),
        ({"application_id": f"application_{1:032x}"}, "unknown_reference", "#/application_id"),
        ({"capture_id": f"capture_{1:032x}"}, "unknown_reference", "#/capture_id"),
        ({"note": ""}, "invalid_request", "#/note"),
        ({"source_url": "ftp://example.com"}, "invalid_request", "#/source_url"),
    ],
)
async def test_it_refuses_what_makes_no_sense(scene: Scene, members: Mapping[str, Any], code: str, place: str) -> None:
    ids = {"cleo": scene.cleo, "unknown": f"person_{1:032x}"}
    sent_members = {name: ids.get(value, value) for name, value in members.items()}
    assert places(problem(await scene.refused(**sent_members), 422, code)) == [place]
    assert await scene.listed() == []


async def test_people_of_another_workspace_are_unknown(scene: Scene, client_for: ClientFor, globex: Company) -> None:
    foreign = await make_person(client_for(globex))
    problem(await scene.refused(person_id=foreign), 422, "unknown_reference")


async def test_it_may_be_about_a_closed_application(scene: Scene) -> None:
    await sent(scene.client, f"/v1/applications/{scene.application}/close", {"outcome": "rejected"})
    assert (await scene.record(person_id=scene.ada, kind="mail"))["is_hiring_side"] is True
    assert (await scene.application_now())["state"] == "closed"


async def test_the_same_key_records_it_once(scene: Scene) -> None:
    key = {"Idempotency-Key": "call-1"}
    first = await scene.client.post("/v1/interactions", json=scene.body(), headers=key)
    again = await scene.client.post("/v1/interactions", json=scene.body(), headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert len(await scene.listed()) == 1


async def test_an_act_of_the_candidate_is_pointed_here(scene: Scene) -> None:
    made = await sent(scene.client, "/v1/advocates", {"person_id": scene.cleo})
    body = {"application_id": scene.application, "advocate_id": made["id"]}
    refusal = problem(await scene.client.post("/v1/advocacies", json=body), 409, "candidate_cannot_advocate")
    assert "/v1/interactions" in refusal["detail"]
