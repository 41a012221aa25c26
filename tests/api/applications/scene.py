"""What the tests of applications begin with, made through the API itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from sqlalchemy import event

from api.platform.db import Databases

Answer = dict[str, Any]


async def sent(client: httpx.AsyncClient, path: str, body: Answer | None = None) -> Answer:
    """The answer to a POST that must succeed."""
    response = await client.post(path, json=body)
    assert response.status_code in (200, 201), response.text
    answer: Answer = response.json()
    return answer


async def make_candidate(client: httpx.AsyncClient, name: str = "Sam Reyes") -> str:
    """A new candidate's id."""
    return str((await sent(client, "/v1/candidates", {"person": {"name": name}}))["id"])


async def make_job(client: httpx.AsyncClient, title: str = "Data engineer") -> str:
    """A new job's id."""
    return str((await sent(client, "/v1/jobs", {"title": title}))["id"])


async def make_person(client: httpx.AsyncClient, name: str = "Ada Okafor") -> str:
    """A new person's id."""
    return str((await sent(client, "/v1/people", {"name": name}))["id"])


async def make_application(client: httpx.AsyncClient, **members: Any) -> Answer:
    """A new application, of a new candidate for a new job unless given."""
    given = members.keys()
    candidate_id = members["candidate_id"] if "candidate_id" in given else await make_candidate(client)
    job_id = members["job_id"] if "job_id" in given else await make_job(client)
    body = {"candidate_id": candidate_id, "job_id": job_id, **members}
    return await sent(client, "/v1/applications", body)


async def tell(client: httpx.AsyncClient, application: Answer, verb: str, **body: Any) -> httpx.Response:
    """The answer to a verb on the application."""
    return await client.post(f"/v1/applications/{application['id']}/{verb}", json=body)


async def told(client: httpx.AsyncClient, application: Answer, verb: str, **body: Any) -> Answer:
    """The application after a verb that must succeed."""
    response = await tell(client, application, verb, **body)
    assert response.status_code == 200, response.text
    answer: Answer = response.json()
    return answer


async def read(client: httpx.AsyncClient, application: Answer) -> Answer:
    """The application as it is now."""
    response = await client.get(f"/v1/applications/{application['id']}")
    assert response.status_code == 200, response.text
    answer: Answer = response.json()
    return answer


async def stage_changes(client: httpx.AsyncClient, application: Answer) -> list[Answer]:
    """The facts of its lifecycle."""
    response = await client.get(f"/v1/applications/{application['id']}/stage_changes")
    return list(response.json()["data"])


async def events(client: httpx.AsyncClient, kind: str) -> list[Answer]:
    """The events whose type begins with `kind`, in order."""
    response = await client.get("/v1/events", params={"limit": 100})
    return [event for event in response.json()["data"] if event["type"].startswith(kind)]


@contextmanager
def round_trips(databases: Databases) -> Iterator[list[str]]:
    """Everything that is sent to the database meanwhile, BEGIN and COMMIT included."""
    statements: list[str] = []
    listeners: dict[str, Callable[..., None]] = {
        "before_cursor_execute": lambda _connection, _cursor, statement, *_: statements.append(statement),
        "begin": lambda _connection: statements.append("begin"),
        "commit": lambda _connection: statements.append("commit"),
    }
    for name, listener in listeners.items():
        event.listen(databases.engine.sync_engine, name, listener)
    yield statements
    for name, listener in listeners.items():
        event.remove(databases.engine.sync_engine, name, listener)
