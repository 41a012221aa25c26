"""Row-level security: how a table is protected, and how the service's role comes to be bound by it."""

from collections.abc import Mapping

import asyncpg

ENTER_WORKSPACE = """
create or replace function enter_workspace(workspace_id int) returns void language plpgsql as $$
begin
    execute format('set local app.workspace_id = %L', workspace_id);
    set local lock_timeout = '2s';
    set local statement_timeout = '5s';
    set local idle_in_transaction_session_timeout = '10s';
end $$
"""

CHANGING = (
    "action_links",
    "advocacies",
    "advocates",
    "applications",
    "calendars",
    "candidates",
    "capture_addresses",
    "captures",
    "connection_people",
    "connections",
    "deliveries",
    "erasures",
    "event_counters",
    "external_refs",
    "follow_up_subjects",
    "follow_ups",
    "idempotency_keys",
    "inbound_messages",
    "inbound_subjects",
    "interactions",
    "invitations",
    "jobs",
    "people",
    "policies",
    "reasons",
    "references",
    "referral_reasons",
    "referrals",
    "referrers",
    "requirements",
    "tasks",
    "webhook_endpoints",
)
"""Tables whose rows change. In all others they are only added: facts, transitions, events."""

REDACTED: Mapping[str, tuple[str, ...]] = {
    "act_statements": ("reason",),
    "acts": ("channel", "evidence_url", "text"),
    "advocacy_statements": ("reason",),
    "attempts": ("error_detail", "response_body", "response_headers", "url"),
    "events": ("body",),
    "follow_up_changes": ("text",),
    "privacy_records": ("reason",),
    "reference_statements": ("reason",),
    "referral_statements": ("reason",),
    "stage_changes": ("source",),
}
"""Columns of such tables that may name a person: erasure overwrites them, and nothing else does."""

# Any number will do as long as all releases use the same one.
_ONE_AT_A_TIME = 8_420_002


class RoleUnavailable(Exception):
    """The service's role can be neither made nor taken; the message holds the SQL that helps."""


class Unprotected(Exception):
    """Row-level security does not bind the role that requests work as; the message says how to mend it."""


def protect(table: str, column: str = "workspace_id") -> list[str]:
    """The statements that show rows of `table` only to a transaction that has entered their workspace."""
    mine = f"{column} = nullif(current_setting('app.workspace_id', true), '')::int"
    return [
        f'alter table "{table}" enable row level security',
        f'create policy own_workspace on "{table}" using ({mine}) with check ({mine})',
    ]


async def prepare_role(owner: asyncpg.Connection, role: str, *, is_login: bool = False) -> None:
    """Make the role that requests work as, let the owner's login take it, and grant it the tables.

    With `is_login` the role is somebody's login already, and is only granted the tables. Safe when many start at once.
    Raises RoleUnavailable with the SQL for an administrator where it may not.
    """
    name = '"' + role.replace('"', '""') + '"'
    statements = [
        *([] if is_login else [f"grant {name} to current_user"]),
        *_privileges(name),
    ]
    try:
        if not is_login:
            await _create_role(owner, role, name)
        # Sent together they are one transaction: who works as the role meanwhile never lacks a privilege.
        await _once(owner, f"select pg_advisory_xact_lock({_ONE_AT_A_TIME}); " + "; ".join(statements))
    except asyncpg.InsufficientPrivilegeError as refused:
        advice = ";\n".join(
            [f"create role {name} nologin", *(s.replace("current_user", "<login>") for s in statements)]
        )
        raise RoleUnavailable(
            f"The login may not set up the role {name} ({refused}). Run this as an administrator:\n{advice};"
        ) from refused


def _privileges(name: str) -> list[str]:
    """The least that requests and workers need; what an earlier release granted is taken back. Nothing is deleted."""
    changing = ", ".join(f'"{table}"' for table in CHANGING)
    return [
        f"grant usage on schema public to {name}",
        f"revoke all on all tables in schema public from {name}",
        f"grant select, insert on all tables in schema public to {name}",
        f"revoke insert on alembic_version, workspaces, api_keys from {name}",
        f"grant update on {changing} to {name}",
        f"grant update (clock_offset, advancing_to, advancing_lease_until) on workspaces to {name}",
        f"grant update (last_used_at) on api_keys to {name}",
        f"grant update (revoked_at) on hook_tokens to {name}",
        *(f"grant update ({', '.join(columns)}) on {table} to {name}" for table, columns in REDACTED.items()),
        f"grant execute on all functions in schema public to {name}",
    ]


async def _create_role(owner: asyncpg.Connection, role: str, name: str) -> None:
    if await owner.fetchval("select 1 from pg_roles where rolname = $1", role):
        return
    try:
        await owner.execute(f"create role {name} nologin")
    except (asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
        return


async def _once(owner: asyncpg.Connection, statement: str) -> None:
    """Run grants; of two at the same moment one fails on the catalogue row that the other has written."""
    for _ in range(5):
        try:
            await owner.execute(statement)
        except asyncpg.InternalServerError as concurrent:
            if "concurrently updated" not in str(concurrent):
                raise
        else:
            return


async def require_protection(service: asyncpg.Connection) -> None:
    """Raise Unprotected unless row-level security binds the present role on every table of a workspace."""
    if tables := await unprotected_tables(service):
        raise Unprotected(
            f"Row-level security does not bind requests on: {', '.join(tables)}. Nothing would keep workspaces apart,"
            " so the service does not start. Run `championed migrate`; give requests a role that neither owns the"
            " tables nor has BYPASSRLS or SUPERUSER."
        )


async def unprotected_tables(service: asyncpg.Connection) -> list[str]:
    """The workspace-owned tables on which row-level security does not bind the present role; asked of the database."""
    rows = await service.fetch(
        """
        select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind in ('r', 'p') and not row_security_active(c.oid)
          and (c.relname = 'workspaces' or exists (
              select 1 from pg_attribute a
              where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped))
          and c.relname not in ('api_keys', 'hook_tokens')
        order by 1
        """
    )
    return [row["relname"] for row in rows]
