"""Who is to be told that data about them is kept, by when, and that they were."""

from datetime import UTC, datetime

import httpx
import pytest

from api.people.notice import one_month_after
from tests.api.advocacies.scene import make_scene
from tests.api.problem import problem
from tests.api.referrals.scene import Answer, make_person, read, sent
from tests.api.referrals.scene import make_scene as make_referral_scene
from tests.conftest import SetClock

A_MONTH_LATER = "2026-04-02T11:00:00Z"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-02", "2026-04-02"),
        ("2026-01-31", "2026-02-28"),
        ("2027-12-31", "2028-01-31"),
        ("2028-01-30", "2028-02-29"),
    ],
)
def test_a_month_is_one_of_the_calendar(moment: str, expected: str) -> None:
    at = datetime.fromisoformat(f"{moment}T09:30:00").replace(tzinfo=UTC)
    assert one_month_after(at).isoformat() == f"{expected}T09:30:00+00:00"


async def due(client: httpx.AsyncClient, person_id: str) -> str | None:
    found: str | None = (await read(client, f"/v1/people/{person_id}"))["notice_due_at"]
    return found


async def test_who_is_referred_is_to_be_told(client: httpx.AsyncClient, clock: SetClock) -> None:
    scene = await make_referral_scene(client)
    candidate = await read(client, f"/v1/candidates/{scene.candidate}")
    assert await due(client, candidate["person"]["id"]) is None
    await scene.refer()
    clock.advance(days=3)
    await scene.refer(job_id=None)
    assert await due(client, candidate["person"]["id"]) == A_MONTH_LATER


async def test_advocates_and_givers_of_references_are_to_be_told(client: httpx.AsyncClient) -> None:
    scene = await make_scene(client)
    ines = await make_person(client)
    await sent(client, "/v1/references", {"application_id": scene.application, "person_id": ines})
    assert [await due(client, each) for each in (scene.ada, ines, scene.rita)] == [A_MONTH_LATER, A_MONTH_LATER, None]


@pytest.fixture
async def ada(client: httpx.AsyncClient) -> str:
    """Somebody who became an advocate."""
    made = await sent(client, "/v1/advocates", {"person": {"name": "Ada Okafor"}})
    return str(made["person"]["id"])


async def test_that_they_were_told_is_recorded_once(client: httpx.AsyncClient, ada: str, clock: SetClock) -> None:
    clock.advance(days=2)
    told = await sent(client, f"/v1/people/{ada}/record_notice", {"given_at": "2026-03-03T09:00:00Z"})
    again = await sent(client, f"/v1/people/{ada}/record_notice")
    assert (told["notice_given_at"], told["version"]) == ("2026-03-03T09:00:00Z", 2)
    assert again == told
    events = [each for each in (await read(client, "/v1/events"))["data"] if each["type"] == "person.notice.recorded"]
    assert [(each["timestamp"], each["data"]["notice_due_at"]) for each in events] == [
        ("2026-03-03T09:00:00Z", A_MONTH_LATER)
    ]
    (record,) = (await read(client, f"/v1/privacy_records?person={ada}"))["data"]
    assert record["action"] == "notice_given"


async def test_it_was_not_told_in_the_future(client: httpx.AsyncClient, ada: str) -> None:
    answer = await client.post(f"/v1/people/{ada}/record_notice", json={"given_at": "2026-03-09T09:00:00Z"})
    assert problem(answer, 422, "in_the_future")


async def listed(client: httpx.AsyncClient, before: str, **more: str) -> list[Answer]:
    return list((await read(client, "/v1/people", notice_due_before=before, **more))["data"])


async def test_the_list_shows_who_is_still_to_be_told(client: httpx.AsyncClient, ada: str, clock: SetClock) -> None:
    clock.advance(days=1)
    others = [await sent(client, "/v1/advocates", {"person": {"name": name}}) for name in ("Ben", "Cleo", "Dee")]
    ben, cleo, dee = [each["person"]["id"] for each in others]
    await sent(client, f"/v1/people/{cleo}/record_notice")
    await sent(client, f"/v1/people/{dee}/anonymize")
    assert [row["id"] for row in await listed(client, "2026-04-05T00:00:00Z")] == [ada, ben]
    assert [row["id"] for row in await listed(client, "2026-04-03T00:00:00Z")] == [ada]
    descending = await listed(client, "2026-04-05T00:00:00Z", order_by="notice_due_at desc")
    assert [row["id"] for row in descending] == [ben, ada]
    answer = await client.get("/v1/people", params={"notice_due_before": A_MONTH_LATER, "order_by": "created_at"})
    assert problem(answer, 422, "invalid_order_by")
