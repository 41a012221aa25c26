"""What is said about taking part, and what is known about an advocacy."""

from datetime import date, datetime

from api.advocacies import schemas
from api.advocacies.verbs import check_allowed
from api.domain.errors import Unprocessable
from api.domain.support import derive_support
from api.domain.vocabulary import AdvocacyState, AdvocacyWord
from api.models import (
    Advocacy,
    AdvocacyStatement,
    Application,
    Person,
)
from api.platform import outbox
from api.platform.moments import occurred
from api.platform.references import require
from api.platform.revisions import revise
from api.platform.sessions import WriteSession
from api.support.queries import load_facts
from api.support.service import announce


def update_advocacy(session: WriteSession, row: Advocacy, data: schemas.AdvocacyUpdate, *, now: datetime) -> None:
    """Change what is known about an advocacy; nothing derived reads it but the interest shown beside the advocate."""
    changes = data.changes()
    span = {name: changes.get(name, getattr(row, name)) for name in ("worked_from", "worked_until")}
    check_span(**span)
    previous = revise(row, changes, now=now)
    if previous:
        record(session, "advocacy.updated", row, occurred_at=now, now=now, previous=previous)


async def say(
    session: WriteSession,
    application: Application,
    row: Advocacy,
    word: AdvocacyWord,
    data: schemas.AdvocacyStep,
    *,
    now: datetime,
) -> None:
    """Record a word about taking part, judged by the state of its own moment.

    Writes nothing where that state is the wanted one already. Raises InvalidStateTransition, InTheFuture and
    UnknownReference.
    """
    occurred_at = occurred(data.occurred_at, now, "#/occurred_at")
    if data.recorded_by is not None:
        await require(session, Person, data.recorded_by, "#/recorded_by")
    state = row.state if occurred_at == now else await _state_at(session, row, occurred_at, now=now)
    if state == word.value:
        return
    check_allowed(state, word)
    statement = AdvocacyStatement(
        advocacy_id=row.id,
        word=word,
        occurred_at=occurred_at,
        recorded_at=now,
        recorded_by=data.recorded_by,
        reason=data.reason if isinstance(data, schemas.AdvocacyEnd) else None,
    )
    session.add(statement)
    await session.flush()
    await announce(session, application, now=now)
    event_type = f"advocacy.{word}"
    if not outbox.date_back(session, event_type, row.id, occurred_at):
        # A word of the past that moves nothing by now is told all the same.
        record(session, event_type, row, occurred_at=occurred_at, now=now)


async def _state_at(session: WriteSession, row: Advocacy, moment: datetime, *, now: datetime) -> AdvocacyState | None:
    """The state at an earlier moment by all that is known now; null before anything was said or done."""
    facts = (await load_facts(session, [row.application_id]))[row.application_id]
    support = derive_support(facts, as_of=moment, known_at=now)
    return next((each.state for each in support.advocacies if each.id == row.id), None)


def check_span(worked_from: date | None, worked_until: date | None) -> None:
    """Refuse an end of working together before its start."""
    if worked_from is not None and worked_until is not None and worked_until < worked_from:
        raise Unprocessable("'worked_until' must not be before 'worked_from'.", pointer="#/worked_until")


def record(
    session: WriteSession,
    event_type: str,
    row: Advocacy,
    *,
    occurred_at: datetime,
    now: datetime,
    previous: dict[str, object] | None = None,
) -> None:
    """Record an event about an advocacy."""
    outbox.record(
        session,
        event_type,
        subject=("advocacy", row.id),
        version=row.version,
        application_id=row.application_id,
        occurred_at=occurred_at,
        recorded_at=now,
        data=schemas.event_data(row),
        previous=previous,
    )
