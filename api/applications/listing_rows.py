"""A row of the database as a row of the list, without a model in between: most of a page's time would go there."""

from typing import Any
from uuid import UUID

import asyncpg


def rendered(row: asyncpg.Record) -> dict[str, Any]:
    """One application as `ListedApplication` describes it, ready for the JSON encoder."""
    merged_into_id = row["merged_into_id"]
    return {
        "id": _id("application", row["id"]),
        "object": "application",
        "candidate": {"id": _id("candidate", row["candidate_id"]), "name": row["candidate_name"]},
        "job": {"id": _id("job", row["job_id"]), "title": row["job_title"]},
        "stage": row["stage"],
        "stage_label": row["stage_label"],
        "stage_entered_at": row["stage_entered_at"],
        "state": row["state"],
        "on_hold_until": row["on_hold_until"],
        "outcome": row["outcome"],
        "origin": row["origin"],
        "next_step_at": row["next_step_at"],
        "next_step_kind": row["next_step_kind"],
        "last_act_at": row["last_act_at"],
        "support": _support(row),
        "waiting": row["waiting"],
        "waiting_since": row["waiting_since"],
        "waiting_changes_at": row["waiting_changes_at"],
        "follow_up_state": row["follow_up_state"],
        "next_follow_up": row["next_follow_up_id"] and _next_follow_up(row),
        "exposed": row["exposed"],
        "merged_into": merged_into_id and _id("application", merged_into_id),
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "version": row["version"],
    }


def _support(row: asyncpg.Record) -> dict[str, Any]:
    advocate_id, advocacy_id = row["advocate_id"], row["advocacy_id"]
    return {
        "level": row["level"],
        "confidence": row["confidence"],
        "documented_level": row["documented_level"],
        "championing": row["championing"],
        "since": row["since"],
        "advocate": advocate_id and {"id": _id("advocate", advocate_id), "name": row["advocate_name"]},
        "advocacy_id": advocacy_id and _id("advocacy", advocacy_id),
        "next_change_at": row["next_change_at"],
        "derived_at": row["derived_at"],
        "policy_version": row["policy_version"],
    }


def _next_follow_up(row: asyncpg.Record) -> dict[str, Any]:
    owner_id = row["next_follow_up_owner_id"]
    return {
        "id": _id("follow_up", row["next_follow_up_id"]),
        "type": row["next_follow_up_type"],
        "owner_id": owner_id and _id("person", owner_id),
        "due_at": row["next_follow_up_due_at"],
    }


def _id(kind: str, value: UUID) -> str:
    return f"{kind}_{value.hex}"
