"""Making and revoking calendars."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from api.calendars import schemas
from api.models import Calendar, Person
from api.people.contact import require_contactable
from api.platform import hook_tokens, rows
from api.platform.hook_tokens import Purpose
from api.platform.references import require_present
from api.platform.revisions import touch
from api.platform.sessions import WriteSession


async def create(session: WriteSession, data: schemas.CalendarCreate, *, now: datetime) -> tuple[Calendar, Person, str]:
    """A new calendar with its owner and its token, which is kept nowhere.

    Raises DoNotContact, PersonAnonymized and UnknownReference.
    """
    found = await require_present(session, Person, data.owner_id, "#/owner_id")
    # Locked against being anonymised meanwhile, which revokes the calendars that it finds.
    owner = await rows.lock(session, Person, found.id)
    await require_contactable(session, owner, "#/owner_id", now=now)
    row = Calendar(owner_id=owner.id, created_at=now, updated_at=now)
    session.add(row)
    await session.flush()
    token = hook_tokens.mint()
    hook_tokens.keep(session, token, purpose=Purpose.CALENDAR, target_id=row.id, now=now)
    return row, owner, token


async def revoke(session: WriteSession, row: Calendar, *, now: datetime) -> None:
    """Let the locked calendar never work again."""
    if row.revoked_at is None:
        await hook_tokens.revoke(session, row.id, now=now)
        row.revoked_at = now
        touch(row, now=now)


async def revoke_all_of(session: WriteSession, person_ids: Collection[UUID], *, now: datetime) -> None:
    """Let no calendar of these people, who are one by merges, work again."""
    working = select(Calendar).where(col(Calendar.owner_id).in_(person_ids), col(Calendar.revoked_at).is_(None))
    for row in (await session.execute(working.order_by(col(Calendar.id)).with_for_update(key_share=True))).scalars():
        await revoke(session, row, now=now)
