"""What a referrer may hear, and that nothing else reaches them."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from tests.api.problem import problem
from tests.api.referrals.scene import REASON, Answer, Scene, make_person, make_scene, read, sent
from tests.cast import Company
from tests.conftest import ClientFor, SetClock


async def heard(scene: Scene, referral: Answer) -> Answer:
    """What the referrer may hear, without which referral it is."""
    answer = await read(scene.client, f"/v1/referrals/{referral['id']}/status_for_referrer")
    assert answer.pop("referral_id") == referral["id"]
    assert answer.pop("object") == "status_for_referrer"
    return answer


def said(status: str, since: str | None = None) -> Answer:
    return {"status": status, "nothing_new_since": since}


async def tell(scene: Scene, application: Answer, verb: str, **body: Any) -> None:
    await sent(scene.client, f"/v1/applications/{application['id']}/{verb}", body)


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        ("identified", "received"),
        ("preparing", "received"),
        ("applied", "received"),
        ("screening", "in_review"),
        ("interviewing", "interviewing"),
        ("offer", "interviewing"),
    ],
)
async def test_it_is_as_coarse_as_that(scene: Scene, stage: str, status: str) -> None:
    await scene.apply(stage=stage)
    assert await heard(scene, await scene.refer()) == said(status)


async def test_without_an_application_it_was_received(scene: Scene, clock: SetClock) -> None:
    referral = await scene.refer()
    assert await heard(scene, referral) == said("received")
    clock.advance(days=11)
    assert await heard(scene, referral) == said("received", "2026-03-02")


async def test_after_ten_quiet_days_it_says_so(scene: Scene, clock: SetClock) -> None:
    application = await scene.apply(stage="applied")
    referral = await scene.refer()
    clock.advance(days=10)
    assert await heard(scene, referral) == said("received")
    clock.advance(hours=11, minutes=59)
    assert await heard(scene, referral) == said("received")
    clock.advance(minutes=1)
    assert await heard(scene, referral) == said("received", "2026-03-02")
    await tell(scene, application, "move", stage="screening")
    assert await heard(scene, referral) == said("in_review")
    clock.advance(days=11)
    assert await heard(scene, referral) == said("in_review", "2026-03-13")


async def test_what_changes_within_a_status_is_no_news(scene: Scene, clock: SetClock) -> None:
    application = await scene.apply(stage="interviewing")
    referral = await scene.refer()
    clock.advance(days=9)
    await tell(scene, application, "move", stage="offer")
    await tell(scene, application, "hold", until="2026-05-01")
    clock.advance(days=2)
    assert await heard(scene, referral) == said("interviewing", "2026-03-02")


async def test_a_step_back_is_news(scene: Scene, clock: SetClock) -> None:
    application = await scene.apply(stage="interviewing")
    referral = await scene.refer()
    clock.advance(days=11)
    await tell(scene, application, "move", stage="screening")
    assert await heard(scene, referral) == said("in_review")


async def test_what_was_before_the_referral_is_no_news_to_them(scene: Scene, clock: SetClock) -> None:
    await scene.apply(stage="screening", occurred_at="2026-01-05T09:00:00Z")
    referral = await scene.refer()
    assert await heard(scene, referral) == said("in_review")


async def test_a_reopened_application_goes_on(scene: Scene, clock: SetClock) -> None:
    application = await scene.apply(stage="screening")
    referral = await scene.refer()
    await tell(scene, application, "close", outcome="rejected")
    clock.advance(days=30)
    assert await heard(scene, referral) == said("closed")
    await tell(scene, application, "reopen")
    assert await heard(scene, referral) == said("in_review")


async def test_while_the_candidate_has_not_agreed_it_was_received(scene: Scene) -> None:
    await scene.apply(stage="offer")
    referral = await scene.refer(consent="pending")
    assert await heard(scene, referral) == said("received")
    await scene.told(referral, "consent", given=True)
    assert await heard(scene, referral) == said("interviewing")


ENDS: Mapping[str, tuple[str, Answer]] = {
    "declined": ("consent", {"given": False}),
    "withdrawn": ("withdraw", {"reason": "Changed my mind."}),
    "ineligible": ("mark_ineligible", {"reason": "Agency contract."}),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("is_linked", [True, False])
async def test_every_end_of_a_referral_is_the_same_to_them(scene: Scene, end: str, is_linked: bool) -> None:
    if is_linked:
        await scene.apply(stage="interviewing")
    referral = await scene.refer()
    verb, body = ENDS[end]
    assert (await scene.told(referral, verb, **body))["state"] == end
    assert await heard(scene, referral) == said("closed")


async def test_an_expired_one_is_closed(scene: Scene, clock: SetClock, work: Callable[[], Any]) -> None:
    referral = await scene.refer()
    clock.advance(days=181)
    await work()
    assert (await scene.again(referral))["state"] == "expired"
    assert await heard(scene, referral) == said("closed")


async def test_a_second_one_of_the_same_referrer_hears_the_same(scene: Scene) -> None:
    await scene.apply(stage="screening")
    first, second = await scene.refer(), await scene.refer()
    assert second["state"] == "duplicate"
    assert await heard(scene, first) == await heard(scene, second) == said("in_review")


async def test_of_two_applications_that_are_one_it_follows_the_one_that_goes_on(scene: Scene) -> None:
    await scene.apply(stage="applied")
    referral = await scene.refer()
    other = await make_scene(scene.client)
    same = {"candidate_id": other.candidate, "job_id": scene.job}
    await sent(scene.client, "/v1/applications", {**same, "stage": "interviewing"})
    await sent(scene.client, f"/v1/candidates/{scene.candidate}/merge", {"into": other.candidate})
    assert await heard(scene, referral) == said("interviewing")


async def _backed(scene: Scene, application: Answer) -> None:
    """Everything that a referrer may not hear of."""
    decider = await make_person(scene.client, "Hana Lindqvist")
    member = {"person_id": decider, "power": "decides", "effective_on": "2026-01-05"}
    await sent(scene.client, f"/v1/jobs/{scene.job}/members", member)
    advocate = await sent(scene.client, "/v1/advocates", {"person": {"name": "Ada Okafor"}})
    body = {"application_id": application["id"], "advocate_id": advocate["id"]}
    advocacy = await sent(scene.client, "/v1/advocacies", body)
    act = {"kind": "spoke", "audience": [decider], "reasons": [REASON], "recorded_by": advocate["person"]["id"]}
    await sent(scene.client, f"/v1/advocacies/{advocacy['id']}/acts", act)
    step = {"next_step_at": "2026-03-20T09:00:00Z", "next_step_kind": "interview", "seen_by_hiring_manager": "yes"}
    answer = await scene.client.patch(f"/v1/applications/{application['id']}", json=step)
    assert answer.status_code == 200, answer.text


def _outside_the_id(answer: httpx.Response, referral: Answer) -> bytes:
    return answer.content.replace(referral["id"].encode(), b"")


async def test_however_it_ended_the_answer_is_byte_for_byte_the_same(client: httpx.AsyncClient) -> None:
    answers = set()
    for outcome in ("hired", "offer_declined", "rejected", "withdrawn", "job_cancelled", "filled_by_other"):
        scene = await make_scene(client)
        application = await scene.apply(stage="offer" if outcome != "rejected" else "screening")
        referral = await scene.refer()
        if outcome in ("rejected", "hired"):
            await _backed(scene, application)
        await tell(scene, application, "close", outcome=outcome)
        answer = await client.get(f"/v1/referrals/{referral['id']}/status_for_referrer")
        answers.add(_outside_the_id(answer, referral))
        assert "etag" not in answer.headers
    assert len(answers) == 1


async def test_support_and_planning_do_not_show(client: httpx.AsyncClient) -> None:
    answers = set()
    for is_backed in (False, True):
        scene = await make_scene(client)
        application = await scene.apply(stage="screening")
        referral = await scene.refer()
        if is_backed:
            await _backed(scene, application)
        answer = await client.get(f"/v1/referrals/{referral['id']}/status_for_referrer")
        answers.add(_outside_the_id(answer, referral))
    assert answers == {
        b'{"object":"status_for_referrer","referral_id":"","status":"in_review","nothing_new_since":null}'
    }


async def test_of_another_workspace_there_is_none(scene: Scene, client_for: ClientFor, globex: Company) -> None:
    referral = await scene.refer()
    path = f"/v1/referrals/{referral['id']}/status_for_referrer"
    problem(await client_for(globex).get(path), 404, "not_found")
