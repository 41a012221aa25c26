"""The locks under which deliveries are worked on: on a connection, on what the vendor's ids mean, on its candidates.

One of the vendor's candidates has a row that is locked for all that is said of them. Candidates who are one of ours,
by a merge or by their address, are worked on together, so that each sees what was said of the other.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, or_, select

from api.candidates.service import candidate_of
from api.domain.inbound import MessageState
from api.external_refs import service as external_refs
from api.inbound import told
from api.inbound.changes import Change
from api.inbound.refs import known
from api.inbound.timeline import Said, in_order
from api.models import Connection, InboundMessage, InboundSubject
from api.people.finding import by_email
from api.platform import ids
from api.platform.sessions import WriteSession

CANDIDATE = "candidate:"
_LEFT_OUT = (MessageState.FAILED, MessageState.IGNORED)
# A message that is worked on once more counts all the while.
_COUNTS = "m.processed_at is not null and m.state not in ('failed', 'ignored')"
_NEXT_OF_KIN = text(f"""
    select m.subject, m.other_subject from inbound_messages m
    where m.workspace_id = :w and m.connection_id = :connection_id and {_COUNTS}
      and m.other_subject is not null and m.subject = any(:subjects)
    union select m.subject, m.other_subject from inbound_messages m
    where m.workspace_id = :w and m.connection_id = :connection_id and {_COUNTS}
      and m.other_subject = any(:subjects)
    union select 'candidate:' || mine.external_id, 'candidate:' || theirs.external_id
    from external_refs mine join external_refs theirs on theirs.workspace_id = :w
        and theirs.candidate_id = mine.candidate_id and theirs.system = mine.system
    where mine.workspace_id = :w and mine.system = :system and mine.kind = 'candidate'
      and mine.external_id = any(:ids)""")


class New(NamedTuple):
    """A message that is being worked on, what it says, and when it was received."""

    message_id: UUID
    change: Change
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Kin:
    """The vendor's ids of candidates who are one candidate of ours, locked, and all that was said of them."""

    candidates: frozenset[str]
    said: Sequence[Said]
    now: datetime


async def lock_connection(session: WriteSession, connection_id: UUID) -> Connection:
    """The connection as it is; it cannot be changed until the transaction ends, so that no one misses a new mapping."""
    statement = select(Connection).where(Connection.id == connection_id).with_for_update(read=True)
    found = await session.execute(statement, execution_options={"populate_existing": True})
    return found.scalar_one()


async def lock_subjects(session: WriteSession, connection: Connection, subjects: Collection[str]) -> None:
    """Lock what the vendor's ids stand for, in the order of their names, also what is heard of for the first time."""
    if not subjects:
        return
    made = [
        {"workspace_id": session.workspace.id, "id": ids.new_id(), "connection_id": connection.id, "subject": subject}
        for subject in sorted(subjects)
    ]
    await session.execute(insert(InboundSubject).values(made).on_conflict_do_nothing())
    statement = (
        select(InboundSubject)
        .where(InboundSubject.connection_id == connection.id, col(InboundSubject.subject).in_(subjects))
        .order_by(col(InboundSubject.subject))
        .with_for_update(key_share=True)
    )
    await session.execute(statement, execution_options={"populate_existing": True})


async def lock_kin(
    session: WriteSession, connection: Connection, candidates: Collection[str], *, new: New | None = None
) -> Kin:
    """Lock these candidates with all who are the same, and read what was said of them; `new` counts as said."""
    locked: frozenset[str] = frozenset()
    wanted = await _with_kin(session, connection, frozenset(candidates))
    while wanted - locked:
        # Who turns out to be one of them meanwhile is locked out of order; a deadlock by that is tried again.
        await lock_subjects(session, connection, {CANDIDATE + each for each in wanted - locked})
        locked = wanted
        now = await session.now()
        said = await _said(session, connection, locked, new, now)
        namesakes = await _by_address(session, connection, locked, said)
        wanted = await _with_kin(session, connection, locked | namesakes)
    return Kin(locked, said, now)


async def _with_kin(session: WriteSession, connection: Connection, candidates: frozenset[str]) -> frozenset[str]:
    """The candidates with those who were merged with them there, or are one of ours with them, however remotely."""
    while True:
        sent = {"w": session.workspace.id, "connection_id": connection.id, "system": connection.system}
        subjects = [CANDIDATE + each for each in candidates]
        found = await session.execute(_NEXT_OF_KIN, {**sent, "ids": list(candidates), "subjects": subjects})
        kin = {subject.removeprefix(CANDIDATE) for row in found for subject in row}
        if kin <= candidates:
            return candidates
        candidates |= kin


async def _said(
    session: WriteSession,
    connection: Connection,
    candidates: Collection[str],
    new: New | None,
    now: datetime,
) -> list[Said]:
    subjects = [CANDIDATE + each for each in candidates]
    statement = select(InboundMessage.id, InboundMessage.parsed, InboundMessage.received_at).where(
        InboundMessage.connection_id == connection.id,
        col(InboundMessage.processed_at).is_not(None),
        col(InboundMessage.state).not_in(_LEFT_OUT),
        col(InboundMessage.parsed).is_not(None),
        or_(col(InboundMessage.subject).in_(subjects), col(InboundMessage.other_subject).in_(subjects)),
    )
    found = await session.execute(statement)
    changes = {row.id: (Change.model_validate(row.parsed), row.received_at) for row in found}
    if new is not None:
        changes[new.message_id] = (new.change, new.received_at)
    return in_order(changes.values(), now=now)


async def _by_address(
    session: WriteSession, connection: Connection, candidates: Collection[str], said: Sequence[Said]
) -> frozenset[str]:
    """Other ids of the candidate of ours whom these candidates, all of them new, are by their address."""
    candidate = told.candidate_said(said)
    if candidate is None or await known(session, connection.system, "candidate", candidates):
        return frozenset()
    for email in candidate.emails:
        person = await by_email(session, email)
        found = person and await candidate_of(session, person.id)
        if found:
            refs = (await external_refs.of(session, "candidate", [found.id])).get(found.id, [])
            return frozenset(ref.external_id for ref in refs if ref.system == connection.system)
    return frozenset()
