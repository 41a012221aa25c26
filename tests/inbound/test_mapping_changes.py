"""A changed mapping: what was said before is worked through again."""

from typing import Any

import pytest

from tests.inbound.scene import Scene
from tests.inbound.vendor import BO, BOARD, MAPPING, MARA, REFERRAL, Greenhouse

NOTHING: dict[str, Any] = {}
EVERYTHING = {
    "stages": {**MAPPING["stages"], "Reference Check": "offer"},  # type: ignore[dict-item]
    "referral_sources": ["referral", "42"],
}


def _tell(vendor: Greenhouse) -> None:
    vendor.apply(1, 70, 7, source=REFERRAL, credit=MARA)
    vendor.move(1, "Phone Screen")
    vendor.move(1, "Reference Check")
    vendor.apply(2, 80, 7, source=BOARD, credit=BO)


@pytest.mark.parametrize("later", [NOTHING, MAPPING, EVERYTHING], ids=["nothing", "some", "everything"])
@pytest.mark.parametrize("earlier", [NOTHING, MAPPING, EVERYTHING], ids=["nothing", "some", "everything"])
async def test_it_stands_as_if_it_had_been_so_from_the_start(
    scene: Scene, vendor: Greenhouse, earlier: dict[str, Any], later: dict[str, Any]
) -> None:
    _tell(vendor)
    await scene.map(earlier)
    await scene.hear(*vendor.sent)
    await scene.map(later)
    await scene.work()
    is_mapped, is_all = later is not NOTHING, later is EVERYTHING
    stage = "offer" if is_all else "screening" if is_mapped else "applied"
    records = await scene.records()
    assert [(row[2], row[3]) for row in records.applications] == [
        (stage, "Reference Check"),
        ("applied", "Application Review"),
    ]
    live = {row[2] for row in records.referrals if row[4] == "submitted"}
    assert live == {name for name, holds in (("Mara Lindqvist", is_mapped), ("Bo Castell", is_all)) if holds}
    sourced = [row[-1] for row in records.applications]
    assert sourced == [None if is_mapped else "Mara Lindqvist", None if is_all else "Bo Castell"]


async def test_it_is_worked_through_once(scene: Scene, vendor: Greenhouse) -> None:
    _tell(vendor)
    await scene.hear(*vendor.sent)
    facts = len(await scene.stages())
    await scene.map(EVERYTHING)
    assert await scene.work() > 0
    assert len(await scene.stages()) == facts + 1
    await scene.map(EVERYTHING)
    await scene.work()
    assert len(await scene.stages()) == facts + 1
    assert await scene.work() == 0
