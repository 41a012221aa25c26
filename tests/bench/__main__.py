"""Measure everything in one run, keep the raw figures, write the table."""

import argparse
import asyncio
import json
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.markdown import Markdown

from api.platform import postgres
from tests.bench import (
    acts,
    briefings,
    database,
    machine,
    pages,
    passes,
    report,
    round_trips,
    start,
    ways_in,
    webhooks,
)
from tests.bench.load import Generator
from tests.bench.scenes import make_scenes
from tests.bench.service import Running, bare_insert, baselines, service
from tests.cast import Cast

RESULTS = Path(__file__).parent / "results" / "results.json"
ACTS_OF_SUPPORT = (1, 10, 100)
SCENES = 96
MOST_PASSES = 3

console = Console()


@dataclass(frozen=True, slots=True)
class Plan:
    """How often and how long each thing is measured."""

    rounds: int
    page_seconds: float
    act_seconds: float
    support_seconds: float


FULL = Plan(rounds=7, page_seconds=1.2, act_seconds=1.5, support_seconds=0.5)
SHORT = Plan(rounds=2, page_seconds=0.6, act_seconds=0.6, support_seconds=0.3)


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--short", action="store_true", help="few short rounds; nothing is kept nor written")
    parser.add_argument("--table", action="store_true", help="only write the README's table from the kept figures")
    parser.add_argument("--folder", type=Path, help="keep the database here, and use the one that is there")
    given = parser.parse_args()
    if given.table:
        report.write(json.loads(RESULTS.read_text(encoding="utf-8")))
        return
    with tempfile.TemporaryDirectory(prefix="championed-bench-") as scratch:
        Path(scratch).chmod(0o711)
        results = measure(given.folder or Path(scratch), Path(scratch), SHORT if given.short else FULL)
    console.print(Markdown(report.table(results)))
    if not given.short:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        report.write(results)


def measure(folder: Path, scratch: Path, plan: Plan) -> dict[str, Any]:
    """Everything, on a database in `folder`."""
    begun = perf_counter()
    results = {"at": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine.description()}
    say("starts of the service")
    results["start"] = start.measure(scratch, rounds=plan.rounds)
    data = folder / "data"
    server = postgres.start(data, None)
    try:
        say("100,000 applications are made")
        cast = database.filled(server.owner_url, folder / "cast.pickle")
        results["database"] = asyncio.run(database.description(server.owner_url))
        with service(data, scratch) as ours, Generator() as generator:
            results |= _pages(ours, generator, server.owner_url, cast, scratch, plan)
            results |= _briefings(ours, generator, cast, plan)
            results |= _acts(ours, generator, server.owner_url, cast, scratch, plan)
            results["deliveries"] = _deliveries(ours, generator, server.owner_url, cast, scratch, plan)
            results["memory_under_load"] = start.memory(ours.process, data)
        say("passes of a worker")
        results["passes"] = passes.measure(server.owner_url, cast, rounds=min(plan.rounds, MOST_PASSES))
        results["webhooks"] = _webhooks(server.owner_url, scratch, plan)
    finally:
        server.stop()
    return {**results, "took_s": round(perf_counter() - begun)}


def _pages(
    ours: Running, generator: Generator, url: str, cast: Cast, scratch: Path, plan: Plan
) -> dict[str, dict[str, Any]]:
    say("pages")
    with baselines(url, cast.acme.workspace.id, scratch) as others:
        found = pages.measure(ours, others, cast.acme.read, generator, rounds=plan.rounds, seconds=plan.page_seconds)
    for page, each in found.items():
        say(f"{page}: {each['of_limit']['median']:.2f} of the limit, {each['times_idiomatic']['median']:.1f} idiomatic")
    return {"pages": found}


def _briefings(ours: Running, generator: Generator, cast: Cast, plan: Plan) -> dict[str, Any]:
    say("briefings")
    key = cast.acme.read
    return {"briefings": briefings.measure(ours, key, generator, rounds=plan.rounds, seconds=plan.page_seconds / 2)}


def _acts(ours: Running, generator: Generator, url: str, cast: Cast, scratch: Path, plan: Plan) -> dict[str, Any]:
    say("applications with advocates are made")
    key = cast.acme.write
    scenes, grown = asyncio.run(make_scenes(ours.port, key, SCENES, ACTS_OF_SUPPORT))
    of_support = list(zip(ACTS_OF_SUPPORT, grown, strict=True))
    say("support")
    support = acts.measure_support(ours, of_support, key, generator, rounds=plan.rounds, seconds=plan.support_seconds)
    say("acts")
    written = acts.measure_writes(ours, scenes, key, generator, rounds=plan.rounds, seconds=plan.act_seconds)
    trips = asyncio.run(round_trips.count(url, scenes[0], key, scratch))
    say("captures")
    taken = ways_in.measure_captures(ours, scenes, key, generator, rounds=plan.rounds, seconds=plan.act_seconds)
    named = {"acts": written, "support": support, "acts_of_support": ACTS_OF_SUPPORT, "round_trips": trips}
    return {**named, "captures": taken}


def _deliveries(ours: Running, generator: Generator, url: str, cast: Cast, scratch: Path, plan: Plan) -> dict[str, Any]:
    say("deliveries")
    with bare_insert(url, cast.acme.workspace.id, scratch) as bare:
        return ways_in.measure_deliveries(
            ours, bare, cast.acme.admin, generator, rounds=plan.rounds, seconds=plan.act_seconds
        )


def _webhooks(url: str, scratch: Path, plan: Plan) -> dict[str, Any]:
    say("webhooks")
    rounds = min(plan.rounds, MOST_PASSES)
    with Generator() as generator:
        return webhooks.measure(url, scratch, generator, rounds=rounds, seconds=plan.act_seconds)


def say(words: str) -> None:
    """Tell what goes on."""
    console.print(f"{datetime.now(UTC):%H:%M:%S} {words}", highlight=False)


if __name__ == "__main__":
    main()
