"""Every operation of the service, read from its route list, and what a request to it looks like."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.main import ROUTERS
from tests.api.calls import ADMIN, BODIES, INSTEAD, KEYLESS, QUERIES
from tests.api.world import World

UNKNOWN = "0123456789abcdef" * 2
ID = re.compile(r"\b([a-z][a-z_]*?)_([0-9a-f]{32})\b")
ID_PATTERN = re.compile(r"([a-z_]+)_\[0-9a-f\]\{32\}")


def routes() -> list[APIRoute]:
    """The routes of all routers."""
    return [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path, as the document describes it."""

    id: str
    method: str
    path: str
    document: Mapping[str, Any]

    @property
    def needed_scope(self) -> str:
        """The scope without which it is refused."""
        if self.id in ADMIN:
            return "admin"
        return "read" if self.method == "GET" else "write"

    def body(self, world: World) -> dict[str, Any] | None:
        """A body that is accepted in this world; None for an operation that takes none in JSON."""
        if "application/json" not in self.document.get("requestBody", {}).get("content", {}):
            return None
        assert self.id in BODIES, f"Nobody knows how to call {self.id}: add it to BODIES in tests/api/calls.py"
        return BODIES[self.id](world)

    def path_in(self, world: World, **given: str) -> str:
        """The path with the ids of a world, but for those given by their parameter's name."""
        template = self.path
        for name, value in given.items():
            template = template.replace(f"{{{name}}}", value)
        return world.path(template, **INSTEAD.get(self.id, {}))

    async def call(self, client: httpx.AsyncClient, world: World, **options: Any) -> httpx.Response:
        """Send it with the ids of a world."""
        if self.id in KEYLESS:
            sent = {"url": self.path, **await KEYLESS[self.id](client, world)}
            return await client.request(self.method, **sent, **options)
        asked = {**(QUERIES[self.id](world) if self.id in QUERIES else {}), **options.pop("params", {})}
        path, body = self.path_in(world), self.body(world)
        return await client.request(self.method, path, params=asked or None, json=body, **options)

    def id_parameters(self) -> Iterator[tuple[str, str]]:
        """Query parameters that take an id, with its kind."""
        for parameter in self.document.get("parameters", []):
            found = ID_PATTERN.search(str(parameter.get("schema", {}).get("pattern", "")))
            if found and parameter["in"] == "query":
                yield parameter["name"], found[1]


def operations(app: FastAPI) -> list[Operation]:
    """Every operation under `/v1`."""
    return [
        Operation(document["operationId"], method.upper(), path, document)
        for path, item in app.openapi()["paths"].items()
        for method, document in item.items()
        if path.startswith("/v1/")
    ]


def named_ids(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every id in a body, with its place."""
    if isinstance(value, str) and ID.fullmatch(value):
        yield place, value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from named_ids(member, (*place, name))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from named_ids(member, (*place, index))


def replaced(value: Any, place: tuple[str | int, ...], by: str) -> Any:
    """The body with another id in a place."""
    if not place:
        return by
    step, *rest = place
    if isinstance(value, list):
        return [replaced(member, tuple(rest), by) if index == step else member for index, member in enumerate(value)]
    return {name: replaced(member, tuple(rest), by) if name == step else member for name, member in value.items()}


class AnyId(dict[str, str]):
    """An id of each kind, that nobody has."""

    def __missing__(self, kind: str) -> str:
        return f"{kind}_{UNKNOWN}"


def id_members(schema: Any, schemas: dict[str, Any], name: str = "") -> set[str]:
    """The members of a schema, and of those it refers to, that take an id."""
    if "$ref" in schema:
        return id_members(schemas[schema["$ref"].rpartition("/")[2]], schemas, name)
    found = {name} if "[0-9a-f]{32}" in schema.get("pattern", "") else set()
    for part in [*schema.get("anyOf", []), *schema.get("oneOf", []), *filter(None, [schema.get("items")])]:
        found |= id_members(part, schemas, name)
    for member, part in schema.get("properties", {}).items():
        found |= id_members(part, schemas, member)
    return found
