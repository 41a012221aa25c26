"""The rows of the tables of follow-ups and invitations in JSON values, and back.

Both ways are exact: what is written is read as the same row. A row from before a member existed has its default.
"""

from collections.abc import Mapping
from typing import Any

from api.domain.follow_up_types import (
    Closing,
    FollowUpType,
    InvitationTrigger,
    InvitationType,
    Owner,
    Taking,
    Trigger,
)


def follow_up_type_document(row: FollowUpType) -> dict[str, Any]:
    """A type of follow-up by the names of its members."""
    return {
        "type": row.type,
        "owner": row.owner.value,
        "triggers": [each.value for each in row.triggers],
        "due": row.due,
        "closed_by": [each.value for each in row.closed_by],
        "counts_back": row.counts_back,
        "escalate_after": row.escalate_after,
        "escalate_to": row.escalate_to.value,
        "outlives_outcome": row.outlives_outcome,
        "reaches_person": row.reaches_person,
    }


def follow_up_type_from(document: Mapping[str, Any]) -> FollowUpType:
    """The type that a document means; raises ValueError for a word that does not exist."""
    enums = {
        "owner": Owner(document["owner"]),
        "triggers": tuple(map(Trigger, document["triggers"])),
        "closed_by": tuple(map(Closing, document["closed_by"])),
    }
    if "escalate_to" in document:
        enums["escalate_to"] = Owner(document["escalate_to"])
    return FollowUpType(**{**document, **enums})


def invitation_type_document(row: InvitationType) -> dict[str, Any]:
    """A type of invitation by the names of its members."""
    return {
        "type": row.type,
        "triggers": [each.value for each in row.triggers],
        "taken_by": row.taken_by.value,
        "with_follow_ups": list(row.with_follow_ups),
        "until_absence": row.until_absence,
        "replaces": row.replaces,
    }


def invitation_type_from(document: Mapping[str, Any]) -> InvitationType:
    """The type that a document means; raises ValueError for a word that does not exist."""
    enums = {
        "triggers": tuple(map(InvitationTrigger, document["triggers"])),
        "taken_by": Taking(document["taken_by"]),
        "with_follow_ups": tuple(document.get("with_follow_ups", ())),
    }
    return InvitationType(**{**document, **enums})
