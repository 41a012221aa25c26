"""`doctor`: looks at what usually goes wrong, and says how to mend it."""

from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from api.commands import secrets
from api.main import real_time, sealer_of
from api.platform.db import connect
from api.platform.migrations import pending
from api.platform.settings import Settings
from api.platform.tenancy import unprotected_tables

CLOCKS_MAY_DIFFER = timedelta(seconds=2)
OLDEST_SERVER = 150_000
SENT_WITHIN = timedelta(minutes=2)

# An endpoint with a limit may be behind, and so may a slow one, to which something is on its way at any moment.
_ENDPOINTS = """
select count(*) filter (where e.state = 'active') as active, count(*) filter (where e.state = 'disabled') as disabled,
    max($1 - due.since) filter (where e.state = 'active' and e.rate_limit is null and sending.is_so is null
        and (e.blocked_until is null or e.blocked_until <= $1)) as idle
from webhook_endpoints e left join lateral (
    select d.next_attempt_at as since from deliveries d
    where d.workspace_id = e.workspace_id and d.endpoint_id = e.id and d.state = 'pending' and d.priority = 1
      and d.next_attempt_at <= $1 order by d.next_attempt_at limit 1) due on true left join lateral (
    select true as is_so from deliveries l
    where l.workspace_id = e.workspace_id and l.endpoint_id = e.id and l.state = 'pending' and l.lease_until >= $1
    limit 1) sending on true
where e.state <> 'deleted'"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, what was seen, and what to do where it is not."""

    subject: str
    is_well: bool
    seen: str
    mend: str = ""


async def examine(settings: Settings, url: str) -> list[Finding]:
    """Look at server, migrations, clock, key of secrets, deliveries, role and row-level security, one finding each."""
    owner = await connect(url, None)
    try:
        findings = [await _server(owner), await _migrations(url), await _clock(owner), await _key(owner, settings)]
        findings += await _deliveries(owner)
    finally:
        await owner.close()
    try:
        service = await connect(url, settings.service_role)
    except asyncpg.PostgresError as refused:
        mend = f"Run `championed migrate`, or as an administrator: create role {settings.service_role} nologin"
        return [*findings, Finding("Role", False, f"cannot work as {settings.service_role}: {refused}", mend)]
    try:
        return [*findings, await _role(service, settings), await _policies(service)]
    finally:
        await service.close()


async def _server(owner: asyncpg.Connection) -> Finding:
    number = int(await owner.fetchval("show server_version_num"))
    version = await owner.fetchval("show server_version")
    return Finding("Server", number >= OLDEST_SERVER, f"PostgreSQL {version}", "Use PostgreSQL 15 or later.")


async def _migrations(url: str) -> Finding:
    found, newest = await pending(url)
    seen = f"at revision {found or 'none'}, newest is {newest}"
    return Finding("Migrations", found == newest, seen, "Run `championed migrate`.")


async def _clock(owner: asyncpg.Connection) -> Finding:
    there = await owner.fetchval("select clock_timestamp()")
    apart = abs(there - real_time())
    seen = f"{apart.total_seconds():.3f} s apart from the database's"
    return Finding("Clock", apart <= CLOCKS_MAY_DIFFER, seen, "Synchronise the clocks of both machines (NTP).")


async def _key(owner: asyncpg.Connection, settings: Settings) -> Finding:
    seen = secrets.where_the_key_is(settings)
    if secrets.open_to_others(settings):
        return Finding("Key of secrets", False, seen, "Others may read the file: set its mode to 600 (chmod 600).")
    if not await owner.fetchval("select to_regclass('public.webhook_endpoints') is not null"):
        return Finding("Key of secrets", True, seen)
    there, closed = await secrets.closed_holders(owner, sealer_of(settings))
    counted = f"{seen}; connections and webhook endpoints: {there}, of which it opens {there - closed}"
    mend = "Add the key that sealed them to CHAMPIONED_SECRET_KEYS, or make new ones in place of those."
    return Finding("Key of secrets", closed == 0, counted, mend)


async def _deliveries(owner: asyncpg.Connection) -> list[Finding]:
    """Whether anybody sends: something is due for long only while all endpoints that have it are being sent to."""
    if not await owner.fetchval("select to_regclass('public.deliveries') is not null"):
        return []
    ((active, disabled, due_for),) = await owner.fetch(_ENDPOINTS, real_time())
    idle: timedelta = due_for or timedelta()
    seen = f"{active} active endpoints, {disabled} disabled; nothing is due for long"
    if idle > SENT_WITHIN:
        seen = f"due for {idle.total_seconds():.0f} s, and nobody sends"
    return [Finding("Deliveries", idle <= SENT_WITHIN, seen, "Start `championed serve` or `championed worker`.")]


async def _role(service: asyncpg.Connection, settings: Settings) -> Finding:
    row = await service.fetchrow(
        "select current_user as name, rolsuper or rolbypassrls as is_free from pg_roles where rolname = current_user"
    )
    is_bound = row is not None and not row["is_free"] and row["name"] == settings.service_role
    mend = f"Run as an administrator: alter role {settings.service_role} nosuperuser nobypassrls"
    return Finding("Role", is_bound, f"requests work as {settings.service_role}", mend)


async def _policies(service: asyncpg.Connection) -> Finding:
    unprotected = await unprotected_tables(service)
    seen = f"not active on {', '.join(unprotected)}" if unprotected else "active on every table of a workspace"
    mend = "Do not make the service's role an owner of the tables; then run `championed migrate`."
    return Finding("Row-level security", not unprotected, seen, mend)
