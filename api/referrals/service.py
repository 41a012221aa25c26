"""What is said about referrals after they were made, and linking them to applications."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import select

from api.domain.errors import Conflict, Unprocessable
from api.domain.vocabulary import ReferralWord
from api.models import Application, Person, Referral, ReferralReason, ReferralStatement, StageChange
from api.platform import ids, outbox
from api.platform.moments import occurred
from api.platform.references import require
from api.platform.revisions import touch
from api.platform.sessions import WriteSession
from api.reasons.service import Stated, find_or_make
from api.referrals import bodies, queries, schemas
from api.referrals.announcing import settle
from api.referrals.places import LockedReferral
from api.referrals.standing import standing
from api.referrals.verbs import CONSENTS, EVENTS, check_allowed, is_reached
from api.support.alone import bring_along, catch_up_alone


class AlreadyLinked(Conflict):
    """The referral is linked to another application already, and stays so; `application_id` names it."""

    code = "already_linked"
    title = "The referral is linked already"


class ApplicationDoesNotFit(Unprocessable):
    """The application is another candidate's, or for another job than the referral."""

    code = "application_mismatch"
    title = "The application does not fit the referral"


async def say(session: WriteSession, locked: LockedReferral, word: ReferralWord, data: bodies.ReferralSaid) -> None:
    """Record a word about a referral, judged by the state of its own moment, and announce what it makes of it.

    Writes nothing where the word's end is reached already. Raises InvalidStateTransition, InTheFuture, Unprocessable
    for a moment before the referral, and UnknownReference.
    """
    row, now = locked.row, locked.now
    moment = occurred(data.occurred_at, now, "#/occurred_at")
    await _check_recorder(session, data)
    if is_reached(row.state, row.consent, word):
        return
    check_allowed(await standing(session, row, moment, now=now), word, row.consent)
    reason = data.reason if isinstance(data, bodies.ReferralSaidWhy) else None
    session.add(_statement(row, word, moment, now=now, recorded_by=data.recorded_by, reason=reason))
    if word in CONSENTS:
        row.consent, row.consent_at = CONSENTS[word], moment
        touch(row, now=now)
        record(session, "referral.consent.recorded", row, occurred_at=moment, now=now)
    await session.flush()
    await settle(session, row, locked.application, now=now)
    event_type = EVENTS.get(word)
    if event_type is not None and not outbox.date_back(session, event_type, row.id, moment):
        # A word of the past that moves nothing by now is told all the same.
        record(session, event_type, row, occurred_at=moment, now=now)


async def link_to(session: WriteSession, locked: LockedReferral, data: bodies.ReferralLink) -> None:
    """Link a referral to an application of the same candidate, and announce both.

    Writes nothing where it is linked to that one already. Raises AlreadyLinked, ApplicationDoesNotFit, InTheFuture,
    Unprocessable for a moment before the referral, and UnknownReference.
    """
    row, application, now = locked.row, locked.application, locked.now
    if row.application_id == data.application_id or application is None:
        return
    if row.application_id is not None:
        linked_to = ids.encode("application", row.application_id)
        raise AlreadyLinked("The referral is linked to another application already.", application_id=linked_to)
    check_fits(application, row.candidate_id, row.job_id)
    moment = occurred(data.occurred_at, now, "#/occurred_at")
    if moment < row.submitted_at:
        raise Unprocessable("A referral is linked after it was submitted.", pointer="#/occurred_at")
    await _check_recorder(session, data)
    reasons = (await session.execute(queries.reasons_of(row.id))).scalars().all()
    touch(row, now=now)
    await link_at(session, row, application, reasons, moment=moment, now=now, recorded_by=data.recorded_by)
    await bring_along(session, row, former_id=None, now=now)
    await session.flush()
    await settle(session, row, application, now=now)


def check_fits(application: Application, candidate_id: UUID, job_id: UUID | None) -> None:
    """Refuse an application that a referral of this candidate, for this job or for none, cannot be linked to."""
    if candidate_id != application.candidate_id:
        raise ApplicationDoesNotFit("That application is another candidate's.", pointer="#/application_id")
    if job_id is not None and job_id != application.job_id:
        raise ApplicationDoesNotFit("That application is for another job.", pointer="#/application_id")


async def link(session: WriteSession, referral: Referral, application: Application, *, now: datetime) -> None:
    """Link a referral to the application of its candidate and job, from the moment at which both were there.

    The caller holds the locks of both, and flushes and announces afterwards.
    """
    await catch_up_alone(session, referral, now=now)
    first = select(func.min(StageChange.occurred_at)).where(StageChange.application_id == application.id)
    started_at = (await session.execute(first.where(StageChange.workspace_id == session.workspace.id))).scalar_one()
    reasons = (await session.execute(queries.reasons_of(referral.id))).scalars().all()
    moment = max(referral.submitted_at, started_at)
    touch(referral, now=now)
    await link_at(session, referral, application, reasons, moment=moment, now=now)
    await bring_along(session, referral, former_id=None, now=now)


async def link_at(
    session: WriteSession,
    row: Referral,
    application: Application,
    reasons: Sequence[ReferralReason],
    *,
    moment: datetime,
    now: datetime,
    recorded_by: UUID | None = None,
) -> None:
    """Link a referral from `moment` on; its reasons become reasons of the application."""
    row.application_id, row.application_created_at = application.id, application.created_at
    row.recheck_at = row.lease_until = None
    stated = [Stated(each.requirement, each.claim, pointer=f"#/reasons/{each.position}") for each in reasons]
    for each, found in zip(reasons, await find_or_make(session, application, stated, now=now), strict=True):
        each.reason_id = found.reason.id
    session.add(_statement(row, ReferralWord.LINKED, moment, now=now, recorded_by=recorded_by))
    record(session, "referral.linked", row, occurred_at=moment, now=now)


def record(session: WriteSession, event_type: str, row: Referral, *, occurred_at: datetime, now: datetime) -> None:
    """Record an event about a referral."""
    outbox.record(
        session,
        event_type,
        subject=("referral", row.id),
        version=row.version,
        application_id=row.application_id,
        occurred_at=occurred_at,
        recorded_at=now,
        data=schemas.event_data(row),
    )


def _statement(
    row: Referral,
    word: ReferralWord,
    moment: datetime,
    *,
    now: datetime,
    recorded_by: UUID | None,
    reason: str | None = None,
) -> ReferralStatement:
    return ReferralStatement(
        referral_id=row.id, word=word, reason=reason, occurred_at=moment, recorded_at=now, recorded_by=recorded_by
    )


async def _check_recorder(session: WriteSession, data: bodies.ReferralSaid) -> None:
    if data.recorded_by is not None:
        await require(session, Person, data.recorded_by, "#/recorded_by")
