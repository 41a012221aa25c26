"""Whether an application hangs on one person, and whether those who decide today heard of the candidate."""

from datetime import date, datetime, timedelta

from api.domain.facts import AvailabilityRecord
from api.domain.vocabulary import AdvocacyState, Availability, FollowThrough, Power
from tests.replay.book import Book
from tests.replay.effort import Effort
from tests.replay.standing import window


def _engaged(efforts: list[Effort], moment: datetime) -> list[Effort]:
    return [e for e in efforts if e.entry(moment).state in (AdvocacyState.AGREED, AdvocacyState.ACTIVE)]


def is_sole_advocate(efforts: list[Effort], moment: datetime) -> bool:
    """Whether exactly one person agreed or is active."""
    return len({effort.advocacy.person_id for effort in _engaged(efforts, moment)}) == 1


def is_exposed(book: Book, efforts: list[Effort], moment: datetime) -> bool:
    """Whether the only advocate is gone, going, away for long, or no longer on track."""
    if not is_sole_advocate(efforts, moment):
        return False
    return any(_is_shaky(book, effort, moment) for effort in _engaged(efforts, moment))


def _is_shaky(book: Book, effort: Effort, moment: datetime) -> bool:
    entry = effort.entry(moment)
    if effort.is_gone(moment) or entry.lapsed_since is not None or entry.lost_since is not None:
        return True
    if effort.follow_through(moment) is FollowThrough.AT_RISK:
        return True
    today = book.day(moment)
    return any(_takes_away(book, effort, record, moment) for record in _now_and_planned(effort, today))


def _now_and_planned(effort: Effort, today: date) -> list[AvailabilityRecord]:
    now = effort.availability(today)
    book, records = effort.book, effort.advocacy.availability
    begun = [record for record in records if record.effective_on <= today]
    planned = [record for record in records if record.effective_on > today and book.is_plan(record)]
    will_hold = [plan for plan in planned if book.holding([*begun, *planned], plan.effective_on) == plan]
    return will_hold if now is None else [now, *will_hold]


def _takes_away(book: Book, effort: Effort, record: AvailabilityRecord, moment: datetime) -> bool:
    today = book.day(moment)
    if record.state is Availability.LEFT:
        return record.effective_on > today
    if record.state is not Availability.AWAY:
        return False
    if record.until is None:
        return True
    days = window(book, moment)
    is_over = record.until <= today
    return not is_over and days is not None and record.until - record.effective_on > timedelta(days=days)


def heard_by_current_decider(book: Book, efforts: list[Effort], moment: datetime) -> bool | None:
    """Whether a qualifying act reached somebody who decides today; null without a qualifying act."""
    acts = [(effort, act) for effort in efforts for act in effort.qualifying if act.occurred_at <= moment]
    if not acts:
        return None
    people = {heard.person_id for effort, act in acts for heard in effort.hearings[act.id].audience}
    memberships = [book.membership(person, book.day(moment)) for person in people if person is not None]
    return any(record is not None and record.power is Power.DECIDES for record in memberships)
