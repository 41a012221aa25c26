"""Who runs the embedded PostgreSQL when we are root, for it refuses to run as root.

It is the system user `championed`, made if missing. That user must reach the data and the programs: folders above them
that are closed to it become passable (never readable), and each is named in the log.
"""

import logging
import os
import stat
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

if sys.platform != "win32":
    import pwd

log = logging.getLogger(__name__)

_NAME = "championed"


class DatabaseNotStarted(RuntimeError):
    """The embedded PostgreSQL cannot run here; the message says why, with the end of its log if it has one."""


@dataclass(frozen=True)
class ServerUser:
    """The system user who runs the server in our place, by its numbers."""

    uid: int
    gid: int

    @classmethod
    def needed(cls) -> "ServerUser | None":
        """The user, made if missing; None where we may run the server ourselves."""
        if sys.platform == "win32" or os.geteuid() != 0:
            return None
        with suppress(KeyError):
            return cls._existing()
        options = ("--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin")
        with suppress(FileNotFoundError):
            subprocess.run(["useradd", *options, _NAME], check=False, capture_output=True)
        try:
            return cls._existing()
        except KeyError as error:
            raise DatabaseNotStarted(
                f"PostgreSQL does not run as root, and the system user {_NAME} could not be made. "
                "Make it, or start as another user, or give DATABASE_URL."
            ) from error

    @classmethod
    def _existing(cls) -> "ServerUser":
        entry = pwd.getpwnam(_NAME)
        return cls(entry.pw_uid, entry.pw_gid)

    def own(self, path: Path) -> None:
        """Give the path to this user."""
        os.chown(path, self.uid, self.gid)

    def let_through(self, path: Path) -> None:
        """Let this user pass the folders above `path`: pass, not list, and no more folders than need it."""
        for folder in path.parents:
            found = folder.stat()
            if found.st_uid != self.uid and not found.st_mode & stat.S_IXOTH:
                folder.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXOTH)
                log.warning("Made %s passable for all users, so that PostgreSQL can start as %s", folder, _NAME)

    def let_read(self, programs: Path) -> None:
        """Let this user read the installed `programs`, in case they were installed under a tight umask."""
        self.let_through(programs)
        for path in (programs, *programs.rglob("*")):
            mode = stat.S_IMODE(path.stat().st_mode)
            wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
            if wanted != mode:
                path.chmod(wanted)
