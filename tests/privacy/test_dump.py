"""After an erasure nothing of the person is in the database, however it is written; of everybody else, all is."""

import pytest

from tests.conftest import SetClock, Work
from tests.privacy.cast import CAST
from tests.privacy.dump import dumped, traces
from tests.privacy.scene import Scene


def test_the_dump_finds_what_it_looks_for() -> None:
    assert all(len(set(traces(f"x {each.name} {each.email} y".casefold(), each))) >= 4 for each in CAST.values())


@pytest.mark.parametrize("who", CAST)
async def test_nothing_of_the_person_is_left_in_a_dump(
    scene: Scene, who: str, work: Work, clock: SetClock, database_url: str
) -> None:
    assert traces(dumped(database_url), CAST[who])
    answer = await scene.anonymize(who)
    assert answer["erasure"]["state"] == "running"
    clock.advance(seconds=31)
    await work()
    dump = dumped(database_url)
    assert traces(dump, CAST[who]) == []
    others = {name: traces(dump, each) for name, each in CAST.items() if name != who}
    assert all(len(found) >= 3 for found in others.values()), others
    assert (await scene.anonymize(who))["erasure"]["state"] == "completed"
