"""Every place of a workspace that may hold somebody's name: derived from the models, so that a new one is there too."""

from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import ARRAY, JSON, Column, LargeBinary, String, Table, UniqueConstraint
from sqlmodel import SQLModel

from api import models

_OWN = {
    "people": {"name", "email", "email_normalised", "name_key"},
    "applications": {"candidate_name", "advocate_name"},
    "erasures": {"needles", "table_name"},
}
"""Emptied by anonymising itself; those of others are theirs."""

_MADE_BY_US = {
    "acts": {"kind"},
    "applications": {"followed", "next_follow_up_type"},
    "attempts": {"body_sha256", "request_headers", "resolved_ip"},
    "captures": {"given_hash", "evidence_hash"},
    "connection_people": {"name_hash"},
    "connections": {"token", "secret", "former_secret"},
    "deliveries": {"body", "event_type"},
    "events": {"type", "subject_type", "level"},
    "digests": {"follow_up_ids"},
    "follow_up_subjects": {"kind"},
    "follow_ups": {"type", "rule", "trigger", "audience", "closed_by_kind"},
    "idempotency_keys": {"fingerprint"},
    "interactions": {"kind"},
    "invitations": {"type", "rule", "named", "ended_by_kind"},
    "people": {"time_zone"},
    "privacy_records": {"action", "actor"},
    "reasons": {"claim_hash"},
    "tasks": {"event_types", "states"},
    "webhook_endpoints": {"event_types", "headers", "job_ids", "levels", "secrets"},
}
"""Words of closed or checked sets, ids, hashes, sealed secrets and documented examples: no text of anybody's."""


@dataclass(frozen=True, slots=True)
class Place:
    """A table of the workspace with its columns that may name somebody, and those of them whose values are unique."""

    table: Table
    columns: tuple[Column[Any], ...]
    unique: frozenset[str]

    @property
    def name(self) -> str:
        """The table's name, by which places are gone through in order."""
        return self.table.name


def _place(table: Table) -> Place:
    left_out = _OWN.get(table.name, set()) | _MADE_BY_US.get(table.name, set())
    columns = tuple(
        column
        for column in table.columns
        if isinstance(column.type, String | JSON | ARRAY | LargeBinary) and column.name not in left_out
    )
    constraints = (each.columns for each in table.constraints if isinstance(each, UniqueConstraint))
    indexes = (index.columns for index in table.indexes if index.unique)
    unique = frozenset(column.name for each in chain(constraints, indexes) for column in each)
    return Place(table, columns, unique)


def _is_owned(table: Table) -> bool:
    return "workspace_id" in table.primary_key.columns and "id" in table.primary_key.columns


assert models.__all__, "the models complete the metadata"

PLACES = tuple(
    place
    for table in sorted(SQLModel.metadata.tables.values(), key=lambda table: table.name)
    if _is_owned(table) and (place := _place(table)).columns
)
"""In the order in which they are gone through."""
