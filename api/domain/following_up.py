"""What the hiring side owes about an application at a moment, and what volunteers are invited to: one derivation."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from api.domain.calendar import day_start
from api.domain.epochs import Epoch, dated_records, epochs, happenings
from api.domain.errors import Unprocessable
from api.domain.facts import ApplicationFacts
from api.domain.follow_up_course import FollowUpCourse
from api.domain.follow_up_facts import FollowUpFacts, FollowUpKey
from api.domain.follow_ups import FollowUp, next_change_at
from api.domain.history import History
from api.domain.invitation_course import InvitationCourse
from api.domain.invitations import Invitation
from api.domain.people import availability_days
from api.domain.scene import Scene
from api.domain.waiting import CandidateWait


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowingUp:
    """Every follow-up and every invitation so far, in the order in which they were made.

    `wait` says whether the candidate waits; null before the application exists. `recheck_at` is the first later moment
    at which anything of this, or how a follow-up stands, differs by time and plans alone; null: never.
    """

    follow_ups: tuple[FollowUp, ...]
    invitations: tuple[Invitation, ...]
    wait: CandidateWait | None
    recheck_at: datetime | None


def derive_follow_ups(
    facts: ApplicationFacts, beside: FollowUpFacts, *, as_of: datetime, known_at: datetime
) -> FollowingUp:
    """Derive what had been owed and proposed by `as_of`: each moment judged by what was known then.

    So what was once made stays made, whatever is learned later, and deriving late gives what deriving at every moment
    would have given. With a later `known_at` the moment `as_of` is judged again as each later record became known.
    Raises Unprocessable for a `known_at` before `as_of`.
    """
    if known_at < as_of:
        raise Unprocessable("'known_at' must not be before 'as_of'.", pointer="/known_at")
    tour = _Tour(beside)
    for epoch in epochs(facts, beside.moments, as_of=as_of, known_at=known_at):
        scene = tour.go_through(epoch)
    return FollowingUp(
        follow_ups=mark_next(tour.owed.follow_ups.values(), as_of),
        invitations=tuple(tour.invited.invitations.values()),
        wait=scene.wait,
        recheck_at=tour.recheck_at(scene),
    )


def mark_next(follow_ups: Iterable[FollowUp], moment: datetime) -> tuple[FollowUp, ...]:
    """The follow-ups of one application with the most pressing one of each owner marked.

    Overdue comes before due and due before scheduled, then the earlier due day, then the order of the types.
    """
    follow_ups = tuple(follow_ups)
    first: dict[UUID | None, FollowUpKey] = {}
    for each in sorted((each for each in follow_ups if each.is_open), key=lambda each: _urgency(each, moment)):
        first.setdefault(each.owner_id, each.key)
    return tuple(replace(each, is_next=first.get(each.owner_id) == each.key) for each in follow_ups)


def _urgency(follow_up: FollowUp, moment: datetime) -> tuple[int, date, int, datetime, int, int]:
    person = follow_up.key.person_id
    tie = follow_up.noticed_at, follow_up.key.trigger_id.int, person.int if person else 0
    return -follow_up.owed(moment).rank, follow_up.due_on, follow_up.place, *tie


class _Tour:
    """Both courses, led through the scenes of a history in the order of time."""

    def __init__(self, beside: FollowUpFacts) -> None:
        self.owed = FollowUpCourse()
        self.invited = InvitationCourse()
        self._beside = beside

    def go_through(self, epoch: Epoch) -> Scene:
        """Judge every moment of a span at which anything may change; the last is its end."""
        if epoch.known_at is not None:
            return self._step(Scene(epoch.history, self._beside, epoch.until, epoch.known_at))
        moments = (*epoch.first, *_moments(epoch.history, self._beside))
        ahead = sorted({each for each in moments if epoch.begins_before(each) and each < epoch.until})
        scene = None
        for moment in (*ahead, epoch.until):
            while scene is not None and (wake := self._next_wake(scene)) is not None and wake < moment:
                scene = self._step(Scene(epoch.history, self._beside, wake, wake))
            scene = self._step(Scene(epoch.history, self._beside, moment, moment))
        if scene is None:
            raise ValueError("a span has an end")
        return scene

    def recheck_at(self, scene: Scene) -> datetime | None:
        """The first moment after a scene at which something differs, if nothing more happens."""
        ahead = self._branch()
        now = ahead.picture(scene)
        later = [each for each in _moments(scene.history, self._beside) if each > scene.moment]
        while True:
            marks = [ahead._next_wake(scene), next_change_at(ahead.owed.follow_ups.values(), scene.moment), *later]
            moment = min((each for each in marks if each is not None), default=None)
            if moment is None:
                return None
            scene = ahead._step(Scene(scene.history, self._beside, moment, scene.known_at))
            if ahead.picture(scene) != now:
                return moment
            later = [each for each in later if each > moment]

    def picture(self, scene: Scene) -> object:
        """Everything that is announced of it."""
        follow_ups = mark_next(self.owed.follow_ups.values(), scene.moment)
        standing = [(each, each.owed(scene.moment)) for each in follow_ups]
        return standing, [*self.invited.invitations.values()], scene.wait and scene.wait.waiting

    def _branch(self) -> "_Tour":
        other = _Tour(self._beside)
        other.owed, other.invited = self.owed.branch(), self.invited.branch()
        return other

    def _step(self, scene: Scene) -> Scene:
        self.owed.step(scene)
        self.invited.step(scene, self.owed.follow_ups.values())
        return scene

    def _next_wake(self, scene: Scene) -> datetime | None:
        wakes = (*self.owed.wakes(scene), *self.invited.wakes())
        return min((wake for wake in wakes if wake > scene.moment), default=None)


def _moments(history: History, beside: FollowUpFacts) -> Iterator[datetime]:
    """The moments at which facts happened, became known or take effect, and at which time moves the history."""
    yield from beside.moments
    for fact in happenings(history.facts):
        yield fact.occurred_at
    yield from (change.moment for change in history.changes)
    yield from (each.recorded_at for each in history.facts.policies)
    for walk in (each.walk for each in history.advocacies):
        yield from walk.steps.moments
    for referral in history.referrals:
        yield from referral.walk.own.moments
    for reference in history.references:
        yield from reference.own.moments
    days = {record.effective_on for record in dated_records(history.facts)}
    for records in (
        *(each.availability for each in beside.people),
        *(a.availability for a in history.facts.advocacies),
    ):
        days.update(availability_days(records))
    yield from (day_start(day, history.zone) for day in days)
