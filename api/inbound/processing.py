"""Working on one stored message: it is read, what it is about is locked, and our records are brought in line."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from api.domain.errors import DomainError
from api.domain.inbound import ConnectionState, MessageState
from api.inbound.changes import Change
from api.inbound.locks import CANDIDATE, Kin, New, lock_connection, lock_kin
from api.inbound.mapping import Mapping
from api.inbound.providers.provider import Ignored, SenselessDelivery
from api.inbound.providers.registry import PROVIDERS
from api.inbound.settling import settle
from api.inbound.work import Work
from api.models import Connection, InboundMessage, InboundSubject
from api.platform.ids import encode
from api.platform.sessions import WriteSession
from api.privacy.messages import redact_message
from api.support.queries import current_policy

NOTHING_NEW = "nothing_new"
LONGEST_REMARK = 500


async def work_on(session: WriteSession, message_id: UUID) -> None:
    """Make of a message what there is to be made of it. One that another worker has done meanwhile is left alone."""
    message = await _read(session, message_id)
    connection = await lock_connection(session, message.connection_id)
    session.actor = {"type": "connection", "id": encode("connection", connection.id)}
    if connection.state is ConnectionState.PAUSED:
        _rest(message, MessageState.HELD)
    else:
        await _work_on(session, connection, message)
    await session.flush()


async def settle_again(session: WriteSession, subject_id: UUID) -> None:
    """Bring our records in line with what was said about a candidate and what it means by now."""
    found = await session.execute(select(InboundSubject).where(InboundSubject.id == subject_id))
    subject = found.scalar_one()
    connection = await lock_connection(session, subject.connection_id)
    session.actor = {"type": "connection", "id": encode("connection", connection.id)}
    if subject.subject.startswith(CANDIDATE):
        kin = await lock_kin(session, connection, {subject.subject.removeprefix(CANDIDATE)})
        await _settle(session, connection, kin)
    await _clear(session, subject_id)


async def _work_on(session: WriteSession, connection: Connection, message: InboundMessage) -> None:
    try:
        change = _parse(connection, message)
    except SenselessDelivery as senseless:
        message.event = senseless.event
        _rest(message, MessageState.FAILED, str(senseless))
        return
    if isinstance(change, Ignored):
        message.event = change.event
        _rest(message, MessageState.IGNORED, f"Nothing is made of the event '{change.event}'.")
        return
    kin = await lock_kin(session, connection, _about(change), new=New(message.id, change, message.received_at))
    # Whoever held the lock before may have been at work on this very message.
    if (await _read(session, message.id)).due_at is None:
        return
    work = await _settle(session, connection, kin)
    # The message is changed last: whoever empties messages has locked the people before.
    _describe(message, change)
    if work.is_forgotten:
        redact_message(message, now=kin.now)
    message.effects = [*message.effects, *work.effects]
    message.processed_at = kin.now
    _rest(message, MessageState.PROCESSED, _remark(message, change, work))


def _remark(message: InboundMessage, change: Change, work: Work) -> str | None:
    """Why a message that was worked on changed nothing, or less than it says."""
    if work.kept_as:
        return f"person_kept: they are known here as {', '.join(work.kept_as)}."
    if change.is_still_named:
        return f"fields_anonymized: {', '.join(change.anonymized_fields)[:LONGEST_REMARK]}. Name and address stay."
    return None if message.effects else NOTHING_NEW


async def _settle(session: WriteSession, connection: Connection, kin: Kin) -> Work:
    mapping = Mapping.model_validate(connection.mapping)
    work = Work(session, connection, mapping, kin.now, (await current_policy(session)).zone)
    await settle(work, kin)
    return work


def _parse(connection: Connection, message: InboundMessage) -> Change | Ignored:
    """What the message says; of one that was emptied, what was read out of it before. Raises SenselessDelivery."""
    if message.redacted_at is not None and message.parsed is not None:
        return Change.model_validate(message.parsed)
    return PROVIDERS[connection.provider].parse(message.body)


def _about(change: Change) -> list[str]:
    return [change.candidate.external_id, *([change.merged_into] if change.merged_into is not None else [])]


def _describe(message: InboundMessage, change: Change) -> None:
    subjects = [CANDIDATE + external_id for external_id in _about(change)]
    message.event = change.event
    message.subject, message.other_subject = subjects[0], next(iter(subjects[1:]), None)
    message.happened_at = change.happened_at
    message.parsed = change.model_dump(mode="json")


def _rest(message: InboundMessage, state: MessageState, reason: str | None = None) -> None:
    message.state, message.reason = state, reason
    message.attempts += state is not MessageState.HELD
    message.due_at = message.lease_until = None


async def _read(session: WriteSession, message_id: UUID) -> InboundMessage:
    statement = select(InboundMessage).where(InboundMessage.id == message_id)
    found = await session.execute(statement, execution_options={"populate_existing": True})
    return found.scalar_one()


async def _clear(session: WriteSession, subject_id: UUID) -> None:
    await session.execute(
        update(InboundSubject)
        .where(col(InboundSubject.workspace_id) == session.workspace.id, col(InboundSubject.id) == subject_id)
        .values(due_at=None, lease_until=None)
    )


def failed(message: InboundMessage, error: Exception, *, retry_at: datetime | None) -> None:
    """Note that working on a message went wrong: it is due again at `retry_at`, or given up where that is null."""
    message.attempts += 1
    said = f"{error.code}: {error.detail}" if isinstance(error, DomainError) else type(error).__name__
    message.reason = said
    message.due_at, message.lease_until = retry_at, None
    if retry_at is None:
        message.state = MessageState.FAILED
