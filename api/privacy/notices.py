"""Recording that a person was told what is kept about them."""

from datetime import datetime

from api.models import Person
from api.platform import outbox
from api.platform.ids import encode
from api.platform.moments import occurred
from api.platform.revisions import touch
from api.platform.sessions import WriteSession
from api.privacy import audit, schemas


async def record_notice(
    session: WriteSession, person: Person, data: schemas.PersonRecordNotice, *, now: datetime
) -> None:
    """Record it of the locked person, once; raises InTheFuture."""
    given_at = occurred(data.given_at, now, "#/given_at")
    if person.notice_given_at is not None:
        return
    person.notice_given_at = given_at
    touch(person, now=now)
    audit.record(session, person.id, audit.NOTICE_GIVEN, now=now, recorded_by=data.recorded_by)
    due_at = person.notice_due_at
    outbox.record(
        session,
        "person.notice.recorded",
        subject=("person", person.id),
        version=person.version,
        occurred_at=given_at,
        recorded_at=now,
        data={
            "id": encode("person", person.id),
            "object": "person",
            "notice_due_at": None if due_at is None else outbox.moment(due_at),
            "notice_given_at": outbox.moment(given_at),
        },
    )
    await session.flush()
