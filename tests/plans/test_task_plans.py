"""A batch of a task walks along one index from where the last one ended, however much lies before and behind it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import TextClause
from sqlalchemy.dialects.postgresql.asyncpg import dialect

from api.webhooks import batch_statements as statements
from api.webhooks.batches import ROWS_A_BATCH
from tests.cast import START, Company
from tests.plans.plans import MODES

SEEN_BY = {
    "RECOVER": "ix_deliveries_undelivered",
    "SEND_ALL": "ix_deliveries_undelivered",
    "SEND_LATEST_PER_SUBJECT": "ix_deliveries_undelivered",
    "DISCARD": "ix_deliveries_undelivered",
    "DELETE": "ix_deliveries_subject",
    "REPLAY": "ix_events_recorded_at",
    "REPLAY_MISSING": "ix_events_recorded_at",
}
"""The index that each statement walks along."""
ENDPOINTS = {"all succeeded": 1, "all pending": 2, "all failed": 3, "few of each": 4, "nothing": 5, "few held": 7}


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


async def plan_of(
    connection: asyncpg.Connection, mode: str, statement: TextClause, values: dict[str, Any]
) -> list[dict[str, Any]]:
    """The nodes of the plan under which a statement would be carried out."""
    compiled = statement.compile(dialect=dialect())  # type: ignore[no-untyped-call]
    given = [values[name] for name in compiled.positiontup or ()]
    await connection.execute(f"set local plan_cache_mode = {mode}")
    (explained,) = json.loads(await connection.fetchval(f"explain (format json) {compiled}", *given))
    return list(nodes(explained["Plan"]))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=ENDPOINTS)
@pytest.mark.parametrize("name", SEEN_BY)
async def test_a_batch_walks_along_one_index(
    service: asyncpg.Connection, acme: Company, name: str, endpoint: int, mode: str
) -> None:
    values = {
        "workspace_id": acme.workspace.id,
        "endpoint_id": UUID(f"0192f3a4-0020-7000-8000-{endpoint:012x}"),
        "after_number": 50_000,
        "last_number": 100_000,
        "after_at": datetime(2025, 3, 1, tzinfo=UTC),
        "since": datetime(2025, 3, 1, tzinfo=UTC),
        "until": None,
        "now": START,
        "trigger": "replay",
        "priority": 2,
        "limit": ROWS_A_BATCH,
        "states": [],
        "types": ["person.updated"],
        "names": ["* person.* person.updated"],
    }
    plan = await plan_of(service, mode, getattr(statements, name), values)
    big = [node for node in plan if node.get("Relation Name") in ("deliveries", "events")]
    assert "Seq Scan" not in {node["Node Type"] for node in big}, plan[0]
    assert SEEN_BY[name] in {node.get("Index Name") for node in plan}, plan[0]
    sorted_nodes = [node for each in plan if "Sort" in each["Node Type"] for node in each.get("Plans", ())]
    sorted_big = [node["Index Name"] for node in sorted_nodes if node.get("Relation Name") in ("deliveries", "events")]
    assert not sorted_big, plan[0]
