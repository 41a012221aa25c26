"""Moments, people and reasons as stories write them: dates of Berlin and the year 2026.

A moment is written "2 March" (noon) or "2 March 09:00"; a day is written "2 March".
"""

from datetime import UTC, date, datetime
from unicodedata import normalize
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from api.domain.facts import Listener, ReasonUse
from api.domain.policy import Policy
from api.domain.vocabulary import Basis

BERLIN = ZoneInfo("Europe/Berlin")
POLICY = Policy(time_zone="Europe/Berlin")
ROLE = "the hiring manager, whoever it is"

_NAMES = UUID("6f0e5b1e-0000-4000-8000-000000000000")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def named(name: str) -> UUID:
    """The id of whoever or whatever has this name."""
    return uuid5(_NAMES, name)


def day(text: str) -> date:
    """The date of "2 March"."""
    number, month = text.split()[:2]
    return date(2026, _MONTHS.index(month[:3]) + 1, int(number))


def at(text: str) -> datetime:
    """The moment of "2 March" (noon), "2 March 09:00" or "2 March 09:00:01" in Berlin."""
    number, month, *clock = text.split()
    hour, minute, *second = (clock[0] if clock else "12:00").split(":")
    on = day(f"{number} {month}")
    moment = datetime(on.year, on.month, on.day, int(hour), int(minute), int(second[0]) if second else 0, tzinfo=BERLIN)
    return moment.astimezone(UTC)


def reason(requirement: str, basis: Basis = Basis.OBSERVED_DIRECTLY, *, before_process: bool = False) -> ReasonUse:
    """A use of a reason; requirements whose normalised texts are equal are one."""
    requirement_id = named("requirement " + " ".join(normalize("NFKC", requirement).casefold().split()))
    return ReasonUse(
        reason_id=named(f"reason {requirement}"),
        requirement_id=requirement_id,
        basis=basis,
        before_process=before_process,
    )


R1 = reason("incident reviews")
R2 = reason("mentoring", Basis.HEARD_FROM)


def listener(name: str) -> Listener:
    """A person, or the role of hiring manager."""
    return Listener(person_id=None if name == ROLE else named(name))
