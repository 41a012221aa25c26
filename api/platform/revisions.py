"""Changing a versioned row by a merge patch (RFC 7396)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Protocol

from pydantic import Field, StringConstraints

from api.domain.errors import Unprocessable

MAX_LABELS = 50

MetadataPatch = Annotated[
    dict[
        Annotated[str, StringConstraints(min_length=1, max_length=40)],
        Annotated[str, StringConstraints(max_length=500)] | None,
    ],
    Field(
        max_length=MAX_LABELS,
        description="Merged into what is there: a name left out stays, `null` removes it.",
        examples=[{"ats_id": "42"}],
    ),
]
"""A change to the caller's own labels."""


class Counted(Protocol):
    """A row whose `version` rises with every change."""

    version: int
    updated_at: datetime


class Versioned(Counted, Protocol):
    """Such a row with labels, the member `metadata` of the resource."""

    labels: dict[str, Any]


def revise(row: Versioned, changes: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """Apply the members that differ, and return by name what they were; without any the row stays as it is.

    `metadata` is merged. Raises Unprocessable when that would leave more labels than a resource may have.
    """
    previous: dict[str, Any] = {}
    for name, value in changes.items():
        attribute = "labels" if name == "metadata" else name
        before = getattr(row, attribute)
        after = _merged(before, value) if name == "metadata" else value
        if after != before:
            previous[name] = before
            setattr(row, attribute, after)
    if previous:
        touch(row, now=now)
    return previous


def touch(row: Counted, *, now: datetime) -> None:
    """Raise the version of a row of whose resource something has changed."""
    row.version += 1
    row.updated_at = now


def _merged(labels: Mapping[str, Any], patch: Mapping[str, str | None]) -> dict[str, Any]:
    merged = {name: value for name, value in {**labels, **patch}.items() if value is not None}
    if len(merged) > MAX_LABELS:
        raise Unprocessable(f"A resource has at most {MAX_LABELS} labels; remove some.", pointer="#/metadata")
    return merged
