"""The briefing put together, ready for the JSON encoder: rows as their lists show them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from api.applications.listing_rows import rendered as application
from api.briefing import queries, sections
from api.briefing.schemas import MOST_ROWS, Change
from api.briefing.sections import Asked, Found
from api.follow_ups.listing_rows import rendered as follow_up
from api.platform.db import HotConnection
from api.platform.ids import encode

_CHANGE = tuple(Change.model_fields)


async def briefing(connection: HotConnection, asked: Asked) -> dict[str, Any]:
    """Every section, read one after the other; the connection's transaction sees one moment."""
    return {
        "object": "briefing",
        "as_of": asked.now,
        "since": asked.since,
        "person": asked.person_id and encode("person", asked.person_id),
        "changed": await _changed(connection, asked),
        "overdue": await _owed(connection, asked, sections.overdue(asked)),
        "due": await _owed(connection, asked, sections.due(asked)),
        "lapsing": await _applications(connection, asked, sections.lapsing(asked)),
        "needs_details": _section(await queries.find_captures(connection, asked), _capture),
        "exposed": await _applications(connection, asked, sections.exposed(asked)),
        "waiting": await _applications(connection, asked, sections.waiting(asked)),
    }


async def _changed(connection: HotConnection, asked: Asked) -> dict[str, Any]:
    found = await sections.find_applications(connection, asked, sections.changed(asked))
    changes = await queries.changes_of(connection, asked, [row["id"] for row in found.rows])
    more = await queries.count_changed(connection, asked) - MOST_ROWS if found.rest else 0

    def shown(row: asyncpg.Record) -> dict[str, Any]:
        told = [{name: change[name] for name in _CHANGE} for change in changes.get(row["id"], ())]
        return {**application(row), "changes": told}

    return {**_section(found, shown), "more": more}


async def _owed(connection: HotConnection, asked: Asked, lists: Sequence[sections.Parameters]) -> dict[str, Any]:
    found = await sections.find_owed(connection, asked, lists)
    wanted = {row["application_id"] for row in found.rows} - {None}
    names = await queries.names_of(connection, asked, wanted) if wanted else {}

    def shown(row: asyncpg.Record) -> dict[str, Any]:
        return {**follow_up(row), "application": _named(names, row["application_id"])}

    return _section(found, shown)


def _named(names: Mapping[UUID, asyncpg.Record], application_id: UUID | None) -> dict[str, Any] | None:
    if application_id is None:
        return None
    row = names[application_id]
    return {
        "id": encode("application", application_id),
        "candidate": {"id": encode("candidate", row["candidate_id"]), "name": row["candidate_name"]},
        "job": {"id": encode("job", row["job_id"]), "title": row["job_title"]},
    }


async def _applications(connection: HotConnection, asked: Asked, parameters: sections.Parameters) -> dict[str, Any]:
    return _section(await sections.find_applications(connection, asked, parameters), application)


def _section(found: Found, shown: Callable[[asyncpg.Record], dict[str, Any]]) -> dict[str, Any]:
    return {"data": [shown(row) for row in found.rows], "has_more": bool(found.rest), "rest": found.rest}


def _capture(row: asyncpg.Record) -> dict[str, Any]:
    application_id = row["application_id"]
    return {
        "id": encode("capture", row["id"]),
        "object": "capture",
        "source": row["source"],
        "application_id": application_id and encode("application", application_id),
        "needs": orjson.loads(row["needs"]),
        "created_at": row["created_at"],
        "version": row["version"],
    }
