"""A row of the database as a follow-up on the wire, without a model in between: lists must be fast."""

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from api.domain.follow_up_types import Trigger

COLUMNS = (
    "id type state standing owner_id person_id application_id referral_id capture_id advocacy_id act_id ask_id trigger"
    " trigger_id triggered_at due_on due_at overdue_at escalates_at escalated snoozed_until is_next closed_at closed_by"
    " closed_by_kind title result created_at updated_at version"
)
"""The columns that a row is read from, beside `owner_name` and `person_name`."""

_REFERENCES = ("application", "referral", "capture", "advocacy", "act", "ask")
_PLAIN = (
    "type state standing triggered_at due_on due_at overdue_at escalates_at escalated snoozed_until is_next closed_at"
    " title result created_at updated_at version"
)
TRIGGERS: Mapping[str, str] = {
    Trigger.REFERRAL_SUBMITTED: "referral",
    Trigger.CAPTURE_NEEDS_DETAILS: "capture",
    Trigger.ASK_OPEN: "ask",
    Trigger.MOVED_ON: "stage_change",
    Trigger.OUTCOME: "stage_change",
    Trigger.SUPPORTER_QUIET: "application",
    Trigger.AT_RISK: "advocacy",
    Trigger.ACT_UNCONFIRMED: "act",
    Trigger.LEAVING_PLANNED: "availability",
    Trigger.NEW_DECIDER: "job_member",
    Trigger.WAITING: "application",
    Trigger.EXPOSED: "application",
    Trigger.OFFER_WITHOUT_REFERENCE: "stage_change",
    Trigger.REFERENCE_GIVEN: "reference",
}
"""What the id of each trigger is an id of; one made by hand names nothing."""


class Row(Protocol):
    """A row with its values by name, of whichever driver."""

    def __getitem__(self, name: str, /) -> Any: ...


def selected(follow_up: str, owner: str, person: str) -> str:
    """What a statement selects, given its names for a follow-up and for the two people."""
    columns = ", ".join(f"{follow_up}.{column}" for column in COLUMNS.split())
    return f"{columns}, {owner}.name as owner_name, {person}.name as person_name"


def rendered(row: Row) -> dict[str, Any]:
    """One follow-up as `FollowUpRow` describes it, ready for the JSON encoder."""
    return {
        "id": _id("follow_up", row["id"]),
        "object": "follow_up",
        **{name: row[name] for name in _PLAIN.split()},
        **{f"{kind}_id": _id(kind, row[f"{kind}_id"]) for kind in _REFERENCES},
        "owner": _person(row["owner_id"], row["owner_name"]),
        "person": _person(row["person_id"], row["person_name"]),
        "trigger": _trigger(row["trigger"], row["trigger_id"]),
        "closed_by": _closing(row["closed_by_kind"], row["closed_by"]),
    }


def _id(kind: str, value: UUID | None) -> str | None:
    return None if value is None else f"{kind}_{value.hex}"


def _person(person_id: UUID | None, name: str | None) -> dict[str, Any] | None:
    return None if person_id is None else {"id": _id("person", person_id), "name": name}


def _trigger(kind: str, trigger_id: UUID) -> dict[str, Any]:
    named = TRIGGERS.get(kind)
    return {"kind": kind, "id": named and _id(named, trigger_id)}


def _closing(kind: str | None, closed_by: UUID | None) -> dict[str, Any] | None:
    return None if kind is None or closed_by is None else {"type": kind, "id": _id(kind, closed_by)}
