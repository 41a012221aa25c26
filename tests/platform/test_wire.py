"""What a caller meets on the wire whatever the route: errors, traps of the framework, headers, logs, the document."""

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from types import MappingProxyType
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, Body, Depends, Query, Response
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPBearer
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema
from starlette.requests import Request

from api.domain.errors import Conflict, NotFound
from api.platform import logs
from api.platform.edge import Service
from api.platform.ids import AdvocateId, ReferrerId, encode
from api.platform.openapi import custom_openapi, operation_id, telemetry_config
from api.platform.problem_answers import install
from api.platform.problems import ServiceUnavailable, Unauthorized, error_classes, responses
from api.platform.queries import ListQuery, QueryFlag, QueryInt
from api.platform.rate_limits import RateLimiter
from api.platform.routes import Route
from api.platform.schemas import Int32, Listing, Metadata, Moment, RequestModel, ResponseModel, ShortText
from api.platform.settings import Settings

KNOWN = UUID("0192f3a4-b5c6-7d8e-9f00-112233445566")
BASE = "https://api.example.com/problems"
JSON = {"Content-Type": "application/json"}


class ThingCreate(RequestModel):
    """A new thing."""

    title: ShortText
    rank: Int32 | None = None
    seen_at: Moment | None = None
    metadata: Metadata = Field(default_factory=dict)
    referrer_id: ReferrerId | None = None


class Thing(ResponseModel):
    """A thing."""

    id: AdvocateId
    title: str
    seen_at: Moment | None = None
    version: int = 1


class ThingList(Listing[Thing]):
    """One page of things."""


class ThingsQuery(ListQuery):
    """The filters of things."""

    advocate: list[AdvocateId] = Field(default=[], max_length=10, description="Only these.")
    open: QueryFlag | SkipJsonSchema[None] = None
    rank: QueryInt | SkipJsonSchema[None] = None
    seen_after: Moment | SkipJsonSchema[None] = Field(default=None, alias="seen_at[gte]")
    name: str | SkipJsonSchema[None] = None


class Duplicate(Conflict):
    """A thing of this title exists."""

    code = "duplicate_thing"
    title = "There is such a thing"
    headers = MappingProxyType({"Retry-After": "1"})


def as_of(as_of: Annotated[Moment | SkipJsonSchema[None], Query()] = None) -> Any:
    return as_of


limiter = RateLimiter(per_minute=100, burst_per_second=50)
router = APIRouter(prefix="/things", tags=["things"], route_class=Route)


@router.get("", response_model=ThingList)
async def things_list(query: Annotated[ThingsQuery, Query()], at: Annotated[Any, Depends(as_of)]) -> Any:
    """List things."""
    data = [Thing(id=key, title=str(query.filters())) for key in query.advocate]
    return {"data": data, "has_more": False, "next_cursor": None}


@router.post("", status_code=201, responses=responses(Duplicate))
async def things_create(body: ThingCreate) -> Thing:
    """Create a thing."""
    if body.title == "twin":
        raise Duplicate("It exists.", existing_id=encode("advocate", KNOWN))
    return Thing(id=KNOWN, title=body.title, seen_at=body.seen_at)


@router.get("/{advocate_id}", responses=responses(404))
async def things_retrieve(advocate_id: AdvocateId, request: Request, response: Response) -> Thing:
    """Retrieve a thing."""
    request.state.rate_limit = limiter.take("key", 10.0)
    request.state.workspace_id = 7
    return Thing(id=advocate_id, title="t")


@router.patch("/{advocate_id}")
async def things_update(advocate_id: AdvocateId, body: Annotated[ThingCreate, Body()]) -> Thing:
    """Change a thing."""
    return Thing(id=advocate_id, title=body.title)


@router.post("/{advocate_id}/fail/{way}")
async def things_fail(advocate_id: AdvocateId, way: str) -> None:
    """Fail in some way."""
    if way == "down":
        raise ServiceUnavailable("The database cannot be reached.", retry_after=2)
    if way == "missing":
        raise NotFound("There is no such thing.")
    if way == "key":
        raise Unauthorized("The key is unknown.")
    raise RuntimeError(f"{way}@example.com is secret")


@router.get("/{advocate_id}/guarded", dependencies=[Depends(HTTPBearer())])
async def things_guarded(advocate_id: AdvocateId) -> None:
    """Need a key."""


@router.get("/{advocate_id}/stream")
async def things_stream(advocate_id: AdvocateId) -> StreamingResponse:
    """Stream for ever."""

    async def lines() -> AsyncIterator[bytes]:
        while True:
            yield b"line\n"

    return StreamingResponse(lines())


def build() -> Service:
    app = Service(
        title="Things",
        version="1",
        redirect_slashes=False,
        max_body_size=2_000,
        telemetry=telemetry_config(Settings(public_url="https://api.example.com")),
        generate_unique_id_function=operation_id,
        openapi_tags=[{"name": "things", "description": "Things."}],
        contact={"name": "c", "url": "https://example.com"},
        license_info={"name": "MIT", "identifier": "MIT"},
    )
    install(app, base_url=BASE)
    app.include_router(router, prefix="/v1")
    app.openapi = custom_openapi(  # type: ignore[method-assign]
        app, server_url="https://api.example.com", describe_webhooks=lambda router: {}
    )
    return app


app = build()


async def call(method: str, path: str, **kwargs: Any) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://api.example.com") as client:
        return await client.request(method, path, **kwargs)


async def refused(status: int, code: str, method: str, path: str, **kwargs: Any) -> dict[str, Any]:
    response = await call(method, path, **kwargs)
    body: dict[str, Any] = response.json()
    assert (response.status_code, body["code"]) == (status, code), body
    assert response.headers["content-type"] == "application/problem+json"
    assert body["status"] == status
    assert body["request_id"] == response.headers["x-request-id"]
    assert body["instance"] == f"urn:request:{body['request_id']}"
    assert body["title"] == error_classes()[code].title
    assert response.headers["x-content-type-options"] == "nosniff"
    return body | {"headers": response.headers}


PATH = f"/v1/things/advocate_{KNOWN.hex}"


async def test_it_answers_an_unknown_address_with_a_problem() -> None:
    problem = await refused(404, "not_found", "GET", "/v1/nothing")
    assert problem["type"] == f"{BASE}/not_found"
    await refused(404, "not_found", "GET", "/v1/things/")
    await refused(404, "not_found", "POST", "/v1/things/", json={"title": "t"})


async def test_it_lists_every_method_of_a_path_in_allow() -> None:
    problem = await refused(405, "method_not_allowed", "PUT", PATH)
    assert problem["headers"]["allow"] == "GET, HEAD, PATCH"
    problem = await refused(405, "method_not_allowed", "DELETE", "/v1/things")
    assert problem["headers"]["allow"] == "GET, HEAD, POST"
    problem = await refused(405, "method_not_allowed", "GET", f"{PATH}/fail/down")
    assert problem["headers"]["allow"] == "POST"


async def test_it_answers_head_like_get_without_the_body() -> None:
    got, head = await call("GET", PATH), await call("HEAD", PATH)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"] != "0"
    assert (await call("HEAD", "/v1/nothing")).status_code == 404
    assert (await call("HEAD", f"{PATH}/fail/down")).status_code == 405


async def test_it_ends_an_endless_stream_on_head(caplog: pytest.LogCaptureFixture) -> None:
    response = await call("HEAD", f"{PATH}/stream")
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("content", [b'{"title": "\xff"}', b"{", b"", b"nul", b'{"title": "t"} x', b"[" * 1900])
async def test_it_answers_an_unreadable_body_with_400_but_an_absent_one_with_422(content: bytes) -> None:
    if content:
        await refused(400, "malformed_json", "POST", "/v1/things", content=content, headers=JSON)
    else:
        await refused(422, "invalid_request", "POST", "/v1/things", content=content, headers=JSON)


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded", "nonsense"])
async def test_it_answers_a_wrong_or_absent_content_type_with_415(content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    content = b'{"title": "t"}'
    problem = await refused(415, "unsupported_media_type", "POST", "/v1/things", content=content, headers=headers)
    assert "application/json" in problem["headers"]["accept"]


async def test_it_takes_merge_patch_as_json() -> None:
    headers = {"Content-Type": "application/merge-patch+json"}
    assert (await call("PATCH", PATH, content=b'{"title": "t"}', headers=headers)).status_code == 200


@pytest.mark.parametrize("way", ["declared", "chunked", "unread"])
async def test_it_answers_a_body_that_is_too_large_with_413(way: str) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * 100

    content: Any = chunks() if way == "chunked" else b"x" * 3_000
    method = "GET" if way == "unread" else "POST"
    problem = await refused(413, "payload_too_large", method, "/v1/things", content=content, headers=JSON)
    assert problem["headers"]["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"title": "t", "rank": 2**63}, "#/rank", "less_than_equal"),
        ({"title": "t", "rank": "1"}, "#/rank", "int_type"),
        ({"title": "t", "rank": 1.0}, "#/rank", "int_type"),
        ({"title": "t", "rank": True}, "#/rank", "int_type"),
        ({"title": "a\x00b"}, "#/title", "text_has_nul"),
        ({"title": "t", "seen_at": 1768469400}, "#/seen_at", "moment_type"),
        ({"title": "t", "seen_at": "9999-12-31T23:59:59-14:00"}, "#/seen_at", "moment_range"),
        ({"title": "t", "seen_at": "2026-01-15T09:30:00.1234567Z"}, "#/seen_at", "moment_parsing"),
        ({"title": "t", "metadata": {"a/b~": 1}}, "#/metadata/a~1b~0", "string_type"),
        ({"rank": 1}, "#/title", "missing"),
        ({"title": "t", "state": "x"}, "#/state", "extra_forbidden"),
        ([], "#", "model_attributes_type"),
    ],
)
async def test_it_points_at_the_member_that_is_wrong(body: Any, pointer: str, code: str) -> None:
    problem = await refused(422, "invalid_request", "POST", "/v1/things", json=body)
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [(pointer, code)]


@pytest.mark.parametrize("text", [b'"\\ud800"', b'"\\udfff"', b'"x\\ud800y"'])
async def test_it_refuses_half_of_a_surrogate_pair(text: bytes) -> None:
    for content in (b'{"title": %s}' % text, b'{"title": "t", "metadata": {%s: ""}}' % text, b"{%s: 1}" % text):
        problem = await refused(422, "invalid_request", "POST", "/v1/things", content=content, headers=JSON)
        assert problem["errors"][0]["code"] == "text_has_lone_surrogate"


async def test_it_takes_whole_surrogate_pairs_and_converts_moments_to_utc() -> None:
    content = b'{"title": "\\ud83d\\ude00", "seen_at": "2026-01-15T09:30:00+02:00"}'
    response = await call("POST", "/v1/things", content=content, headers=JSON)
    assert response.json()["title"] == "😀"
    assert response.json()["seen_at"] == "2026-01-15T07:30:00Z"


async def test_it_names_both_kinds_of_a_wrong_id_wherever_it_stands() -> None:
    wrong = f"referrer_{KNOWN.hex}"
    words = "this is a referrer id; an advocate id is needed"
    in_path = await refused(422, "wrong_id_kind", "GET", f"/v1/things/{wrong}")
    assert in_path["errors"] == [{"parameter": "advocate_id", "code": "wrong_id_kind", "detail": words}]
    in_query = await refused(422, "wrong_id_kind", "GET", "/v1/things", params={"advocate": wrong})
    assert in_query["errors"][0]["parameter"] == "advocate"
    body = {"title": "t", "referrer_id": f"advocate_{KNOWN.hex}"}
    in_body = await refused(422, "wrong_id_kind", "POST", "/v1/things", json=body)
    assert in_body["errors"][0]["pointer"] == "#/referrer_id"
    await refused(422, "invalid_id", "GET", "/v1/things/42")


async def test_it_refuses_unknown_query_parameters_on_every_route() -> None:
    for method, path in (("GET", "/v1/things?colour=red"), ("GET", f"{PATH}?x="), ("POST", f"{PATH}/fail/down?x=1")):
        problem = await refused(422, "unknown_parameter", method, path)
        assert problem["errors"][0]["parameter"] in ("colour", "x")


async def test_it_refuses_a_repeated_scalar_parameter_and_takes_a_repeated_list() -> None:
    await refused(422, "repeated_parameter", "GET", "/v1/things?limit=1&limit=2")
    await refused(422, "repeated_parameter", "GET", "/v1/things?as_of=2026-01-15T09:30:00Z&as_of=x")
    path = f"/v1/things?advocate=advocate_{KNOWN.hex}&advocate=advocate_{KNOWN.hex}&as_of=2026-01-15T09:30:00Z"
    response = await call("GET", path)
    assert response.status_code == 200, response.text
    assert [row["id"] for row in response.json()["data"]] == [f"advocate_{KNOWN.hex}"] * 2


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=1.0", "limit=+1", "limit=1_0", f"limit={2**70}", "open=yes", "open=1",
     "rank=2147483648",
     "seen_at[gte]=1768469400", "name=a%00b", "limit=", f"cursor={'x' * 2001}"],
)  # fmt: skip
async def test_it_refuses_sloppy_query_values(query: str) -> None:
    problem = await refused(422, "invalid_request", "GET", f"/v1/things?{query}")
    assert problem["errors"][0]["parameter"] in ("query", query.partition("=")[0])


async def test_it_reads_bracketed_parameters() -> None:
    path = (
        f"/v1/things?advocate=advocate_{KNOWN.hex}&seen_at[gte]=2026-01-15T09:30:00%2B00:00&open=true&rank=-3&limit=5"
    )
    response = await call("GET", path)
    assert response.status_code == 200, response.text
    assert "'seen_at[gte]': '2026-01-15T09:30:00Z'" in response.json()["data"][0]["title"]
    assert "limit" not in response.json()["data"][0]["title"]


async def test_it_answers_missing_authentication_with_a_challenge() -> None:
    for method, path in (("GET", f"{PATH}/guarded"), ("POST", f"{PATH}/fail/key")):
        problem = await refused(401, "unauthorized", method, path)
        assert problem["headers"]["www-authenticate"].startswith("Bearer")


async def test_it_renders_raised_errors_with_their_members_and_headers() -> None:
    problem = await refused(409, "duplicate_thing", "POST", "/v1/things", json={"title": "twin"})
    assert problem["existing_id"] == f"advocate_{KNOWN.hex}"
    assert problem["headers"]["retry-after"] == "1"
    down = await refused(503, "service_unavailable", "POST", f"{PATH}/fail/down")
    assert down["headers"]["retry-after"] == "2"


async def test_it_explains_every_code_on_a_page() -> None:
    for code, cls in error_classes().items():
        page = await call("GET", f"/problems/{code}")
        assert page.status_code == 200
        assert str(cls.status) in page.text
    await refused(404, "not_found", "GET", "/problems/nothing")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure(level="info", form="json", stream=stream)
    yield stream
    root.handlers[:] = kept
    root.setLevel(level)


async def test_it_answers_a_failure_without_internals_and_logs_its_trace(lines: io.StringIO) -> None:
    problem = await refused(500, "internal_error", "POST", f"{PATH}/fail/zoe")
    assert "secret" not in json.dumps(problem, default=str)
    error, access = map(json.loads, lines.getvalue().splitlines())
    assert "things_fail" in error["trace"]
    assert "RuntimeError" in error["trace"]
    assert "zoe@example.com" not in lines.getvalue()
    assert error["request_id"] == access["request_id"] == problem["request_id"]
    assert access["status"] == 500


async def test_it_logs_one_line_a_request_without_path_or_query_values(lines: io.StringIO) -> None:
    await call("GET", PATH, headers={"X-Request-Id": "caller-chose-this", "Authorization": "Bearer secret"})
    await call("GET", "/v1/secret?name=secret")
    first, second = map(json.loads, lines.getvalue().splitlines())
    assert (first["method"], first["route"], first["status"]) == ("GET", "/v1/things/{advocate_id}", 200)
    assert (first["request_id"], first["workspace"]) == ("caller-chose-this", 7)
    assert first["duration_ms"] >= 0
    assert (second["route"], second["status"]) == (None, 404)
    assert "secret" not in lines.getvalue()
    assert KNOWN.hex not in lines.getvalue()


@pytest.mark.parametrize("given", ["short", "x" * 65, "has space in it", "line\tbreak-here", ""])
async def test_it_replaces_a_request_id_it_cannot_trust(given: str) -> None:
    response = await call("GET", PATH, headers={"X-Request-Id": given})
    assert response.headers.get_list("x-request-id") != [given]
    assert len(response.headers["x-request-id"]) == 32


async def test_it_sends_security_and_rate_limit_headers() -> None:
    headers = (await call("GET", PATH)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["ratelimit-policy"] == '"default";q=100;w=60, "burst";q=50;w=1'
    assert headers["ratelimit"].startswith('"default";r=')
    page = (await call("GET", "/problems/not_found")).headers
    assert "cache-control" not in page


def test_its_document_follows_the_house_rules() -> None:
    document = app.openapi()
    assert app.openapi() is document
    text = json.dumps(document)
    assert "HTTPValidationError" not in text
    assert "-Input" not in text
    assert set(document["components"]["schemas"]) == {"Problem", "ProblemError", "Thing", "ThingCreate", "ThingList"}
    assert document["security"] == [{"bearer": []}, {"basic": []}]
    assert document["servers"][0]["url"] == "https://api.example.com"
    assert "/problems/{code}" not in document["paths"]
    create = document["paths"]["/v1/things"]["post"]
    assert create["operationId"] == "things_create"
    assert {"201", "400", "401", "403", "409", "413", "415", "422", "429", "500", "503"} == set(create["responses"])
    assert {"Location", "ETag", "RateLimit", "X-Request-Id"} <= set(create["responses"]["201"]["headers"])
    assert "Retry-After" in create["responses"]["429"]["headers"]
    assert "duplicate_thing" in create["responses"]["409"]["description"]
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if status >= "400":
                    assert answer["content"] == {
                        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                    }


def test_its_query_parameters_are_not_nullable() -> None:
    parameters = {item["name"]: item for item in app.openapi()["paths"]["/v1/things"]["get"]["parameters"]}
    assert set(parameters) == {"limit", "cursor", "advocate", "open", "rank", "seen_at[gte]", "name", "as_of"}
    assert '"null"' not in json.dumps(parameters)
    assert parameters["seen_at[gte]"]["schema"]["format"] == "date-time"
    assert (parameters["limit"]["schema"]["minimum"], parameters["limit"]["schema"]["maximum"]) == (1, 100)
    assert parameters["advocate"]["schema"]["items"]["pattern"] == "^advocate_[0-9a-f]{32}$"


def test_it_has_one_error_class_for_each_code() -> None:
    classes = list(error_classes().values())
    assert all(cls.__doc__ and cls.title and 400 <= cls.status < 600 for cls in classes)
