"""Follow-ups and invitations as they are stored, read as the rules know them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

import orjson

from api.domain.follow_up_documents import follow_up_type_from, invitation_type_from
from api.domain.follow_up_facts import About, FollowUpKey
from api.domain.follow_up_memory import Memory
from api.domain.follow_up_types import FollowUpType, InvitationType, ThingKind, Trigger
from api.domain.follow_ups import FollowUp
from api.domain.following import Course
from api.domain.invitations import Invitation
from api.domain.vocabulary import FollowUpState, InvitationState, Owed
from api.models import FollowUp as FollowUpRow
from api.models import Invitation as InvitationRow
from api.support.values import Document, day, moment, moment_or_none, uuid

RULES_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of a follow-up or an invitation beside what the rules know; `standing` was last announced."""

    id: UUID
    version: int
    standing: Owed = Owed.NONE


@dataclass(frozen=True, slots=True)
class Kept:
    """A course as it is stored, of an application or of what is linked to none; rows by the keys they were made by."""

    course: Course
    follow_ups: Mapping[FollowUpKey, Stored]
    invitations: Mapping[FollowUpKey, Stored]


def kept_from(document: Document, application_id: UUID) -> Kept:
    """What one document tells, the earliest first."""
    follow_ups = {each.key: (each, stored) for each, stored in _follow_ups(document, application_id)}
    invitations = {each.key: (each, stored) for each, stored in _invitations(document, application_id)}
    course = Course(
        follow_ups={key: each for key, (each, _) in follow_ups.items()},
        invitations={key: each for key, (each, _) in invitations.items()},
        memory=Memory.from_document(document["memory"]),
    )
    return Kept(
        course,
        {key: stored for key, (_, stored) in follow_ups.items()},
        {key: stored for key, (_, stored) in invitations.items()},
    )


def key_of(row: FollowUpRow | InvitationRow) -> FollowUpKey:
    """The key by which a word names the row."""
    return FollowUpKey(row.type, row.trigger_id, row.person_id, row.since)


def _key(document: Document) -> FollowUpKey:
    person_id, since = uuid(document["person_id"]), moment_or_none(document["since"])
    return FollowUpKey(document["type"], UUID(document["trigger_id"]), person_id, since)


def _follow_ups(document: Document, application_id: UUID) -> list[tuple[FollowUp, Stored]]:
    read = [(_follow_up(each, application_id), _stored(each, each["standing"])) for each in document["follow_ups"]]
    return sorted(read, key=lambda pair: (pair[0].noticed_at, pair[1].id.int))


def _invitations(document: Document, application_id: UUID) -> list[tuple[Invitation, Stored]]:
    read = [(_invitation(each, application_id), _stored(each, Owed.NONE)) for each in document["invitations"]]
    return sorted(read, key=lambda pair: (pair[0].invited_at, pair[1].id.int))


def _stored(document: Document, standing: str) -> Stored:
    return Stored(UUID(document["id"]), document["version"], Owed(standing))


def _follow_up(document: Document, application_id: UUID) -> FollowUp:
    closed_by_kind = document["closed_by_kind"]
    about = About(
        **{name: uuid(document[name]) for name in _ABOUT}, named=frozenset(UUID(each) for each in document["named"])
    )
    return FollowUp(
        key=_key(document),
        rule=_follow_up_rule(orjson.dumps(document["rule"])),
        place=document["place"],
        trigger=Trigger(document["trigger"]),
        application_id=application_id,
        about=about,
        owner_id=uuid(document["owner_id"]),
        audience=tuple(UUID(each) for each in document["audience"]),
        triggered_at=moment(document["triggered_at"]),
        noticed_at=moment(document["noticed_at"]),
        due_on=date.fromisoformat(document["due_on"]),
        due_at=moment(document["due_at"]),
        overdue_at=moment(document["overdue_at"]),
        present_until=day(document["present_until"]),
        escalates_on=day(document["escalates_on"]),
        escalates_at=moment_or_none(document["escalates_at"]),
        snoozed_until=moment_or_none(document["snoozed_until"]),
        state=FollowUpState(document["state"]),
        closed_by=uuid(document["closed_by"]),
        closed_by_kind=ThingKind(closed_by_kind) if closed_by_kind else None,
        closed_at=moment_or_none(document["closed_at"]),
        **{name: document[name] for name in ("is_assigned", "escalated", "ended_by_outcome", "is_next")},
    )


_ABOUT = ("person_id", "referral_id", "capture_id", "advocacy_id", "act_id", "ask_id")


def _invitation(document: Document, application_id: UUID) -> Invitation:
    ended_by_kind = document["ended_by_kind"]
    told = {name: uuid(document[name]) for name in _ABOUT if name != "capture_id"}
    return Invitation(
        key=_key(document),
        rule=_invitation_rule(orjson.dumps(document["rule"])),
        application_id=application_id,
        asker_id=uuid(document["asker_id"]),
        person_id=UUID(document["person_id"]),
        about=About(**told, named=frozenset(UUID(each) for each in document["named"])),
        absence_id=uuid(document["absence_id"]),
        invited_at=moment(document["invited_at"]),
        expires_at=moment(document["expires_at"]),
        state=InvitationState(document["state"]),
        ended_by=uuid(document["ended_by"]),
        ended_by_kind=ThingKind(ended_by_kind) if ended_by_kind else None,
        ended_at=moment_or_none(document["ended_at"]),
        is_unanswered=document["is_unanswered"],
    )


@lru_cache(maxsize=RULES_REMEMBERED)
def _follow_up_rule(stored: bytes) -> FollowUpType:
    return follow_up_type_from(orjson.loads(stored))


@lru_cache(maxsize=RULES_REMEMBERED)
def _invitation_rule(stored: bytes) -> InvitationType:
    return invitation_type_from(orjson.loads(stored))
