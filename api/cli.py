"""The command line, `championed`: how each command is called; what they do is in `commands`."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from api.commands import contract, doctor, keys, listening, rebuilding, secrets, serving, triggering, welcome
from api.commands.database import connections, migrated_database, running_database
from api.domain.errors import DomainError
from api.main import real_time, sealer_of
from api.platform import ids
from api.platform.auth import Scope
from api.platform.migrations import pending
from api.platform.postgres import DatabaseNotStarted, InvalidDatabaseUrl
from api.platform.sealing import new_key
from api.platform.settings import Settings
from api.platform.tenancy import RoleUnavailable, Unprotected

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)
workspace_app = typer.Typer(no_args_is_help=True, help="Make and list workspaces.")
key_app = typer.Typer(no_args_is_help=True, help="Make, list and revoke API keys.")
secrets_app = typer.Typer(no_args_is_help=True, help="The keys that seal secrets in the database.")
openapi_app = typer.Typer(no_args_is_help=True, help="The contract file.")
app.add_typer(workspace_app, name="workspace")
app.add_typer(key_app, name="key")
app.add_typer(secrets_app, name="secrets")
app.add_typer(openapi_app, name="openapi")
MENDABLE = (
    DatabaseNotStarted,
    InvalidDatabaseUrl,
    RoleUnavailable,
    Unprotected,
    serving.PortTaken,
    listening.NotAllowedHere,
    triggering.NobodyWants,
)
"""What the person at the command line can mend; the message says how."""
# What is read by another program must not be cut to the width of a terminal that is not there.
console = Console(width=None if sys.stdout.isatty() else 200)

Sandbox = Annotated[bool, typer.Option("--sandbox", help="A workspace whose clock can be advanced.")]
WorkspaceOption = Annotated[str | None, typer.Option("--workspace", help="Its id; not needed while there is only one.")]


@app.command()
def serve(
    demo: Annotated[bool, typer.Option("--demo", help="With a sandbox workspace that tells a story.")] = False,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Leave the background work to `worker`.")] = False,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.")] = None,
) -> None:
    """Run the service: starts the database, migrates it, makes a first workspace and key, listens."""
    chosen = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    serving.serve(Settings(**chosen), console, demo=demo, with_worker=not no_worker)  # type: ignore[arg-type]  # checked by Settings


@app.command()
def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what is due and stop.")] = False,
) -> None:
    """Run the background work on its own; any number of these may run beside each other."""
    serving.work(Settings(), console, once=once)


@app.command()
def migrate(
    check: Annotated[bool, typer.Option("--check", help="Only tell whether migrations and models agree.")] = False,
) -> None:
    """Bring the database to the schema of this release. With --check a scratch database is migrated and dropped."""
    settings = Settings()
    if not check:
        with migrated_database(settings, console) as url:
            console.print(f"At revision {asyncio.run(pending(url))[0]}.")
        return
    with running_database(settings) as url:
        missing = asyncio.run(contract.check_migrations(settings, url))
    _compare(missing, "Migrations and models")


@app.command()
def listen(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="The port to listen on, at 127.0.0.1.")] = 8421,
    secret: Annotated[
        str | None, typer.Option(help="The endpoint's whsec_; without it, an endpoint is registered meanwhile.")
    ] = None,
    workspace: WorkspaceOption = None,
    types: Annotated[
        list[str] | None, typer.Option(help="A type, or `beginning.*`, to register for; repeat for several.")
    ] = None,
    brief: Annotated[bool, typer.Option("--brief", help="Only a line for each, without the event.")] = False,
) -> None:
    """Receive webhooks for development: verify each delivery, say in a line what it is, and show the event."""
    if secret is not None:
        if workspace or types:
            raise typer.BadParameter("--workspace and --types choose what to register for; leave them out, or --secret")
        asyncio.run(listening.listen(console, real_time, port, secret, brief=brief))
        return
    settings = Settings()
    listening.require_allowed(settings)
    with connections(settings, console) as databases:
        work = listening.listen_registered(databases, settings, console, port, workspace, types or [], brief=brief)
        asyncio.run(work)


@app.command()
def trigger(
    event_type: Annotated[str, typer.Argument(metavar="TYPE", help="The event type, such as application.created.")],
    endpoint: Annotated[str | None, typer.Option(help="Its id; by default all that want the type.")] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Send the documented example of an event type to endpoints, as a test, and say what became of it."""
    triggering.check_known(event_type)
    with connections(Settings(), console) as databases:
        outcomes = asyncio.run(triggering.trigger(databases, event_type, workspace=workspace, endpoint=endpoint))
    for each in outcomes:
        console.print(each.line(), soft_wrap=True)
    raise typer.Exit(0 if all(each.has_arrived for each in outcomes) else 1)


@workspace_app.command("create")
def workspace_create(
    name: Annotated[str, typer.Argument(help="What people call it.")],
    sandbox: Sandbox = False,
    time_zone: Annotated[str, typer.Option(help="IANA name; days begin and end there.")] = "UTC",
) -> None:
    """Make an empty workspace and a first key."""
    with connections(Settings(), console) as databases:
        made = asyncio.run(keys.make_workspace(databases, name, is_sandbox=sandbox, time_zone=time_zone))
    _show_key(made[1])
    console.print(ids.encode("workspace", made[0]))


@workspace_app.command("list")
def workspace_list() -> None:
    """List all workspaces."""
    with connections(Settings(), console) as databases:
        found = asyncio.run(keys.workspaces(databases))
    rows = [(ids.encode("workspace", row.public_id), row.name, "yes" if row.is_sandbox else "no") for row in found]
    _table(("Workspace", "Name", "Sandbox"), rows)


@key_app.command("create")
def key_create(
    scope: Annotated[list[Scope] | None, typer.Option(help="What it may do; repeat for several.")] = None,
    workspace: WorkspaceOption = None,
    expires_at: Annotated[datetime | None, typer.Option(help="When it ends, in UTC.", formats=["%Y-%m-%d"])] = None,
) -> None:
    """Make a key; it is shown once."""
    ends = expires_at.replace(tzinfo=UTC) if expires_at else None
    with connections(Settings(), console) as databases:
        key_id, key = asyncio.run(keys.make_key(databases, workspace, scope or [Scope.WRITE], ends))
    _show_key(key)
    console.print(ids.encode("api_key", key_id))


@key_app.command("list")
def key_list(workspace: WorkspaceOption = None) -> None:
    """List the keys of a workspace."""
    with connections(Settings(), console) as databases:
        found = asyncio.run(keys.list_keys(databases, workspace))
    _table(
        ("Key", "Scopes", "Made", "Expires", "Revoked", "Last used"),
        [
            (
                ids.encode("api_key", row.id),
                ", ".join(row.scopes),
                *(_when(moment) for moment in (row.created_at, row.expires_at, row.revoked_at, row.last_used_at)),
            )
            for row in found
        ],
    )


@key_app.command("revoke")
def key_revoke(key: Annotated[str, typer.Argument(help="The id of the key.")]) -> None:
    """Make a key useless, within five seconds."""
    with connections(Settings(), console) as databases:
        asyncio.run(keys.revoke_key(databases, key))
    console.print("Revoked.")


@secrets_app.command("new-key")
def secrets_new_key() -> None:
    """Print a fresh key for CHAMPIONED_SECRET_KEYS."""
    console.print(new_key(), soft_wrap=True, highlight=False, markup=False)


@secrets_app.command("renew")
def secrets_renew() -> None:
    """Seal the secrets of connections and webhook endpoints with the first key; the others can then be taken away."""
    settings = Settings()
    with connections(settings, console) as databases:
        count = asyncio.run(secrets.renew(databases, sealer_of(settings)))
    console.print(f"Connections and webhook endpoints sealed with the first key: {count}.")


@app.command()
def demo() -> None:
    """Make another demo workspace: a sandbox that tells a story."""
    settings = Settings()
    with connections(settings, console) as databases:
        workspace, key = asyncio.run(welcome.another_demo(settings, databases))
    _show_key(key)
    console.print(ids.encode("workspace", workspace.public_id))


@openapi_app.command("export")
def openapi_export(
    check: Annotated[bool, typer.Option("--check", help="Only tell whether the files and the service agree.")] = False,
) -> None:
    """Write openapi/openapi.json and openapi/openapi-sdk.json."""
    if check:
        _compare(contract.drift(), "The documents in openapi/ and the service")
        return
    contract.export()
    console.print(f"Wrote {contract.CONTRACT.name} and {contract.SDK_CONTRACT.name}.")


@app.command()
def rebuild(
    check: Annotated[bool, typer.Option("--check", help="Only count differences; exit 1 if there are any.")] = False,
) -> None:
    """Derive every application again from its facts; with --check count what was announced otherwise."""
    with connections(Settings(), console) as databases, Progress(console=console) as progress:
        work = rebuilding.check(databases, progress) if check else rebuilding.rebuild(databases, progress)
        count = asyncio.run(rebuilding.with_connections(databases, work))
    console.print(f"{count} differences." if check else f"{count} applications changed.")
    raise typer.Exit(1 if check and count else 0)


@app.command("doctor")
def doctor_command() -> None:
    """Look at server, migrations, clock, key, role and row-level security, and say how to mend what is wrong."""
    settings = Settings()
    with running_database(settings) as url:
        findings = asyncio.run(doctor.examine(settings, url))
    for finding in findings:
        mark = "[green]ok[/green]" if finding.is_well else "[red]wrong[/red]"
        console.print(f"{mark}  {finding.subject}: {finding.seen}", soft_wrap=True)
        if not finding.is_well:
            console.print(f"      {finding.mend}", soft_wrap=True, markup=False)
    raise typer.Exit(0 if all(finding.is_well for finding in findings) else 1)


def main() -> None:
    """Run a command; what a person can mend is said in a line, without a traceback."""
    try:
        app()
    except MENDABLE as error:
        _fail(str(error))
    except DomainError as error:
        _fail(error.detail)
    except ValidationError as error:
        _fail("; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()))
    except OSError as error:
        _fail(f"The database cannot be reached: {error}")


def _fail(message: str) -> None:
    Console(stderr=True).print(message, style="red", markup=False, soft_wrap=True)
    sys.exit(1)


def _compare(different: Sequence[str], subject: str) -> None:
    for line in different:
        console.print(line, markup=False, soft_wrap=True)
    console.print(f"{subject} differ." if different else f"{subject} agree.")
    raise typer.Exit(1 if different else 0)


def _show_key(key: str) -> None:
    console.print(f"API key (shown only now): {key}", soft_wrap=True, highlight=False, markup=False)


def _when(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M") if moment else ""


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(*columns)
    for row in rows:
        table.add_row(*row)
    console.print(table)
