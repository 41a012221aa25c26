"""Follow-ups as a calendar file (RFC 5545), as Google, Apple and Outlook show it best.

Each is an event through the working hours of its day, in UTC, so that no reader has to know zones or their changes. It
takes up no time of the owner's and rings no alarm. The same follow-ups make the same bytes.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from icalendar import Calendar, Event, vDuration

from api.platform.ids import encode

READ_AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Owes:
    """One follow-up as a calendar shows it: its line, its hours, and which state of it this is."""

    id: UUID
    line: str
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    updated_at: datetime
    version: int


def written(owed: Iterable[Owes]) -> bytes:
    """The calendar file with these follow-ups."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Championed//Follow-ups//EN")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", "Follow-ups")
    calendar.add("x-wr-calname", "Follow-ups")
    calendar.add("refresh-interval", READ_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(READ_AGAIN_AFTER))
    for each in owed:
        calendar.add_component(_event(each))
    file: bytes = calendar.to_ical()
    return file


def number_of(file: bytes) -> int:
    """A number that tells one state of a calendar file from another, for its ETag."""
    return int.from_bytes(sha256(file).digest()[:7])


def _event(owes: Owes) -> Event:
    event = Event()
    event.add("uid", f"{encode('follow_up', owes.id)}@championed")
    event.add("sequence", owes.version)
    # Without a METHOD the stamp is when what is told last changed (RFC 5545, 3.8.7.2), so that it stays the same.
    event.add("dtstamp", owes.updated_at)
    event.add("created", owes.created_at)
    event.add("last-modified", owes.updated_at)
    event.add("dtstart", owes.starts_at)
    event.add("dtend", owes.ends_at)
    event.add("summary", _in_one_line(owes.line))
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _in_one_line(text: str) -> str:
    """The text without line breaks and other signs of control, which a calendar file cannot hold."""
    return "".join(sign for sign in " ".join(text.split()) if unicodedata.category(sign) != "Cc")
