"""The states of what comes in from other systems, and what an applicant tracking system says about a candidate."""

from enum import StrEnum


class ConnectionState(StrEnum):
    """Whether what a connected system sends is worked on. While paused, messages are kept and wait."""

    ACTIVE = "active"
    PAUSED = "paused"


class MessageState(StrEnum):
    """Where an inbound message stands. `held` waits for its connection to be resumed."""

    RECEIVED = "received"
    HELD = "held"
    PROCESSED = "processed"
    IGNORED = "ignored"
    FAILED = "failed"


class CaptureState(StrEnum):
    """Where a capture stands: it lacks something, it became an act, or a person dropped it."""

    NEEDS_DETAILS = "needs_details"
    COMPLETED = "completed"
    DISCARDED = "discarded"


class ErasureState(StrEnum):
    """Whether every place that may name an anonymised person has been gone through."""

    RUNNING = "running"
    COMPLETED = "completed"
