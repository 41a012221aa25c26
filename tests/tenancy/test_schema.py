"""The schema makes a link from one workspace into another impossible, and every question start with the workspace."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint, text
from sqlalchemy.exc import IntegrityError

from api.platform.db import Databases
from tests.api.world import make_world
from tests.cast import Company
from tests.conftest import ClientFor
from tests.tenancy.tables import GLOBAL, owned_tables

tables = pytest.mark.parametrize("table", owned_tables(), ids=lambda table: table.name)


def starts_with_workspace(columns: object) -> bool:
    return next(iter(columns)).name == "workspace_id"  # type: ignore[call-overload]


@tables
def test_a_key_starts_with_the_workspace(table: Table) -> None:
    names = [column.name for column in table.primary_key]
    assert names == (["workspace_id"] if table.name == "event_counters" else ["workspace_id", "id"])


@tables
def test_every_reference_names_the_workspace_on_both_sides(table: Table) -> None:
    for key in table.constraints:
        if isinstance(key, ForeignKeyConstraint):
            target = key.referred_table.name
            pairs = [(element.parent.name, element.column.name) for element in key.elements]
            first = ("workspace_id", "id" if target == "workspaces" else "workspace_id")
            assert pairs[0] == first, f"{key.name} does not carry the workspace"
            assert len(pairs) == 2 or target in GLOBAL, f"{key.name} is not composite"
            assert key.ondelete is None


@tables
def test_every_unique_constraint_and_index_starts_with_the_workspace(table: Table) -> None:
    unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    for each in [*unique, *table.indexes]:
        assert starts_with_workspace(each.columns), f"{each.name} does not start with the workspace"


@tables
def test_every_constraint_has_a_short_name(table: Table) -> None:
    for each in [*table.constraints, *table.indexes]:
        assert each.name, f"{table.name}: {each} has no name"
        assert len(str(each.name)) <= 50, f"{each.name} is too long"


@tables
def test_no_column_is_an_enum_of_the_database(table: Table) -> None:
    assert [column.name for column in table.columns if type(column.type).__name__ in ("Enum", "ENUM")] == []


async def test_a_link_into_another_workspace_is_an_integrity_error(
    databases: Databases, client_for: ClientFor, acme: Company, globex: Company
) -> None:
    """Each reference of Globex is pointed at a row of Acme, by hand and as the owner, whom no policy binds."""
    for company in (acme, globex):
        await make_world(client_for(company))
    tried = []
    async with databases.open_system() as connection:
        for name, statement in _links(acme.workspace.id, globex.workspace.id):
            with suppress(IntegrityError):
                async with connection.begin_nested():
                    taken = (await connection.execute(text(statement))).rowcount
                    assert not taken, f"{name} took a row of another workspace"
                continue
            tried.append(name)
    assert len(tried) > 30


def _links(acme: int, globex: int) -> Iterator[tuple[str, str]]:
    for table in owned_tables():
        for key in table.foreign_key_constraints:
            if len(key.elements) == 2:
                column, target = key.elements[1].parent.name, key.referred_table.name
                foreign = f'(select id from "{target}" where workspace_id = {acme} order by id desc limit 1)'
                row = f'(select id from "{table.name}" where workspace_id = {globex} limit 1)'
                yield (
                    str(key.name),
                    (
                        f'update "{table.name}" set "{column}" = {foreign} '
                        f"where workspace_id = {globex} and id = {row} and {foreign} is not null"
                    ),
                )


async def test_every_foreign_key_of_the_database_is_one_of_the_models(databases: Databases) -> None:
    async with databases.open_system() as connection:
        rows = await connection.execute(text("select conname from pg_constraint where contype = 'f'"))
        stored = set(rows.scalars())
    declared = {key.name for table in owned_tables() for key in table.foreign_key_constraints}
    assert stored - declared <= {"fk_api_keys_workspace_id", "fk_hook_tokens_workspace_id"}
