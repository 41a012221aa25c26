"""An endpoint with deliveries in whatever state a test needs, without anything being sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text
from uuid_utils.compat import uuid7

from api.domain.webhooks import EndpointState
from api.event_types.catalogue import example
from api.models import Task, WebhookEndpoint
from api.platform import outbox, rows
from api.platform.db import Databases
from api.platform.ids import encode
from api.platform.sessions import WorkspaceRef, WriteSession
from api.webhooks.task_steps import work_on_tasks
from api.webhooks.tasks import begin
from tests.conftest import SetClock
from tests.webhooks.stored import ACTOR, endpoint

TYPE = "person.updated"
LONG_AGO = "2026-02-20T00:00:00Z"


@dataclass(slots=True)
class Backlog:
    """What there is for one endpoint of Acme's. Events are known by their numbers, the first of a test's being 1."""

    client: httpx.AsyncClient
    databases: Databases
    clock: SetClock
    workspace: WorkspaceRef
    endpoint_id: UUID
    before: int = 0

    @property
    def path(self) -> str:
        """Where the endpoint is."""
        return f"/v1/webhook_endpoints/{encode('webhook_endpoint', self.endpoint_id)}"

    async def happen(self, *subjects: UUID | None, event_type: str = TYPE) -> None:
        """An event about each of these subjects, a minute apart; one about a subject of its own for None."""
        for subject in subjects or (None,):
            async with self.databases.open_writing(self.workspace, actor=ACTOR) as session:
                await self.record(session, subject, event_type)
                await session.commit()
            self.clock.advance(minutes=1)

    async def record(self, session: WriteSession, subject: UUID | None = None, event_type: str = TYPE) -> None:
        """The same inside a transaction of the test's own."""
        shown, now = example(event_type), await session.now()
        outbox.record(
            session,
            event_type,
            subject=(shown["subject"]["type"], subject or uuid7()),
            version=shown["subject_version"],
            occurred_at=now,
            recorded_at=now,
            data=shown["data"],
            previous=shown["previous"],
        )
        await outbox.finish(session)

    async def change(self, assignments: str, *numbers: int) -> None:
        """Change the deliveries of these events, all without any, as whoever sends them would."""
        chosen = [self.before + number for number in numbers]
        await self.execute(
            f"update deliveries set {assignments} where endpoint_id = :endpoint"
            " and (event_number = any(cast(:numbers as bigint[])) or :all)",
            numbers=chosen,
            all=not chosen,
        )

    async def change_endpoint(self, assignments: str) -> None:
        """Change the endpoint without any event of it."""
        await self.execute(f"update webhook_endpoints set {assignments} where id = :endpoint")

    async def execute(self, statement: str, **values: Any) -> Any:
        """Carry out a statement as the owner."""
        async with self.databases.open_system() as connection:
            given = {"endpoint": self.endpoint_id, "now": self.clock(), **values}
            return await connection.execute(text(statement), given)

    async def table(self, *columns: str) -> list[tuple[Any, ...]]:
        """These columns of every delivery, in the order of the feed, its number first."""
        listed = ", ".join(("event_number", *columns))
        found = await self.execute(
            f"select {listed} from deliveries where endpoint_id = :endpoint order by event_number"
        )
        return [(row[0] - self.before, *row[1:]) for row in found]

    async def states(self) -> str:
        """The initials of the states of all deliveries, in the order of the feed."""
        return "".join(state[0] for _, state in await self.table("state"))

    async def listed(self, **filters: str) -> list[dict[str, Any]]:
        """What the list answers."""
        answer = await self.client.get(f"{self.path}/deliveries", params=filters)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    async def numbers(self, **filters: str) -> list[int]:
        """The same by the numbers of events."""
        return [row["event_number"] - self.before for row in await self.listed(**filters)]

    async def delivery_path(self, number: int) -> str:
        """Where the delivery of an event is."""
        found = await self.execute(
            "select id from deliveries where endpoint_id = :endpoint and event_number = :number",
            number=self.before + number,
        )
        return f"{self.path}/deliveries/{encode('delivery', found.scalar_one())}"

    async def ask(self, verb: str, **body: Any) -> httpx.Response:
        """Ask for `recover`, `replay` or `replay_missing`."""
        return await self.client.post(f"{self.path}/{verb}", json={"since": LONG_AGO, **body})

    async def asked(self, verb: str, **body: Any) -> str:
        """The same where it is accepted; answers where the task is."""
        answer = await self.ask(verb, **body)
        assert answer.status_code == 202, answer.text
        location: str = answer.headers["location"]
        assert location == f"/v1/tasks/{answer.json()['id']}"
        return location

    async def done(self, task: str) -> dict[str, Any]:
        """The task after the worker has run until nothing is left to do."""
        while await work_on_tasks(self.databases):
            pass
        return await self.task(task)

    async def task(self, path: str) -> dict[str, Any]:
        """The task as it is now."""
        found: dict[str, Any] = (await self.client.get(path)).json()
        return found

    async def begun(self, *args: Any, assignments: str, **options: Any) -> str:
        """Change the locked endpoint and begin a task, as resuming and deleting one do; answers where the task is."""
        async with self.databases.open_writing(self.workspace, actor=ACTOR) as session:
            locked = await rows.lock(session, WebhookEndpoint, self.endpoint_id)
            await session.execute(
                text(f"update webhook_endpoints set {assignments} where workspace_id = :workspace_id and id = :id"),
                {"workspace_id": self.workspace.id, "id": locked.id},
            )
            task: Task = await begin(session, locked, *args, now=await session.now(), **options)
            await session.commit()
        return f"/v1/tasks/{encode('task', task.id)}"


async def make_backlog(
    client: httpx.AsyncClient,
    databases: Databases,
    clock: SetClock,
    workspace: WorkspaceRef,
    event_types: Sequence[str] = (TYPE,),
) -> Backlog:
    """An active endpoint that asks for these types and has got nothing yet."""
    now = clock()
    async with databases.open_writing(workspace, actor=ACTOR) as session:
        made = endpoint(now, state=EndpointState.ACTIVE, event_types=list(event_types))
        session.add(made)
        await session.flush()
        found = await session.execute(
            text("select last from event_counters where workspace_id = :id"), {"id": workspace.id}
        )
        before = found.scalar_one()
        await session.commit()
    return Backlog(client, databases, clock, workspace, made.id, before)
