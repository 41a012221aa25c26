"""Recording an act with two known reasons and an ask under an Idempotency-Key, and reading support."""

from collections.abc import Sequence
from itertools import count
from typing import Any
from uuid import uuid4

from tests.bench.figures import of_rounds
from tests.bench.load import Generator, Loaded, request
from tests.bench.scenes import Scene
from tests.bench.service import Running

CONNECTIONS = 8
MOST_PER_SECOND = 1_000
"""So many requests are prepared for each second; more are never needed."""


def measure_writes(
    server: Running, scenes: Sequence[Scene], key: str, generator: Generator, *, rounds: int, seconds: float
) -> dict[str, Any]:
    """Acts one after the other, and on eight connections, each on applications of its own."""
    taken = []
    for _ in range(rounds):
        each: dict[str, float] = {}
        for name, connections in (("sequential", 1), ("eight_connections", CONNECTIONS)):
            requests = _acts(scenes, key, int(seconds * MOST_PER_SECOND))
            found = generator.load(server.port, requests, connections=connections, seconds=seconds, repeat=False)
            each |= _named(name, found)
        taken.append(each)
    return {**of_rounds(taken), "rounds": taken}


def measure_support(
    server: Running, grown: Sequence[tuple[int, Scene]], key: str, generator: Generator, *, rounds: int, seconds: float
) -> dict[str, Any]:
    """GET support of applications with few and many acts, in turns."""
    taken = []
    for _ in range(rounds):
        each: dict[str, float] = {}
        for acts, scene in grown:
            text = request("GET", f"/v1/applications/{scene.application}/support", key)
            for name, connections in (("sequential", 1), ("eight_connections", CONNECTIONS)):
                found = generator.load(server.port, [text], connections=connections, seconds=seconds)
                each |= _named(f"{acts}_acts_{name}", found)
        taken.append(each)
    return {**of_rounds(taken), "rounds": taken}


def _acts(scenes: Sequence[Scene], key: str, number: int) -> list[str]:
    # The connections take every eighth request, so each has applications of its own while the scenes divide by eight.
    assert len(scenes) % CONNECTIONS == 0
    chosen = (scenes[index % len(scenes)] for index in count())
    return [
        request("POST", f"/v1/advocacies/{scene.advocacy}/acts", key, scene.act(), idempotency_key=f"{uuid4()}")
        for scene, _ in zip(chosen, range(number), strict=False)
    ]


def _named(name: str, found: Loaded) -> dict[str, float]:
    return {f"{name}_per_second": found.rate, f"{name}_median_ms": found.median, f"{name}_p95_ms": found.p95}
