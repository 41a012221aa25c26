"""Remembered answers are kept as long as promised, and no longer."""

import httpx
import pytest
from sqlalchemy import text

from api.domain.errors import Unprocessable
from api.platform.auth import Scope
from api.platform.db import Databases
from api.workspaces import steps
from api.workspaces.service import create_key
from tests.cast import Company
from tests.conftest import ClientFor, SetClock, Work


async def post(client: httpx.AsyncClient, key: str) -> None:
    answer = await client.post("/v1/people", json={"name": "Ada"}, headers={"Idempotency-Key": key})
    assert answer.status_code == 201


async def kept(databases: Databases) -> set[str]:
    async with databases.open_system() as connection:
        return set((await connection.execute(text("select key from idempotency_keys"))).scalars())


async def test_answers_are_forgotten_after_a_day(
    client_for: ClientFor, acme: Company, globex: Company, databases: Databases, clock: SetClock, work: Work
) -> None:
    await post(client_for(acme), "old")
    await post(client_for(globex), "old_too")
    clock.advance(hours=1)
    await post(client_for(acme), "new")
    clock.advance(hours=23, seconds=1)
    await work()
    assert await kept(databases) == {"new"}


async def test_they_are_forgotten_in_batches_until_none_is_left(
    client: httpx.AsyncClient, databases: Databases, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "KEYS_A_TURN", 2)
    for number in range(3):
        await post(client, str(number))
    clock.advance(days=2)
    assert [await steps.forget_old_answers(databases) for _ in range(3)] == [2, 1, 0]


async def test_no_key_is_made_that_has_expired(databases: Databases, acme: Company, clock: SetClock) -> None:
    async with databases.open_system() as connection:
        with pytest.raises(Unprocessable) as refused:
            await create_key(connection, acme.workspace, [Scope.READ], expires_at=clock.now, now=clock.now)
    assert refused.value.code == "expires_in_the_past"
