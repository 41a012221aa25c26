"""Events that happen as at the edge, without the request around them, and how long they took to arrive."""

from collections.abc import Mapping, Sequence
from time import time
from uuid import UUID

from uuid_utils.compat import uuid7

from api.event_types.catalogue import example
from api.platform import ids
from api.platform.db import Databases
from api.platform.outbox import finish, record
from api.platform.sessions import WorkspaceRef
from tests.webhooks.receiver import Receipt

HAPPENS = "person.updated"
SHOWN = example(HAPPENS)


async def happen(databases: Databases, workspace: WorkspaceRef) -> tuple[str, float]:
    """Commit an event about a subject of its own; the subject's public id, and the moment COMMIT was sent."""
    subject: UUID = uuid7()
    async with databases.open_writing(workspace, actor=SHOWN["actor"]) as session:
        now = await session.now()
        record(
            session,
            HAPPENS,
            subject=("person", subject),
            version=2,
            occurred_at=now,
            recorded_at=now,
            data=SHOWN["data"],
            previous=SHOWN["previous"],
        )
        await finish(session)
        at = time()
        await session.commit()
    return ids.encode("person", subject), at


def latencies(happened: Mapping[str, float], receipts: Sequence[Receipt]) -> list[float]:
    """Seconds from COMMIT to each first receipt under each name, sorted."""
    first: dict[tuple[str, str], float] = {}
    for each in receipts:
        first.setdefault((each.path, each.event["subject"]["id"]), each.at)
    return sorted(at - happened[subject] for (_, subject), at in first.items() if subject in happened)


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return sorted(values)[len(values) * 95 // 100]
