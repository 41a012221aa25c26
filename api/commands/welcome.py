"""What `serve` says at start: on the first one a key and what to try, later only where it listens."""

import logging

from rich.console import Console
from sqlmodel import col, select

from api.demo.story import tell
from api.domain.vocabulary import ApplicationState, Level
from api.main import connect
from api.models import Application
from api.platform import ids
from api.platform.auth import Scope
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef
from api.platform.settings import Settings
from api.workspaces.service import create_key, create_workspace, list_workspaces

FIRST_WORKSPACE = "My workspace"
DEMO_WORKSPACE = "Demo"


async def welcome(settings: Settings, url: str, console: Console, *, demo: bool) -> None:
    """Make sure that there is a workspace to work with; show a new key once, and what to try with it."""
    databases = connect(settings, url)
    try:
        async with databases.open_system() as connection:
            workspaces = await list_workspaces(connection)
        if demo:
            existing = next((each for each in workspaces if each.is_sandbox and each.name == DEMO_WORKSPACE), None)
            if existing is None:
                await _new_demo(settings, databases, console)
            else:
                ref = WorkspaceRef(existing.id, existing.public_id, existing.is_sandbox)
                _suggest(settings, console, "YOUR_KEY", await _example(databases, ref))
                another = f"championed key create --scope admin --workspace {ids.encode('workspace', ref.public_id)}"
                console.print(f"The key was shown at the first start; this makes another:\n{another}", soft_wrap=True)
        elif not workspaces:
            await _new_workspace(databases, console)
    finally:
        await databases.close()


async def _new_workspace(databases: Databases, console: Console) -> None:
    async with databases.open_system() as connection:
        now = databases.clock()
        made = await create_workspace(connection, FIRST_WORKSPACE, is_sandbox=False, time_zone="UTC", now=now)
        _, key = await create_key(connection, made, [Scope.ADMIN], expires_at=None, now=now)
    _show_key(console, key)


async def _new_demo(settings: Settings, databases: Databases, console: Console) -> None:
    console.print("Telling the demo's story ...")
    workspace, key = await _told(settings, databases)
    _show_key(console, key)
    _suggest(settings, console, key, await _example(databases, workspace))


async def another_demo(settings: Settings, databases: Databases) -> tuple[WorkspaceRef, str]:
    """A further demo workspace and its key."""
    try:
        return await _told(settings, databases)
    finally:
        await databases.close()


async def _told(settings: Settings, databases: Databases) -> tuple[WorkspaceRef, str]:
    """A demo workspace and its key, without a line in the access log for each line of its story."""
    access = logging.getLogger("championed.access")
    access.disabled = True
    try:
        return await tell(settings, databases, name=DEMO_WORKSPACE)
    finally:
        access.disabled = False


async def _example(databases: Databases, workspace: WorkspaceRef) -> str:
    """An application worth looking at: an open one that is championed, else any."""
    applications = select(Application.id).order_by(col(Application.created_at))
    championed = (col(Application.level) == Level.CHAMPIONED, col(Application.state) == ApplicationState.OPEN)
    async with databases.open_reading(workspace) as session:
        found = (await session.execute(applications.where(*championed).limit(1))).scalars().all()
        found = found or (await session.execute(applications.limit(1))).scalars().all()
    return ids.encode("application", found[0])


def _show_key(console: Console, key: str) -> None:
    console.print(f"\nAPI key (shown only now): {key}\n", soft_wrap=True, highlight=False)


def _suggest(settings: Settings, console: Console, key: str, application_id: str) -> None:
    header = f'-H "Authorization: Bearer {key}"'
    base = f"{settings.public_url}/v1"
    tries = {
        "The pipeline: who is backed, and how well": f"curl -s {header} {base}/pipeline",
        "One application: how it is backed, and why": f"curl -s {header} {base}/applications/{application_id}/support",
        "Advance the demo's clock until somebody lapses": (
            f"curl -s -X POST {header} -H 'Content-Type: application/json'"
            f' -d \'{{"by": "P30D"}}\' {base}/clock/advance'
        ),
    }
    for what, command in tries.items():
        console.print(f"# {what}\n{command}\n", soft_wrap=True, highlight=False, markup=False)
