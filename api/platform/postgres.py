"""The database: an embedded PostgreSQL 18, or any PostgreSQL 15 or later by its URL.

Nothing above knows the difference.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import asyncpg

from api.platform.embedded_postgres import EmbeddedServer
from api.platform.server_user import DatabaseNotStarted

__all__ = [
    "THROWAWAY_SETTINGS",
    "Database",
    "DatabaseNotStarted",
    "InvalidDatabaseUrl",
    "create_database",
    "drop_database",
    "normalised_url",
    "start",
    "url_of",
]

THROWAWAY_SETTINGS: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Server settings for tests: much faster, but the data does not survive a crash of the machine."""

_FORM = "postgresql://user:password@host:5432/name"
_KNOWN_TO_DRIVER = {
    *("application_name", "host", "port", "dbname", "database", "user", "password", "passfile", "krbsrvname", "gsslib"),
    *("sslmode", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslpassword", "sslnegotiation"),
    *("ssl_min_protocol_version", "ssl_max_protocol_version", "target_session_attrs"),
}
_MEANT_FOR_OTHER_CLIENTS = {
    *("channel_binding", "connect_timeout", "gssencmode", "pgbouncer", "sslcompression"),
    *("keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval"),
}


class InvalidDatabaseUrl(ValueError):
    """The database URL cannot be used. The message says what to change and never repeats a password."""


@dataclass
class Database:
    """A database to connect to as its owner, the one who migrates.

    Keep it while the process uses the database, and call `stop` at the end: it is what keeps others from stopping an
    embedded server.
    """

    owner_url: str
    """A DSN for `asyncpg.connect`. The embedded server's holds no name of a host but its socket's folder."""
    is_embedded: bool
    _server: EmbeddedServer | None = field(default=None, repr=False)

    def revive(self) -> None:
        """Start an embedded server that has died again, at the same address; raises `DatabaseNotStarted`."""
        if self._server is not None:
            self._server.revive()

    def stop(self) -> None:
        """Stop the embedded server if no other process uses it; leave a given database alone. Twice is once."""
        server, self._server = self._server, None
        if server is not None:
            server.leave()


def start(data_dir: Path, database_url: str | None, *, server_settings: Mapping[str, str] | None = None) -> Database:
    """Return the given database, or the embedded one under `data_dir`, started if it is not running.

    Blocks until connections are accepted: a few seconds the first time, much less afterwards, longer while the server
    recovers from a crash. Call it once per process and folder. `server_settings` apply to a server that this call
    starts. A given URL is checked for its form only. Raises `InvalidDatabaseUrl` or `DatabaseNotStarted`.
    """
    if database_url is not None:
        return Database(normalised_url(database_url), is_embedded=False)
    server = EmbeddedServer(data_dir.expanduser().resolve(), server_settings or {})
    return Database(server.join(), is_embedded=True, _server=server)


def normalised_url(database_url: str) -> str:
    """The URL in the form the driver takes: `postgresql://`, without query parameters meant for other clients."""
    parts = urlsplit(database_url.strip())
    if parts.scheme.partition("+")[0] not in {"postgres", "postgresql"}:
        raise InvalidDatabaseUrl(f"The database must be PostgreSQL, and its URL look like {_FORM}.")
    if parts.fragment or not _has_valid_port(parts.netloc):
        raise InvalidDatabaseUrl(
            f"The database URL cannot be read. It must look like {_FORM}, with '#', '/', '?', '@' and ':' in the "
            "password percent-encoded ('#' is %23)."
        )
    query = [("sslmode" if name == "ssl" else name, value) for name, value in parse_qsl(parts.query)]
    unknown = sorted({name for name, _ in query} - _KNOWN_TO_DRIVER - _MEANT_FOR_OTHER_CLIENTS)
    if unknown:
        raise InvalidDatabaseUrl(f"The database URL has parameters that are not known here: {', '.join(unknown)}.")
    kept = urlencode([(name, value) for name, value in query if name in _KNOWN_TO_DRIVER])
    return f"postgresql://{parts.netloc}{parts.path}" + (f"?{kept}" if kept else "")


def _has_valid_port(netloc: str) -> bool:
    """Each of the hosts, which may be several, has a port that is a number, or none."""
    hosts = netloc.rpartition("@")[2].split(",")
    ports = [host.rpartition("]")[2].partition(":")[2] for host in hosts]
    return netloc.count("@") <= 1 and all(port == "" or port.isdigit() for port in ports)


def url_of(owner_url: str, database: str) -> str:
    """The same server and user, another database."""
    parts = urlsplit(owner_url)
    return f"postgresql://{parts.netloc}/{quote(database)}" + (f"?{parts.query}" if parts.query else "")


async def create_database(owner_url: str, name: str, *, template: str = "template1") -> str:
    """Create a database as a copy of `template`, to which nobody may be connected; return its URL."""
    await _execute(owner_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return url_of(owner_url, name)


async def drop_database(owner_url: str, name: str) -> None:
    """Drop a database if it exists, whoever is still connected to it."""
    await _execute(owner_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
