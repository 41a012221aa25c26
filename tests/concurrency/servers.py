"""The service as processes of its own, started by the command line as an operator starts it."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

import httpx
import psutil

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-c", "from api.cli import main; main()")
PATIENCE_SECONDS = 120
"""How long a condition is waited for on a machine that has much else to do."""

UNLIMITED = {"CHAMPIONED_RATE_LIMIT_PER_MINUTE": "0", "CHAMPIONED_RATE_LIMIT_BURST_PER_SECOND": "0"}


def until(is_so: Callable[[], object], what: str) -> None:
    """Wait until a condition holds; fail, saying what was waited for, when it never does."""
    give_up_at = monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert monotonic() < give_up_at, f"never happened: {what}"
        sleep(0.02)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with its own settings of the service replaced by these."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CHAMPIONED_", "DATABASE_"))}
    return {**inherited, "PYTHONPATH": str(ROOT), "CHAMPIONED_LOG_LEVEL": "warning", **UNLIMITED, **settings}


def run(settings: Mapping[str, str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself, and what it said."""
    return subprocess.run(
        [*COMMAND, *arguments], env=environment(settings), cwd=folder, capture_output=True, text=True, check=False
    )


@dataclass
class Server:
    """One `serve` process; what it says is kept in a file of `folder`."""

    settings: Mapping[str, str]
    folder: Path
    options: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        """Everything it has said, in all its lives."""
        return self._log.read_text()

    @property
    def _log(self) -> Path:
        return self.folder / f"serve-{self.port}.log"

    def start(self) -> "Server":
        """Start the process without waiting for it."""
        command = [*COMMAND, "serve", "--port", str(self.port), *self.options]
        with self._log.open("ab") as said:
            self.process = subprocess.Popen(
                command, env=environment(self.settings), cwd=self.folder, stdout=said, stderr=said
            )
        return self

    def await_ready(self) -> "Server":
        """Wait until it can answer; fail with what it said when it ends instead."""
        until(lambda: self._answers() or self._has_ended(), "the service is ready")
        assert not self._has_ended(), self.said
        return self

    def kill(self) -> None:
        """`kill -9`."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def end(self, number: int) -> int:
        """Send a signal and wait for the end; the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz").is_success
        except httpx.TransportError:
            return False

    def _has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None


def postmasters(folder: Path) -> list[psutil.Process]:
    """The database servers, parents only, that run on data below a folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.name().startswith("postgres") and any(str(folder) in word for word in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found
