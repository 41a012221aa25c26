from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.api.referrals.scene import Answer, Scene, event_types, make_person, read, sent
from tests.conftest import SetClock

Work = Callable[[], Awaitable[int]]


@pytest.fixture
async def asked(scene: Scene) -> Answer:
    """A reference that was requested."""
    body = {"application_id": (await scene.apply())["id"], "person_id": await make_person(scene.client)}
    return await sent(scene.client, "/v1/references", body)


async def tell(client: httpx.AsyncClient, reference: Answer, verb: str, **body: object) -> httpx.Response:
    return await client.post(f"/v1/references/{reference['id']}/{verb}", json=body)


async def told(client: httpx.AsyncClient, reference: Answer, verb: str, **body: object) -> Answer:
    response = await tell(client, reference, verb, **body)
    assert response.status_code == 200, response.text
    answer: Answer = response.json()
    return answer


@pytest.mark.parametrize(("verb", "state"), [("agree", "agreed"), ("give", "given"), ("decline", "declined")])
async def test_a_verb_leads_to_its_state_once(client: httpx.AsyncClient, asked: Answer, verb: str, state: str) -> None:
    first = await told(client, asked, verb)
    assert first["state"] == state
    assert await told(client, asked, verb) == first
    assert await event_types(client, "reference.") == ["reference.requested", f"reference.{state}"]


async def test_an_agreed_one_is_given_with_what_was_said(client: httpx.AsyncClient, asked: Answer) -> None:
    await told(client, asked, "agree")
    given = await told(client, asked, "give", content="Confirms dates.", praise=False)
    assert (given["state"], given["content"], given["praise"]) == ("given", "Confirms dates.", False)
    assert given["allowed_transitions"] == []


async def test_an_agreed_one_may_be_declined(client: httpx.AsyncClient, asked: Answer) -> None:
    await told(client, asked, "agree")
    assert (await told(client, asked, "decline", reason="Company policy."))["state"] == "declined"


@pytest.mark.parametrize(("first", "then"), [("give", "decline"), ("decline", "agree"), ("decline", "give")])
async def test_an_end_is_an_end(client: httpx.AsyncClient, asked: Answer, first: str, then: str) -> None:
    ended = await told(client, asked, first)
    response = await tell(client, asked, then)
    assert (response.status_code, response.json()["code"]) == (409, "invalid_state_transition")
    assert (response.json()["current_state"], response.json()["allowed_transitions"]) == (ended["state"], [])


async def test_no_answer_by_time_and_a_late_yes(
    client: httpx.AsyncClient, asked: Answer, clock: SetClock, work: Work
) -> None:
    clock.advance(days=14)
    await work()
    assert (await read(client, f"/v1/references/{asked['id']}"))["state"] == "requested"
    clock.advance(days=1)
    await work()
    assert (await read(client, f"/v1/references/{asked['id']}"))["state"] == "no_answer"
    assert (await told(client, asked, "agree"))["state"] == "agreed"
    assert await event_types(client, "reference.") == [
        "reference.requested",
        "reference.no_answer",
        "reference.agreed",
    ]


async def test_a_word_is_judged_by_the_state_of_its_moment(
    client: httpx.AsyncClient, asked: Answer, clock: SetClock
) -> None:
    clock.advance(days=2)
    early = await tell(client, asked, "agree", occurred_at="2026-03-01T11:00:00Z")
    assert (early.status_code, early.json()["current_state"]) == (409, "new")
    assert (await told(client, asked, "agree", occurred_at="2026-03-03T11:00:00Z"))["state"] == "agreed"


async def test_nothing_is_said_in_the_future(client: httpx.AsyncClient, asked: Answer) -> None:
    response = await tell(client, asked, "agree", occurred_at="2026-04-01T11:00:00Z")
    assert (response.status_code, response.json()["code"]) == (422, "in_the_future")


async def test_while_an_outcome_stands_no_answer_does_not_come(
    client: httpx.AsyncClient, asked: Answer, clock: SetClock, work: Work
) -> None:
    clock.advance(days=1)
    await sent(client, f"/v1/applications/{asked['application_id']}/close", {"outcome": "rejected"})
    clock.advance(days=60)
    await work()
    assert (await read(client, f"/v1/references/{asked['id']}"))["state"] == "requested"


async def test_if_match_refuses_a_change_of_what_the_caller_has_not_seen(
    client: httpx.AsyncClient, asked: Answer
) -> None:
    path = f"/v1/references/{asked['id']}/agree"
    assert (await client.post(path, headers={"If-Match": '"9"'})).status_code == 412
    answer = await client.post(path, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
