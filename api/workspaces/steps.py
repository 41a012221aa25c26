"""The background step that forgets remembered answers when their time is over."""

from sqlalchemy import text

from api.platform.db import Databases
from api.platform.idempotency import KEPT_FOR

KEYS_A_TURN = 1_000


async def forget_old_answers(databases: Databases) -> int:
    """Delete idempotency keys older than what is promised, with their answers; answers how many.

    As the owner, since requests may delete nothing. A key that a request takes over at this moment is passed by.
    """
    statement = text("""
        with expired as (
            select k.workspace_id, k.id from workspaces w cross join lateral (
                select workspace_id, id from idempotency_keys
                where workspace_id = w.id and created_at < :expired
                order by created_at limit :limit for update skip locked) k
            limit :limit)
        delete from idempotency_keys i using expired
        where i.workspace_id = expired.workspace_id and i.id = expired.id""")
    async with databases.open_system() as connection:
        deleted = await connection.execute(statement, {"expired": databases.clock() - KEPT_FOR, "limit": KEYS_A_TURN})
    return deleted.rowcount
