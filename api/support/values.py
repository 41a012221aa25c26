"""JSON values of a document, read as what they mean."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from api.domain.facts import AvailabilityRecord
from api.domain.vocabulary import Availability

Document = Mapping[str, Any]


def moment(value: str) -> datetime:
    """A moment, in UTC."""
    return datetime.fromisoformat(value).astimezone(UTC)


def moment_or_none(value: str | None) -> datetime | None:
    """A moment that may be missing."""
    return None if value is None else moment(value)


def uuid(value: str | None) -> UUID | None:
    """An id that may be missing."""
    return None if value is None else UUID(value)


def day(value: str | None) -> date | None:
    """A calendar date that may be missing."""
    return None if value is None else date.fromisoformat(value)


def happened(document: Document) -> dict[str, Any]:
    """What every fact has."""
    return {
        "id": UUID(document["id"]),
        "occurred_at": moment(document["occurred_at"]),
        "recorded_at": moment(document["recorded_at"]),
    }


def dated(document: Document) -> dict[str, Any]:
    """What every record has that holds from a day on."""
    return {
        "id": UUID(document["id"]),
        "effective_on": date.fromisoformat(document["effective_on"]),
        "recorded_at": moment(document["recorded_at"]),
    }


def availability(document: Document) -> AvailabilityRecord:
    """A person's availability from a day on."""
    return AvailabilityRecord(**dated(document), state=Availability(document["state"]), until=day(document["until"]))
