"""What an answer about referrals needs beside their rows, and what a new one refers to."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from api.candidates.service import present_candidate_id
from api.domain.facts import PolicyVersion
from api.domain.referrals import LIVE, ReferralStatus
from api.domain.vocabulary import Consent, ReferralState
from api.models import Person, Referral, ReferralReason
from api.owed.queries import owed_to
from api.owed.schemas import Owing
from api.people.finding import present
from api.platform.references import UnknownReference
from api.platform.rows import find
from api.platform.sessions import WorkspaceSession, WriteSession
from api.referrals import bodies, schemas
from api.referrals.verbs import allowed_verbs
from api.support.statement import POLICIES
from api.support.versions import complete, latest, remembered

STANDING = LIVE | {ReferralState.CONSENT_PENDING}
"""The states of a referral in which the same referrer need not make it again."""

_BESIDE = text("""
    select r.id, cn.name as candidate_name, rn.name as referrer_name, exists (
        select 1 from referral_transitions t where t.workspace_id = :w and t.referral_id = r.id
        and t.from_state = 'consent_pending' and t.to_state = 'expired') as expired_waiting
    from referrals r
    join candidates c on c.workspace_id = :w and c.id = r.candidate_id
    join people cn on cn.workspace_id = :w and cn.id = c.person_id
    join referrers f on f.workspace_id = :w and f.id = r.referrer_id
    join people rn on rn.workspace_id = :w and rn.id = f.person_id
    where r.workspace_id = :w and r.id = any(:ids)""")

_NAMED = text(f"""
    select ({POLICIES}) as policies, cn.id as candidate_person_id, cn.name as candidate_name, cn.merged_into_id,
        rn.id as referrer_person_id, rn.name as referrer_name, rn.merged_into_id as referrer_is, j.id as job_id,
        p.id as recorded_by, cn.notice_due_at is not null as is_owed_notice
    from candidates c join people cn on cn.workspace_id = :w and cn.id = c.person_id
    left join referrers f on f.workspace_id = :w and f.id = :referrer_id
    left join people rn on rn.workspace_id = :w and rn.id = f.person_id
    left join jobs j on j.workspace_id = :w and j.id = :job_id
    left join people p on p.workspace_id = :w and p.id = :recorded_by
    where c.workspace_id = :w and c.id = :candidate_id for no key update of cn""")


class Beside(NamedTuple):
    """The names and reasons of a referral, whether it once expired for want of consent, and what is owed there."""

    candidate_name: str
    referrer_name: str
    expired_waiting: bool
    reasons: Sequence[ReferralReason]
    owing: Owing


class Named(NamedTuple):
    """The candidate meant, the people behind them and the referrer, and the workspace's policies.

    `is_owed_notice` says that it is noted already by when the candidate is to be told that they are known here.
    """

    candidate_id: UUID
    candidate_person_id: UUID
    candidate_name: str
    referrer_person_id: UUID
    referrer_name: str
    policies: Sequence[PolicyVersion]
    is_owed_notice: bool


async def answers(session: WorkspaceSession, rows: Sequence[Referral]) -> list[schemas.Referral]:
    """Referrals as they are answered; three statements however many they are."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    reasons: dict[UUID, list[ReferralReason]] = defaultdict(list)
    for reason in (await session.execute(reasons_of(*ids))).scalars():
        reasons[reason.referral_id].append(reason)
    owed = await owed_to(session, ids)
    found = await session.execute(_BESIDE, {"w": session.workspace.id, "ids": ids})
    beside = {
        each.id: Beside(each.candidate_name, each.referrer_name, each.expired_waiting, reasons[each.id], owed[each.id])
        for each in found
    }
    return [answer(row, beside[row.id]) for row in rows]


def reasons_of(*referral_ids: UUID) -> SelectOfScalar[ReferralReason]:
    """The reasons given with these referrals, in their order."""
    given = select(ReferralReason).where(col(ReferralReason.referral_id).in_(referral_ids))
    return given.order_by(col(ReferralReason.position))


def answer(row: Referral, beside: Beside) -> schemas.Referral:
    """One referral as it is answered."""
    lacked_consent = beside.expired_waiting and row.consent is not Consent.GIVEN
    status = ReferralStatus(row.state, row.application_id is not None, lacked_consent)
    return schemas.Referral(
        **schemas.ReferralShown.members_of(row),
        candidate=schemas.ReferredCandidate(id=row.candidate_id, name=beside.candidate_name),
        referrer=schemas.NamedReferrer(id=row.referrer_id, name=beside.referrer_name),
        reasons=[schemas.ReferralReason.of(each) for each in beside.reasons],
        source=row.source,
        **beside.owing.members,
        allowed_transitions=allowed_verbs(status, row.consent),
        metadata=row.labels,
    )


async def lock_named(session: WriteSession, data: bodies.ReferralCreate) -> Named:
    """Everybody and everything the body names, with the candidate's person locked; whoever was merged gives way.

    The lock is the one under which applications of the candidate are made, so neither misses the other. Raises
    UnknownReference.
    """
    sent = {name: getattr(data, name) for name in ("candidate_id", "referrer_id", "job_id", "recorded_by")}
    known = remembered(session)
    wanted = {"w": session.workspace.id, "known": latest(known), **sent}
    row = (await session.execute(_NAMED, wanted)).one_or_none()
    if row is None:
        raise unknown("candidate_id", "candidate")
    if row.merged_into_id is not None:
        candidate_id = await present_candidate_id(session, data.candidate_id)
        return await lock_named(session, data.model_copy(update={"candidate_id": candidate_id}))
    if row.referrer_person_id is None:
        raise unknown("referrer_id", "referrer")
    if data.job_id is not None and row.job_id is None:
        raise unknown("job_id", "job")
    if data.recorded_by is not None and row.recorded_by is None:
        raise unknown("recorded_by", "person")
    policies = complete(session, known, row.policies)
    referrer_person_id = row.referrer_person_id
    if row.referrer_is is not None:
        referrer_person_id = (await present(session, await find(session, Person, row.referrer_is))).id
    people = row.candidate_person_id, row.candidate_name, referrer_person_id, row.referrer_name
    return Named(data.candidate_id, *people, policies, row.is_owed_notice)


def unknown(member: str, what: str) -> UnknownReference:
    """The refusal of an id that names nothing in this workspace."""
    return UnknownReference(f"There is no such {what}.", pointer=f"#/{member}")


def earlier_ones(row: Referral) -> SelectOfScalar[Referral]:
    """What the same referrer has made for the same candidate and job and was last announced as waiting or live."""
    return select(Referral).where(
        Referral.referrer_id == row.referrer_id,
        Referral.candidate_id == row.candidate_id,
        col(Referral.job_id).is_not_distinct_from(row.job_id),
        col(Referral.state).in_(STANDING),
    )
