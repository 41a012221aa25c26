"""What is derived, in plain words."""

from datetime import date
from zoneinfo import ZoneInfo

from api.domain.calendar import day_of
from api.domain.derived import Support
from api.domain.levels import label
from api.domain.vocabulary import Championing, Level

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_STANDINGS = {
    Championing.ON_TRACK: "; on track",
    Championing.AWAITING_ANSWER: "; awaiting an answer",
    Championing.AT_RISK: "; at risk, nothing was heard for longer than the window",
    Championing.LAPSED: "; follow-through lapsed",
    Championing.LOST: "; the advocate can be relied on no longer",
}


def day_in_words(day: date) -> str:
    """A date as people write it: 5 March 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def sentence(support: Support, advocate_name: str | None, *, zone: ZoneInfo) -> str:
    """How an application is backed, in one or two sentences; days are those of the workspace's zone."""
    words = label(support.level)
    if support.advocate_id is not None and advocate_name:
        words += f" by {advocate_name}"
    if support.since is not None and support.level is not Level.NONE:
        words += f" since {day_in_words(day_of(support.since, zone))}"
    words += f"{_how_it_stands(support)}."
    if support.at_outcome is not None:
        outcome = support.at_outcome.outcome.replace("_", " ")
        words += f" Closed on {day_in_words(day_of(support.at_outcome.outcome_at, zone))}: {outcome}."
    return words


def _how_it_stands(support: Support) -> str:
    if support.championing is not Championing.STARTED:
        return _STANDINGS.get(support.championing, "")
    named = next((each for each in support.advocacies if each.id == support.advocacy_id), None)
    if named is None or named.come_back_by is None:
        return "; to be championed, the advocate comes back"
    return f"; to be championed, the advocate comes back by {day_in_words(named.come_back_by)}"
