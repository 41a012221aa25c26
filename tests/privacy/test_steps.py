"""The erasure in the background: repeated, shared between workers, interrupted; and whether it may write everywhere."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from api.platform import ids
from api.platform.claims import LEASE
from api.platform.db import Databases, connect
from api.platform.sessions import WorkspaceRef
from api.privacy import erasing, steps
from api.privacy.places import PLACES
from tests.conftest import ROLE, Cast, SetClock
from tests.contents import contents
from tests.privacy.cast import CAST
from tests.privacy.dump import dumped, traces
from tests.privacy.scene import Scene

Dead = Callable[[], Any]


class Died(Exception):
    """The worker was killed."""


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few rows at a time that no table is done in one batch."""
    monkeypatch.setattr(erasing, "ROWS_A_BATCH", 3)


@pytest.fixture
def workspace(cast: Cast) -> WorkspaceRef:
    return cast.acme.workspace


async def until_done(databases: Databases) -> int:
    done = 0
    while found := await steps.continue_erasures(databases):
        done += found
    return done


async def begin(scene: Scene, clock: SetClock) -> UUID:
    """Anonymise the candidate, and let half a minute pass; the id of the erasure."""
    answer = await scene.anonymize("candidate")
    clock.advance(seconds=31)
    return ids.decode("erasure", answer["erasure"]["id"])


async def test_nothing_is_searched_while_somebody_may_still_write_the_name(
    scene: Scene, databases: Databases, clock: SetClock
) -> None:
    await scene.anonymize("candidate")
    clock.advance(seconds=29)
    assert await steps.continue_erasures(databases) == 0


async def test_again_it_changes_nothing(
    scene: Scene, databases: Databases, clock: SetClock, workspace: WorkspaceRef
) -> None:
    erasure_id = await begin(scene, clock)
    assert await until_done(databases) > len(PLACES)
    before = await contents(databases)
    assert await until_done(databases) == 0
    await steps.continue_erasure(databases, workspace, erasure_id)
    assert await contents(databases) == before


async def test_a_search_that_is_repeated_finds_nothing_more(
    scene: Scene, databases: Databases, clock: SetClock
) -> None:
    erasure_id = await begin(scene, clock)
    needles = await _of(databases, erasure_id, "needles")
    await until_done(databases)
    first = await _of(databases, erasure_id, "redacted")
    async with databases.open_system() as connection:
        statement = (
            "update erasures set state = 'running', due_at = :now, needles = cast(:needles as jsonb) where id = :id"
        )
        await connection.execute(text(statement), {"now": clock.now, "needles": json.dumps(needles), "id": erasure_id})
    assert await until_done(databases) > len(PLACES)
    assert await _of(databases, erasure_id, "redacted") == first
    assert await _of(databases, erasure_id, "needles") == []


async def test_two_workers_do_what_one_does(
    scene: Scene,
    databases: Databases,
    second_worker: Databases,
    clock: SetClock,
    small_batches: None,
    database_url: str,
) -> None:
    erasure_id = await begin(scene, clock)
    await asyncio.gather(*(until_done(each) for each in (databases, second_worker, databases, second_worker)))
    assert await _of(databases, erasure_id, "state") == "completed"
    assert traces(dumped(database_url), CAST["candidate"]) == []


async def test_two_workers_at_the_same_erasure_at_once_do_no_harm(
    scene: Scene,
    databases: Databases,
    second_worker: Databases,
    clock: SetClock,
    small_batches: None,
    workspace: WorkspaceRef,
    database_url: str,
) -> None:
    """As where one was so slow that its lease ran out."""
    erasure_id = await begin(scene, clock)
    while await _of(databases, erasure_id, "state") == "running":
        await asyncio.gather(
            *(steps.continue_erasure(each, workspace, erasure_id) for each in (databases, second_worker))
        )
    assert traces(dumped(database_url), CAST["candidate"]) == []


async def test_a_worker_that_dies_leaves_it_to_the_next_one(
    scene: Scene,
    databases: Databases,
    clock: SetClock,
    small_batches: None,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    erasure_id = await begin(scene, clock)
    with monkeypatch.context() as patch:
        patch.setattr(steps, "advance", _dying(after=8))
        with pytest.raises(Died):
            await steps.continue_erasures(databases)
    reached = await _of(databases, erasure_id, "table_name")
    assert reached is not None
    assert await steps.continue_erasures(databases) == 0, "the lease of the dead still runs"
    clock.advance(seconds=LEASE.total_seconds() + 1)
    await until_done(databases)
    assert traces(dumped(database_url), CAST["candidate"]) == []


def _dying(*, after: int) -> Callable[..., Any]:
    left = after

    async def advance(*args: Any, **options: Any) -> None:
        nonlocal left
        left -= 1
        await erasing.advance(*args, **options)
        if left == 0:
            raise Died

    return advance


async def test_everything_that_is_searched_may_be_written(database_url: str) -> None:
    """A new column that may name somebody is searched by itself; grant it in `REDACTED`, or list it as no text."""
    service = await connect(database_url, ROLE)
    for place in PLACES:
        for column in place.columns:
            allowed = "select has_column_privilege($1, $2, 'update')"
            assert await service.fetchval(allowed, f'"{place.name}"', column.name), f"{place.name}.{column.name}"
    await service.close()


async def _of(databases: Databases, erasure_id: UUID, column: str) -> Any:
    async with databases.open_system() as connection:
        found = await connection.execute(text(f"select {column} from erasures where id = :id"), {"id": erasure_id})
        return found.scalar_one()
