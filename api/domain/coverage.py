"""Whom an open application relies on, and whether those who decide now have heard of it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from api.domain.calendar import day_of
from api.domain.clock import Standing, window_in_force
from api.domain.facts import AvailabilityRecord
from api.domain.history import AdvocacyHistory, History
from api.domain.people import holding
from api.domain.stages import view_at
from api.domain.vocabulary import AdvocacyState, Availability, FollowThrough, Power

TAKING_PART = frozenset({AdvocacyState.AGREED, AdvocacyState.ACTIVE})
FALLING_OFF = frozenset({FollowThrough.AT_RISK, FollowThrough.LAPSED})


class Coverage(NamedTuple):
    """Whether all rests on one person, whether that support is in danger, and whether a present decider heard it.

    The last is null without a qualifying act.
    """

    sole_advocate: bool
    exposed: bool
    heard_by_current_decider: bool | None


def coverage_at(history: History, moment: datetime) -> Coverage:
    """The coverage of an application at a moment."""
    taking_part = [each for each in history.advocacies if each.standing(moment).state in TAKING_PART]
    is_sole = len({each.facts.person_id for each in taking_part}) == 1
    exposed = is_sole and any(_is_in_danger(each, history, moment) for each in taking_part)
    return Coverage(is_sole, exposed, _heard_by_current_decider(history, moment))


def _is_in_danger(advocacy: AdvocacyHistory, history: History, moment: datetime) -> bool:
    standing = advocacy.standing(moment)
    if standing.is_gone or _is_falling_off(standing):
        return True
    day, records = day_of(moment, history.zone), advocacy.facts.availability
    view = view_at(history.changes, moment)
    window = window_in_force(history.policy, view) if view else None
    return _leaving_is_planned(records, day) or _is_long_away(records, day, window)


def _is_falling_off(standing: Standing) -> bool:
    return standing.lost_since is not None or standing.follow_through in FALLING_OFF


def _leaving_is_planned(records: Iterable[AvailabilityRecord], day: date) -> bool:
    records = list(records)
    return any(
        record.state is Availability.LEFT
        and record.effective_on > day
        and holding(records, record.effective_on) is record
        for record in records
    )


def _is_long_away(records: Iterable[AvailabilityRecord], day: date, window: int | None) -> bool:
    """Whether an absence of more days than the window, or without an end, is planned or under way."""
    records = list(records)
    for record in records:
        if record.state is not Availability.AWAY or holding(records, max(day, record.effective_on)) is not record:
            continue
        if record.until is None:
            return True
        if record.until > day and window is not None and (record.until - record.effective_on).days > window:
            return True
    return False


def _heard_by_current_decider(history: History, moment: datetime) -> bool | None:
    qualifying = [act for advocacy in history.advocacies for act in advocacy.evidence if act.qualifies]
    if not qualifying:
        return None
    day = day_of(moment, history.zone)
    heard = {hearer.person_id for act in qualifying for hearer in act.hearers}
    return any(person and history.team.power_on(person, day) is Power.DECIDES for person in heard)
