"""Stepping on what is owed and proposed: from what is stored to what differs at a moment. Nothing is read or written.

Follow-ups and invitations are records. They are made and ended at the moment at which that is first seen, each once,
and never derived anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from api.domain.facts import ApplicationFacts
from api.domain.follow_up_facts import FollowUpFacts
from api.domain.follow_up_identity import recognise_followed
from api.domain.follow_ups import FollowUp, follow_up_state
from api.domain.following import Course, Followed, follow
from api.domain.history import History
from api.domain.knowledge import known_facts
from api.domain.vocabulary import Waiting
from api.models import Application
from api.support.owed_changes import (
    ChangedFollowUp,
    ChangedInvitation,
    changed_follow_ups,
    changed_invitations,
)
from api.support.owed_documents import Kept, kept_from
from api.support.owed_facts import facts_beside
from api.support.owed_once import each_once, retired
from api.support.queries import Loaded
from api.support.said import Said


@dataclass(frozen=True, slots=True)
class Step:
    """What a moment made of the follow-ups and invitations of one thing, and what of that is to be written."""

    beside: FollowUpFacts
    followed: Followed
    follow_ups: Sequence[ChangedFollowUp]
    invitations: Sequence[ChangedInvitation]
    ids: Mapping[Any, UUID]

    @property
    def course(self) -> Course:
        """Every follow-up and invitation as it is now."""
        return self.followed.course


def step_application(loaded: Loaded, history: History, said: Said, *, at: datetime) -> Step:
    """Judge the moment for an application that was loaded with what is owed; its history is judged at the moment."""
    owed = loaded.document["owed"]
    kept = kept_from(owed, loaded.facts.id)
    beside = facts_beside(loaded.document, loaded.facts, said)
    return step(loaded.facts, beside, kept, at=at, history=history, is_retired=owed["is_merged"])


def step(
    facts: ApplicationFacts,
    beside: FollowUpFacts,
    kept: Kept,
    *,
    at: datetime,
    history: History | None = None,
    is_retired: bool = False,
) -> Step:
    """Judge the moment by these facts, going on from what is kept.

    `history`: that of the facts at the moment, where it has been walked. `is_retired`: another application goes on for
    this one.
    """
    if history is None:
        known = known_facts(facts, as_of=at, known_at=at)
        history = History(known, at, known.policies[-1].policy.zone)
    beside, recognised = recognise_followed(facts.merges, beside, kept.course, known_at=at)
    before = each_once(recognised, kept.course, at)
    followed = follow(history, beside, before, at)
    if is_retired:
        followed = retired(followed, kept.course, at)
    follow_ups = changed_follow_ups(kept, followed.course, at)
    invitations = changed_invitations(kept, followed.course, {each.key for each in beside.invited})
    made = {each.now.key: each.id for each in follow_ups if each.before is None}
    stored = {key: each.id for key, each in kept.follow_ups.items()}
    return Step(beside, followed, follow_ups, invitations, {**stored, **made})


def owed_columns(step: Step, application: Application, *, at: datetime) -> dict[str, Any]:
    """The announced columns of an application about what is owed and whether the candidate waits, by name."""
    follow_ups = step.course.follow_ups
    key = min((key for key, each in follow_ups.items() if each.is_open), key=_pressing(follow_ups, at), default=None)
    following = follow_ups[key] if key else None
    wait = step.followed.wait
    waiting = wait.waiting if wait else Waiting.NONE
    return {
        "waiting": waiting,
        "waiting_since": None if waiting is Waiting.NONE else application.waiting_since or at,
        "waiting_changes_at": wait.next_change_at if wait else None,
        "follow_up_state": follow_up_state(follow_ups.values(), at),
        "next_follow_up_id": step.ids[key] if key else None,
        "next_follow_up_type": following.type if following else None,
        "next_follow_up_owner_id": following.owner_id if following else None,
        "next_follow_up_due_at": following.due_at if following else None,
    }


def _pressing(follow_ups: Mapping[Any, FollowUp], at: datetime) -> Any:
    def rank(key: Any) -> tuple[int, datetime, int, datetime]:
        each = follow_ups[key]
        return -each.owed(at).rank, each.due_at, each.place, each.noticed_at

    return rank


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    """The first of these moments; null where there is none."""
    return min((each for each in moments if each is not None), default=None)
