"""Telling those who wait in this process that a workspace has new events; a hint, never needed for correctness."""

import asyncio


class Wakeups:
    """One signal per workspace, set at each commit that carried events."""

    def __init__(self) -> None:
        self._signals: dict[int, asyncio.Event] = {}
        self.is_closed = False

    def notify(self, workspace_id: int) -> None:
        """Wake everybody who waits for this workspace."""
        if signal := self._signals.pop(workspace_id, None):
            signal.set()

    def close(self) -> None:
        """Wake everybody, and let nobody wait again: the process is about to end."""
        self.is_closed = True
        for workspace_id in list(self._signals):
            self.notify(workspace_id)

    async def wait(self, workspace_id: int, seconds: float) -> None:
        """Wait until woken, or for so many seconds."""
        signal = self._signals.setdefault(workspace_id, asyncio.Event())
        try:
            async with asyncio.timeout(seconds):
                await signal.wait()
        except TimeoutError:
            return
