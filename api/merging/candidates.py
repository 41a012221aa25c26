"""What becomes of the applications and referrals of two candidates who are one."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from api.applications.bodies import ApplicationHold
from api.applications.carrying import carry_over
from api.applications.lifecycle import hold
from api.applications.queries import unlinked_referrals
from api.applications.schemas import event_data
from api.applications.telling import say
from api.domain.vocabulary import ApplicationState
from api.external_refs.service import repoint
from api.merging.locks import Pair
from api.models import Application, Candidate, Reason, Referral
from api.platform import ids, outbox
from api.platform.revisions import touch
from api.platform.sessions import WriteSession
from api.referrals.service import link
from api.support.locks import Locked
from api.support.service import announce


async def unite(
    session: WriteSession, pair: Pair, losing: Candidate, winning: Candidate, *, recorded_by: UUID | None
) -> None:
    """Let the one candidate's applications and referrals be the other's; the pair's locks are held.

    Of two applications for one job the first is kept whole and put on hold, and its advocates go on in the second.
    """
    losing.merged_into_id = winning.id
    touch(losing, now=pair.now)
    touch(winning, now=pair.now)
    await repoint(session, "candidate", losing.id, winning.id)
    _say(session, pair, losing, winning, recorded_by)
    there = {each.job_id: each for each in pair.applications if each.candidate_id == winning.id}
    theirs = [each for each in pair.applications if each.candidate_id == losing.id]
    kept = [each for each in theirs if each.job_id in there]
    moved = [each for each in theirs if each.job_id not in there]
    for application in moved:
        _move(session, pair, application, winning)
    await _take_over(session, pair, losing, winning, kept)
    for application in kept:
        await _keep(session, pair, application, there[application.job_id], recorded_by=recorded_by)
    for application in (*there.values(), *moved):
        await _link(session, pair, application)
    for application in moved:
        await announce(session, application, now=pair.now)


def _move(session: WriteSession, pair: Pair, application: Application, winning: Candidate) -> None:
    before = event_data(application)
    application.candidate_id = winning.id
    touch(application, now=pair.now)
    say(session, "application.updated", application, occurred_at=pair.now, now=pair.now, before=before)


async def _take_over(
    session: WriteSession, pair: Pair, losing: Candidate, winning: Candidate, kept: Collection[Application]
) -> None:
    """Let referrals and reasons name the candidate who stays, but for referrals of the applications that are kept."""
    is_kept = col(Referral.application_id).in_([each.id for each in kept]).is_(True)
    referrals = select(Referral).where(Referral.candidate_id == losing.id, ~is_kept).order_by(col(Referral.id))
    locking = referrals.with_for_update(key_share=True)
    for referral in (await session.execute(locking, execution_options={"populate_existing": True})).scalars():
        referral.candidate_id = winning.id
        touch(referral, now=pair.now)
    reasons = update(Reason).where(
        col(Reason.workspace_id) == session.workspace.id, col(Reason.candidate_id) == losing.id
    )
    await session.execute(reasons.values(candidate_id=winning.id))
    await session.flush()


async def _keep(
    session: WriteSession, pair: Pair, application: Application, target: Application, *, recorded_by: UUID | None
) -> None:
    """Keep an application whole beside the one that goes on; what is closed stays so, and gets no other outcome.

    What is owed there for how it stands is owed for the other one alone from now on.
    """
    before = event_data(application)
    application.merged_into_id = target.id
    touch(application, now=pair.now)
    say(session, "application.updated", application, occurred_at=pair.now, now=pair.now, before=before)
    await repoint(session, "application", application.id, target.id)
    await carry_over(session, application, target, pair.advocates, occurred_at=pair.now, now=pair.now)
    if application.state is not ApplicationState.CLOSED:
        body = ApplicationHold.model_construct(recorded_by=recorded_by)
        await hold(session, Locked(application, pair.now), body)
        return
    await session.flush()
    await announce(session, application, now=pair.now)


async def _link(session: WriteSession, pair: Pair, application: Application) -> None:
    """Link what waited for an application that the other candidate had."""
    waiting = await unlinked_referrals(session, application)
    for referral in waiting:
        await link(session, referral, application, now=pair.now)
    if waiting:
        await session.flush()
        await announce(session, application, now=pair.now)


def _say(session: WriteSession, pair: Pair, losing: Candidate, winning: Candidate, recorded_by: UUID | None) -> None:
    outbox.record(
        session,
        "candidate.merged",
        subject=("candidate", losing.id),
        version=losing.version,
        occurred_at=pair.now,
        recorded_at=pair.now,
        data={
            "id": ids.encode("candidate", losing.id),
            "object": "candidate",
            "merged_into": ids.encode("candidate", winning.id),
            "recorded_by": recorded_by and ids.encode("person", recorded_by),
        },
    )
