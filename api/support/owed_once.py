"""Where two records turned out to be one, in people or in applications, what is owed goes on once."""

from collections.abc import Collection, Hashable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from api.domain.follow_up_facts import FollowUpKey
from api.domain.follow_up_types import Trigger
from api.domain.follow_ups import FollowUp, mark_next
from api.domain.following import Course, Followed
from api.domain.invitations import Invitation
from api.domain.vocabulary import FollowUpState, InvitationState

_OF_THE_PRESENT = frozenset(
    {
        Trigger.SUPPORTER_QUIET,
        Trigger.AT_RISK,
        Trigger.ACT_UNCONFIRMED,
        Trigger.LEAVING_PLANNED,
        Trigger.NEW_DECIDER,
        Trigger.WAITING,
        Trigger.EXPOSED,
        Trigger.OFFER_WITHOUT_REFERENCE,
    }
)
"""Triggers that tell how an application stands, which after a merge is told of the one that goes on."""


def each_once(recognised: Course, stored: Course, moment: datetime) -> Course:
    """The course in which everybody is named by the one id they go by, with nothing owed or proposed to them twice.

    Of two that are the same since a merge the one goes on that names whoever stays, else the earlier. The other ends,
    and so does one that was dealt with under the other id.
    """
    if recognised is stored:
        return stored
    owed = [
        _Listed(each.key[:3], key, each.key, each.is_open, each.state is not FollowUpState.CANCELLED)
        for key, each in recognised.follow_ups.items()
    ]
    asked = [
        _Listed((each.type, each.person_id), key, each.key, each.is_open, each.state is not InvitationState.EXPIRED)
        for key, each in recognised.invitations.items()
    ]
    cancelled = {key: _cancelled(stored.follow_ups[key], moment) for key in _doubles(owed)}
    expired = {key: _expired(stored.invitations[key], moment) for key in _doubles(asked)}
    return replace(
        recognised,
        follow_ups={**recognised.follow_ups, **cancelled},
        invitations={**recognised.invitations, **expired},
    )


class _Listed(NamedTuple):
    """One by its stored key and by that with the id its person goes by; `same` is what it shares with its doubles."""

    same: Hashable
    stored: FollowUpKey
    known: FollowUpKey
    is_open: bool
    is_done: bool


def _doubles(listed: Collection[_Listed]) -> set[FollowUpKey]:
    """The stored keys of those that are open beside another that is the same, or was dealt with."""
    done = {each.known for each in listed if not each.is_open and each.is_done}
    ended = done | {each.known for each in listed if not each.is_open and each.stored == each.known}
    going_on: set[Hashable] = set()
    doubles = set()
    still_open = [each for each in listed if each.is_open]
    for each in sorted(still_open, key=lambda each: each.stored != each.known):
        if each.same in going_on or each.known in (done if each.stored == each.known else ended):
            doubles.add(each.stored)
        else:
            going_on.add(each.same)
    return doubles


def retired(followed: Followed, before: Course, moment: datetime) -> Followed:
    """The same for an application that was merged into another: nothing new is owed or proposed about it.

    What tells how it stands ends, since the other one goes on; what somebody is still owed for what happened stays.
    """
    course, memory = followed.course, followed.course.memory
    follow_ups = {key: each for key, each in course.follow_ups.items() if _stays(key, each, before)}
    for key, each in follow_ups.items():
        if each.is_open and each.trigger in _OF_THE_PRESENT:
            follow_ups[key] = _cancelled(each, moment)
    invitations = {key: each for key, each in course.invitations.items() if key in before.invitations}
    for key, told in invitations.items():
        if told.is_open:
            invitations[key] = _expired(told, moment)
    memory = replace(
        memory,
        decided=memory.decided | {each.key for key, each in course.follow_ups.items() if key not in follow_ups},
        declined=memory.declined | {each.key for key, each in course.invitations.items() if key not in invitations},
    )
    ended = Course(follow_ups=mark_next(follow_ups, moment), invitations=invitations, memory=memory)
    return replace(followed, course=ended, wait=None)


def _stays(key: FollowUpKey, follow_up: FollowUp, before: Course) -> bool:
    return key in before.follow_ups or follow_up.trigger in (Trigger.BY_HAND, Trigger.CAPTURE_NEEDS_DETAILS)


def _cancelled(follow_up: FollowUp, moment: datetime) -> FollowUp:
    return replace(follow_up, state=FollowUpState.CANCELLED, closed_at=moment, is_next=False)


def _expired(invitation: Invitation, moment: datetime) -> Invitation:
    return replace(invitation, state=InvitationState.EXPIRED, ended_at=moment)
