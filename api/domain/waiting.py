"""Whether a candidate has been waiting: how long nothing was recorded from the hiring side to them.

Never an outcome, and undone by the next contact or move. Systems send no message events, so this says "no recorded
contact for 21 days" and never that somebody was ignored.
"""

from dataclasses import dataclass
from datetime import date, datetime

from api.domain.calendar import day_of, day_start, days_after
from api.domain.derived import DerivedApplication
from api.domain.policy import Policy
from api.domain.vocabulary import ApplicationState, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateWait:
    """Days since the last recorded contact or the entry into the stage, and what they amount to.

    `next_change_at` is the next moment at which that changes by time alone, or null.
    """

    waiting: Waiting
    days: int
    next_change_at: datetime | None


def candidate_wait(
    application: DerivedApplication, *, last_contact_at: datetime | None, as_of: datetime, policy: Policy
) -> CandidateWait:
    """How long a candidate has been waiting at `as_of`.

    `last_contact_at` is the last interaction by then from the hiring side to the candidate about this application that
    was not automatic. Nobody waits while on hold until a date, up to and including the day of the next step, while an
    outcome stands, or in a stage before `applied`.
    """
    entered_at = application.stage_entered_at
    start = day_of(max(entered_at, last_contact_at or entered_at), policy.zone)
    today = day_of(as_of, policy.zone)
    now = _waiting_on(today, start, application, policy)
    changes = (
        day for day in _days_ahead(today, start, application, policy) if _differs(day, now, start, application, policy)
    )
    change = next(changes, None)
    return CandidateWait(
        waiting=now,
        days=(today - start).days,
        next_change_at=day_start(change, policy.zone) if change else None,
    )


def _differs(day: date, now: Waiting, start: date, application: DerivedApplication, policy: Policy) -> bool:
    return _waiting_on(day, start, application, policy) is not now


def _waiting_on(day: date, start: date, application: DerivedApplication, policy: Policy) -> Waiting:
    limits = policy.waiting_limits(application.stage)
    if limits is None or _is_excused(day, application, policy):
        return Waiting.NONE
    days = (day - start).days
    if days > limits[1]:
        return Waiting.WAITING_LONG
    return Waiting.WAITING if days > limits[0] else Waiting.NONE


def _is_excused(day: date, application: DerivedApplication, policy: Policy) -> bool:
    if application.state is ApplicationState.CLOSED:
        return True
    if application.state is ApplicationState.ON_HOLD and application.hold_until and day < application.hold_until:
        return True
    step = application.next_step_at
    return step is not None and day <= day_of(step, policy.zone)


def _days_ahead(today: date, start: date, application: DerivedApplication, policy: Policy) -> list[date]:
    """The days after today on which the answer may change."""
    days = {days_after(start, limit + 1) for limit in policy.waiting_limits(application.stage) or ()}
    if application.hold_until is not None:
        days.add(application.hold_until)
    if application.next_step_at is not None:
        days.add(days_after(day_of(application.next_step_at, policy.zone), 1))
    return sorted(day for day in days if day > today)
