"""By when people are to be told that data about them is kept, where somebody else gave it."""

from calendar import monthrange
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from api.platform.sessions import WriteSession

_OWE = text("""
    update people set notice_due_at = :due_at
    where workspace_id = :w and id = :id
        and notice_due_at is null and anonymized_at is null and merged_into_id is null""")


def one_month_after(moment: datetime) -> datetime:
    """The same day of the next month, or that month's last day where it is shorter."""
    year, month = (moment.year, moment.month + 1) if moment.month < 12 else (moment.year + 1, 1)
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


async def owe_notice(session: WriteSession, person_id: UUID, *, now: datetime) -> None:
    """Note that somebody else has told us of this person, from which a month runs; only the first time counts.

    To be called before an application is locked: the first time it locks the person.
    """
    await session.execute(_OWE, {"w": session.workspace.id, "id": person_id, "due_at": one_month_after(now)})
