"""A vendor as the service sees one: connected once, sending signed deliveries to its address."""

from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.inbound.providers.greenhouse_samples import signed

SECRET = "a-secret-of-our-own"
_numbers = count(1)


@dataclass(slots=True)
class Vendor:
    """One connection and the vendor behind it."""

    client: httpx.AsyncClient
    connection: dict[str, Any]
    secret: str

    @property
    def id(self) -> str:
        """The connection's id."""
        return str(self.connection["id"])

    @property
    def path(self) -> str:
        """Where it sends to."""
        return urlsplit(self.connection["url"]).path

    async def send(self, body: bytes, *, event_id: str | None = None, **headers: str) -> httpx.Response:
        """A signed delivery; without an event id it is one that has not been sent before."""
        given = {"greenhouse-event-id": event_id or f"event-{next(_numbers)}", **signed(body, self.secret), **headers}
        return await post(self.client, self.path, body, given)

    async def details(self) -> dict[str, Any]:
        """The connection as it is now."""
        found: dict[str, Any] = (await self.client.get(f"/v1/connections/{self.id}")).json()
        return found

    async def messages(self, **filters: str) -> list[dict[str, Any]]:
        """Its messages, the latest first."""
        answer = await self.client.get("/v1/inbound_messages", params={"connection": self.id, **filters})
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()["data"]
        return rows


async def connect(client: httpx.AsyncClient, **members: Any) -> Vendor:
    """A new connection whose secret is `SECRET`."""
    answer = await client.post("/v1/connections", json={"provider": "greenhouse", "secret": SECRET, **members})
    assert answer.status_code == 201, answer.text
    return Vendor(client, answer.json(), SECRET)


async def post(client: httpx.AsyncClient, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
    """A delivery by somebody who has no API key."""
    request = client.build_request("POST", path, content=body, headers={"content-type": "application/json", **headers})
    del request.headers["authorization"]
    return await client.send(request)
