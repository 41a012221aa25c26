"""Whatever came first, how often it came and what never came: the records are those of the right order, once."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from api.domain.facts import StageFact
from api.domain.stages import stage_changes, view_at
from api.domain.vocabulary import Outcome, Stage, StageVerb
from tests.cast import START
from tests.inbound.scene import Scene
from tests.inbound.vendor import BO, BOARD, MAPPING, MARA, OLD_FRIEND, REFERRAL, STAGES, Delivery, Greenhouse
from tests.properties.stage import Stage as House

ZONE = ZoneInfo("Europe/Berlin")
CREDITS = (None, MARA, BO, OLD_FRIEND)
CANDIDATES = (70, 80)


@st.composite
def histories(draw: Callable[..., Any]) -> Greenhouse:
    """One or two candidates, up to three jobs, and what is done to their applications one after the other."""
    vendor = Greenhouse()
    for number in range(1, draw(st.integers(1, 4)) + 1):
        candidate = draw(st.sampled_from(CANDIDATES))
        source, credit = draw(st.sampled_from((REFERRAL, BOARD))), draw(st.sampled_from(CREDITS))
        jobs = draw(st.lists(st.sampled_from((7, 8, 9)), min_size=1, max_size=2, unique=True))
        if draw(st.integers(0, 4)):
            vendor.apply(number, candidate, jobs[0], source=source, credit=credit)
        else:
            vendor.add_prospect(number, candidate, *jobs, source=source, credit=credit)
    for _ in range(draw(st.integers(0, 9))):
        _do(draw, vendor)
    return vendor


def _do(draw: Callable[..., Any], vendor: Greenhouse) -> None:
    number = draw(st.sampled_from(sorted(vendor.applications)))
    doing = draw(
        st.sampled_from(("move", "move", "credit", "credit", "end", "end", "update", "touch", "delete", "transfer"))
    )
    if doing == "move":
        vendor.move(number, draw(st.sampled_from(sorted(STAGES))))
    elif doing == "credit":
        vendor.credit(number, draw(st.sampled_from(CREDITS)), draw(st.sampled_from((REFERRAL, REFERRAL, BOARD))))
    elif doing == "end":
        getattr(vendor, draw(st.sampled_from(("reject", "unreject", "hire", "unhire"))))(number)
    elif doing == "update":
        candidate = vendor.applications[number]["candidate"]
        value = f"{draw(st.sampled_from('abc'))}.{candidate}@mail.example"
        name = draw(st.sampled_from(("Ines", "Inez")))
        addresses = [{"value": value, "type": "personal"}]
        vendor.update_candidate(candidate, first_name=name, last_name=str(candidate), email_addresses=addresses)
    elif doing == "transfer":
        vendor.transfer(number, draw(st.sampled_from((7, 8, 9))))
    elif doing == "delete" and len(vendor.applications) > 1:
        vendor.delete_application(number)
    else:
        vendor.touch(number)


@st.composite
def orders(draw: Callable[..., Any]) -> tuple[list[Delivery], list[Delivery]]:
    """What came in the right order, once; and the same in another order, some of it more than once."""
    sent = draw(histories()).sent
    heard = draw(st.lists(st.sampled_from(sent), min_size=1, unique=True) | st.just(sent))
    twice = draw(st.lists(st.sampled_from(heard), max_size=3))
    return sorted(heard, key=attrgetter("sent_at")), list(draw(st.permutations([*heard, *twice])))


def test_any_order_gives_the_records_of_the_right_one(stage: House, chosen: settings) -> None:
    @settings(chosen, max_examples=chosen.max_examples * 2)
    @given(orders(), st.booleans())
    def check(deliveries: tuple[list[Delivery], list[Delivery]], one_by_one: bool) -> None:
        right, other = deliveries
        expected = stage.run(_outcome(stage, right, one_by_one=True))
        found = stage.run(_outcome(stage, other, one_by_one=one_by_one))
        for part, wanted in expected.items():
            assert found[part] == wanted, part

    check()


async def _outcome(stage: House, deliveries: Sequence[Delivery], *, one_by_one: bool) -> dict[str, Any]:
    workspace, _ = await stage._open("Europe/Berlin", False, START - timedelta(days=365))
    scene = await Scene(stage.databases, workspace).connect(MAPPING)
    if one_by_one:
        await scene.hear(*deliveries)
    else:
        await scene.store(deliveries)
        await scene.work()
    assert {message.state for message in await scene.messages()} == {"processed"}
    counts = await scene.counts()
    assert (counts["advocacies"], counts["acts"]) == (0, 0)
    views = await _views(scene, [each.sent_at for each in deliveries])
    return {**(await scene.records())._asdict(), "views": views}


async def _views(scene: Scene, moments: Sequence[datetime]) -> list[Any]:
    """Where each application stood at each of the vendor's moments."""
    facts: dict[tuple[str, str], list[StageFact]] = {}
    for row in await scene.stages():
        facts.setdefault((row.job, row.candidate), []).append(_fact(row))
    at = sorted({*moments, START})
    return [
        (whose, moment, view and (view.state, view.stage, view.outcome))
        for whose in sorted(facts)
        for moment in at
        for view in [view_at(stage_changes(facts[whose], ZONE), moment)]
    ]


def _fact(row: Any) -> StageFact:
    return StageFact(
        id=row.id,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        verb=StageVerb(row.verb),
        stage=row.stage and Stage(row.stage),
        hold_until=row.hold_until,
        outcome=row.outcome and Outcome(row.outcome),
    )
