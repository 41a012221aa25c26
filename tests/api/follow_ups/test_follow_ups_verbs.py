"""What people do with follow-ups."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.api.applications.scene import make_person
from tests.api.follow_ups.scene import LIST, Scene, make_scene
from tests.api.problem import places, problem
from tests.api.referrals.scene import Answer, read, sent
from tests.cast import Company
from tests.conftest import ClientFor, SetClock

Work = Callable[[], Awaitable[int]]


@pytest.fixture
async def scene(client: httpx.AsyncClient) -> Scene:
    """An application that Rita administers and Hana decides."""
    return await make_scene(client)


@pytest.fixture
async def owed(scene: Scene) -> Answer:
    """What Rita owes by Friday."""
    return await scene.make()


@pytest.mark.parametrize(
    ("verb", "body", "state"),
    [
        ("complete", {"result": "Sent on Monday."}, "completed"),
        ("skip", {"reason": "They have it."}, "skipped"),
        ("cancel", {"reason": "Made by mistake."}, "cancelled"),
        ("cancel", {}, "cancelled"),
    ],
)
async def test_it_is_closed_once(scene: Scene, owed: Answer, verb: str, body: Answer, state: str) -> None:
    done = await scene.told(owed, verb, **body, recorded_by=scene.rita)
    text = next(iter(body.values()), None)
    assert (done["state"], done["standing"], done["result"], done["is_next"]) == (state, "none", text, False)
    (change,) = done["changes"]
    assert done["closed_by"] == {"type": "follow_up_change", "id": change["id"]}
    assert (change["verb"], change["text"], change["recorded_by"]) == (verb, text, scene.rita)
    assert (done["version"], done["allowed_transitions"]) == (owed["version"] + 1, [])
    refused = problem(await scene.tell(owed, verb, **body), 409, "invalid_state_transition")
    assert (refused["current_state"], refused["allowed_transitions"]) == (state, [])
    assert await scene.again(owed) == done
    assert await scene.events(owed) == ["follow_up.created", f"follow_up.{state}"]


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("skip", {"reason": "No."}),
        ("cancel", {}),
        ("snooze", {"until": "2026-03-05T09:00:00Z"}),
        ("complete", {"result": "Again."}),
    ],
)
async def test_what_is_closed_stays_closed(scene: Scene, owed: Answer, verb: str, body: Answer) -> None:
    done = await scene.told(owed, "complete", result="Sent.")
    problem(await scene.tell(owed, verb, **body), 409, "invalid_state_transition")
    problem(await scene.tell(owed, "reassign", owner_id=scene.hana), 409, "invalid_state_transition")
    assert await scene.again(owed) == done


async def test_nothing_is_left_on_the_application(client: httpx.AsyncClient, scene: Scene, owed: Answer) -> None:
    await scene.told(owed, "complete", result="Sent.")
    application = await read(client, f"/v1/applications/{scene.application['id']}")
    assert (application["follow_up_state"], application["next_follow_up"]) == ("none", None)


@pytest.mark.parametrize("kind", ["hand_over", "widen_coverage"])
async def test_nobody_found_is_a_result_of_finding_somebody(scene: Scene, kind: str) -> None:
    made = await scene.make(type=kind)
    assert (await scene.told(made, "complete", result="none"))["result"] == "none"


@pytest.mark.parametrize("result", ["none", " None "])
async def test_any_other_needs_a_result(scene: Scene, owed: Answer, result: str) -> None:
    refused = problem(await scene.tell(owed, "complete", result=result), 422, "result_needed")
    assert places(refused) == ["#/result"]
    assert await scene.again(owed) == owed


@pytest.mark.parametrize(
    ("verb", "body"), [("complete", {}), ("complete", {"result": " "}), ("skip", {}), ("snooze", {})]
)
async def test_a_body_that_lacks_something_is_refused(scene: Scene, owed: Answer, verb: str, body: Answer) -> None:
    problem(await scene.tell(owed, verb, **body), 422, "invalid_request")
    assert await scene.again(owed) == owed


async def test_a_snoozed_one_stays_away_and_comes_back(scene: Scene, owed: Answer, clock: SetClock, work: Work) -> None:
    snoozed = await scene.told(owed, "snooze", until="2026-03-10T10:00:00Z", reason="Holidays.")
    assert (snoozed["snoozed_until"], snoozed["due_on"]) == ("2026-03-10T10:00:00Z", "2026-03-06")
    assert snoozed["changes"][0]["until"] == "2026-03-10T10:00:00Z"
    clock.advance(days=7)
    await work()
    assert (await scene.again(owed))["standing"] == "scheduled"
    clock.advance(days=1)
    await work()
    assert (await scene.again(owed))["standing"] == "overdue"
    assert await scene.events(owed) == ["follow_up.created", "follow_up.snoozed", "follow_up.overdue"]


async def test_what_is_overdue_can_be_snoozed_and_snoozed_again(
    scene: Scene, owed: Answer, clock: SetClock, work: Work
) -> None:
    clock.advance(days=5)
    await work()
    assert (await scene.again(owed))["standing"] == "overdue"
    assert (await scene.told(owed, "snooze", until="2026-03-10T10:00:00Z"))["standing"] == "scheduled"
    assert (await scene.told(owed, "snooze", until="2026-03-09T10:00:00Z"))["snoozed_until"] == "2026-03-09T10:00:00Z"


@pytest.mark.parametrize("until", ["2026-03-02T11:00:00Z", "2026-03-01T11:00:00Z"])
async def test_nothing_is_snoozed_into_the_past(scene: Scene, owed: Answer, until: str) -> None:
    refused = problem(await scene.tell(owed, "snooze", until=until), 422, "invalid_request")
    assert places(refused) == ["#/until"]
    problem(await scene.tell(owed, "snooze", until="2040-01-01T00:00:00Z"), 422, "too_far_ahead")
    assert await scene.again(owed) == owed


async def test_it_goes_to_another_member(client: httpx.AsyncClient, scene: Scene, owed: Answer) -> None:
    await client.patch(f"/v1/people/{scene.hana}", json={"time_zone": "America/New_York"})
    given = await scene.told(owed, "reassign", owner_id=scene.hana, reason="She knows them.")
    assert (given["owner"]["id"], given["due_on"], given["due_at"]) == (
        scene.hana,
        "2026-03-06",
        "2026-03-06T14:00:00Z",
    )
    assert (given["changes"][0]["owner_id"], given["changes"][0]["text"]) == (scene.hana, "She knows them.")
    assert await scene.told(owed, "reassign", owner_id=scene.hana) == given
    assert await scene.events(owed) == ["follow_up.created", "follow_up.reassigned"]


async def test_it_goes_to_nobody_who_cannot_own_it(
    client: httpx.AsyncClient, client_for: ClientFor, globex: Company, scene: Scene, owed: Answer
) -> None:
    foreign = await make_person(client_for(globex))
    stranger, former = await make_person(client), await make_person(client)
    await scene.join(former, "influences")
    await sent(client, f"/v1/jobs/{scene.job}/members/{former}/end")
    await scene.forbid(scene.hana)
    for owner, code in [
        (foreign, "unknown_reference"),
        (stranger, "owner_not_possible"),
        (former, "owner_not_possible"),
        (scene.hana, "do_not_contact"),
    ]:
        refused = problem(await scene.tell(owed, "reassign", owner_id=owner), 422, code)
        assert places(refused) == ["#/owner_id"]
    assert await scene.again(owed) == owed


async def test_who_told_us_is_somebody_here(scene: Scene, owed: Answer) -> None:
    refused = await scene.tell(owed, "skip", reason="No.", recorded_by=f"person_{'1' * 32}")
    assert places(problem(refused, 422, "unknown_reference")) == ["#/recorded_by"]
    assert await scene.again(owed) == owed


async def test_if_match_refuses_a_change_of_what_was_not_seen(
    client: httpx.AsyncClient, scene: Scene, owed: Answer
) -> None:
    path = f"{LIST}/{owed['id']}"
    tag = (await client.get(path)).headers["ETag"]
    late = await client.post(f"{path}/skip", json={"reason": "No."}, headers={"If-Match": '"9"'})
    problem(late, 412, "precondition_failed")
    done = await client.post(f"{path}/skip", json={"reason": "No."}, headers={"If-Match": tag})
    assert (done.status_code, done.headers["ETag"]) == (200, (await client.get(path)).headers["ETag"])
    assert (await client.get(path, headers={"If-None-Match": done.headers["ETag"]})).status_code == 304


async def test_of_two_who_complete_it_at_once_one_does(scene: Scene, owed: Answer) -> None:
    answers = await asyncio.gather(*(scene.tell(owed, "complete", result=f"By {n}.") for n in range(4)))
    assert sorted(each.status_code for each in answers) == [200, 409, 409, 409]
    assert len((await scene.again(owed))["changes"]) == 1


async def test_the_words_are_in_no_event(client: httpx.AsyncClient, scene: Scene) -> None:
    made = await scene.make(title="Needle in the title")
    await scene.told(made, "snooze", until="2026-03-05T09:00:00Z", reason="Needle in the reason")
    await scene.told(made, "complete", result="Needle in the result")
    assert "Needle" not in (await client.get("/v1/events", params={"limit": 100})).text


async def test_one_about_a_capture_that_waits_is_closed_by_hand(client: httpx.AsyncClient, scene: Scene) -> None:
    await sent(client, "/v1/captures", {"candidate": "Nobody Known", "recorded_by": "rita@example.com"})
    (owed,) = (await read(client, LIST, type="complete_capture"))["data"]
    assert (owed["application_id"], owed["owner"]) == (None, None)
    assert (await scene.told(owed, "reassign", owner_id=scene.rita))["owner"]["id"] == scene.rita
    assert (await scene.told(owed, "skip", reason="Spam."))["state"] == "skipped"


async def test_another_company_cannot_touch_it(client_for: ClientFor, globex: Company, owed: Answer) -> None:
    answer = await client_for(globex).post(f"{LIST}/{owed['id']}/skip", json={"reason": "No."})
    problem(answer, 404, "not_found")


async def test_reading_needs_no_right_to_write(client_for: ClientFor, acme: Company, owed: Answer) -> None:
    reader = client_for(acme, "read")
    assert (await read(reader, f"{LIST}/{owed['id']}"))["id"] == owed["id"]
    problem(await reader.post(f"{LIST}/{owed['id']}/cancel"), 403, "forbidden")
