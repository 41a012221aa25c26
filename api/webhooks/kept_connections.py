"""Connections kept open between calls, each for the one endpoint that it was opened for."""

import asyncio
from collections.abc import Hashable

from api.webhooks.exchanges import Connection

IDLE_SECONDS = 4.0
"""Shorter than the 5 seconds after which common servers close a connection that stands idle."""
AGE_SECONDS = 60.0
"""So long after it was opened a connection is replaced, so that a receiver that moved is found at its new address."""
MOST_PER_KEY = 16
MOST = 512


class KeptConnections:
    """Idle connections by key; a connection is in here only while nobody uses it. For one event loop."""

    def __init__(self) -> None:
        self._idle: dict[Hashable, dict[Connection, asyncio.TimerHandle]] = {}
        self._count = 0

    def take(self, key: Hashable) -> Connection | None:
        """An open connection of this key, the one used last; None if there is none."""
        while kept := self._idle.get(key):
            connection = next(reversed(kept))
            self._forget(key, connection)
            if connection.is_open:
                return connection
        return None

    def give(self, key: Hashable, connection: Connection) -> None:
        """Keep a connection for 4 seconds; closes it instead if it is old or many are kept already."""
        loop = asyncio.get_running_loop()
        is_old = loop.time() - connection.opened_at > AGE_SECONDS
        if is_old or len(self._idle.get(key, ())) >= MOST_PER_KEY or self._count >= MOST:
            connection.close()
            return
        self._idle.setdefault(key, {})[connection] = loop.call_later(IDLE_SECONDS, self._drop, key, connection)
        self._count += 1

    def close(self) -> None:
        """Close all that are kept."""
        for key in list(self._idle):
            while connection := self.take(key):
                connection.close()

    def _drop(self, key: Hashable, connection: Connection) -> None:
        self._forget(key, connection)
        connection.close()

    def _forget(self, key: Hashable, connection: Connection) -> None:
        self._idle[key].pop(connection).cancel()
        self._count -= 1
        if not self._idle[key]:
            del self._idle[key]
