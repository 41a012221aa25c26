"""What the hiring side owes about an application, and what volunteers are invited to: step by step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from api.domain.calendar import day_start
from api.domain.demands import quiet_from
from api.domain.follow_up_course import FollowUpCourse
from api.domain.follow_up_facts import FollowUpFacts, FollowUpKey
from api.domain.follow_up_memory import Memory
from api.domain.follow_ups import FollowUp, mark_next
from api.domain.history import History
from api.domain.invitation_course import InvitationCourse
from api.domain.invitations import Invitation
from api.domain.people import availability_days
from api.domain.scene import Scene
from api.domain.waiting import CandidateWait


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Every follow-up and every invitation so far, open and ended, in the order in which they were made.

    Each stands under the key with which it was made; the key that it carries names people by the ids they go by now.
    """

    follow_ups: Mapping[FollowUpKey, FollowUp] = field(default_factory=dict)
    invitations: Mapping[FollowUpKey, Invitation] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The course after a step.

    `wait` says whether the candidate waits; null before the application exists. `recheck_at` is a later moment, not
    later than the first at which anything of this, or how a follow-up stands, differs by time and plans alone. What
    people said of a follow-up or an invitation that is not open, or makes no sense, changes nothing.
    """

    course: Course
    wait: CandidateWait | None
    recheck_at: datetime | None


def follow(history: History, beside: FollowUpFacts, course: Course, moment: datetime) -> Followed:
    """Judge a moment: close, pass on and make what is owed and proposed, by what is known then.

    `course` is that after the last step, and `moment` not later than the `recheck_at` of that step unless nothing
    differed before. What was once decided stays so, whatever is learned later. `history` is judged at `moment`.
    Where people were merged, `recognise_followed` comes first.
    """
    scene = Scene(history, beside, moment)
    owed = FollowUpCourse(course.follow_ups, course.memory)
    invited = InvitationCourse(course.invitations, course.memory)
    owed.step(scene)
    invited.step(scene, owed.follow_ups.values())
    memory = Memory(
        decided=owed.decided,
        declined=invited.declined,
        entries=owed.entries,
        policy_version=history.facts.policies[-1].version,
    )
    after = Course(follow_ups=mark_next(owed.follow_ups, moment), invitations=invited.invitations, memory=memory)
    return Followed(course=after, wait=scene.wait, recheck_at=_recheck_at(scene, after))


def _recheck_at(scene: Scene, course: Course) -> datetime | None:
    moments = (*_ends(course, scene.moment), *_by_time(scene), *_by_plan(scene))
    return min((each for each in moments if each > scene.moment), default=None)


def _ends(course: Course, moment: datetime) -> Iterator[datetime]:
    """When what is owed stands otherwise or passes to somebody else, and when what is proposed expires."""
    changes = (each.next_change_at(moment) for each in course.follow_ups.values())
    yield from (each for each in changes if each is not None)
    yield from (each.expires_at for each in course.invitations.values() if each.is_open)


def _by_time(scene: Scene) -> Iterator[datetime]:
    """When time moves the history, and when silence becomes too long."""
    history = scene.history
    yield from (change.moment for change in history.changes)
    yield from (moment for each in history.advocacies for moment in each.walk.steps.moments)
    for referral in history.referrals:
        yield from (*referral.walk.own.moments, *referral.walk.steps.moments)
    for reference in history.references:
        yield from (*reference.own.moments, *reference.steps.moments)
    yield from (too_long_at for _, _, too_long_at in quiet_from(scene))
    if scene.wait is not None and scene.wait.next_change_at is not None:
        yield scene.wait.next_change_at


def _by_plan(scene: Scene) -> Iterator[datetime]:
    """When what was recorded for a day takes effect."""
    days = set(scene.history.team.days)
    for advocacy in scene.history.advocacies:
        days.update(availability_days(advocacy.facts.availability))
    for person in scene.beside.people:
        days.update(availability_days(person.availability))
    yield from (day_start(day, scene.zone) for day in days if day > scene.day)
