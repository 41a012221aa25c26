"""The walk over every route: who may call it, and that nobody reaches into another workspace.

Two workspaces are filled alike, and each walk goes over all operations, as the service's role and once more as the
owner, whom no policy binds: so every statement names its workspace itself, and the policies are a net below that.
"""

import base64
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from api.main import attach
from api.platform.auth import Scope
from api.platform.db import Databases
from api.platform.postgres import create_database, drop_database
from api.platform.settings import Settings
from api.platform.transactions import ServiceRoute
from api.workspaces.service import create_key, revoke_key
from tests.api.calls import KEYLESS, SAME_FOR_ALL
from tests.api.route_list import ID, UNKNOWN, AnyId, Operation, id_members, named_ids, operations, replaced, routes
from tests.api.stage import Stage, client_of
from tests.api.world import World, make_world
from tests.cast import START, Cast
from tests.conftest import ROLE, SetClock
from tests.contents import contents
from tests.contract.checking import Contract

OUR_ID = re.compile(r"{(?!external_id})(\w+_id)}")
"""An id in a path that is ours; one of another system names something here from its first use."""


@pytest.fixture(scope="module", params=["service", "owner"])
async def built(
    request: pytest.FixtureRequest,
    server_url: str,
    template: tuple[str, Cast],
    bare_app: FastAPI,
    settings: Settings,
    contract: Contract,
) -> AsyncIterator[Stage]:
    """Both worlds, made once for each role that the service may work as."""
    name = f"test_{uuid4().hex}"
    url = await create_database(server_url, name, template=template[0])
    databases = Databases(url, ROLE if request.param == "service" else None, clock=SetClock(START), pool_size=5)
    attach(bare_app, databases, settings)
    cast = template[1]
    worlds = [await make_world(client_of(bare_app, each.headers(), contract)) for each in (cast.acme, cast.globex)]
    yield Stage(databases, bare_app, contract, cast, *worlds)
    for world in worlds:
        await world.client.aclose()
    await databases.close()
    await drop_database(server_url, name)


@pytest.fixture
def stage(built: Stage, settings: Settings) -> Stage:
    """The worlds, with the service on their database."""
    attach(built.app, built.databases, settings)
    built.app.state.wakeups.close()  # a stream then ends with what is there
    return built


@pytest.fixture
def walk(stage: Stage) -> list[Operation]:
    """Every operation under `/v1` that is called with an API key."""
    return [operation for operation in operations(stage.app) if operation.id not in KEYLESS]


@pytest.fixture
def unchanged(stage: Stage) -> Callable[[], Any]:
    """A block in which nothing is written."""

    @asynccontextmanager
    async def block() -> AsyncIterator[None]:
        before = await contents(stage.databases)
        yield
        assert await contents(stage.databases) == before

    return block


async def _key(stage: Stage, scopes: list[Scope], *, expired: bool = False, revoked: bool = False) -> str:
    async with stage.databases.open_system() as connection:
        expires_at = START - timedelta(seconds=1) if expired else None
        workspace, made_at = stage.cast.acme.workspace, START - timedelta(days=1)
        key_id, plain = await create_key(connection, workspace, scopes, expires_at=expires_at, now=made_at)
        if revoked:
            await revoke_key(connection, key_id, now=START)
    return plain


def _problem(answer: httpx.Response, status: int, code: str) -> bool:
    return (
        (answer.status_code, answer.json().get("code")) == (status, code)
        and answer.headers["content-type"] == "application/problem+json"
        and answer.json()["request_id"] == answer.headers["x-request-id"]
    )


async def test_without_a_valid_key_nothing_is_answered(
    stage: Stage, walk: list[Operation], unchanged: Callable[[], Any]
) -> None:
    good = stage.cast.acme.admin
    keys = {
        "missing": "",
        "malformed": "Bearer sesame",
        "unknown": f"Bearer championed_live_{'a' * 16}_{'A' * 43}",
        "wrong secret": f"Bearer {good[:-43]}{'A' * 43}",
        "expired": f"Bearer {await _key(stage, [Scope.ADMIN], expired=True)}",
        "revoked": f"Bearer {await _key(stage, [Scope.ADMIN], revoked=True)}",
        "broken basic": "Basic %%%",
    }
    async with unchanged():
        for why, header in keys.items():
            async with stage.client({"Authorization": header} if header else {}) as client:
                for operation in walk:
                    answer = await operation.call(client, stage.acme)
                    assert _problem(answer, 401, "unauthorized"), (operation.id, why, answer.text)
                    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_key_without_the_needed_scope_is_refused(
    stage: Stage, walk: list[Operation], unchanged: Callable[[], Any]
) -> None:
    weaker = {"read": [], "write": [Scope.READ], "admin": [Scope.WRITE]}
    keys = {scope: await _key(stage, scopes) for scope, scopes in weaker.items()}
    async with unchanged():
        for operation in walk:
            needed = operation.needed_scope
            async with stage.client({"Authorization": f"Bearer {keys[needed]}"}) as client:
                answer = await operation.call(client, stage.acme)
            assert _problem(answer, 403, "forbidden"), (operation.id, answer.text)
            assert answer.json()["needed_scope"] == needed


async def test_a_key_may_come_as_the_user_name_of_basic_credentials(stage: Stage, walk: list[Operation]) -> None:
    credentials = base64.b64encode(f"{stage.cast.acme.read}:".encode()).decode()
    async with stage.client({"Authorization": f"Basic {credentials}"}) as client:
        for operation in walk:
            if operation.needed_scope == "read":
                answer = await operation.call(client, stage.acme)
                assert answer.status_code == 200, (operation.id, answer.text)


async def test_unknown_query_parameters_are_refused(
    stage: Stage, walk: list[Operation], unchanged: Callable[[], Any]
) -> None:
    async with unchanged():
        for operation in walk:
            answer = await operation.call(stage.acme.client, stage.acme, params={"colour": "blue"})
            assert _problem(answer, 422, "unknown_parameter"), (operation.id, answer.text)
            assert answer.json()["errors"][0]["parameter"] == "colour"


async def _same_as_unknown(
    send: Callable[[str], Awaitable[httpx.Response]], foreign: str
) -> tuple[bool, httpx.Response]:
    """Whether a foreign id is answered exactly like one that nobody has."""
    kind = foreign.rpartition("_")[0]
    answer, other = await send(foreign), await send(f"{kind}_{UNKNOWN}")
    return _shape(answer) == _shape(other), answer


def _shape(answer: httpx.Response) -> tuple[int, str]:
    text = re.sub(r"urn:request:\w+|\"request_id\": ?\"\w+\"", "", answer.text)
    return answer.status_code, ID.sub(r"\1", text)


async def test_ids_of_another_workspace_are_not_found(
    stage: Stage, walk: list[Operation], unchanged: Callable[[], Any]
) -> None:
    client = stage.globex.client
    async with unchanged():
        for operation in walk:
            for name in OUR_ID.findall(operation.path):

                async def send(given: str, operation: Operation = operation, name: str = name) -> httpx.Response:
                    path = operation.path_in(stage.globex, **{name: given})
                    return await client.request(operation.method, path, json=operation.body(stage.globex))

                foreign = stage.acme.path(f"{{{name}}}")
                same, answer = await _same_as_unknown(send, foreign)
                assert answer.status_code == 404, (operation.id, name, answer.text)
                assert same, (operation.id, name)


async def test_ids_of_another_workspace_are_refused_in_bodies(
    stage: Stage, walk: list[Operation], unchanged: Callable[[], Any]
) -> None:
    client = stage.globex.client
    foreign_of = {stage.globex.ids[word]: given for word, given in stage.acme.ids.items()}
    async with unchanged():
        for operation in walk:
            body = operation.body(stage.globex)
            for place, own in named_ids(body):

                async def send(
                    given: str, operation: Operation = operation, body: Any = body, place: Any = place
                ) -> httpx.Response:
                    path = operation.path_in(stage.globex)
                    return await client.request(operation.method, path, json=replaced(body, place, given))

                same, answer = await _same_as_unknown(send, foreign_of[own])
                assert answer.status_code in (404, 409, 422), (operation.id, place, answer.text)
                assert same, (operation.id, place)


async def test_ids_of_another_workspace_find_nothing_in_lists(stage: Stage, walk: list[Operation]) -> None:
    client = stage.globex.client
    for operation in walk:
        for name, kind in operation.id_parameters():
            path = operation.path_in(stage.globex)

            async def send(given: str, path: str = path, name: str = name) -> httpx.Response:
                return await client.get(path, params={name: given})

            same, answer = await _same_as_unknown(send, stage.acme.ids[kind])
            assert answer.status_code in (200, 404, 422), (operation.id, name, answer.text)
            assert same, (operation.id, name)
            assert answer.json().get("data", []) == [], (operation.id, name)


async def test_no_answer_shows_anything_of_another_workspace(stage: Stage, walk: list[Operation]) -> None:
    seen: dict[str, set[str]] = {"acme": set(), "globex": set()}
    for operation in walk:
        if operation.method == "GET" and operation.id not in SAME_FOR_ALL:
            for whose, world in (("acme", stage.acme), ("globex", stage.globex)):
                answer = await operation.call(world.client, world)
                assert answer.status_code == 200, (operation.id, answer.text)
                seen[whose] |= {match[0] for match in ID.finditer(answer.text)}
    assert set(stage.acme.ids.values()) <= seen["acme"]
    assert seen["acme"].isdisjoint(seen["globex"])


async def test_every_call_of_the_walk_is_sound(stage: Stage) -> None:
    """Else the walks above would be refused for another reason than the one they are about. It writes: the last."""
    for operation in operations(stage.app):
        if operation.method != "GET" and operation.id != "clock_advance":
            answer = await operation.call(stage.acme.client, stage.acme)
            assert answer.status_code in (200, 201, 202, 204, 409), (operation.id, answer.text)


def test_every_id_that_a_body_may_name_is_named_in_the_walk(bare_app: FastAPI) -> None:
    schemas = bare_app.openapi()["components"]["schemas"]
    world = World(httpx.AsyncClient(), AnyId())
    for operation in operations(bare_app):
        content = operation.document.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            wanted = id_members(content["application/json"]["schema"], schemas)
            places = [place for place, _ in named_ids(operation.body(world))]
            named = {place[-1] if isinstance(place[-1], str) else place[-2] for place in places}
            assert wanted <= named, f"{operation.id}: the body in tests/api/calls.py does not name {wanted - named}"


def test_every_route_finishes_its_transaction_itself(bare_app: FastAPI) -> None:
    listed = {operation.id for operation in operations(bare_app)}
    for route in routes():
        if route.path.startswith("/v1/"):
            assert isinstance(route, ServiceRoute), f"{route.name}: its router needs route_class=ServiceRoute"
            assert route.name in listed, f"{route.name} is hidden from the document"
            assert route.endpoint.__doc__, f"{route.name} has no docstring, which is its page in the manual"
            assert re.fullmatch(r"[a-z]+(_[a-z]+)+", route.name)
            assert len(route.methods) == 1


def test_every_operation_documents_its_errors(bare_app: FastAPI) -> None:
    for operation in operations(bare_app):
        answers = operation.document["responses"]
        expected = {"400", "401", "403", "422", "429", "500", "503"}
        expected |= {"404"} if "{" in operation.path and "{external_id}" not in operation.path else set()
        expected |= {"413", "415"} if "requestBody" in operation.document else set()
        assert expected <= answers.keys(), (operation.id, expected - answers.keys())
        for status, answer in answers.items():
            if status >= "400":
                assert list(answer["content"]) == ["application/problem+json"], (operation.id, status)
