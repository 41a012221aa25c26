"""Webhooks: how soon they arrive, how many a worker sends, what a claim costs among many, and what a write pays."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from time import sleep
from typing import Any

import psutil

from tests.bench import machine, outgoing, told
from tests.bench.backlog import Stage, made_stage, measure_claims
from tests.bench.figures import figure, of_rounds, ratio
from tests.bench.load import Generator
from tests.concurrency.servers import until
from tests.webhooks.happening import latencies, p95
from tests.webhooks.receiver import Receiver

RATES, FAN_OUTS = (50, 200), (1, 5)
SENT, ENDPOINTS, AT_ONCE = 4_000, 10, 100
HTTPX_AT_ONCE = 5
"""With more it becomes slower."""
WORKER = ("-c", "from api.cli import main; main()", "worker")
REST_SECONDS = 0.5


def measure(url: str, scratch: Path, generator: Generator, *, rounds: int, seconds: float) -> dict[str, Any]:
    """All four figures, on databases of their own in the given server."""
    stage = asyncio.run(made_stage(url, "webhooks"))
    receiver = Receiver(scratch).start()
    try:
        with _worker(stage, scratch) as worker:
            found = {
                "arrival": _arrival(stage, receiver, worker, rounds=rounds, seconds=seconds),
                "sustained": _sustained(stage, receiver, worker, scratch, rounds=rounds),
            }
    finally:
        receiver.kill()
    found["writes"] = told.measure(stage, scratch, generator, rounds=rounds, seconds=seconds / 2)
    found["claims"] = asyncio.run(measure_claims(url, rounds=rounds))
    return found


def _arrival(
    stage: Stage, receiver: Receiver, worker: psutil.Process, *, rounds: int, seconds: float
) -> dict[str, dict[str, Any]]:
    """Milliseconds from COMMIT to receipt, of 95 in 100, beside a bare loop that polls and posts, in turns."""
    found = {}
    with outgoing.Process("happen") as happen, outgoing.Process("poll") as bare:
        bare.begin({"url": stage.url})
        _warm(stage, receiver, happen, (worker, bare.process))
        for rate, fan_out in product(RATES, FAN_OUTS):
            asyncio.run(stage.tell([receiver.url(f"{place}") for place in range(fan_out)]))
            job = {**stage.job, "rate": rate, "seconds": seconds}
            taken: list[dict[str, float]] = []
            for _ in range(rounds):
                each = {}
                for name, waiting in (("p95_ms", bare.process), ("bare_p95_ms", worker)):
                    waiting.suspend()
                    each[name] = _arrived(receiver, happen.find(job)["happened"], fan_out)
                    asyncio.run(stage.clear())
                    waiting.resume()
                taken.append(each)
            of_bare = ratio([each["p95_ms"] for each in taken], [each["bare_p95_ms"] for each in taken])
            found[f"{rate}_{fan_out}"] = {**of_rounds(taken), "of_bare": of_bare, "rounds": taken}
    return found


def _warm(stage: Stage, receiver: Receiver, happen: outgoing.Process, others: Sequence[psutil.Process]) -> None:
    """Let every process have done once what is measured."""
    asyncio.run(stage.tell([receiver.url("warm")]))
    for waiting in others:
        waiting.suspend()
        _arrived(receiver, happen.find({**stage.job, "rate": RATES[0], "seconds": REST_SECONDS})["happened"], 1)
        waiting.resume()


def _arrived(receiver: Receiver, happened: dict[str, float], fan_out: int) -> float:
    until(lambda: receiver.count() >= len(happened) * fan_out, "everything has arrived")
    sleep(REST_SECONDS)
    found = p95(latencies(happened, receiver.receipts())) * 1_000
    receiver.forget()
    return found


def _sustained(
    stage: Stage, receiver: Receiver, worker: psutil.Process, scratch: Path, *, rounds: int
) -> dict[str, Any]:
    """Deliveries a second while there are always some: one worker in turns with bare loops, then four workers.

    `bare` polls, posts with the service's own client and notes it; `client` and `httpx` do nothing but post.
    """
    urls = [receiver.url(f"{place}") for place in range(ENDPOINTS)]
    asyncio.run(stage.tell(urls))
    jobs = {
        "client": {"urls": urls, "number": SENT, "at_once": AT_ONCE, "bytes": len(stage.body)},
        "httpx": {"urls": urls, "number": SENT // 4, "at_once": HTTPX_AT_ONCE, "bytes": len(stage.body)},
    }
    taken = []
    with outgoing.Process("poll") as poll, outgoing.Process("post") as own, outgoing.Process("httpx") as usual:
        poll.begin({"url": stage.url})
        _sent_while(worker, stage, receiver)
        for _ in range(rounds):
            each = {"one_per_second": _sent_while(poll.process, stage, receiver)}
            each["bare_per_second"] = _sent_while(worker, stage, receiver)
            for name, client in (("client", own), ("httpx", usual)):
                each[f"{name}_per_second"] = client.find(jobs[name])["per_second"]
            taken.append(each)
    with _worker(stage, scratch), _worker(stage, scratch), _worker(stage, scratch):
        four = [_sent(stage, receiver) for _ in range(rounds)]
    ones = [each["one_per_second"] for each in taken]
    others = ("bare", "client", "httpx")
    return {
        **of_rounds(taken),
        "four_per_second": figure(four),
        **{f"of_{name}": ratio(ones, [each[f"{name}_per_second"] for each in taken]) for name in others},
        "four_times": ratio(four, ones),
        "rounds": taken,
    }


def _sent_while(waiting: psutil.Process, stage: Stage, receiver: Receiver) -> float:
    """What is sent by the other one while this process is suspended."""
    waiting.suspend()
    found = _sent(stage, receiver)
    waiting.resume()
    return found


def _sent(stage: Stage, receiver: Receiver) -> float:
    """Receipts a second of the middle eight tenths of a backlog."""
    receiver.forget()
    asyncio.run(stage.fill(SENT // ENDPOINTS))
    until(lambda: receiver.count() >= SENT, "the backlog is sent")
    at = sorted(each.at for each in receiver.receipts())
    first, last = SENT // 10, SENT * 9 // 10
    sleep(REST_SECONDS)
    return (last - first) / (at[last] - at[first])


@contextmanager
def _worker(stage: Stage, scratch: Path) -> Iterator[psutil.Process]:
    """`championed worker`, with default settings but that it may call this machine, on any core."""
    said = scratch / f"worker-{machine.free_port()}.log"
    process = machine.launch(WORKER, stage.settings, said, None)
    try:
        until(lambda: said.exists() and "Working" in said.read_text(), "the worker works")
        sleep(2 * REST_SECONDS)
        yield psutil.Process(process.pid)
    finally:
        machine.end(process)
