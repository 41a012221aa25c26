"""The workspaces in which a worker is to look for deliveries: each once, in turn, and by one claimer at a time."""

import asyncio


class Agenda:
    """A queue of workspaces by their internal ids. Nothing is handed out while there are no free places."""

    def __init__(self, *, places: int) -> None:
        self.free = places
        self._waiting: dict[int, None] = {}
        self._taken: set[int] = set()
        self._news = asyncio.Event()
        self._is_closed = False

    @property
    def is_waiting(self) -> bool:
        """Whether there are others besides those taken."""
        return bool(self._waiting)

    def add(self, workspace_id: int) -> None:
        """Put a workspace at the end, unless it is there already."""
        self._waiting.setdefault(workspace_id)
        self._news.set()

    def add_later(self, workspace_id: int, seconds: float) -> None:
        """Put a workspace there after a while."""
        asyncio.get_running_loop().call_later(seconds, self.add, workspace_id)

    def occupy(self, places: int) -> None:
        """Take so many of the free places, or with a negative number give them back."""
        self.free -= places
        self._news.set()

    def close(self) -> None:
        """Hand out nothing more."""
        self._is_closed = True
        self._news.set()

    async def take(self) -> int | None:
        """The next workspace that nobody else has taken, once there are free places; None when the agenda is closed."""
        while not self._is_closed:
            following = next((each for each in self._waiting if each not in self._taken), None)
            if following is not None and self.free > 0:
                del self._waiting[following]
                self._taken.add(following)
                return following
            self._news.clear()
            await self._news.wait()
        return None

    def done(self, workspace_id: int) -> None:
        """Let others take the workspace again."""
        self._taken.discard(workspace_id)
        self._news.set()
