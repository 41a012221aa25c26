"""Without the database every answer is a 503 that says when to come back, and the service recovers by itself."""

import httpx
from fastapi import FastAPI

from api.main import attach
from api.platform.db import Databases
from api.platform.settings import Settings
from tests.api.problem import problem
from tests.cast import Company
from tests.conftest import ROLE, ClientFor, SetClock


async def test_without_the_database_it_asks_for_patience_and_recovers(
    app: FastAPI, databases: Databases, settings: Settings, client_for: ClientFor, acme: Company, clock: SetClock
) -> None:
    client = client_for(acme)
    gone = Databases("postgresql://nobody@127.0.0.1:9/nothing", ROLE, clock=clock)
    attach(app, gone, settings)
    for answer in (
        await client.get("/v1/people"),
        await client.post("/v1/people", json={"name": "Ada"}),
        await client.get("/v1/applications"),
    ):
        problem(answer, 503, "service_unavailable")
        assert int(answer.headers["retry-after"]) >= 1
    assert (await client.get("/readyz")).status_code == 503
    await gone.close()
    attach(app, databases, settings)
    assert (await client.post("/v1/people", json={"name": "Ada"})).status_code == 201


async def test_when_the_database_goes_after_the_key_was_checked(
    app: FastAPI, databases: Databases, settings: Settings, client_for: ClientFor, acme: Company, clock: SetClock
) -> None:
    client = client_for(acme)
    gone = Databases("postgresql://nobody@127.0.0.1:9/nothing", ROLE, clock=clock)
    app.state.databases = gone
    problem(await client.get("/v1/people"), 503, "service_unavailable")
    problem(await client.post("/v1/people", json={"name": "Ada"}), 503, "service_unavailable")
    problem(await client.get("/v1/applications"), 503, "service_unavailable")
    await gone.close()
    app.state.databases = databases
    assert (await client.get("/v1/people")).json()["data"] == []


async def test_connections_that_were_cut_are_replaced(client: httpx.AsyncClient, databases: Databases) -> None:
    assert (await client.get("/v1/people")).status_code == 200
    async with databases.open_system() as connection:
        others = "from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()"
        await connection.exec_driver_sql(f"select pg_terminate_backend(pid) {others}")
    answers = [(await client.post("/v1/people", json={"name": "Ada"})).status_code for _ in range(4)]
    assert set(answers) <= {201, 503}
    assert answers[-1] == 201
