"""How an erasure goes on after a person was anonymised: first what is linked to them, then place by place."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from api.domain.inbound import ErasureState
from api.models import Erasure
from api.people.finding import name_key
from api.platform.sessions import WorkspaceSession, WriteSession
from api.privacy.blanking import blank
from api.privacy.places import PLACES, Place
from api.privacy.redaction import Redaction
from api.privacy.subject import load_subject
from api.privacy.sweeping import sweep

ROWS_A_BATCH = 500
MOST_BEARERS = 1_000
"""More people whose names have the same words in them: then a mention alone says nothing about who is meant."""

_BEARERS = text("""
    select distinct name_key from people where workspace_id = :w and anonymized_at is null and id <> all(:people)
    and strpos(name_key, :name) > 0 limit :most""")


async def prepare(session: WorkspaceSession, erasure: Erasure) -> Redaction:
    """What an erasure does to rows. A name is left where it is part of the name of somebody else who is known."""
    subject = await load_subject(session, erasure.person_id)
    addresses = [form for form in erasure.needles if "@" in form]
    names = [form for form in erasure.needles if "@" not in form]
    spared: list[str] = []
    for name in sorted({name_key(form) for form in names}):
        bearers = await _bearers(session, name, subject.people)
        if len(bearers) > MOST_BEARERS:
            names = [form for form in names if name_key(form) != name]
        else:
            spared += bearers
    return Redaction.of(subject, [*addresses, *names], spared=spared)


async def _bearers(session: WorkspaceSession, name: str, people: Sequence[UUID]) -> Sequence[str]:
    wanted = {"w": session.workspace.id, "name": name, "people": people, "most": MOST_BEARERS + 1}
    return (await session.execute(_BEARERS, wanted)).scalars().all()


async def advance(session: WriteSession, erasure: Erasure, redaction: Redaction, *, now: datetime) -> None:
    """Do the next batch of the locked erasure, and note how far it has got; complete it after the last."""
    if erasure.table_name is None:
        blanked = await blank(session, redaction.subject, now=now)
        erasure.redacted += blanked
        erasure.table_name = None if blanked else PLACES[0].name
        return
    place = _place(erasure.table_name)
    swept = await sweep(session, place, redaction, after=erasure.after_id, limit=ROWS_A_BATCH, now=now)
    erasure.redacted += swept.changed
    erasure.after_id = None if swept.is_end else swept.last_id
    if swept.is_end:
        following = PLACES[PLACES.index(place) + 1 :]
        if following:
            erasure.table_name = following[0].name
        else:
            _complete(erasure, now=now)


def _place(name: str) -> Place:
    """The place of this name, or the next one where a release has taken it away."""
    return next((place for place in PLACES if place.name >= name), PLACES[-1])


def _complete(erasure: Erasure, *, now: datetime) -> None:
    erasure.state = ErasureState.COMPLETED
    erasure.completed_at = now
    erasure.needles = []
    erasure.table_name = erasure.after_id = erasure.due_at = None
