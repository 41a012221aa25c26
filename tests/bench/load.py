"""The load generator, a process of its own: `python -m tests.bench.load` takes one job a line and answers each in one.

It speaks HTTP/1.1 over kept connections and reads no more of an answer than its status and length.
"""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from time import perf_counter
from typing import Any

import psutil
import uvloop

from tests.bench.machine import LOAD_CORE, ROOT, environment

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_ANSWER_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a job came to: requests a second, and milliseconds of one request."""

    rate: float
    median: float
    p95: float
    count: int


class Connection(asyncio.Protocol):
    """One kept connection that sends the next request when the last is answered, until its time is up."""

    def __init__(self, requests: Iterator[bytes], deadline: float) -> None:
        self.latencies: list[float] = []
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests = requests
        self._deadline = deadline
        self._buffer = b""
        self._needed = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._needed:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            length = _LENGTH.search(self._buffer)
            if not self._buffer.startswith(b"HTTP/1.1 20") or length is None:
                self._fail(self._buffer[:2000].decode(errors="replace"))
                return
            self._needed = end + 4 + int(length[1])
        if len(self._buffer) >= self._needed:
            self.latencies.append(perf_counter() - self._sent)
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail("the server closed the connection")

    def _next(self) -> None:
        request = next(self._requests, None) if perf_counter() < self._deadline else None
        if request is None:
            self.finished.done() or self.finished.set_result(None)
            self._transport.close()
            return
        self._buffer, self._needed, self._sent = b"", 0, perf_counter()
        self._transport.write(request)

    def _fail(self, words: str) -> None:
        if not self.finished.done():
            self.finished.set_exception(RuntimeError(words))


async def carry_out(job: dict[str, Any]) -> dict[str, Any]:
    """Send a job's requests for its time: each connection its own share, again and again if they may repeat."""
    requests = [request.encode() for request in job["requests"]]
    number, begun = job["connections"], perf_counter()
    loop, lines = asyncio.get_running_loop(), []
    for index in range(number):
        share = requests[index % len(requests) :: number]
        taken = cycle(share) if job["repeat"] else iter(share)
        made = Connection(taken, begun + job["seconds"])
        await loop.create_connection(lambda made=made: made, "127.0.0.1", job["port"])
        lines.append(made)
    await asyncio.wait_for(asyncio.gather(*(line.finished for line in lines)), job["seconds"] + _ANSWER_SECONDS)
    took = perf_counter() - begun
    latencies = sorted(latency * 1000 for line in lines for latency in line.latencies)
    count = len(latencies)
    return {"rate": count / took, "median": latencies[count // 2], "p95": latencies[count * 95 // 100], "count": count}


def main() -> None:
    """Carry out the jobs of the standard input."""
    for line in sys.stdin:
        try:
            answer = uvloop.run(carry_out(json.loads(line)))
        except RuntimeError as error:
            answer = {"failed": str(error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


@dataclass
class Generator:
    """The generator as its user sees it."""

    process: "subprocess.Popen[str]" = field(init=False)

    def __enter__(self) -> "Generator":
        command = [sys.executable, "-m", "tests.bench.load"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment({}), cwd=ROOT
        )
        psutil.Process(self.process.pid).cpu_affinity([LOAD_CORE])
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()

    def load(
        self, port: int, requests: Sequence[str], *, connections: int, seconds: float, repeat: bool = True
    ) -> Loaded:
        """Send requests to a port for a time. Raises RuntimeError with the first answer that is not 2xx."""
        job = {"port": port, "requests": requests, "connections": connections, "seconds": seconds, "repeat": repeat}
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "failed" in answer:
            raise RuntimeError(answer["failed"])
        return Loaded(**answer)


def request(method: str, path: str, key: str, body: Any = None, **headers: str) -> str:
    """The text of a request."""
    written = "" if body is None else json.dumps(body)
    fields = {"host": "bench", "authorization": f"Bearer {key}", **headers}
    if body is not None:
        fields |= {"content-type": "application/json", "content-length": str(len(written))}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n{written}"


if __name__ == "__main__":
    main()
