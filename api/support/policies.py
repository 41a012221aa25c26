"""The policy as it is stored: JSON values by name, and back."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, time
from typing import Any

from api.domain.follow_up_documents import (
    follow_up_type_document,
    follow_up_type_from,
    invitation_type_document,
    invitation_type_from,
)
from api.domain.policy import Policy


def stored(policy: Policy) -> dict[str, Any]:
    """Every number and table of the policy by name, in JSON values."""
    values = {each.name: getattr(policy, each.name) for each in fields(policy) if each.init}
    return {
        **values,
        "holidays": sorted(day.isoformat() for day in policy.holidays),
        "working_days": sorted(policy.working_days),
        "working_hours": [hour.isoformat("minutes") for hour in policy.working_hours],
        "follow_up_types": [follow_up_type_document(row) for row in policy.follow_up_types],
        "invitation_types": [invitation_type_document(row) for row in policy.invitation_types],
    }


def policy_from(values: Mapping[str, Any]) -> Policy:
    """The policy that stored values mean; what a version from before a key existed lacks has the default."""
    start, end = (time.fromisoformat(hour) for hour in values["working_hours"])
    read: dict[str, Any] = {
        **values,
        "holidays": frozenset(date.fromisoformat(day) for day in values["holidays"]),
        "working_days": frozenset(values["working_days"]),
        "working_hours": (start, end),
    }
    if "follow_up_types" in values:
        read["follow_up_types"] = tuple(map(follow_up_type_from, values["follow_up_types"]))
    if "invitation_types" in values:
        read["invitation_types"] = tuple(map(invitation_type_from, values["invitation_types"]))
    return Policy(**read)
