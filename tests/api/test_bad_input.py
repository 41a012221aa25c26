"""Whatever a caller sends: a problem that names the fault, never a failure of ours, and nothing half written."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.platform.db import Databases
from api.platform.settings import Settings
from tests.api.advocacies.scene import SEEN, Scene, make_scene
from tests.api.problem import places, problem
from tests.cast import START
from tests.contents import contents

JSON = {"Content-Type": "application/json"}
Unchanged = Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture
async def scene(client: httpx.AsyncClient) -> Scene:
    """Sam's application with Ada's advocacy."""
    made = await make_scene(client)
    await made.begin("asked")
    return made


@pytest.fixture
def unchanged(databases: Databases) -> Unchanged:
    """A block in which nothing is written, in any table."""

    @asynccontextmanager
    async def block() -> AsyncIterator[None]:
        before = await contents(databases)
        yield
        assert await contents(databases) == before

    return block


async def person_refused(client: httpx.AsyncClient, body: object, place: str) -> dict[str, Any]:
    answer = await client.post("/v1/people", content=json.dumps(body).encode(), headers=JSON)
    found = problem(answer, 422, answer.json()["code"])
    assert places(found) == [place]
    return found


async def test_an_id_of_another_kind_is_named_with_both_kinds(scene: Scene, unchanged: Unchanged) -> None:
    async with unchanged():
        in_path = await scene.client.get(f"/v1/referrers/{scene.advocate}")
        found = problem(in_path, 422, "wrong_id_kind")
        assert "an advocate" in str(found)
        assert "a referrer" in str(found)
        body = {"application_id": scene.application, "advocate_id": scene.sam}
        found = problem(await scene.client.post("/v1/advocacies", json=body), 422, "wrong_id_kind")
        assert places(found) == ["#/advocate_id"]
        in_query = await scene.client.get("/v1/applications", params={"job": scene.application})
        assert places(problem(in_query, 422, "wrong_id_kind")) == ["job"]


@pytest.mark.parametrize("given", ["person_", "person_123", "person_" + "G" * 32, "0" * 32, "PERSON_" + "0" * 32, "✓"])
async def test_what_is_no_id_is_refused(client: httpx.AsyncClient, unchanged: Unchanged, given: str) -> None:
    async with unchanged():
        assert (await client.get(f"/v1/people/{given}")).status_code == 422
        assert (await client.post(f"/v1/people/{given}/leave")).status_code == 422


async def test_unknown_members_and_parameters_are_named(client: httpx.AsyncClient, unchanged: Unchanged) -> None:
    async with unchanged():
        await person_refused(client, {"name": "Ada", "score": 9}, "#/score")
        answer = await client.get("/v1/people", params={"sort": "name"})
        assert places(problem(answer, 422, "unknown_parameter")) == ["sort"]
        answer = await client.get("/v1/people?limit=1&limit=2")
        assert places(problem(answer, 422, "repeated_parameter")) == ["limit"]


@pytest.mark.parametrize("text", ["A\x00a", "\ud800", "Ada \udfff"])
async def test_text_that_cannot_be_stored_is_refused(
    client: httpx.AsyncClient, unchanged: Unchanged, text: str
) -> None:
    async with unchanged():
        await person_refused(client, {"name": text}, "#/name")
        await person_refused(client, {"name": "Ada", "metadata": {"ats": text}}, "#/metadata/ats")
        answer = await client.post(
            "/v1/jobs", content=json.dumps({"title": "A", "requirements": [text]}).encode(), headers=JSON
        )
        assert places(problem(answer, 422, answer.json()["code"])) == ["#/requirements/0"]


async def test_a_nul_in_the_query_is_refused(client: httpx.AsyncClient) -> None:
    for query in ("cursor=%00", "order_by=%00", "person_id=%00"):
        assert (await client.get(f"/v1/advocates?{query}")).status_code in (400, 422)


@pytest.mark.parametrize("number", [-1, 0, 2**31, 2**63, 10**40, 1.5, "3", True, None, 1e308])
async def test_numbers_out_of_bounds_or_of_another_type_are_refused(
    client: httpx.AsyncClient, unchanged: Unchanged, number: object
) -> None:
    async with unchanged():
        answer = await client.patch("/v1/policy", json={"min_reasons": number})
        assert places(problem(answer, 422, answer.json()["code"])) == ["#/min_reasons"]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.0", "1e2", "", "９", str(10**30)])
async def test_page_sizes_out_of_bounds_are_refused(client: httpx.AsyncClient, limit: str) -> None:
    answer = await client.get("/v1/people", params={"limit": limit})
    assert places(problem(answer, 422, answer.json()["code"])) == ["limit"]


@pytest.mark.parametrize("after", [str(2**63), "-1", "x"])
async def test_event_numbers_out_of_bounds_are_refused(client: httpx.AsyncClient, after: str) -> None:
    answer = await client.get("/v1/events", params={"after": after})
    assert places(problem(answer, 422, answer.json()["code"])) == ["after"]


@pytest.mark.parametrize("cursor", ["x", "e30", "eyJ2IjoxfQ", "AAAA", "%ff", "\u2713"])
async def test_a_cursor_that_is_not_ours_is_refused(client: httpx.AsyncClient, cursor: str) -> None:
    problem(await client.get("/v1/people", params={"cursor": cursor}), 400, "cursor_invalid")


@pytest.mark.parametrize(
    "moment",
    [
        "2026-03-01T10:00:00",
        "2026-03-01",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "1969-12-31T23:59:59Z",
        "2026-02-30T10:00:00Z",
        "2026-03-01T25:00:00Z",
        "2026-03-01T10:00:60Z",
        "2026-03-01T10:00:00.1234567Z",
        "2026-W09-1T10:00:00Z",
        "20260301T100000Z",
        "yesterday",
        1_772_359_200,
        "",
    ],
)
async def test_naive_and_exotic_moments_are_refused(scene: Scene, unchanged: Unchanged, moment: object) -> None:
    async with unchanged():
        answer = await scene.client.post(f"/v1/applications/{scene.application}/hold", json={"occurred_at": moment})
        assert places(problem(answer, 422, answer.json()["code"])) == ["#/occurred_at"]


async def test_a_moment_with_another_offset_is_told_in_utc(scene: Scene) -> None:
    act = await scene.act(occurred_at="2026-02-20T10:00:00+05:30")
    assert act["occurred_at"] == "2026-02-20T04:30:00Z"


async def test_the_future_is_refused(scene: Scene, unchanged: Unchanged) -> None:
    later = (START + timedelta(seconds=1)).isoformat()
    sent = {
        f"/v1/applications/{scene.application}/move": {"stage": "screening"},
        f"/v1/applications/{scene.application}/close": {"outcome": "rejected"},
        f"/v1/advocacies/{scene.advocacy}/agree": {},
        f"/v1/advocacies/{scene.advocacy}/acts": {"kind": "spoke", "audience": [scene.hana], "recorded_by": scene.ada},
    }
    async with unchanged():
        for path, body in sent.items():
            answer = await scene.client.post(path, json={**body, "occurred_at": later})
            assert places(problem(answer, 422, "in_the_future")) == ["#/occurred_at"], path


async def test_acts_that_nobody_did_or_heard_are_refused(scene: Scene, unchanged: Unchanged) -> None:
    act = await scene.act()
    async with unchanged():
        assert places(await scene.act(422, audience=[])) == ["#/audience"]
        assert (await scene.act(422, audience=[scene.ada]))["code"] == "audience_is_actor"
        assert (await scene.on(act, "confirm", scene.rita, 409))["code"] == "not_in_audience"


async def test_the_candidate_is_nobodys_advocate(scene: Scene, unchanged: Unchanged) -> None:
    advocate = (await scene.client.post("/v1/advocates", json={"person_id": scene.sam})).json()["id"]
    body = {"application_id": scene.application, "advocate_id": advocate}
    async with unchanged():
        answer = await scene.client.post("/v1/advocacies", json=body)
        assert "interactions" in problem(answer, 409, "candidate_cannot_advocate")["detail"]


async def test_senseless_transitions_say_what_is_allowed(scene: Scene, unchanged: Unchanged) -> None:
    await scene.act()
    await scene.tell("close", outcome="rejected")
    sent = {
        f"/v1/applications/{scene.application}/move": {"stage": "offer"},
        f"/v1/advocacies/{scene.advocacy}/decline": {},
    }
    async with unchanged():
        for path, body in sent.items():
            found = problem(await scene.client.post(path, json=body), 409, "invalid_state_transition")
            assert found["current_state"], path
            assert isinstance(found["allowed_transitions"], list)


async def test_a_body_too_large_is_refused(client: httpx.AsyncClient, settings: Settings, unchanged: Unchanged) -> None:
    body = b'{"name": "' + b"a" * settings.max_body_bytes + b'"}'

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    async with unchanged():
        problem(await client.post("/v1/people", content=body, headers=JSON), 413, "payload_too_large")
        problem(await client.post("/v1/people", content=in_pieces(), headers=JSON), 413, "payload_too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "", None])
async def test_a_body_of_another_type_is_refused(
    client: httpx.AsyncClient, unchanged: Unchanged, kind: str | None
) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    async with unchanged():
        answer = await client.post("/v1/people", content=b'{"name": "Ada"}', headers=headers)
        problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "body",
    [b"{", b"", b"{'name': 'Ada'}", b'{"name": "Ada"} x', b"\xff\xfe", b'{"name": "\xc3\x28"}', b"[" * 100_000, b"NaN"],
    ids=["cut", "empty", "quotes", "trailing", "utf-16", "utf-8", "nested", "nan"],
)
async def test_what_is_no_json_is_refused(client: httpx.AsyncClient, unchanged: Unchanged, body: bytes) -> None:
    async with unchanged():
        answer = await client.post("/v1/people", content=body, headers=JSON)
        assert answer.status_code in (400, 422), answer.text
        problem(answer, answer.status_code, answer.json()["code"])


@pytest.mark.parametrize("depth", [300, 900, 5_000])
@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "deep"}], ids=["without key", "with key"])
async def test_deep_nesting_is_refused(
    client: httpx.AsyncClient, unchanged: Unchanged, depth: int, key: dict[str, str]
) -> None:
    deep = b'{"name": "Ada", "metadata": {"a": ' + b'{"a":' * depth + b"1" + b"}" * depth + b"}}"
    async with unchanged():
        answer = await client.post("/v1/people", content=deep, headers={**JSON, **key})
        assert answer.status_code in (400, 422), answer.text
        problem(answer, answer.status_code, answer.json()["code"])


@pytest.mark.parametrize("body", [None, 3, "Ada", ["Ada"], {}])
async def test_a_body_of_another_shape_is_refused(
    client: httpx.AsyncClient, unchanged: Unchanged, body: object
) -> None:
    async with unchanged():
        answer = await client.post("/v1/people", content=json.dumps(body).encode(), headers=JSON)
        problem(answer, 422, answer.json()["code"])


@pytest.mark.parametrize("key", ["", '""', "a" * 256, "käse", "two words"])
async def test_an_idempotency_key_out_of_form_is_refused(
    client: httpx.AsyncClient, unchanged: Unchanged, key: str
) -> None:
    async with unchanged():
        headers = {"Idempotency-Key": key.encode()}
        answer = await client.post("/v1/people", json={"name": "Ada"}, headers=headers)  # type: ignore[arg-type]
        problem(answer, 400, "idempotency_key_invalid")


@pytest.mark.parametrize("given", ["3", '"3', "W/3", ""])
async def test_an_entity_tag_out_of_form_is_refused(scene: Scene, unchanged: Unchanged, given: str) -> None:
    async with unchanged():
        path = f"/v1/applications/{scene.application}"
        answer = await scene.client.patch(path, json={"stage_label": "x"}, headers={"If-Match": given})
        assert answer.status_code in (400, 412)
        problem(answer, answer.status_code, answer.json()["code"])


async def test_another_method_is_told_all_that_are_there(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/v1/people")
    problem(answer, 405, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer.headers["allow"].split(", "))
    problem(await client.get("/v1/nothing_here"), 404, "not_found")
    problem(await client.get("/v1/people/"), 404, "not_found")


async def test_an_act_names_reasons_that_can_be_stored(scene: Scene, unchanged: Unchanged) -> None:
    async with unchanged():
        for reasons in ([{**SEEN, "claim": "\x00"}], [{**SEEN, "basis": "gossip"}], [SEEN] * 101, [{}]):
            answer = await scene.act(422, reasons=reasons)
            assert places(answer)[0].startswith("#/reasons")


@pytest.mark.parametrize("path", ["/v1/people%0A", "/v1/people/by_ref/hr/7%0A"])
async def test_a_newline_at_the_end_of_a_path_is_part_of_it(client: httpx.AsyncClient, path: str) -> None:
    method = "PUT" if "by_ref" in path else "POST"
    response = await client.request(method, path, json={"name": "Ada"})
    problem(response, 400, "bad_request")
    assert (await client.get("/v1/external_refs", params={"system": "hr", "external_id": "7"})).json()["data"] == []
