"""The service and the baselines as processes on the server's core."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import psutil

from tests.bench import machine
from tests.bench.machine import SERVER_CORE

COMMAND = ("-c", "from api.cli import main; main()", "serve", "--port")
UNLIMITED = {"CHAMPIONED_RATE_LIMIT_PER_MINUTE": "0", "CHAMPIONED_RATE_LIMIT_BURST_PER_SECOND": "0"}


@dataclass(frozen=True, slots=True)
class Running:
    """A server process and where it listens."""

    process: psutil.Process
    port: int

    @property
    def cpu_seconds(self) -> float:
        """What it has computed so far."""
        times = self.process.cpu_times()
        return times.user + times.system


@contextmanager
def service(data: Path, folder: Path) -> Iterator[Running]:
    """`championed serve` with its worker and its default settings, but without rate limits."""
    port = machine.free_port()
    settings = {"CHAMPIONED_DATA_DIR": str(data), **UNLIMITED}
    yield from _running((*COMMAND, str(port)), settings, folder / "service.log", port, "/readyz")


@contextmanager
def baselines(url: str, workspace: int, folder: Path) -> Iterator[dict[str, Running]]:
    """What the list is compared with, by name."""
    with ExitStack() as ends:
        yield {
            name: ends.enter_context(_baseline(name, url, workspace, folder / f"{name}.log"))
            for name in ("limit", "idiomatic")
        }


@contextmanager
def bare_insert(url: str, workspace: int, folder: Path) -> Iterator[Running]:
    """What taking in a delivery is compared with."""
    with _baseline("insert", url, workspace, folder / "insert.log") as running:
        yield running


@contextmanager
def _baseline(name: str, url: str, workspace: int, said: Path) -> Iterator[Running]:
    port = machine.free_port()
    command = ("-m", "tests.bench.baselines", name, str(port), url, str(workspace))
    yield from _running(command, {}, said, port, "/v1/applications")


def _running(command: tuple[str, ...], settings: dict[str, str], said: Path, port: int, path: str) -> Iterator[Running]:
    process: Popen[bytes] = machine.launch(command, settings, said, SERVER_CORE)
    try:
        machine.await_answer(process, port, path, said)
        yield Running(psutil.Process(process.pid), port)
    finally:
        machine.end(process)
