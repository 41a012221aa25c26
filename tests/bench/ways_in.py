"""Captures, and deliveries of a connected system: taken in beside a route that stores the same bytes, and worked on."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from itertools import count
from time import perf_counter, sleep
from typing import Any
from uuid import uuid4

import httpx

from tests.bench.figures import of_rounds, ratio
from tests.bench.load import Generator, request
from tests.bench.scenes import Scene
from tests.bench.service import Running

CONNECTIONS = 8
MOST_PER_SECOND = 4_000
WORKED_ON = 400
SECRET = "the-secret-of-the-benchmark"
ADVOCATES = 5


class Source:
    """A Greenhouse that tells of one new application after another."""

    def __init__(self) -> None:
        self._number = count(1)

    def deliveries(self, url: str, number: int) -> list[str]:
        """Requests with signed deliveries, each of another candidate."""
        return [self._request(url, self._body(next(self._number))) for _ in range(number)]

    @staticmethod
    def _request(url: str, body: str) -> str:
        digest = hmac.new(SECRET.encode(), body.encode(), hashlib.sha256).hexdigest()
        lines = {
            "host": "bench",
            "content-type": "application/json",
            "content-length": str(len(body)),
            "signature": f"sha256 {digest}",
            "greenhouse-event-id": str(uuid4()),
        }
        return (
            f"POST {url} HTTP/1.1\r\n"
            + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
            + f"\r\n{body}"
        )

    @staticmethod
    def _body(number: int) -> str:
        application = {
            "id": 10_000_000 + number,
            "rejected_at": None,
            "prospect": False,
            "status": "active",
            "applied_at": "2026-03-02T09:15:00Z",
            "last_activity_at": "2026-03-02T09:15:00Z",
            "source": {"id": 41, "public_name": "Referral"},
            "credited_to": {"id": 5512, "email": "mara@acme.example", "name": "Mara Lindqvist", "employee_id": None},
            "current_stage": {"id": 730015, "name": "Application Review", "interviews": []},
            "candidate": {
                "id": 20_000_000 + number,
                "first_name": "Ines",
                "last_name": f"Okafor{number}",
                "email_addresses": [{"value": f"ines{number}@mail.example", "type": "personal"}],
            },
            "jobs": [{"id": 301877, "name": "Platform Engineer", "requisition_id": "ENG-204"}],
        }
        return json.dumps({"action": "new_candidate_application", "payload": {"application": application}})


def measure_deliveries(
    server: Running, bare: Running, key: str, generator: Generator, *, rounds: int, seconds: float
) -> dict[str, Any]:
    """Deliveries accepted while the connection is paused, in turns with the bare route; then worked on."""
    source, client = Source(), _Client(server.port, key)
    connection = client.post(
        "connections", {"provider": "greenhouse", "secret": SECRET, "mapping": {"referral_sources": ["41"]}}
    )
    path = httpx.URL(connection["url"]).path
    client.post(f"connections/{connection['id']}/pause", {})
    taken = []
    for _ in range(rounds):
        each: dict[str, float] = {}
        for name, running, url in (("service", server, path), ("bare", bare, "/in")):
            requests = source.deliveries(url, int(seconds * MOST_PER_SECOND))
            found = generator.load(running.port, requests, connections=CONNECTIONS, seconds=seconds, repeat=False)
            each |= {f"{name}_per_second": found.rate, f"{name}_p95_ms": found.p95}
        taken.append(each)
    of_bare = ratio([each["service_per_second"] for each in taken], [each["bare_per_second"] for each in taken])
    return {**of_rounds(taken), "of_bare": of_bare, "rounds": taken, **_worked_on(server, client, generator)}


def _worked_on(server: Running, client: "_Client", generator: Generator) -> dict[str, float]:
    """Deliveries a second that one worker turns into candidates, applications and referrals."""
    made = client.post(
        "connections",
        {"provider": "greenhouse", "system": "other", "secret": SECRET, "mapping": {"referral_sources": ["41"]}},
    )
    client.post(f"connections/{made['id']}/pause", {})
    requests = Source().deliveries(httpx.URL(made["url"]).path, WORKED_ON)
    generator.load(server.port, requests, connections=CONNECTIONS, seconds=60, repeat=False)
    client.post(f"connections/{made['id']}/resume", {})
    begun = perf_counter()
    while client.get(f"connections/{made['id']}")["health"]["pending"]:
        sleep(0.2)
    took = perf_counter() - begun
    health = client.get(f"connections/{made['id']}")["health"]
    assert health["processed"] == WORKED_ON, health
    return {"worked_on": WORKED_ON, "worked_on_per_second": WORKED_ON / took}


def measure_captures(
    server: Running, scenes: Sequence[Scene], key: str, generator: Generator, *, rounds: int, seconds: float
) -> dict[str, Any]:
    """Captures that name everybody by address, on eight connections, each on applications of its own."""
    taken = []
    for _ in range(rounds):
        requests = _captures(scenes, key, int(seconds * 400))
        found = generator.load(server.port, requests, connections=CONNECTIONS, seconds=seconds, repeat=False)
        taken.append({"per_second": found.rate, "p95_ms": found.p95})
    return {**of_rounds(taken), "rounds": taken}


def _captures(scenes: Sequence[Scene], key: str, number: int) -> list[str]:
    chosen = (scenes[index % len(scenes)] for index in count())
    return [
        request("POST", "/v1/captures", key, _capture(scene, place))
        for place, scene in zip(range(number), chosen, strict=False)
    ]


def _capture(scene: Scene, place: int) -> dict[str, Any]:
    advocate = f"ada{place % ADVOCATES}.{scene.application[-8:]}@acme.example"
    return {
        "application": scene.application,
        "advocate": advocate,
        "to": "hiring_manager",
        "reasons": "Runs systems in production: Kept billing up.",
        "basis": "heard_from",
        "ask": "interview",
        "channel": "slack",
        "source_url": f"https://chat.example/{uuid4()}",
        "recorded_by": advocate,
    }


class _Client:
    """A few calls around the measurements."""

    def __init__(self, port: int, key: str) -> None:
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}/v1/", headers={"Authorization": f"Bearer {key}"}, timeout=60
        )

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to a POST that must succeed."""
        return self._answer(self._client.post(path, json=body))

    def get(self, path: str) -> dict[str, Any]:
        """The answer to a GET that must succeed."""
        return self._answer(self._client.get(path))

    @staticmethod
    def _answer(answer: httpx.Response) -> dict[str, Any]:
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found
