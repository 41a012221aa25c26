"""Measure everything in one run, keep the raw figures, write the table."""

import argparse
import asyncio
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.markdown import Markdown

from api.platform import postgres
from tests.bench import acts, database, machine, pages, report, round_trips, start
from tests.bench.load import Generator
from tests.bench.scenes import make_scenes
from tests.bench.service import baselines, service

RESULTS = Path(__file__).parent / "results" / "results.json"
ACTS_OF_SUPPORT = (1, 10, 100)
SCENES = 96

console = Console()


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--short", action="store_true", help="few short rounds; nothing is kept nor written")
    parser.add_argument("--table", action="store_true", help="only write the README's table from the kept figures")
    parser.add_argument("--folder", type=Path, help="keep the database here, and use the one that is there")
    given = parser.parse_args()
    if not given.table:
        with tempfile.TemporaryDirectory(prefix="championed-bench-") as scratch:
            Path(scratch).chmod(0o711)
            results = measure(given.folder or Path(scratch), Path(scratch), is_short=given.short)
        console.print(Markdown(report.table(results)))
        if given.short:
            return
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    report.write(json.loads(RESULTS.read_text(encoding="utf-8")))


def measure(folder: Path, scratch: Path, *, is_short: bool) -> dict[str, Any]:
    """Everything, on a database in `folder`."""
    begun, rounds, seconds = perf_counter(), (2, 0.6) if is_short else (7, 1.2)
    results: dict[str, Any] = {"at": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine.description()}
    server = postgres.start(folder / "data", None)
    try:
        say("Filling the database", begun)
        cast = asyncio.run(database.fill(server.owner_url, folder / "cast.pickle"))
        results["database"] = asyncio.run(database.description(server.owner_url))
        with service(folder / "data", scratch) as ours, Generator() as generator:
            _pages(results)
    finally:
        server.stop()
    return results


if __name__ == "__main__":
    main()
