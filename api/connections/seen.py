"""The words of a vendor that were seen in its messages: stages, and sources. Also in those that wait to be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import text

from api.inbound.changes import Change
from api.inbound.mapping import MOST_WORDS
from api.inbound.providers.provider import Ignored, SenselessDelivery
from api.inbound.providers.registry import PROVIDERS
from api.models import Connection
from api.platform.sessions import WorkspaceSession

LOOKED_THROUGH = 20_000
READ_AT_ONCE = 500
"""How many of the messages that wait are read, and only those whose bodies are no longer than `LONGEST_READ` bytes."""
LONGEST_READ = 100_000

_WAITING = f"""
select body, received_at from inbound_messages
where workspace_id = :workspace_id and connection_id = :connection_id and state in ('received', 'held')
  and parsed is null and octet_length(body) <= {LONGEST_READ}
order by received_at desc, id desc limit {READ_AT_ONCE}
"""
_SEEN = f"""
select (array_agg(said.word ->> 'name' order by said.received_at desc))[1] as name,
       max(said.word ->> 'external_id') as external_id, count(distinct said.application) as applications
from (
    (select parsed -> 'application' -> :member as word, parsed -> 'application' ->> 'external_id' as application,
            received_at
     from inbound_messages
     where workspace_id = :workspace_id and connection_id = :connection_id and state <> 'failed'
     order by received_at desc, id desc limit {LOOKED_THROUGH})
    union all
    select w.word, w.application, w.received_at
    from jsonb_to_recordset(cast(:waiting as jsonb)) as w(word jsonb, application text, received_at timestamptz)
) said
where jsonb_typeof(said.word) = 'object'
group by coalesce(said.word ->> 'external_id', said.word ->> 'name')
order by count(distinct said.application) desc, 1 limit {MOST_WORDS}
"""


class Kind(StrEnum):
    """What is looked for: the member of what was said of an application."""

    STAGE = "stage"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Seen:
    """A stage or a source of the vendor, and of how many applications it was said."""

    external_id: str | None
    name: str
    applications: int


async def seen_in(session: WorkspaceSession, connection: Connection, kind: Kind) -> Sequence[Seen]:
    """What the connection's newest messages name, the most frequent first."""
    where = {"workspace_id": session.workspace.id, "connection_id": connection.id}
    waiting = [
        {"received_at": row.received_at, **said}
        for row in await session.execute(text(_WAITING), where)
        if (said := _said(connection, row.body, kind)) is not None
    ]
    sent = {**where, "member": kind.value, "waiting": orjson.dumps(waiting).decode()}
    return [Seen(row.external_id, row.name, row.applications) for row in await session.execute(text(_SEEN), sent)]


def _said(connection: Connection, body: bytes, kind: Kind) -> dict[str, Any] | None:
    try:
        change = PROVIDERS[connection.provider].parse(body)
    except SenselessDelivery:
        return None
    return None if isinstance(change, Ignored) else _word(change, kind)


def _word(change: Change, kind: Kind) -> dict[str, Any] | None:
    said = change.application
    word = None if said is None else said.stage if kind is Kind.STAGE else said.source
    return None if said is None or word is None else {"word": word.model_dump(), "application": said.external_id}
