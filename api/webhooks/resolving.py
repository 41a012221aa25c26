"""Names of hosts to addresses, in threads of their own: a name server that hangs holds up nothing else."""

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

_THREADS = 256
"""More than a worker makes calls at once: names whose servers hang must not take the threads from all others."""


class Resolver:
    """Asks the system's resolver, once at a time for each name however many wait for it; for one event loop."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="webhook-names")
        self._running: dict[str, asyncio.Future[Sequence[str]]] = {}

    async def __call__(self, host: str) -> Sequence[str]:
        """All addresses of the host, in the order the system prefers. Raises OSError where it has none."""
        running = self._running.get(host)
        if running is None:
            running = asyncio.get_running_loop().run_in_executor(self._threads, _addresses, host)
            self._running[host] = running
            running.add_done_callback(lambda done: self._forget(host, done))
        # One that gives up waiting must not take the answer from the others.
        return await asyncio.shield(running)

    def close(self) -> None:
        """Start no further look-up, and do not wait for those that run."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _forget(self, host: str, done: asyncio.Future[Sequence[str]]) -> None:
        del self._running[host]
        if not done.cancelled():
            # Looked at, for the case that nobody waits any longer: asyncio complains of errors nobody saw.
            done.exception()


def _addresses(host: str) -> Sequence[str]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
