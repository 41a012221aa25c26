"""What two people who turn out to be one are named by."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from api.platform.sessions import WriteSession

_NAMING = text("""
    select x.application_id as id from advocacies x join advocates r on r.workspace_id = :w and r.id = x.advocate_id
        where x.workspace_id = :w and r.person_id = any(:all)
    union select x.application_id from referrals x join referrers r on r.workspace_id = :w and r.id = x.referrer_id
        where x.workspace_id = :w and r.person_id = any(:all) and x.application_id is not null
    union select x.application_id from referrals x
        where x.workspace_id = :w and x.recorded_by = any(:gone) and x.application_id is not null
    union select a.id from applications a join candidates c on c.workspace_id = :w and c.id = a.candidate_id
        where a.workspace_id = :w and c.person_id = any(:all)
    union select a.id from applications a join job_members m on m.workspace_id = :w and m.job_id = a.job_id
        where a.workspace_id = :w and (m.person_id = any(:gone) or m.recorded_by = any(:gone))
    union select x.application_id from acts x where x.workspace_id = :w and x.recorded_by = any(:gone)
    union select x.application_id from acts x join act_listeners l on l.workspace_id = :w and l.act_id = x.id
        where x.workspace_id = :w and l.person_id = any(:gone)
    union select x.application_id from acts x join act_statements s on s.workspace_id = :w and s.act_id = x.id
        where x.workspace_id = :w and s.person_id = any(:gone)
    union select x.application_id from "references" x where x.workspace_id = :w and x.person_id = any(:all)
    union select x.application_id from interactions x
        where x.workspace_id = :w and x.person_id = any(:gone) and x.application_id is not null
    union select x.application_id from follow_ups x where x.workspace_id = :w
        and (x.person_id = any(:gone) or x.owner_id = any(:gone)) and x.state = 'open' and x.application_id is not null
    union select x.application_id from invitations x where x.workspace_id = :w and x.person_id = any(:gone)
    order by id""")

_SUPPORTED = text("""
    select 'advocacy' as kind, x.id from advocacies x
        join advocates r on r.workspace_id = :w and r.id = x.advocate_id
        join applications a on a.workspace_id = :w and a.id = x.application_id
        join candidates c on c.workspace_id = :w and c.id = a.candidate_id
        where x.workspace_id = :w and r.person_id = any(:people) and c.person_id = any(:people)
    union all select 'referral', x.id from referrals x
        join referrers r on r.workspace_id = :w and r.id = x.referrer_id
        join candidates c on c.workspace_id = :w and c.id = x.candidate_id
        where x.workspace_id = :w and r.person_id = any(:people) and c.person_id = any(:people)
    union all select 'reference', x.id from "references" x
        join applications a on a.workspace_id = :w and a.id = x.application_id
        join candidates c on c.workspace_id = :w and c.id = a.candidate_id
        where x.workspace_id = :w and x.person_id = any(:people) and c.person_id = any(:people)
    limit 1""")


class Supporting(NamedTuple):
    """Something by which one person supports another."""

    kind: str
    id: UUID


async def applications_moved_by(
    session: WriteSession, *, gone: Collection[UUID], staying: Collection[UUID]
) -> list[UUID]:
    """The applications, by id, whose derivation may differ once the people who go by `gone` go by `staying`.

    Those in which anything names the first, and those that lean on what is recorded of the second from a day on.
    """
    people = {"gone": list(gone), "all": [*gone, *staying]}
    found = await session.execute(_NAMING, {"w": session.workspace.id, **people})
    return [row.id for row in found]


async def support_among(session: WriteSession, people: Collection[UUID]) -> Supporting | None:
    """An advocacy, referral or reference by which one of these people supports another of them, if there is one."""
    found = await session.execute(_SUPPORTED, {"w": session.workspace.id, "people": list(people)})
    row = found.first()
    return None if row is None else Supporting(row.kind, row.id)
