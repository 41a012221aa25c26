"""What a worker has claimed: deliveries with all that sending them needs, as it was when they were claimed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.domain.webhooks import Payload, PayloadFormat, Trigger
from api.platform.sessions import WorkspaceRef
from api.webhooks.secrets import Entry


@dataclass(frozen=True, slots=True)
class Receiver:
    """An endpoint, as far as a call needs it. `secrets` are its entries, and `headers` its own ones, both sealed."""

    workspace: WorkspaceRef
    id: UUID
    url: str
    payload: Payload
    payload_format: PayloadFormat
    is_ordered: bool
    headers: bytes | None
    secrets: Sequence[Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery that this worker may send until `lease_until`, and settle for as long as `token` is the row's.

    `attempts` and `tries` count the calls before this one. `body` is the event as it is stored, or the test's own.
    """

    receiver: Receiver
    id: UUID
    token: UUID
    lease_until: datetime
    event_id: UUID | None
    event_number: int | None
    event_type: str
    subject_id: UUID | None
    trigger: Trigger
    attempts: int
    tries: int
    first_failure_at: datetime | None
    told_failing_at: datetime | None
    body: bytes

    @property
    def workspace(self) -> WorkspaceRef:
        """Whose delivery it is."""
        return self.receiver.workspace


@dataclass(frozen=True, slots=True)
class Claim:
    """What was claimed in a workspace, and when to look there again.

    `is_more` says that more could be claimed at once if there were free places, `is_full` that endpoints have as many
    calls in flight as they may, and `again_at` when the first that has used up its second may be sent to again.
    """

    deliveries: Sequence[Claimed]
    is_more: bool = False
    is_full: bool = False
    again_at: datetime | None = None
