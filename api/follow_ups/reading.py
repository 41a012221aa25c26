"""A follow-up as it is answered by itself: with its draft, and with what people did with it."""

import hashlib
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from api.domain.errors import NotFound
from api.domain.vocabulary import FollowUpState, FollowUpVerb
from api.follow_ups import schemas
from api.follow_ups.drafts import draft_of
from api.follow_ups.listing_rows import rendered, selected
from api.models import FollowUp, FollowUpChange
from api.platform.sessions import WorkspaceSession

MOST_CHANGES = 50

_ONE = text(f"""
    select {selected("f", "o", "p")} from follow_ups f
        left join people o on o.workspace_id = :w and o.id = f.owner_id
        left join people p on p.workspace_id = :w and p.id = f.person_id
    where f.workspace_id = :w and f.id = :id""")


async def answer(session: WorkspaceSession, row: FollowUp, *, now: datetime) -> schemas.FollowUp:
    """The follow-up at `now`, as its row was flushed."""
    found = (await session.execute(_ONE, {"w": session.workspace.id, "id": row.id})).mappings().one_or_none()
    if found is None:
        raise NotFound("There is no such follow-up.")
    return schemas.FollowUp(
        **rendered(found),
        allowed_transitions=allowed_verbs(row.state),
        draft=await draft_of(session, row, now=now),
        changes=await _changes(session, row.id),
    )


def allowed_verbs(state: FollowUpState) -> list[str]:
    """The verbs that are possible from a state, in alphabetical order."""
    return sorted(FollowUpVerb) if state is FollowUpState.OPEN else []


def mark(shown: schemas.FollowUp) -> str:
    """For the ETag beside the version: differs where a name or the draft does."""
    texts = [each.model_dump_json() if each else "" for each in (shown.owner, shown.person, shown.draft)]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]


async def _changes(session: WorkspaceSession, follow_up_id: UUID) -> list[schemas.FollowUpChange]:
    latest = (
        select(FollowUpChange)
        .where(FollowUpChange.follow_up_id == follow_up_id)
        .order_by(col(FollowUpChange.recorded_at).desc(), col(FollowUpChange.id).desc())
        .limit(MOST_CHANGES)
    )
    members = schemas.FollowUpChange.model_fields
    found = (await session.execute(latest)).scalars()
    return [schemas.FollowUpChange(**{name: getattr(each, name) for name in members}) for each in found]
