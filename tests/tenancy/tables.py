"""Which tables belong to a workspace, and what is wrong with their protection in a database."""

import asyncpg
from sqlalchemy import Table
from sqlmodel import SQLModel

import api.models  # completes the metadata
from api.platform.db import connect
from api.platform.tenancy import unprotected_tables

GLOBAL = {"workspaces", "api_keys", "hook_tokens"}
"""Tables that are read before the workspace is known. They hold no names, but for a workspace's own."""

POLICY = "(workspace_id = (NULLIF(current_setting('app.workspace_id'::text, true), ''::text))::integer)"
"""What every policy says, as the database prints it."""

assert api.models.__all__


def owned_tables() -> list[Table]:
    """The tables of the models that belong to a workspace."""
    return [table for table in SQLModel.metadata.sorted_tables if table.name not in GLOBAL]


async def faults(url: str, role: str) -> list[str]:
    """What keeps the database at `url` from binding the service's role to one workspace; empty when all is well."""
    service = await connect(url, role)
    try:
        user = await service.fetchval("select current_user")
        found = [] if user == role else [f"the service works as {user}"]
        found += [f"{name}: row-level security does not bind" for name in await unprotected_tables(service)]
        return found + await _policy_faults(service)
    finally:
        await service.close()


async def _policy_faults(service: asyncpg.Connection) -> list[str]:
    rows = await service.fetch("select * from pg_policies where schemaname = 'public'")
    expected = {table.name: POLICY for table in owned_tables()}
    expected["workspaces"] = POLICY.replace("workspace_id =", "id =")
    given = {
        row["tablename"]: row["qual"]
        for row in rows
        if row["qual"] == row["with_check"]
        and (row["policyname"], row["permissive"], row["cmd"]) == ("own_workspace", "PERMISSIVE", "ALL")
        and row["roles"] == ["public"]
    }
    wrong = sorted(name for name in expected.keys() | given.keys() if expected.get(name) != given.get(name))
    more = [f"{row['tablename']}: another policy {row['policyname']}" for row in rows if row["tablename"] not in given]
    return [f"{name}: not the policy of a workspace's table" for name in wrong] + more
