"""How long `championed serve` takes to its first answer, and the memory it needs at rest."""

from pathlib import Path
from subprocess import Popen
from time import perf_counter, sleep
from typing import Any

import psutil

from tests.bench import machine
from tests.bench.figures import of_rounds
from tests.bench.service import COMMAND

_REST_SECONDS = 2


def measure(folder: Path, *, rounds: int) -> dict[str, Any]:
    """The first start, which makes the database, then others on the same data, each on any core."""
    first, *later = (_start(folder / "start") for _ in range(rounds + 1))
    return {"first_start_s": round(first["start_s"], 2), **of_rounds(later), "rounds": later}


def _start(data: Path) -> dict[str, float]:
    said, port = data.with_suffix(".log"), machine.free_port()
    begun = perf_counter()
    process: Popen[bytes] = machine.launch((*COMMAND, str(port)), {"CHAMPIONED_DATA_DIR": str(data)}, said, None)
    try:
        machine.await_answer(process, port, "/readyz", said)
        took = perf_counter() - begun
        sleep(_REST_SECONDS)
        return {"start_s": took, **memory(psutil.Process(process.pid), data)}
    finally:
        machine.end(process)


def memory(server: psutil.Process, data: Path) -> dict[str, float]:
    """Megabytes of the server process, and of it with its PostgreSQL."""
    postgres = machine.postgres_of(data)
    return {
        "server_mb": round(server.memory_info().rss / 2**20, 1),
        "with_postgres_mb": machine.megabytes([server, *postgres]),
    }
