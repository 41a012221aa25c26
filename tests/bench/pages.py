"""A page of 50 applications with their support: the service beside the least possible and the usual way."""

import json
import urllib.request
from typing import Any

from tests.bench.figures import of_rounds, ratio
from tests.bench.load import Generator, request
from tests.bench.service import Running

FIRST = "/v1/applications?limit=50"
DEPTH = 20
"""So many pages before the page after a cursor."""
CONNECTIONS = 8


def measure(
    ours: Running, baselines: dict[str, Running], key: str, generator: Generator, *, rounds: int, seconds: float
) -> dict[str, Any]:
    """Rates, times and processor time of each, in turns; the answers are compared first."""
    servers = {"service": ours, **baselines}
    after = _after_some_pages(ours, key)
    paths = {"first page": FIRST, "page after a cursor": f"{FIRST}&cursor={after}"}
    for path in paths.values():
        _compare({name: _get(server, path, key) for name, server in servers.items()})
        for server in servers.values():
            generator.load(server.port, [request("GET", path, key)], connections=CONNECTIONS, seconds=seconds / 2)
    taken: dict[str, dict[str, list[dict[str, float]]]] = {page: {name: [] for name in servers} for page in paths}
    for _ in range(rounds):
        for page, path in paths.items():
            for name, server in servers.items():
                taken[page][name].append(_round(server, request("GET", path, key), generator, seconds))
    return {page: _summary(each) for page, each in taken.items()}


def _round(server: Running, text: str, generator: Generator, seconds: float) -> dict[str, float]:
    before = server.cpu_seconds
    busy = generator.load(server.port, [text], connections=CONNECTIONS, seconds=seconds)
    cpu = (server.cpu_seconds - before) / busy.count * 1000
    alone = generator.load(server.port, [text], connections=1, seconds=seconds / 2)
    return {"per_second": busy.rate, "p95_ms": busy.p95, "cpu_ms": cpu, "alone_ms": alone.median}


def _summary(taken: dict[str, list[dict[str, float]]]) -> dict[str, Any]:
    rates = {name: [each["per_second"] for each in rounds] for name, rounds in taken.items()}
    return {
        **{name: of_rounds(rounds) for name, rounds in taken.items()},
        "of_limit": ratio(rates["service"], rates["limit"]),
        "times_idiomatic": ratio(rates["service"], rates["idiomatic"]),
        "rounds": taken,
    }


def _compare(bodies: dict[str, bytes]) -> None:
    """The bare route answers the same bytes, the usual one the same JSON, and the page is a full one."""
    page = json.loads(bodies["service"])
    assert len(page["data"]) == 50, bodies["service"][:500]
    assert all(row["support"]["advocate"] for row in page["data"]), "the page shows no support"
    assert bodies["limit"] == bodies["service"], _difference(json.loads(bodies["limit"]), page)
    assert json.loads(bodies["idiomatic"]) == page, _difference(json.loads(bodies["idiomatic"]), page)


def _difference(theirs: Any, ours: Any) -> str:
    return f"theirs: {json.dumps(theirs)[:1500]}\nours: {json.dumps(ours)[:1500]}"


def _after_some_pages(server: Running, key: str) -> str:
    cursor = ""
    for _ in range(DEPTH):
        path = f"{FIRST}&cursor={cursor}" if cursor else FIRST
        cursor = json.loads(_get(server, path, key))["next_cursor"]
    return cursor


def _get(server: Running, path: str, key: str) -> bytes:
    asked = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(asked) as answer:
        body: bytes = answer.read()
        return body
