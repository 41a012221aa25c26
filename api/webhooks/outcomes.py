"""What a call's answer means for its delivery: arrived, tried again, given up, held or dropped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from api.domain.retries import next_try
from api.domain.webhooks import OPERATIONAL, RETRY_PRIORITY, AttemptError, DeliveryState, DisabledReason, Trigger
from api.platform.ids import new_id
from api.webhooks.answers import Answer, Control
from api.webhooks.calls import Prepared
from api.webhooks.claimed import Claimed

GONE = 410
TRIES_UNTIL_TOLD = 4
"""After so many failed tries it is announced that a delivery fails."""

REST_OF_LATE = timedelta(seconds=5)
"""How long a delivery rests whose answer asked for the end of an endpoint that has begun anew since."""

_FINAL = (AttemptError.BLOCKED_ADDRESS, AttemptError.INVALID_URL)
_BY_HAND = (Trigger.MANUAL, Trigger.TEST)
_JITTER_BITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One call that was made, and how its delivery stands after it; `disables` says why the endpoint is to be."""

    delivery: Claimed
    prepared: Prepared
    answer: Answer
    attempt_id: UUID
    started_at: datetime
    ended_at: datetime
    state: DeliveryState
    next_attempt_at: datetime | None
    disables: DisabledReason | None

    @property
    def arrived(self) -> bool:
        """Whether the receiver has it."""
        return self.answer.error_code is None

    @property
    def counts(self) -> bool:
        """Whether it says something of the endpoint's health: what was sent by hand does only if it arrived.

        Nor does a receiver fail that answers in so many words that it does not want this one.
        """
        return self.arrived or not (self.delivery.trigger in _BY_HAND or self.state is DeliveryState.CANCELED)

    @property
    def is_over(self) -> bool:
        """Whether nothing behind it has to wait for it any more."""
        return self.state not in (DeliveryState.PENDING, DeliveryState.HELD)

    @property
    def is_due_at_once(self) -> bool:
        """Whether it is to be tried again without a pause."""
        return self.next_attempt_at is not None and self.next_attempt_at <= self.ended_at

    @property
    def tries(self) -> int:
        """The tries that the schedule goes by, this one included unless somebody asked for it in between."""
        return self.delivery.tries + (not _interrupts_schedule(self.delivery))

    @property
    def priority(self) -> int | None:
        """Where it stands among others when it is tried again; None for where it stood."""
        return RETRY_PRIORITY if self.state is DeliveryState.PENDING else None

    @property
    def told(self) -> str | None:
        """The type of the event that announces it, if it is to be: deliveries of such events never cause another."""
        if self.delivery.event_type.partition(".")[0] in OPERATIONAL or not self.counts:
            return None
        if self.arrived:
            return "delivery.recovered" if self.delivery.told_failing_at else None
        if self.state is DeliveryState.FAILED:
            return "delivery.exhausted"
        return "delivery.failing" if self.state is DeliveryState.PENDING and self.tries == TRIES_UNTIL_TOLD else None


def outcome(delivery: Claimed, prepared: Prepared, answer: Answer, schedule: Sequence[timedelta]) -> Outcome:
    """What becomes of a delivery by the answer to its call."""
    attempt_id = new_id()
    ended_at = prepared.call.at + timedelta(milliseconds=answer.duration_ms)
    disables = _disables(delivery, answer)
    state, again_at = _state(delivery, answer, schedule, ended_at, attempt_id, is_disabled=disables is not None)
    return Outcome(
        delivery=delivery,
        prepared=prepared,
        answer=answer,
        attempt_id=attempt_id,
        started_at=prepared.call.at,
        ended_at=ended_at,
        state=state,
        next_attempt_at=again_at,
        disables=disables,
    )


def without_end(outcome: Outcome) -> Outcome:
    """The outcome of a call that was under way when its endpoint was resumed, deleted or given another address.

    Its answer asks for nothing but another try: what it said of the endpoint is not about the endpoint as it is now.
    """
    if outcome.state is not DeliveryState.HELD:
        return replace(outcome, disables=None)
    again_at = outcome.ended_at + REST_OF_LATE
    return replace(outcome, disables=None, state=DeliveryState.PENDING, next_attempt_at=again_at)


def _disables(delivery: Claimed, answer: Answer) -> DisabledReason | None:
    if delivery.trigger in _BY_HAND:
        return None
    if answer.control is Control.DISABLE:
        return DisabledReason.RECEIVER_REQUEST
    return DisabledReason.GONE if answer.http_status == GONE else None


def _state(
    delivery: Claimed,
    answer: Answer,
    schedule: Sequence[timedelta],
    ended_at: datetime,
    attempt_id: UUID,
    *,
    is_disabled: bool,
) -> tuple[DeliveryState, datetime | None]:
    if answer.error_code is None:
        return DeliveryState.SUCCEEDED, None
    if answer.control is Control.ABORT_MESSAGE:
        return DeliveryState.CANCELED, None
    if is_disabled:
        return DeliveryState.HELD, None
    is_put_back = _interrupts_schedule(delivery)
    if answer.error_code in _FINAL or (delivery.trigger in _BY_HAND and not is_put_back):
        return DeliveryState.FAILED, None
    # The last bits of an id are random, and each attempt has its own.
    chance = (attempt_id.int % 2**_JITTER_BITS) / 2**_JITTER_BITS
    again_at = next_try(
        schedule,
        tries=delivery.tries + (not is_put_back),
        failed_at=ended_at,
        retry_after=answer.retry_after,
        chance=chance,
    )
    return (DeliveryState.FAILED, None) if again_at is None else (DeliveryState.PENDING, again_at)


def _interrupts_schedule(delivery: Claimed) -> bool:
    """Whether somebody asked for a delivery that waits for a retry: if that fails, it goes on waiting."""
    return delivery.trigger is Trigger.MANUAL and delivery.tries > 0
