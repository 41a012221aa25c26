from collections.abc import Awaitable, Callable

from api.platform.db import Databases
from api.referrals.steps import recheck_due_referrals
from tests.api.referrals.scene import Scene, event_types, read
from tests.conftest import SetClock

Work = Callable[[], Awaitable[int]]


async def test_consent_that_does_not_come_lets_it_expire(scene: Scene, clock: SetClock, databases: Databases) -> None:
    made = await scene.refer(consent="pending")
    clock.advance(days=30)
    assert await recheck_due_referrals(databases) == 0
    assert (await scene.again(made))["state"] == "consent_pending"
    clock.advance(days=1)
    assert await recheck_due_referrals(databases) == 1
    assert (await scene.again(made))["state"] == "expired"


async def test_an_unlinked_live_referral_expires_after_its_validity(
    scene: Scene, clock: SetClock, databases: Databases
) -> None:
    made = await scene.told(await scene.refer(), "acknowledge")
    clock.advance(days=180)
    assert await recheck_due_referrals(databases) == 0
    clock.advance(days=1)
    assert await recheck_due_referrals(databases) == 1
    assert (await scene.again(made))["state"] == "expired"


async def test_the_expiry_is_announced_at_its_own_moment(scene: Scene, clock: SetClock, databases: Databases) -> None:
    await scene.refer(consent="pending")
    clock.advance(days=40)
    await recheck_due_referrals(databases)
    (event,) = [
        each
        for each in (await read(scene.client, "/v1/events", limit=100))["data"]
        if each["type"] == "referral.expired"
    ]
    assert (event["timestamp"], event["recorded_at"]) == ("2026-04-01T22:00:00Z", "2026-04-11T11:00:00Z")
    assert event["previous"] == {"state": "consent_pending"}


async def test_the_step_is_safe_to_run_twice(scene: Scene, clock: SetClock, databases: Databases) -> None:
    await scene.refer()
    clock.advance(days=200)
    assert await recheck_due_referrals(databases) == 1
    assert await recheck_due_referrals(databases) == 0
    assert (await event_types(scene.client, "referral.")).count("referral.expired") == 1


async def test_a_late_yes_is_normal(scene: Scene, clock: SetClock, databases: Databases) -> None:
    made = await scene.refer(consent="pending")
    clock.advance(days=40)
    await recheck_due_referrals(databases)
    assert (await scene.again(made))["allowed_transitions"] == ["consent", "link"]
    told = await scene.told(made, "consent", given=True)
    assert (told["state"], told["consent"]) == ("submitted", "given")


async def test_a_late_yes_needs_no_worker_before_it(scene: Scene, clock: SetClock) -> None:
    made = await scene.refer(consent="pending")
    clock.advance(days=40)
    assert (await scene.told(made, "consent", given=True))["state"] == "submitted"
    assert (await event_types(scene.client, "referral."))[1:] == [
        "referral.expired",
        "referral.consent.recorded",
        "referral.submitted",
    ]


async def test_a_late_no_is_refused(scene: Scene, clock: SetClock) -> None:
    made = await scene.refer(consent="pending")
    clock.advance(days=40)
    response = await scene.tell(made, "consent", given=False)
    assert (response.status_code, response.json()["current_state"]) == (409, "expired")


async def test_a_yes_does_not_revive_what_expired_with_time(scene: Scene, clock: SetClock) -> None:
    made = await scene.refer()
    clock.advance(days=181)
    response = await scene.tell(made, "consent", given=True)
    assert (response.status_code, response.json()["current_state"]) == (409, "expired")


async def test_a_linked_one_that_waits_for_consent_expires_with_its_application(
    scene: Scene, clock: SetClock, work: Work
) -> None:
    application = await scene.apply()
    made = await scene.refer(consent="pending")
    clock.advance(days=31)
    await work()
    assert (await scene.again(made))["state"] == "expired"
    assert (await scene.told(made, "consent", given=True))["state"] == "submitted"
    assert await scene.level(application) == "referred"


async def test_after_a_late_yes_it_expires_again_by_validity(
    scene: Scene, clock: SetClock, databases: Databases
) -> None:
    made = await scene.refer(consent="pending")
    clock.advance(days=40)
    await scene.told(made, "consent", given=True)
    clock.advance(days=141)
    assert await recheck_due_referrals(databases) == 1
    expired = await scene.again(made)
    assert (expired["state"], expired["allowed_transitions"]) == ("expired", ["link"])
