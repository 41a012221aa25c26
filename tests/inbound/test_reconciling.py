"""The pure half: what is missing so that an application stands as the vendor says, whatever came first."""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from api.domain.facts import StageFact
from api.domain.stages import StageView, stage_changes, view_at
from api.domain.vocabulary import ApplicationState, Outcome, Stage, StageVerb
from api.inbound.changes import Change
from api.inbound.mapping import Mapping
from api.inbound.providers.greenhouse_payloads import parse
from api.inbound.reconciling import Known, assertions, missing_facts
from api.inbound.timeline import course, histories, in_order
from api.platform.ids import new_id
from tests.cast import START
from tests.inbound.vendor import FIRST, MAPPING, TICK, Delivery, Greenhouse

ZONE = ZoneInfo("Europe/Berlin")


class Ours:
    """One application of ours, brought in line again after each delivery."""

    def __init__(self, mapping: Mapping | None = None) -> None:
        self.mapping = mapping or Mapping.model_validate(MAPPING)
        self.known: list[Known] = []
        self.told: list[tuple[Change, datetime]] = []
        self.now = START

    def hear(self, deliveries: Iterable[Delivery]) -> "Ours":
        for delivery in deliveries:
            change = parse(delivery.body)
            assert isinstance(change, Change)
            self.told.append((change, delivery.sent_at))
            self.settle()
        return self

    def settle(self) -> list[StageFact]:
        self.now += timedelta(seconds=1)
        points = course(histories(in_order(self.told, now=self.now), now=self.now), {"7"})
        said = assertions(points, self.mapping.stage_of)
        added = missing_facts(self.known, said, zone=ZONE, now=self.now, new_id=new_id)
        self.known += [Known(fact, is_imported=True) for fact in added]
        return added

    def tell(self, verb: StageVerb, at: datetime, **members: object) -> None:
        fact = StageFact(id=new_id(), occurred_at=at, recorded_at=self.now, verb=verb, **members)  # type: ignore[arg-type]
        self.known.append(Known(fact, is_imported=False))

    def at(self, moment: datetime) -> StageView | None:
        return view_at(stage_changes([each.fact for each in self.known], ZONE), moment)

    def views(self) -> list[tuple[datetime, object]]:
        moments = sorted({each.fact.occurred_at for each in self.known} | {START})
        return [(moment, _short(self.at(moment))) for moment in moments]


def _short(view: StageView | None) -> object:
    return view and (view.stage, view.state, view.outcome)


@pytest.fixture
def vendor() -> Greenhouse:
    made = Greenhouse()
    made.apply(1, 70, 7)
    return made


def test_it_follows_stage_and_outcome(vendor: Greenhouse) -> None:
    vendor.move(1, "Technical Interview")
    vendor.reject(1)
    ours = Ours().hear(vendor.sent)
    assert [each.fact.verb for each in ours.known] == [StageVerb.CREATE, StageVerb.MOVE, StageVerb.CLOSE]
    assert _short(ours.at(START)) == (Stage.INTERVIEWING, ApplicationState.CLOSED, Outcome.REJECTED)


def test_the_same_again_adds_nothing(vendor: Greenhouse) -> None:
    vendor.move(1, "Offer")
    vendor.hire(1)
    ours = Ours().hear([*vendor.sent, *vendor.sent])
    assert len(ours.known) == 3
    assert ours.settle() == []


def test_an_older_word_moves_nothing_backwards(vendor: Greenhouse) -> None:
    vendor.move(1, "Phone Screen")
    vendor.move(1, "Offer")
    first, older, newer = vendor.sent
    ours = Ours().hear([first, newer])
    before = ours.at(START)
    ours.hear([older])
    assert ours.at(START) == before
    assert _short(ours.at(older.sent_at)) == (Stage.SCREENING, ApplicationState.OPEN, None)


def test_an_unmapped_stage_leaves_ours(vendor: Greenhouse) -> None:
    vendor.move(1, "Phone Screen")
    vendor.move(1, "Reference Check")
    assert _short(Ours().hear(vendor.sent).at(START)) == (Stage.SCREENING, ApplicationState.OPEN, None)


def test_what_a_person_did_stays_until_the_vendor_says_something_new(vendor: Greenhouse) -> None:
    ours = Ours().hear(vendor.sent)
    ours.tell(StageVerb.MOVE, vendor.now + TICK / 2, stage=Stage.OFFER)
    vendor.touch(1)
    ours.hear(vendor.sent[-1:])
    assert _short(ours.at(START)) == (Stage.OFFER, ApplicationState.OPEN, None)
    vendor.move(1, "Phone Screen")
    ours.hear(vendor.sent[-1:])
    assert _short(ours.at(START)) == (Stage.SCREENING, ApplicationState.OPEN, None)


def test_a_hold_of_ours_outlasts_what_the_vendor_says_without_moving(vendor: Greenhouse) -> None:
    vendor.move(1, "Reference Check")
    ours = Ours().hear(vendor.sent[:1])
    ours.tell(StageVerb.HOLD, FIRST + TICK * 1.5)
    ours.hear(vendor.sent)
    assert _short(ours.at(START)) == (Stage.APPLIED, ApplicationState.ON_HOLD, None)


def test_what_people_began_is_not_begun_earlier(vendor: Greenhouse) -> None:
    vendor.move(1, "Offer")
    ours = Ours()
    ours.tell(StageVerb.CREATE, vendor.now - TICK / 2, stage=Stage.SCREENING)
    ours.hear(vendor.sent)
    assert [each.fact.verb for each in ours.known] == [StageVerb.CREATE, StageVerb.MOVE]
    assert _short(ours.at(vendor.now - TICK / 2)) == (Stage.SCREENING, ApplicationState.OPEN, None)


@pytest.mark.parametrize("changed", [{"stages": {}}, {"stages": {"Reference Check": "offer", "103": "screening"}}])
def test_a_changed_mapping_gives_what_it_would_have_given_at_once(
    vendor: Greenhouse, changed: dict[str, dict[str, str]]
) -> None:
    for stage in ("Phone Screen", "Reference Check", "Technical Interview"):
        vendor.move(1, stage)
    mapping = Mapping.model_validate(changed)
    ours = Ours().hear(vendor.sent)
    ours.mapping = mapping
    ours.settle()
    at_once = Ours(mapping).hear(vendor.sent)
    assert [_short(ours.at(each.sent_at)) for each in vendor.sent] == [
        _short(at_once.at(each.sent_at)) for each in vendor.sent
    ]
    assert ours.settle() == []


def test_a_deleted_application_rests_without_an_outcome(vendor: Greenhouse) -> None:
    vendor.move(1, "Phone Screen")
    vendor.delete_application(1)
    ours = Ours().hear(vendor.sent)
    assert _short(ours.at(START)) == (Stage.SCREENING, ApplicationState.ON_HOLD, None)
    backwards = Ours().hear(reversed(vendor.sent))
    assert _short(backwards.at(START)) == (Stage.SCREENING, ApplicationState.ON_HOLD, None)


def test_applying_again_reopens(vendor: Greenhouse) -> None:
    vendor.reject(1)
    vendor.apply(2, 70, 7)
    vendor.touch(1)
    ours = Ours().hear(vendor.sent)
    assert _short(ours.at(START)) == (Stage.APPLIED, ApplicationState.OPEN, None)


def _random_history(chance: random.Random) -> Greenhouse:
    vendor = Greenhouse()
    vendor.apply(1, 70, 7)
    vendor.apply(2, 70, 7)
    doings = [vendor.reject, vendor.unreject, vendor.hire, vendor.unhire, vendor.touch]
    for _ in range(chance.randint(1, 8)):
        number = chance.choice([1, 1, 2])
        if chance.random() < 0.5:
            vendor.move(number, chance.choice(["Phone Screen", "Reference Check", "Technical Interview", "Offer"]))
        else:
            chance.choice(doings)(number)
    return vendor


@pytest.mark.parametrize("seed", range(60))
def test_every_order_gives_the_same(seed: int) -> None:
    chance = random.Random(seed)
    vendor = _random_history(chance)
    heard = chance.sample(vendor.sent, chance.randint(1, len(vendor.sent)))
    right = Ours().hear(sorted(heard, key=lambda each: each.sent_at))
    shuffled = Ours().hear(chance.sample([*heard, *heard], 2 * len(heard)))
    assert _views_at(shuffled, heard) == _views_at(right, heard)
    assert shuffled.settle() == []


def _views_at(ours: Ours, deliveries: Sequence[Delivery]) -> list[object]:
    return [_short(ours.at(each.sent_at)) for each in deliveries] + [_short(ours.at(START))]


def test_no_id_is_given_twice(vendor: Greenhouse) -> None:
    vendor.reject(1)
    ids: list[UUID] = [each.fact.id for each in Ours().hear(vendor.sent).known]
    assert len(set(ids)) == len(ids)
