"""Names of hosts to addresses, in threads of their own: a name server that hangs holds up nothing else.

The system's resolver cannot be interrupted: a look-up for which nobody waits any longer keeps its thread. So names that
hang are remembered, as RFC 9520 asks for, and those that have not answered yet share a part of the threads.
"""

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

PATIENCE_SECONDS = 5.0
"""After so long a name counts as hanging."""
REST_SECONDS = 30.0
"""How long after its look-up has ended a name that hung is left alone."""
STRANGERS = 128
"""How many names that have not answered in time before are looked up at once."""
_THREADS = STRANGERS + 256
_NAMES_REMEMBERED = 10_000


class Resolver:
    """Asks the system's resolver, once at a time for each name however many wait for it; for one event loop."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="webhook-names")
        self._strangers = asyncio.Semaphore(STRANGERS)
        self._running: dict[str, asyncio.Future[Sequence[str]]] = {}
        self._answering: dict[str, None] = {}
        self._hanging: set[str] = set()

    async def __call__(self, host: str) -> Sequence[str]:
        """All addresses of the host, in the order the system prefers. Raises OSError where it has none.

        Of a name that took more than 5 seconds it raises at once, until 30 seconds after that look-up has ended.
        """
        if host in self._hanging:
            raise OSError("the name's server did not answer lately, and is not asked again yet")
        is_stranger = host not in self._answering and host not in self._running
        if is_stranger:
            await self._strangers.acquire()
        running = self._running.get(host)
        if running is None:
            running = self._begin(host, is_stranger)
        elif is_stranger:
            self._strangers.release()
        # One that gives up waiting must not take the answer from the others.
        return await asyncio.shield(running)

    def close(self) -> None:
        """Start no further look-up, and do not wait for those that run."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _begin(self, host: str, is_stranger: bool) -> asyncio.Future[Sequence[str]]:
        loop = asyncio.get_running_loop()
        late: list[asyncio.TimerHandle] = []

        # Counted from when a thread was free: a name that waited for one does not hang.
        def begin() -> None:
            late.append(loop.call_later(PATIENCE_SECONDS, self._hang, host))

        def look_up() -> Sequence[str]:
            loop.call_soon_threadsafe(begin)
            return _addresses(host)

        running = self._running[host] = loop.run_in_executor(self._threads, look_up)

        def end(done: asyncio.Future[Sequence[str]]) -> None:
            for handle in late:
                handle.cancel()
            if is_stranger:
                self._strangers.release()
            self._end(host, done)

        running.add_done_callback(end)
        return running

    def _hang(self, host: str) -> None:
        self._hanging.add(host)
        self._answering.pop(host, None)

    def _end(self, host: str, done: asyncio.Future[Sequence[str]]) -> None:
        del self._running[host]
        # Looked at in any case: asyncio complains of errors nobody saw, and nobody may be waiting any longer.
        has_failed = done.cancelled() or done.exception() is not None
        if host in self._hanging:
            done.get_loop().call_later(REST_SECONDS, self._hanging.discard, host)
            return
        self._answering.pop(host, None)
        if not has_failed:
            self._answering[host] = None
        if len(self._answering) > _NAMES_REMEMBERED:
            del self._answering[next(iter(self._answering))]


def _addresses(host: str) -> Sequence[str]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
