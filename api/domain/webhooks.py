"""Webhooks out: the closed sets, and which endpoints an event type reaches."""

from collections.abc import Sequence
from enum import StrEnum

EVERYTHING = "*"
OPERATIONAL = ("delivery", "webhook_endpoint")
"""Beginnings of the types that tell how deliveries go: a channel of its own, which `*` leaves out."""


class EndpointState(StrEnum):
    """Whether an endpoint is sent to. One that is deleted stays as a row, to which its deliveries refer."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"
    DELETED = "deleted"


class DisabledReason(StrEnum):
    """Why an endpoint was switched off: it failed for days, it answered 410, or it asked for it in a header."""

    FAILING = "failing"
    GONE = "gone"
    RECEIVER_REQUEST = "receiver_request"


class Payload(StrEnum):
    """How much of an event is sent: all of it, or only what it is about."""

    FULL = "full"
    THIN = "thin"


class PayloadFormat(StrEnum):
    """In which envelope an event is sent: as it is, or as the data of one in CloudEvents 1.0."""

    STANDARD = "standard"
    CLOUDEVENTS = "cloudevents"


class Ordering(StrEnum):
    """Whether a delivery waits for older ones about the same subject."""

    NONE = "none"
    PER_SUBJECT = "per_subject"


class DeliveryState(StrEnum):
    """How one event for one endpoint stands. It is in flight while it is pending and leased."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    HELD = "held"
    CANCELED = "canceled"


class Trigger(StrEnum):
    """What caused an attempt."""

    SCHEDULE = "schedule"
    MANUAL = "manual"
    RECOVER = "recover"
    REPLAY = "replay"
    TEST = "test"


class AttemptError(StrEnum):
    """Why an attempt delivered nothing."""

    TIMEOUT = "timeout"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    BLOCKED_ADDRESS = "blocked_address"
    HTTP_STATUS = "http_status"
    TOO_LARGE = "too_large"
    INVALID_URL = "invalid_url"


class HeldMode(StrEnum):
    """What becomes of held deliveries when their endpoint is sent to again."""

    SEND_ALL = "send_all"
    SEND_LATEST_PER_SUBJECT = "send_latest_per_subject"
    DISCARD = "discard"


class TaskKind(StrEnum):
    """Work on many deliveries, done in batches."""

    RECOVER = "recover"
    REPLAY = "replay"
    REPLAY_MISSING = "replay_missing"
    RESUME = "resume"
    DELETE = "delete"


class TaskState(StrEnum):
    """How far a task has got."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


PRIORITIES = {
    Trigger.MANUAL: 0,
    Trigger.TEST: 0,
    Trigger.SCHEDULE: 1,
    Trigger.RECOVER: 2,
    Trigger.REPLAY: 2,
}
"""What is sent first: what somebody waits for, then first attempts, then all that is sent again."""
RETRY_PRIORITY = 2


def names_of(event_type: str) -> Sequence[str]:
    """Everything an endpoint may have asked for that includes this type: `*`, each beginning with `.*`, the type.

    What tells of deliveries themselves is not in `*`: an endpoint that fails would be sent that it fails.
    """
    parts = event_type.split(".")
    beginnings = [".".join(parts[:length]) + ".*" for length in range(1, len(parts))]
    everything = () if parts[0] in OPERATIONAL else (EVERYTHING,)
    return (*everything, *beginnings, event_type)
