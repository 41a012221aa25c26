"""What the feed tells of follow-ups, invitations and waiting: each change once, each beginning where the last ended."""

from collections import defaultdict
from typing import Any

import orjson
from sqlalchemy import text

from api.platform.ids import decode
from tests.properties.house import House

CHAINED = ("follow_up_state", "waiting")


async def judge_announcements(house: House) -> int:
    """Fail where something was announced twice, or not; answers how many events there were."""
    async with house.stage.databases.open_reading(house.workspace, snapshot=True) as session:
        query = text("select type, body from events where workspace_id = :w order by number")
        rows = (await session.execute(query, {"w": session.workspace.id})).all()
        stored = text("select id, standing, state from follow_ups where workspace_id = :w")
        now = {row.id: row for row in (await session.execute(stored, {"w": session.workspace.id})).all()}
    made: dict[str, int] = defaultdict(int)
    standing: dict[str, str] = {}
    last: dict[tuple[str, str], Any] = {}
    for kind, body in ((row.type, orjson.loads(row.body)) for row in rows):
        subject = body["subject"]["id"]
        if kind.startswith("follow_up."):
            made[subject] += kind == "follow_up.created"
            standing[subject] = body["data"]["standing"]
        for name in CHAINED:
            if kind == f"application.{name}.changed":
                assert body["previous"][name] == last.get((subject, name), "none"), body
                assert body["data"][name] != body["previous"][name], body
                last[subject, name] = body["data"][name]
    assert set(made.values()) <= {1}
    assert {decode("follow_up", each) for each in made} == set(now)
    assert {decode("follow_up", each): told for each, told in standing.items()} == {
        each: row.standing for each, row in now.items()
    }
    return len(rows)
