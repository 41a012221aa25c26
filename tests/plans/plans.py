"""How PostgreSQL carries out a statement: with the values at hand, and with a plan made for any values."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

MODES = ("force_custom_plan", "force_generic_plan")


@dataclass(frozen=True, slots=True)
class Carried:
    """A statement as it was carried out: buffers touched, and the tables that were read from end to end."""

    buffers: int
    scanned: frozenset[str]
    text: str


async def carry_out(connection: asyncpg.Connection, mode: str, sql: str, parameters: Sequence[Any]) -> Carried:
    """Carry out a statement under a plan of that mode and say how."""
    await connection.execute(f"set local plan_cache_mode = {mode}")
    await connection.execute(f"prepare page as {sql}")
    values = f"({', '.join(_literal(value) for value in parameters)})" if parameters else ""
    (explained,) = json.loads(
        await connection.fetchval(f"explain (analyze, buffers, format json) execute page{values}")
    )
    await connection.execute("deallocate page")
    plan = explained["Plan"]
    scanned = frozenset(node["Relation Name"] for node in _nodes(plan) if node["Node Type"] == "Seq Scan")
    return Carried(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], scanned, json.dumps(plan, indent=1))


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _literal(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool() | int():
            return str(value).lower()
        case UUID() | datetime() | date():
            return f"'{value}'"
        case timedelta():
            return f"interval '{value.total_seconds()} seconds'"
        case list() | tuple():
            kind = "::uuid[]" if all(isinstance(each, UUID) for each in value) else ""
            kind = "::interval[]" if value and all(each is None for each in value) else kind
            return f"array[{', '.join(map(_literal, value))}]{kind}"
        case _:
            return "'" + str(value).replace("'", "''") + "'"
