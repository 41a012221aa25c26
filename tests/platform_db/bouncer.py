"""PgBouncer in transaction mode before a server, in a process of its own, and a login that comes by it."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import asyncpg

from api.platform.db import connect
from api.platform.migrations import migrate
from tests.concurrency.servers import free_port

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
SERVERS = 3
"""Connections to the server that all clients share."""

# Each transaction takes the next of the connections, so that whatever is left behind by one is missed by another.
_SETTINGS = """
[databases]
* = host={host} port={port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = trust
auth_file = {users}
pool_mode = transaction
default_pool_size = {servers}
server_round_robin = 1
max_client_conn = 200
"""


@asynccontextmanager
async def bounced(owner_url: str, folder: Path) -> AsyncIterator[str]:
    """The URL of this database by PgBouncer, for a new login that has been granted the service's tables."""
    login, password = f"bounced_{uuid4().hex[:12]}", uuid4().hex
    owner = await connect(owner_url, None)
    await owner.execute(f"create role {login} login password '{password}'")
    await migrate(owner_url, login, is_login=True)
    process, port = _start(owner_url, folder, login, password)
    url = f"postgresql://{login}:{password}@127.0.0.1:{port}{urlsplit(owner_url).path}"
    try:
        await _until_it_answers(url, process)
        yield url
    finally:
        process.terminate()
        process.wait()
        await owner.execute(f"drop owned by {login}; drop role {login}")
        await owner.close()


def _start(owner_url: str, folder: Path, login: str, password: str) -> tuple[subprocess.Popen[bytes], int]:
    parts = urlsplit(owner_url)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    host, own_port = asked.get("host") or parts.hostname or "127.0.0.1", free_port()
    port = asked.get("port") or parts.port or 5432
    users, settings = folder / "users.txt", folder / "pgbouncer.ini"
    users.write_text(f'"{login}" "{password}"\n')
    settings.write_text(_SETTINGS.format(host=host, port=port, own_port=own_port, users=users, servers=SERVERS))
    # It refuses to run as root; the owner of the socket's folder may enter that.
    named = ["-u", Path(host).owner()] if os.geteuid() == 0 and host.startswith("/") else []
    with (folder / "pgbouncer.log").open("wb") as log:
        command = [str(PROGRAM), "-q", *named, str(settings)]
        return subprocess.Popen(command, stdout=log, stderr=log), own_port


async def _until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "pgbouncer has ended; its log says why"
        with suppress(OSError, asyncpg.PostgresError):
            return await (await connect(url, None, is_pooled=True)).close()
        await asyncio.sleep(0.05)
    raise AssertionError("pgbouncer never answered")
