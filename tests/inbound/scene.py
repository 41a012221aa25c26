"""A connection whose messages are stored as they are, and everything that was made of them, without ids."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import text, update
from sqlmodel import col, select

from api.domain.inbound import ConnectionState, MessageState
from api.inbound import steps
from api.models import Connection, InboundMessage, InboundSubject
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef
from tests.inbound.vendor import MAPPING, Delivery

ACTOR = {"type": "test", "id": None}

_APPLICATIONS = """
    select r.external_id as job, (select min(external_id) from external_refs x where x.workspace_id = :w
        and x.candidate_id = c.id) as whose, a.stage, a.stage_label, a.state, a.outcome, a.outcome_at,
        a.deleted_at_source, p.name as candidate, p.email, s.name as sourced_by
    from applications a
    join candidates c on c.workspace_id = :w and c.id = a.candidate_id
    join people p on p.workspace_id = :w and p.id = c.person_id
    left join people s on s.workspace_id = :w and s.id = a.sourced_by_id
    join external_refs r on r.workspace_id = :w and r.kind = 'job' and r.job_id = a.job_id
    where a.workspace_id = :w order by 1, 2"""
_REFERRALS = """
    select j.external_id as job, (select min(external_id) from external_refs x where x.workspace_id = :w
        and x.candidate_id = r.candidate_id) as candidate, p.name as referrer, p.email, r.state, count(*) as times
    from referrals r join referrers f on f.workspace_id = :w and f.id = r.referrer_id
    join people p on p.workspace_id = :w and p.id = f.person_id
    join external_refs j on j.workspace_id = :w and j.kind = 'job' and j.job_id = r.job_id
    where r.workspace_id = :w group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5"""
_CANDIDATES = """
    select array_agg(r.external_id order by r.external_id) as ids, p.name, p.email
    from candidates c join people p on p.workspace_id = :w and p.id = c.person_id
    join external_refs r on r.workspace_id = :w and r.candidate_id = c.id
    where c.workspace_id = :w group by c.id, p.name, p.email order by 1"""
_STAGES = """
    select r.external_id as job, (select min(external_id) from external_refs x where x.workspace_id = :w
        and x.candidate_id = a.candidate_id) as candidate, s.*
    from stage_changes s join applications a on a.workspace_id = :w and a.id = s.application_id
    join external_refs r on r.workspace_id = :w and r.kind = 'job' and r.job_id = a.job_id
    where s.workspace_id = :w"""
_NAMES = """
    select r.external_id, j.external_id as job from external_refs r
    join applications a on a.workspace_id = :w and a.id = r.application_id
    join external_refs j on j.workspace_id = :w and j.kind = 'job' and j.job_id = a.job_id
    where r.workspace_id = :w and r.kind = 'application' order by 1, 2"""
_COUNTS = """
    select (select count(*) from applications where workspace_id = :w) as applications,
        (select count(*) from candidates where workspace_id = :w) as candidates,
        (select count(*) from jobs where workspace_id = :w) as jobs,
        (select count(*) from people where workspace_id = :w) as people,
        (select count(*) from referrals where workspace_id = :w) as referrals,
        (select count(*) from advocacies where workspace_id = :w) as advocacies,
        (select count(*) from acts where workspace_id = :w) as acts"""


class Records(NamedTuple):
    """What there is in a workspace, as comparable values."""

    applications: list[Any]
    referrals: list[Any]
    candidates: list[Any]
    names: list[Any]


@dataclass
class Scene:
    """A workspace connected to a vendor."""

    databases: Databases
    workspace: WorkspaceRef
    connection_id: UUID = field(default_factory=uuid4)

    async def connect(self, mapping: dict[str, Any] | None = None) -> "Scene":
        """Connect the vendor, without what only its signatures need."""
        async with self.databases.open_writing(self.workspace, actor=ACTOR) as session:
            now = self.databases.clock()
            row = Connection(
                id=self.connection_id,
                provider="greenhouse",
                system="greenhouse",
                name="Greenhouse",
                state=ConnectionState.ACTIVE,
                token=b"",
                secret=b"",
                mapping=MAPPING if mapping is None else mapping,
                created_at=now,
                updated_at=now,
            )
            session.add(row)
            await session.commit()
        return self

    async def store(self, deliveries: Iterable[Delivery], *, received_at: datetime | None = None) -> list[UUID]:
        """Store deliveries, each under a key of its own; received when they were sent unless said otherwise."""
        async with self.databases.open_writing(self.workspace, actor=ACTOR) as session:
            rows = [
                InboundMessage(
                    connection_id=self.connection_id,
                    delivery_key=f"{uuid4()}",
                    received_at=received_at or delivery.sent_at,
                    headers={},
                    body=delivery.body,
                    state=MessageState.RECEIVED,
                    due_at=received_at or delivery.sent_at,
                )
                for delivery in deliveries
            ]
            session.add_all(rows)
            await session.commit()
        return [row.id for row in rows]

    async def work(self) -> int:
        """Let the steps of this package do everything that is due."""
        done = 0
        while found := await steps.process_inbound_messages(self.databases) + await steps.resettle_inbound_subjects(
            self.databases
        ):
            done += found
        return done

    async def hear(self, *deliveries: Delivery) -> "Scene":
        """Store and work on each delivery before the next one comes."""
        for delivery in deliveries:
            await self.store([delivery])
            await self.work()
        return self

    async def map(self, mapping: dict[str, Any]) -> None:
        """Change the mapping, as whoever changes a connection does."""
        async with self.databases.open_writing(self.workspace, actor=ACTOR) as session:
            mine = Connection.workspace_id == self.workspace.id
            await session.execute(update(Connection).where(mine).values(mapping=mapping))  # type: ignore[arg-type]
            due = update(InboundSubject).where(col(InboundSubject.workspace_id) == self.workspace.id)
            await session.execute(due.values(due_at=await session.now()))
            await session.commit()

    async def set_state(self, state: str) -> None:
        """Pause or resume the connection, without what becomes of its messages."""
        async with self.databases.open_writing(self.workspace, actor=ACTOR) as session:
            mine = Connection.workspace_id == self.workspace.id
            await session.execute(update(Connection).where(mine).values(state=state))  # type: ignore[arg-type]
            await session.commit()

    async def replay(self) -> None:
        """Have all messages worked on once more."""
        async with self.databases.open_writing(self.workspace, actor=ACTOR) as session:
            mine = update(InboundMessage).where(col(InboundMessage.workspace_id) == self.workspace.id)
            await session.execute(mine.values(state=MessageState.RECEIVED, due_at=await session.now()))
            await session.commit()

    async def process_twice(self, message_id: UUID, other: Databases) -> None:
        """Two workers at one message."""
        await asyncio.gather(*(steps.process(each, self.workspace, message_id) for each in (self.databases, other)))

    async def messages(self) -> list[InboundMessage]:
        """The messages, as they came."""
        async with self.databases.open_reading(self.workspace) as session:
            found = await session.execute(select(InboundMessage).order_by(col(InboundMessage.id)))
            return list(found.scalars())

    async def rows(self, statement: str) -> list[Any]:
        """What a query finds; `:w` is the workspace."""
        async with self.databases.open_reading(self.workspace) as session:
            return list((await session.execute(text(statement), {"w": self.workspace.id})).all())

    async def counts(self) -> dict[str, int]:
        """How many of what there are."""
        return dict((await self.rows(_COUNTS))[0]._mapping)

    async def stages(self) -> list[Any]:
        """Every fact about stages."""
        return await self.rows(_STAGES)

    async def records(self) -> Records:
        """What there is to compare."""
        queries = (_APPLICATIONS, _REFERRALS, _CANDIDATES, _NAMES)
        found = [[tuple(row) for row in await self.rows(query)] for query in queries]
        return Records(*found)

    async def at_once(self, other: Databases) -> None:
        """Two workers at the same time until neither finds anything."""
        twin = Scene(other, self.workspace, self.connection_id)
        while sum(await asyncio.gather(self.work(), twin.work())):
            continue
