"""Considering a candidate for another job as well: not for this team, but for that one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.applications.bodies import ApplicationCreate, ApplicationTransfer
from api.applications.carrying import carry_over, lock_advocates
from api.applications.queries import Named, lock_named
from api.applications.service import create_application
from api.domain.vocabulary import Stage
from api.models import Application, Person
from api.platform import ids, outbox, rows
from api.platform.sessions import WriteSession
from api.support.locks import Locked, lock_application


@dataclass(frozen=True, slots=True)
class Transfer:
    """An application under its lock, with what is locked to make another of it: the candidate, and the advocates."""

    locked: Locked
    named: Named
    body: ApplicationCreate
    advocates: Mapping[UUID, Person]


async def lock_for_transfer(session: WriteSession, application_id: UUID, data: ApplicationTransfer) -> Transfer:
    """Lock people first and then the application. Raises NotFound and UnknownReference."""
    application = await rows.find(session, Application, application_id)
    body = _body(application, data)
    named = await lock_named(session, body)
    advocates = await lock_advocates(session, [application_id])
    return Transfer(await lock_application(session, application_id), named, body, advocates)


def _body(source: Application, data: ApplicationTransfer) -> ApplicationCreate:
    """The application for the other job, as a caller would ask for it."""
    return ApplicationCreate.model_construct(
        candidate_id=source.candidate_id,
        job_id=data.job_id,
        origin=source.origin,
        stage=Stage.IDENTIFIED,
        occurred_at=data.occurred_at,
        recorded_by=data.recorded_by,
        source=data.source,
    )


async def transfer(session: WriteSession, held: Transfer) -> Application:
    """Make the application for the other job, in stage `identified`, and carry the advocacies over as agreed.

    The first application stays as it is. Raises ApplicationExists, InTheFuture and TooLongAgo.
    """
    source, now = held.locked.application, held.locked.now
    made = await create_application(session, held.named, held.body, now=now, transferred_from_id=source.id)
    moment = held.body.occurred_at or now
    await carry_over(session, source, made, held.advocates, occurred_at=moment, now=now)
    _say(session, source, made, occurred_at=moment, now=now)
    return made


def _say(
    session: WriteSession, source: Application, made: Application, *, occurred_at: datetime, now: datetime
) -> None:
    outbox.record(
        session,
        "application.transferred",
        subject=("application", source.id),
        version=source.version,
        application_id=source.id,
        occurred_at=occurred_at,
        recorded_at=now,
        data={
            "id": ids.encode("application", source.id),
            "object": "application",
            "transferred_to": ids.encode("application", made.id),
            "job_id": ids.encode("job", made.job_id),
        },
    )
