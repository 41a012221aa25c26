"""What the service proposes, and finding it."""

import pytest

from tests.api.advocacies.scene import SEEN, Answer, Scene, got, sent
from tests.api.invitations.guests import INVITATIONS, invite, listed, proposed
from tests.api.problem import problem
from tests.conftest import SetClock, Work


async def test_whoever_agreed_is_invited_to_act_by_the_recruiter(scene: Scene) -> None:
    await scene.begin("agreed")
    (made,) = await proposed(scene, "act")
    assert (made["person"]["id"], made["asker"]["id"], made["by_hand"]) == (scene.ada, scene.rita, False)
    assert (made["state"], made["expires_at"]) == ("open", "2026-03-16T23:00:00Z")


async def test_it_expires_once_and_is_never_overdue(scene: Scene, clock: SetClock, work: Work) -> None:
    await scene.begin("agreed")
    clock.advance(days=14, hours=13)
    await work()
    (made, *_) = await proposed(scene, "act")
    assert (made["state"], made["ended_at"], made["ended_by"]) == ("expired", "2026-03-16T23:00:00Z", None)
    events = [each for each in await scene.events("invitation.expired") if each["subject"]["id"] == made["id"]]
    assert len(events) == 1
    types = await scene.event_types("invitation")
    assert not any("overdue" in each for each in types)


async def test_a_late_yes_takes_it(scene: Scene, clock: SetClock, work: Work) -> None:
    await scene.begin("agreed")
    clock.advance(days=16)
    await work()
    act = await scene.act()
    (made, *_) = await proposed(scene, "act")
    assert (made["state"], made["ended_by"]) == ("taken", {"type": "act", "id": act["id"]})


async def test_who_does_not_want_to_be_contacted_is_invited_no_longer(scene: Scene, work: Work) -> None:
    await scene.begin("agreed")
    await sent(scene.client, f"/v1/people/{scene.ada}/availability", {"state": "do_not_contact"})
    await work()
    assert [each["state"] for each in await proposed(scene, "act")] == ["expired"]


async def test_a_referrer_with_reasons_is_invited_to_advocate(scene: Scene) -> None:
    referral, referrer = await _refer(scene)
    (made,) = await listed(scene, f"referral={referral['id']}")
    assert (made["type"], made["person"]["id"]) == ("become_advocate", referrer["person"]["id"])
    assert made["referral_id"] == referral["id"]


@pytest.fixture
async def party(scene: Scene, clock: SetClock) -> list[Answer]:
    """Three invitations, a day apart: to Ada by the service, to her by Hana, to a referrer by the service."""
    await scene.begin("agreed")
    clock.advance(days=1)
    await invite(scene, asker_id=scene.hana)
    clock.advance(days=1)
    await _refer(scene)
    return await listed(scene, "order_by=invited_at")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [2, 1, 0]),
        ("person={ada}", [1, 0]),
        ("application={application}&order_by=invited_at", [0, 1, 2]),
        ("application={application}&order_by=updated_at,id", [0, 1, 2]),
        ("advocacy={advocacy}&state=open&type=act", [1, 0]),
        ("asker={hana}", [1]),
        ("asker={rita}&state=open", [2, 0]),
        ("asker={hana}&state=passed", []),
        ("type=become_advocate", [2]),
        ("type=act&state=open", [1, 0]),
        ("type=act&state=expired", []),
        ("state=open&order_by=expires_at", [0, 1, 2]),
        ("invited_at[gte]=2026-03-03T00:00:00Z", [1, 2]),
        ("invited_at[lt]=2026-03-03T00:00:00Z", [0]),
        ("expires_at[gte]=2026-03-17T00:00:00Z&expires_at[lt]=2026-03-18T00:00:00Z", [1]),
        ("state=open&expires_at[lt]=2026-03-17T00:00:00Z", [0]),
        ("updated_at[gte]=2026-03-04T00:00:00Z", [2]),
        ("person={hana}", []),
    ],
)
async def test_it_is_found_by_what_it_is_about(scene: Scene, party: list[Answer], query: str, found: list[int]) -> None:
    assert [party.index(each) for each in await listed(scene, query.format_map(vars(scene)))] == found


async def test_pages_go_on_where_the_last_ended(scene: Scene, party: list[Answer]) -> None:
    seen, cursor = [], ""
    while True:
        page = await got(scene.client, f"{INVITATIONS}?limit=2{cursor}")
        seen += page["data"]
        if not page["has_more"]:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == party[::-1]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("asker={rita}&type=act", "filters_not_combinable"),
        ("asker={rita}&type=act&state=open", "filters_not_combinable"),
        ("invited_at[gte]=2026-03-03T00:00:00Z&expires_at[gte]=2026-03-03T00:00:00Z", "filters_not_combinable"),
        ("type=act&order_by=expires_at", "order_by_not_available"),
        ("state=open&updated_at[gte]=2026-03-03T00:00:00Z", "order_by_not_available"),
        ("expires_at[gte]=2026-03-03T00:00:00Z&order_by=invited_at", "order_by_not_available"),
        ("order_by=note", "invalid_order_by"),
        ("state=overdue", "invalid_request"),
        ("colour=blue", "unknown_parameter"),
    ],
)
async def test_what_no_index_answers_is_refused(scene: Scene, query: str, code: str) -> None:
    answer = await scene.client.get(f"{INVITATIONS}?{query.format_map(vars(scene))}")
    problem(answer, 422, code)


async def _refer(scene: Scene) -> tuple[Answer, Answer]:
    referrer = await sent(scene.client, "/v1/referrers", {"person": {"name": "Ravi Menon"}})
    candidate = (await got(scene.client, f"/v1/applications/{scene.application}"))["candidate"]["id"]
    body = {"candidate_id": candidate, "referrer_id": referrer["id"], "job_id": scene.job}
    referral = await sent(scene.client, "/v1/referrals", {**body, "relationship": "same_team", "reasons": [SEEN]})
    return referral, referrer
