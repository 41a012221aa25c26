"""Processes on cores of their own, and what they use."""

import os
import platform
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psutil

ROOT = Path(__file__).parents[2]
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]
PATIENCE_SECONDS = 60


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with its own settings of the service replaced, and bytecode kept as it usually is."""
    own = ("CHAMPIONED_", "DATABASE_", "PYTHONDONTWRITEBYTECODE")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return {**inherited, "PYTHONPATH": str(ROOT), **settings}


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def launch(
    command: Sequence[str], settings: Mapping[str, str], said: Path, core: int | None
) -> subprocess.Popen[bytes]:
    """A process of Python on one core, or on any; what it says goes to a file."""
    with said.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *command], env=environment(settings), cwd=said.parent, stdout=output, stderr=output
        )
    if core is not None:
        psutil.Process(process.pid).cpu_affinity([core])
    return process


def answers(port: int, path: str) -> bool:
    """Whether a GET is answered with 200."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n".encode())
        return line.recv(64).startswith(b"HTTP/1.1 200")
    return False


def await_answer(process: subprocess.Popen[bytes], port: int, path: str, said: Path) -> None:
    """Wait until a GET is answered with 200."""
    give_up_at = monotonic() + PATIENCE_SECONDS
    while not answers(port, path):
        if process.poll() is not None or monotonic() > give_up_at:
            raise RuntimeError(f"no answer from {path}: {said.read_text()[-2000:]}")
        sleep(0.01)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and wait."""
    if process.poll() is None:
        process.terminate()
    process.wait(PATIENCE_SECONDS)


def megabytes(processes: Iterable[psutil.Process]) -> float:
    """The memory of processes; what several of them share counts once."""
    total = 0
    for process in processes:
        with suppress(psutil.Error):
            total += process.memory_full_info().pss
    return round(total / 2**20, 1)


def postgres_of(folder: Path) -> list[psutil.Process]:
    """The database server on data below a folder, with its children."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.name().startswith("postgres") and any(str(folder) in word for word in process.cmdline()):
                return [process, *process.children(recursive=True)]
    return []


def description() -> dict[str, Any]:
    """What it was measured on."""
    with suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
        return _described(model)
    return _described(platform.processor())


def _described(model: str) -> dict[str, Any]:
    return {
        "processor": model,
        "cores": len(CORES),
        "python": platform.python_version(),
        "system": platform.system(),
        "load_before": round(os.getloadavg()[0], 2),
    }
