"""Every statement that the service sends names its workspace for each table in it: the policies are only the net."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import event

from api import worker
from api.main import attach
from api.platform.db import Databases, HotConnection
from api.platform.sessions import WorkspaceRef
from api.platform.settings import Settings
from tests.api.route_list import operations
from tests.api.world import make_world
from tests.cast import Company
from tests.conftest import ROLE, ClientFor, SetClock
from tests.tenancy.tables import owned_tables

OWNED = "|".join(table.name for table in owned_tables())
NAMED = re.compile(rf'\b(?:from|join|update|,)\s+(?:only\s+)?"?({OWNED})"?(?:\s+as)?(?:\s+(\w+))?', re.IGNORECASE)
COLUMN = re.compile(r",\s+attempts\b(?=\s*(?:[,)=]|from\b))", re.IGNORECASE)
"""A column that is called like a table, in a list of columns."""
INNERMOST = re.compile(r"\(([^()]*)\)")
KEYWORDS = set("where set on join left inner cross order group limit for union returning lateral using full".split())  # noqa: SIM905


class Overheard(Databases):
    """Connections whose statements are written down."""

    statements: set[str]

    def listen(self) -> None:
        """Begin to write down."""
        self.statements = set()
        event.listen(self.engine.sync_engine, "before_cursor_execute", self._note)

    def _note(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        self.statements.add(statement)

    @asynccontextmanager
    async def open_hot(self, workspace: WorkspaceRef, *, snapshot: bool = False) -> AsyncIterator[HotConnection]:
        async with super().open_hot(workspace, snapshot=snapshot) as connection:
            with connection.query_logger(lambda record: self.statements.add(record.query)):
                yield connection

    @asynccontextmanager
    async def open_hot_writing(self, workspace_id: int, *, may_be_lost: bool = False) -> AsyncIterator[HotConnection]:
        async with super().open_hot_writing(workspace_id, may_be_lost=may_be_lost) as connection:
            with connection.query_logger(lambda record: self.statements.add(record.query)):
                yield connection


@pytest.fixture
async def databases(database_url: str, clock: SetClock) -> AsyncIterator[Overheard]:
    made = Overheard(database_url, ROLE, clock=clock)
    made.listen()
    yield made
    await made.close()


def scopes(statement: str) -> Iterator[str]:
    """The statement without its subselects, and each subselect without its own."""
    statement = COLUMN.sub("", statement)
    while match := INNERMOST.search(statement):
        yield match[1]
        statement = statement[: match.start()] + " ... " + statement[match.end() :]
    yield statement


def nameless(statement: str) -> list[str]:
    """The tables in a statement for which no workspace is named."""
    return [table for scope in scopes(statement) for table in _nameless(scope)]


def _nameless(scope: str) -> Iterator[str]:
    found = list(NAMED.finditer(scope))
    for match in found:
        table, alias = match[1], match[2]
        name = table if alias is None or alias.lower() in KEYWORDS else alias
        compared = rf'(?<!\w)"?{name}"?\.workspace_id\s*=|=\s*"?{name}"?\.workspace_id\b'
        alone = len(found) == 1 and re.search(r"(?<![.\w])workspace_id\s*=", scope)
        if not alone and not re.search(compared, scope):
            yield table


async def test_every_statement_names_its_workspace(
    databases: Overheard, app: FastAPI, settings: Settings, client_for: ClientFor, acme: Company, clock: SetClock
) -> None:
    attach(app, databases, settings)
    app.state.wakeups.close()  # a stream then ends with what is there
    world = await make_world(client_for(acme))
    for operation in operations(app):
        await operation.call(world.client, world)
    clock.advance(days=60)
    await worker.run_once(databases)
    assert len(databases.statements) > 100
    careless = [f"{found} in {statement}" for statement in databases.statements if (found := nameless(statement))]
    assert not careless, "\n\n".join(careless)


def test_a_statement_that_forgets_its_workspace_is_noticed() -> None:
    good = "select p.name from people p join advocates a on a.workspace_id = p.workspace_id where p.workspace_id = $1"
    assert nameless(good) == []
    assert nameless("select name from people where id = $1") == ["people"]
    assert nameless("select p.name from people p join advocates a on a.person_id = p.id") == [
        "people",
        "advocates",
    ]
