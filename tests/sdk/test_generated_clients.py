"""Clients that are generated from the contract compile, and do what they are generated for.

Each is used by programs as an integrator would write them: one calls the service, the other takes a delivery.
"""

import re
from typing import Any

import pytest

from tests.sdk.generated import Generated
from tests.webhooks.running import Running, recording

MISSING = ["Unsupported content type message/rfc822"]
"""What the generator for Python cannot do: its mail can be sent as a form only."""


@pytest.fixture(params=["python", "typescript"])
def client(request: pytest.FixtureRequest) -> Generated:
    made: Generated = request.getfixturevalue(request.param)
    return made


def test_the_generator_for_python_understands_everything_else(python: Generated) -> None:
    assert re.findall(r"^(?:ERROR|WARNING) parsing (.*)$", python.complaints, re.MULTILINE) == [
        "POST /v1/captures/mail within captures."
    ]
    assert re.findall(r"^Unsupported .*$", python.complaints, re.MULTILINE) == MISSING


async def test_a_client_does_the_work(client: Generated, service: Running) -> None:
    with recording() as recorder:
        got = client.call(API_URL=service.server.url, API_KEY=service.key, RECEIVER_URL=recorder.url)
        created = await service.post("/v1/people", {"name": "Zoë Bell"})
        (taken,) = await recorder.take(1)
    await service.client.delete(f"/v1/webhook_endpoints/{got['endpoint']}")
    everybody = (await service.client.get("/v1/people", params={"limit": 100})).json()["data"]
    assert got["people"] == [row["id"] for row in everybody if row["id"] != created["id"]], "page by page"
    assert set(got["made"]) <= set(got["people"])
    assert got["told_at"] is not None, "an operation whose body was left out"
    assert got["problems"] == [[404, "not_found"], [422, "invalid_id"]]
    assert got["faults"] == ["invalid_id"]
    genuine: dict[str, Any] = client.receive(taken.body, taken.headers, got["secret"])
    assert genuine == {
        "type": "person.created",
        "id": taken.headers["webhook-id"],
        "number": taken.event["number"],
        "name": "Zoë Bell",
    }
    forged = taken.body.replace(b"Bell", b"Hill")
    assert client.receive(forged, taken.headers, got["secret"]) == {"refused": True}
