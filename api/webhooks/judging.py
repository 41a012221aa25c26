"""What calls say of an endpoint: its health, its notice, and its end."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta

from api.domain.endpoint_health import Health, failed, is_end_due, is_warning_due, succeeded
from api.domain.webhooks import DisabledReason, EndpointState
from api.models import WebhookEndpoint
from api.platform import outbox
from api.platform.ids import encode
from api.platform.revisions import touch
from api.platform.sealing import Sealer
from api.platform.sessions import WriteSession
from api.webhooks.outcomes import Outcome
from api.webhooks.telling import as_json, tell

SUCCESS_NOTED_EVERY = timedelta(minutes=1)

_HEALTH = tuple(field.name for field in fields(Health))


def judge(row: WebhookEndpoint, outcomes: Sequence[Outcome]) -> DisabledReason | bool:
    """Note on the locked endpoint how its calls went, in the order in which they ended.

    Answers why it is to be disabled, if it is, or else whether it is to be said that it will be.
    """
    before = health = _health(row)
    for each in sorted(outcomes, key=lambda each: each.ended_at):
        if each.counts:
            at = each.ended_at
            health = succeeded(health, at) if each.arrived else failed(health, started_at=each.started_at, at=at)
    if row.state is not EndpointState.ACTIVE:
        return False
    _write(row, before, health)
    if asked := next((each.disables for each in outcomes if each.disables), None):
        return asked
    last = max(each.ended_at for each in outcomes)
    return DisabledReason.FAILING if is_end_due(health, last) else is_warning_due(health, last)


def disable(
    session: WriteSession, row: WebhookEndpoint, reason: DisabledReason, sealer: Sealer, *, now: datetime
) -> None:
    """Let the locked endpoint be sent to no longer, and tell why; `now` is the workspace's time."""
    before = as_json(session, row, sealer)
    row.state, row.disabled_reason, row.disabled_at = EndpointState.DISABLED, reason, session.clock()
    touch(row, now=now)
    tell(session, "webhook_endpoint.disabled", row, sealer, now=now, before=before)


def warn(session: WriteSession, row: WebhookEndpoint, sealer: Sealer, *, now: datetime) -> None:
    """Tell that the locked endpoint will be disabled if nothing reaches it; `now` is the workspace's time."""
    row.warned_at = session.clock()
    tell(session, "webhook_endpoint.failing", row, sealer, now=now)


def tell_of_deliveries(
    session: WriteSession, row: WebhookEndpoint, outcomes: Iterable[Outcome], *, now: datetime
) -> None:
    """Announce of each delivery that it fails, that it was given up, or that it arrived after all."""
    for each in outcomes:
        if each.told:
            outbox.record(
                session,
                each.told,
                subject=("webhook_endpoint", row.id),
                version=row.version,
                occurred_at=now,
                recorded_at=now,
                data=_told(each),
            )


def _told(outcome: Outcome) -> dict[str, object]:
    delivery = outcome.delivery
    return {
        "endpoint_id": encode("webhook_endpoint", delivery.receiver.id),
        "delivery_id": encode("delivery", delivery.id),
        "event_id": encode("event", delivery.event_id) if delivery.event_id else None,
        "event_type": delivery.event_type,
        "attempts": delivery.attempts + 1,
        "error_code": outcome.answer.error_code,
        "http_status": outcome.answer.http_status,
    }


def _health(row: WebhookEndpoint) -> Health:
    return Health(**{name: getattr(row, name) for name in _HEALTH})


def _write(row: WebhookEndpoint, before: Health, after: Health) -> None:
    """Change the row where that says anything new; that all is well is noted once a minute."""
    noted_at = before.last_success_at
    if noted_at and after.last_success_at and after.last_success_at < noted_at + SUCCESS_NOTED_EVERY:
        after = replace(after, last_success_at=noted_at)
    for name, value in asdict(after).items():
        setattr(row, name, value)
