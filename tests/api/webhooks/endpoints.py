"""Endpoints as tests make them."""

from typing import Any

import httpx

from tests.api.world import RECEIVER

ENDPOINTS = "/v1/webhook_endpoints"
NEW = {"url": RECEIVER, "event_types": ["*"]}


async def make(client: httpx.AsyncClient, **members: Any) -> dict[str, Any]:
    answer = await client.post(ENDPOINTS, json={**NEW, **members})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def path_of(endpoint: dict[str, Any]) -> str:
    return f"{ENDPOINTS}/{endpoint['id']}"


async def events(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """The events of the feed that are about endpoints."""
    feed = await client.get("/v1/events", params={"types": "webhook_endpoint.*", "limit": 100})
    told: list[dict[str, Any]] = feed.json()["data"]
    return told


async def event_types(client: httpx.AsyncClient) -> list[str]:
    return [event["type"].partition(".")[2] for event in await events(client)]
