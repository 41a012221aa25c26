"""What a new application refers to, and what is there already."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from api.applications.bodies import ApplicationCreate
from api.candidates.service import present_candidate_id
from api.domain.referrals import LIVE
from api.domain.vocabulary import ReferralState
from api.models import Application, Referral
from api.platform.references import UnknownReference
from api.platform.sessions import WriteSession

LINKABLE = LIVE | {ReferralState.CONSENT_PENDING, ReferralState.EXPIRED}
"""From these a referral may still come to speak for an application: a late consent revives an expired one."""

_NAMED = text("""
    select p.name as candidate_name, p.merged_into_id, j.title as job_title, r.id as recorded_by
    from candidates c join people p on p.workspace_id = :w and p.id = c.person_id
    left join jobs j on j.workspace_id = :w and j.id = :job_id
    left join people r on r.workspace_id = :w and r.id = :recorded_by
    where c.workspace_id = :w and c.id = :candidate_id for no key update of p""")


class Named(NamedTuple):
    """The candidate whose application it is, and the names that it shows."""

    candidate_id: UUID
    candidate_name: str
    job_title: str


async def lock_named(session: WriteSession, data: ApplicationCreate) -> Named:
    """Candidate and job of the body, with the candidate's person locked; whoever was merged gives way to the other.

    Applications and referrals of a candidate are made under this lock, so that neither misses the other, and neither
    goes to somebody who is being merged. Raises UnknownReference.
    """
    sent = {"candidate_id": data.candidate_id, "job_id": data.job_id, "recorded_by": data.recorded_by}
    row = (await session.execute(_NAMED, {"w": session.workspace.id, **sent})).one_or_none()
    if row is None:
        raise _unknown("candidate_id", "candidate")
    if row.merged_into_id is not None:
        present = await present_candidate_id(session, data.candidate_id)
        return await lock_named(session, data.model_copy(update={"candidate_id": present}))
    if row.job_title is None:
        raise _unknown("job_id", "job")
    if data.recorded_by is not None and row.recorded_by is None:
        raise _unknown("recorded_by", "person")
    return Named(data.candidate_id, row.candidate_name, row.job_title)


def _unknown(member: str, what: str) -> UnknownReference:
    return UnknownReference(f"There is no such {what}.", pointer=f"#/{member}")


async def application_for(session: WriteSession, data: ApplicationCreate) -> Application | None:
    """The application that the candidate has for the job. By a statement of its own, after the lock was granted."""
    statement = select(Application).where(
        col(Application.candidate_id) == data.candidate_id, col(Application.job_id) == data.job_id
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def unlinked_referrals(session: WriteSession, application: Application) -> Sequence[Referral]:
    """Referrals of this candidate for this job that still may count, locked."""
    statement = (
        select(Referral)
        .where(
            col(Referral.candidate_id) == application.candidate_id,
            col(Referral.job_id) == application.job_id,
            col(Referral.application_id).is_(None),
            col(Referral.state).in_(LINKABLE),
        )
        .order_by(col(Referral.id))
        .with_for_update(key_share=True)
    )
    return (await session.execute(statement)).scalars().all()
