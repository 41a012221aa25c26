"""Generated requests, valid and not, for every operation: no failure of ours, and every answer as documented.

Each operation gets a workspace of its own with something of everything in it, is called once as it should be, which
must succeed, and then with what the document allows and what it forbids. The same requests are sent in every run.
"""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from api.main import attach, create_app
from api.platform.db import Databases
from api.platform.postgres import create_database, drop_database
from api.platform.settings import Settings
from tests.api.route_list import ID, Operation, operations
from tests.api.world import World, make_world
from tests.cast import START, Cast
from tests.conftest import ROLE, SetClock
from tests.contract.exceptions import EXEMPTIONS

EXAMPLES = int(os.environ.get("CHAMPIONED_FUZZ_EXAMPLES", "4"))
CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
EXEMPT = {
    each.operation: {other.check for other in EXEMPTIONS if other.operation == each.operation} for each in EXEMPTIONS
}
OPERATIONS = operations(create_app(Settings()))


def _client(app: FastAPI, cast: Cast) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test", headers=cast.sandbox.headers())


@pytest.fixture(scope="module")
async def prepared(
    server_url: str, template: tuple[str, Cast], bare_app: FastAPI, settings: Settings
) -> AsyncIterator[tuple[str, dict[str, str]]]:
    """The name of a database with a filled sandbox in it, and the ids that are there."""
    name = f"test_{uuid4().hex}"
    url = await create_database(server_url, name, template=template[0])
    databases = Databases(url, ROLE, clock=SetClock(START))
    attach(bare_app, databases, settings)
    async with _client(bare_app, template[1]) as client:
        world = await make_world(client)
    await databases.close()
    yield name, world.ids
    await drop_database(server_url, name)


@pytest.fixture
async def world(
    server_url: str, prepared: tuple[str, dict[str, str]], bare_app: FastAPI, settings: Settings, cast: Cast
) -> AsyncIterator[World]:
    """A copy of it, with a client."""
    name = f"test_{uuid4().hex}"
    url = await create_database(server_url, name, template=prepared[0])
    databases = Databases(url, ROLE, clock=SetClock(START), pool_size=3)
    attach(bare_app, databases, settings)
    bare_app.state.wakeups.close()  # a stream then ends with what is there
    async with _client(bare_app, cast) as client:
        yield World(client, prepared[1])
    await databases.close()
    await drop_database(server_url, name)


@pytest.fixture(scope="module")
def schema(bare_app: FastAPI) -> Any:
    return schemathesis.openapi.from_dict(json.loads(json.dumps(bare_app.openapi())))


def known(value: Any, world: World) -> Any:
    """Generated ids name nothing: most are replaced by ids that exist, by their last digit, so always the same ones."""
    if isinstance(value, str):
        return ID.sub(lambda match: _known(match, world), value)
    if isinstance(value, dict):
        return {name: known(member, world) for name, member in value.items()}
    return [known(member, world) for member in value] if isinstance(value, list) else value


def _known(match: re.Match[str], world: World) -> str:
    return match[0] if match[0][-1] in "123" else world.ids.get(match[1], match[0])


def located(case: Case, operation: Operation, world: World) -> Case:
    """The case with ids of the world in it."""
    case.path_parameters = {
        name: operation.path_in(world).split("/")[operation.path.split("/").index(f"{{{name}}}")]
        if ID.fullmatch(str(value)) and str(value)[-1] not in "12"
        else value
        for name, value in (case.path_parameters or {}).items()
    }
    case.query = known(case.query, world)
    case.body = known(case.body, world)
    return case


def prepare(case: Case) -> httpx.Request:
    """The request of a case."""
    made = requests.Request(**case.as_transport_kwargs(base_url="http://test")).prepare()
    headers = [(name, value) for name, value in made.headers.items() if name.lower() != "authorization"]
    content = made.body.encode() if isinstance(made.body, str) else made.body
    return httpx.Request(str(made.method), str(made.url), headers=headers, content=content)


def failures(case: Case, response: httpx.Response) -> Iterator[tuple[str, str]]:
    """The checks that the answer fails, with what they say."""
    if response.status_code >= 500:
        yield "not_a_server_error", response.text
    try:
        case.validate_response(response, checks=CHECKS)
    except FailureGroup as group:
        for failure in group.exceptions:
            yield type(failure).__name__, str(failure)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
async def test_generated_requests_are_answered_as_documented(
    operation: Operation, world: World, schema: Any, settings: Settings
) -> None:
    right = await operation.call(world.client, world)
    assert right.status_code in (200, 201, 202, 204), f"{operation.id}: {right.text}"
    loop = asyncio.get_running_loop()

    def answer(request: httpx.Request) -> httpx.Response:
        request.headers["Authorization"] = world.client.headers["Authorization"]
        return asyncio.run_coroutine_threadsafe(world.client.send(request), loop).result(30)

    generated = schema[operation.path][operation.method]
    failed: set[str] = set()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        await asyncio.to_thread(_fuzz, operation, generated, mode, world, answer, failed)
    assert failed == EXEMPT.get(operation.id, set()), "take what no longer fails off the list of exceptions"


def _fuzz(
    operation: Operation,
    generated: Any,
    mode: GenerationMode,
    world: World,
    answer: Callable[[httpx.Request], httpx.Response],
    failed: set[str],
) -> None:
    @hypothesis_settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(generated.as_strategy(generation_mode=mode))
    def send(case: Case) -> None:
        request = prepare(located(case, operation, world))
        response = answer(request)
        found = dict(failures(case, response))
        failed.update(found)
        assert found.keys() <= EXEMPT.get(operation.id, set()), (
            f"{request.method} {request.url} {request.content!r}\n{response.status_code} {found}"
        )

    send()


async def test_a_wrong_answer_is_noticed(schema: Any) -> None:
    case = schema["/v1/people"]["POST"].Case(body={"name": "Ada"}, media_type="application/json")
    assert names(case, 500, json={}) >= {"not_a_server_error"}
    assert names(case, 418, json={}) >= {"UndefinedStatusCode"}
    assert names(case, 201, json={"id": 7}) >= {"JsonSchemaError"}
    assert names(case, 201, text="made") >= {"UndefinedContentType"}


def names(case: Case, status: int, **content: Any) -> set[str]:
    """The checks that an answer to the case would fail."""
    response = httpx.Response(status, request=prepare(case), **content)
    response.elapsed = timedelta()
    return set(dict(failures(case, response)))


def test_exceptions_name_operations_that_exist() -> None:
    assert {each.operation for each in EXEMPTIONS} <= {operation.id for operation in OPERATIONS}
    assert all(each.reason for each in EXEMPTIONS)
