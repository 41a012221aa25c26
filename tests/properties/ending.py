"""What is asked at the end of a history: the past answers as before, and everything was announced once."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from api.domain.derived import DerivedReferral, Support
from api.domain.support import derive_support
from api.platform.ids import encode
from tests.domain.histories import happened_at
from tests.domain.test_replay import differences
from tests.properties.feed import judge_the_feed
from tests.properties.house import House
from tests.properties.lapses import judge_confidence, judge_lapses
from tests.properties.sight import Sight
from tests.replay import replay_support

PAST_MOMENTS = 50
REMEMBERED = 60
ASKED_OVER_HTTP = 3

Answer = tuple[UUID, datetime, Support]


async def judge_the_end(house: House, seen: dict[UUID, Sight], answers: Sequence[Answer]) -> None:
    """Everything that must hold of a whole history."""
    chance = Random(len(answers))
    for application_id, sight in seen.items():
        pairs = list(_pairs(sight, chance, PAST_MOMENTS // len(seen)))
        for as_of, known_at in pairs:
            fast = derive_support(sight.facts, as_of=as_of, known_at=known_at)
            slow = replay_support(sight.facts, as_of=as_of, known_at=known_at)
            assert differences(fast, slow) == {}, f"as of {as_of}, known at {known_at}"
        judge_lapses(sight)
        judge_confidence(sight)
        for as_of, known_at in pairs[:ASKED_OVER_HTTP]:
            await _ask(house, application_id, sight, as_of, known_at)
    for application_id, moment, then in chance.sample(answers, min(REMEMBERED, len(answers))):
        again = derive_support(seen[application_id].facts, as_of=moment, known_at=moment)
        assert _unlike(then, again) == {}, f"as of and known at {moment}"
    await judge_the_feed(house, seen)


def _unlike(then: Support, again: Support) -> dict[str, tuple[object, object]]:
    """The members that differ. A referral belongs to the application, and to its answers, only once it is linked."""
    names = [each.name for each in fields(Support) if each.name != "recheck_at"]
    pairs = {name: (getattr(then, name), getattr(again, name)) for name in names}
    pairs["referrals"] = (_linked(then), _linked(again))
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _linked(support: Support) -> list[DerivedReferral]:
    return [referral for referral in support.referrals if referral.is_linked]


def _pairs(sight: Sight, chance: Random, count: int) -> Iterator[tuple[datetime, datetime]]:
    """Random pairs of moments: those of facts, beginnings of days, shortly before either, and any others."""
    end, zone = sight.moment, sight.facts.policies[-1].policy.zone
    happened = sorted(moment for moment in happened_at(sight.facts) if moment <= end)
    span = end - happened[0]

    def moment() -> datetime:
        some = chance.choice([*happened, happened[0] + chance.random() * span])
        if chance.random() < 0.3:
            some = datetime.combine(some.astimezone(zone).date(), time(), zone)
        return some - timedelta(seconds=chance.choice([0, 0, 1]))

    for _ in range(count):
        as_of, known_at = sorted((moment(), chance.choice([moment(), end])))
        yield as_of, known_at


async def _ask(house: House, application_id: UUID, sight: Sight, as_of: datetime, known_at: datetime) -> None:
    response = await house.client.get(
        f"/v1/applications/{encode('application', application_id)}/support",
        params={"as_of": as_of.isoformat(), "known_at": known_at.isoformat()},
    )
    assert response.status_code == 200, response.text
    derived = derive_support(sight.facts, as_of=as_of, known_at=known_at)
    answer = response.json()
    assert (answer["level"], answer["championing"], answer["confidence"]) == (
        derived.level,
        derived.championing,
        derived.confidence,
    )
