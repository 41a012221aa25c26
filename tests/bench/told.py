"""What a write pays for being told of: in a workspace with five endpoints, and in one with none."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import machine
from tests.bench.backlog import Stage
from tests.bench.figures import of_rounds, ratio
from tests.bench.load import Generator, request
from tests.bench.scenes import make_scenes
from tests.bench.service import COMMAND, UNLIMITED

ENDPOINTS = 5
WRITES = ("person", "act")


def measure(stage: Stage, scratch: Path, generator: Generator, *, rounds: int, seconds: float) -> dict[str, Any]:
    """Milliseconds of writes one at a time, in turns. No worker runs: this is what the request itself pays."""
    asyncio.run(stage.tell([f"http://127.0.0.1:9/{place}" for place in range(ENDPOINTS)]))
    keys = {"told": stage.cast.acme.write, "untold": stage.cast.globex.write}
    with _service(stage, scratch) as port:
        requests = {name: _requests(port, key) for name, key in keys.items()}
        taken = [
            {
                f"{what}_{name}_ms": generator.load(port, [text], connections=1, seconds=seconds).median
                for what in WRITES
                for name, texts in requests.items()
                for text in (texts[what],)
            }
            for _ in range(rounds)
        ]
    times = {
        what: ratio([each[f"{what}_told_ms"] for each in taken], [each[f"{what}_untold_ms"] for each in taken])
        for what in WRITES
    }
    return {**of_rounds(taken), "times": times, "rounds": taken}


def _requests(port: int, key: str) -> dict[str, str]:
    """The least that can be written, and an act with two known reasons and an ask."""
    ((scene,), _) = asyncio.run(make_scenes(port, key, 1, ()))
    return {
        "person": request("POST", "/v1/people", key, {"name": "Sam Reyes"}),
        "act": request("POST", f"/v1/advocacies/{scene.advocacy}/acts", key, scene.act()),
    }


@contextmanager
def _service(stage: Stage, scratch: Path) -> Iterator[int]:
    """`championed serve` on the stage's database without a worker; the port."""
    port, said = machine.free_port(), scratch / "told.log"
    command = (*COMMAND, str(port), "--no-worker")
    process = machine.launch(command, {**stage.settings, **UNLIMITED}, said, machine.SERVER_CORE)
    try:
        machine.await_answer(process, port, "/readyz", said)
        yield port
    finally:
        machine.end(process)
