"""Announcing what hangs on an application: states and other derived members of advocacies, referrals, references."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from api.domain.derived import DerivedReferral, Support
from api.domain.vocabulary import ReferralState
from api.models import (
    Advocacy,
    AdvocacyTransition,
    Application,
    Reference,
    ReferenceTransition,
    Referral,
    ReferralTransition,
)
from api.models.base import Versioned, WorkspaceOwned
from api.platform import ids, outbox
from api.platform.sessions import WriteSession
from api.support.queries import Loaded


@dataclass(frozen=True, slots=True)
class Kind:
    """What is announced of one kind of thing: its derived members, and the event of each besides `state`."""

    name: str
    documents: str
    model: type[Versioned]
    transition: type[Any]
    members: tuple[str, ...]
    links: tuple[str, ...]
    changes: Mapping[str, str] = field(default_factory=dict)


ADVOCACY = Kind(
    name="advocacy",
    documents="advocacies",
    model=Advocacy,
    transition=AdvocacyTransition,
    members=("state", "championing", "follow_through", "is_volunteered"),
    links=("application_id", "advocate_id"),
    changes={"follow_through": "advocacy.follow_through.changed"},
)
REFERRAL = Kind(
    name="referral",
    documents="referrals",
    model=Referral,
    transition=ReferralTransition,
    members=("state", "after_application", "is_job_member", "credit_position"),
    links=("application_id", "candidate_id", "job_id", "referrer_id"),
    changes={"credit_position": "referral.credit.changed"},
)
REFERENCE = Kind(
    name="reference",
    documents="references",
    model=Reference,
    transition=ReferenceTransition,
    members=("state",),
    links=("application_id", "person_id"),
)


async def dependents(
    session: WriteSession, loaded: Loaded, support: Support, *, occurred_at: datetime, now: datetime
) -> list[WorkspaceOwned]:
    """Bring the announced members of whatever hangs on the application up to date, with events.

    Answers the transitions, which are still to be written.
    """
    found = [
        await _announce(session, kind, each.id, each, occurred_at=occurred_at, now=now)
        for kind, each in differing(loaded, support)
    ]
    return [transition for transition in found if transition is not None]


def differing(loaded: Loaded, support: Support) -> Iterator[tuple[Kind, Any]]:
    """What hangs on the application whose announced members differ from what is derived."""
    for kind in (ADVOCACY, REFERRAL, REFERENCE):
        stored = {document["id"]: document["announced"] for document in loaded.document[kind.documents]}
        for each in getattr(support, kind.documents):
            if any(getattr(each, member) != stored[str(each.id)][member] for member in kind.members):
                yield kind, each


async def referral_alone(
    session: WriteSession, row: Referral, derived: DerivedReferral, *, occurred_at: datetime, now: datetime
) -> None:
    """The same for a referral that is linked to no application, with its transition."""
    transition = await _announce(session, REFERRAL, row.id, derived, occurred_at=occurred_at, now=now)
    if transition is not None:
        session.add(transition)


async def _announce(
    session: WriteSession, kind: Kind, row_id: UUID, derived: Any, *, occurred_at: datetime, now: datetime
) -> WorkspaceOwned | None:
    row: Any = await session.get_one(kind.model, (session.workspace.id, row_id))
    former = {name: getattr(row, name) for name in kind.members if getattr(row, name) != getattr(derived, name)}
    for name in former:
        setattr(row, name, getattr(derived, name))
    if not former:
        return None
    row.version += 1
    row.updated_at = now
    transition: WorkspaceOwned | None = None
    types = [event_type for member, event_type in kind.changes.items() if member in former]
    if "state" in former:
        moved: dict[str, Any] = {f"{kind.name}_id": row.id, "from_state": former["state"], "to_state": row.state}
        transition = kind.transition(**moved, occurred_at=occurred_at, recorded_at=now)
        types.insert(0, _state_event(kind, former["state"], row.state))
    for event_type in types:
        _record(session, kind, row, event_type, former, occurred_at=occurred_at, now=now)
    return transition


def _state_event(kind: Kind, former: str, state: str) -> str:
    if kind is REFERRAL and former == ReferralState.CLOSED:
        return "referral.reopened"
    return f"{kind.name}.{state}"


def _record(
    session: WriteSession,
    kind: Kind,
    row: Any,
    event_type: str,
    former: Mapping[str, Any],
    *,
    occurred_at: datetime,
    now: datetime,
) -> None:
    links = {name: _public(name, getattr(row, name)) for name in kind.links}
    members = {name: getattr(row, name) for name in kind.members}
    outbox.record(
        session,
        event_type,
        subject=(kind.name, row.id),
        version=row.version,
        application_id=row.application_id,
        occurred_at=occurred_at,
        recorded_at=now,
        data={"id": ids.encode(kind.name, row.id), "object": kind.name, **links, **members},
        previous=dict(former),
    )


def _public(name: str, value: UUID | None) -> str | None:
    return None if value is None else ids.encode(name.removesuffix("_id"), value)


def hold_ended(session: WriteSession, application: Application, *, occurred_at: datetime, now: datetime) -> None:
    """Say that a hold ended by its date."""
    application_id = ids.encode("application", application.id)
    outbox.record(
        session,
        "application.resumed",
        subject=("application", application.id),
        version=application.version,
        application_id=application.id,
        occurred_at=occurred_at,
        recorded_at=now,
        data={"id": application_id, "object": "application", "state": application.state, "stage": application.stage},
        previous={"state": "on_hold"},
    )
