"""The streams that are open in this process, of which each workspace may have a bounded number."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from api.platform.problems import TooManyStreams

MOST_STREAMS = 100
"""Of one workspace, in one process: each looks for events by itself once a second."""
_RETRY_AFTER_SECONDS = 15


class OpenStreams:
    """Counts the streams of each workspace."""

    def __init__(self) -> None:
        self._open: Counter[int] = Counter()

    def check(self, workspace_id: int) -> None:
        """Raise TooManyStreams where the workspace has as many as it may."""
        if self._open[workspace_id] >= MOST_STREAMS:
            raise TooManyStreams(
                f"The workspace has {MOST_STREAMS} streams open here: close one, or read the feed page by page.",
                retry_after=_RETRY_AFTER_SECONDS,
                limit=MOST_STREAMS,
            )

    @contextmanager
    def counted(self, workspace_id: int) -> Iterator[None]:
        """Count one more as long as the block runs."""
        self._open[workspace_id] += 1
        try:
            yield
        finally:
            self._open[workspace_id] -= 1
            if not self._open[workspace_id]:
                del self._open[workspace_id]
