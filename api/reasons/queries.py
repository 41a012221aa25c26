"""Reading reasons with what their answers need beside them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import distinct, func
from sqlmodel import col, select

from api.domain.errors import NotFound
from api.models import Application, Reason, Requirement
from api.platform.sessions import WorkspaceSession
from api.reasons import schemas
from api.reasons.service import Found
from api.support.queries import current_policy


async def find(session: WorkspaceSession, reason_id: UUID) -> Found:
    """A reason by its id, with its requirement. Raises NotFound."""
    rows = (await session.execute(select(Reason).where(col(Reason.id) == reason_id))).scalars().all()
    if not rows:
        raise NotFound("There is no such reason.")
    (found,) = await with_requirements(session, rows)
    return found


async def with_requirements(session: WorkspaceSession, reasons: Sequence[Reason]) -> list[Found]:
    """The same reasons, each with its requirement."""
    wanted = {reason.requirement_id for reason in reasons}
    rows = await session.execute(select(Requirement).where(col(Requirement.id).in_(wanted)))
    requirements = {row.id: row for row in rows.scalars()}
    return [Found(reason, requirements[reason.requirement_id], is_new=False) for reason in reasons]


async def answers(session: WorkspaceSession, application: Application, found: Sequence[Found]) -> list[schemas.Reason]:
    """Reasons of one application as they are answered, warnings included; two statements however many they are."""
    if not found:
        return []
    copied = await copied_claims(session, application.candidate_id, {each.reason.claim_hash for each in found})
    return [
        schemas.Reason.of(
            each.reason,
            each.requirement,
            candidate_name=application.candidate_name,
            is_copied=each.reason.claim_hash in copied,
        )
        for each in found
    ]


async def copied_claims(session: WorkspaceSession, candidate_id: UUID, hashes: Collection[bytes]) -> set[bytes]:
    """Those of the claims that are made for the candidate on more jobs than the policy lets pass without a warning."""
    policy = await current_policy(session)
    jobs = func.count(distinct(col(Application.job_id)))
    statement = (
        select(Reason.claim_hash)
        .join(Application, col(Application.id) == col(Reason.application_id))
        .where(col(Reason.candidate_id) == candidate_id, col(Reason.claim_hash).in_(hashes))
        .group_by(col(Reason.claim_hash))
        .having(jobs > policy.reason_copies_warn)
    )
    return set((await session.execute(statement)).scalars())
