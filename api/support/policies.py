"""The policy as it is stored: JSON values by name, and back."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, time
from typing import Any

from api.domain.policy import Policy


def stored(policy: Policy) -> dict[str, Any]:
    """Every number of the policy by name, in JSON values."""
    values = {each.name: getattr(policy, each.name) for each in fields(policy) if each.init}
    return {
        **values,
        "holidays": sorted(day.isoformat() for day in policy.holidays),
        "working_days": sorted(policy.working_days),
        "working_hours": [hour.isoformat("minutes") for hour in policy.working_hours],
    }


def policy_from(values: Mapping[str, Any]) -> Policy:
    """The policy that stored values mean; what a version from before a number existed lacks has the default."""
    start, end = (time.fromisoformat(hour) for hour in values["working_hours"])
    dates = frozenset(date.fromisoformat(day) for day in values["holidays"])
    rest = {"holidays": dates, "working_days": frozenset(values["working_days"]), "working_hours": (start, end)}
    return Policy(**{**values, **rest})
