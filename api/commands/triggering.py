"""`trigger`: the documented example of an event type, sent as a test to those who want it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from time import monotonic
from uuid import UUID

from rich.text import Text
from sqlmodel import col, select

from api.commands.keys import chosen
from api.commands.receiving import plain
from api.commands.writing import writing
from api.domain.events import EVENT_TYPES
from api.domain.webhooks import EVERYTHING, AttemptError, DeliveryState, EndpointState, names_of
from api.events.routes import UnknownEventType
from api.models import Delivery, WebhookEndpoint
from api.platform import ids
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef, WriteSession
from api.webhooks.endpoints import find_endpoint, require_active
from api.webhooks.targets import LONGEST_URL
from api.webhooks.trying import send_test

PATIENCE_SECONDS = 20.0
LOOK_AGAIN_SECONDS = 0.1
_ALLOWING = (
    "its operator has not allowed this address. Start `championed serve` or `championed worker` with"
    " CHAMPIONED_WEBHOOK_ALLOW_HTTP=true for http, and with its network in CHAMPIONED_WEBHOOK_ALLOWED_NETWORKS where it"
    " is not on the public internet"
)


class NobodyWants(Exception):
    """No active endpoint of the workspace asks for the type; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a test: its delivery is still `pending` where nothing has sent it in time."""

    endpoint_id: UUID
    url: str
    state: DeliveryState
    http_status: int | None
    error_code: AttemptError | None

    @property
    def has_arrived(self) -> bool:
        """Whether the receiver took it."""
        return self.state is DeliveryState.SUCCEEDED

    @property
    def _is_forbidden(self) -> bool:
        """Whether the settings of what sends do not allow the address."""
        is_invalid_http = self.error_code is AttemptError.INVALID_URL and self.url.lower().startswith("http:")
        return is_invalid_http or self.error_code is AttemptError.BLOCKED_ADDRESS

    def line(self) -> Text:
        """What is shown of it."""
        why = self.http_status or self.error_code or self.state
        hint = f" - {_ALLOWING}" if self._is_forbidden else ""
        said = {
            DeliveryState.SUCCEEDED: (f"arrived: {self.http_status}", "green"),
            DeliveryState.PENDING: ("not sent yet: is `championed serve` or `championed worker` running?", "yellow"),
        }.get(self.state, (f"failed: {why}{hint}", "red"))
        where = (ids.encode("webhook_endpoint", self.endpoint_id), plain(self.url, LONGEST_URL))
        return Text("  ").join([*map(Text, where), Text(*said)])


def check_known(event_type: str) -> None:
    """Raise UnknownEventType for what is no type, with the names that it may have been meant for."""
    if event_type in EVENT_TYPES:
        return
    near = get_close_matches(event_type, EVENT_TYPES, n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "`GET /v1/event_types` lists them."
    raise UnknownEventType(f"There is no event type '{event_type}'. {hint}")


async def trigger(
    databases: Databases, event_type: str, *, workspace: str | None, endpoint: str | None
) -> Sequence[Outcome]:
    """Send the example of the type to the endpoint, or to all that want it, and wait for what becomes of it.

    Raises UnknownEventType, NobodyWants, and for a given endpoint NotFound and WebhookEndpointNotActive.
    """
    check_known(event_type)
    endpoint_id = None if endpoint is None else ids.decode("webhook_endpoint", endpoint)
    ref = await chosen(databases, workspace)
    async with writing(databases, ref) as session:
        endpoints = await _receivers(session, event_type, endpoint_id)
        sent = {(await send_test(session, each, event_type)).id: each for each in endpoints}
    states = await _awaited(databases, ref, list(sent))
    await databases.close()
    return [
        Outcome(sent[row.id].id, sent[row.id].url, row.state, row.last_http_status, row.last_error_code)
        for row in states
    ]


async def _receivers(session: WriteSession, event_type: str, endpoint_id: UUID | None) -> Sequence[WebhookEndpoint]:
    if endpoint_id is not None:
        endpoint = await find_endpoint(session, endpoint_id)
        require_active(endpoint)
        return [endpoint]
    active = select(WebhookEndpoint).where(col(WebhookEndpoint.state) == EndpointState.ACTIVE)
    found = (await session.execute(active.order_by(col(WebhookEndpoint.created_at)))).scalars().all()
    wanted = [each for each in found if not set(names_of(event_type)).isdisjoint(each.event_types)]
    if not wanted:
        raise NobodyWants(f"No active endpoint asks for {event_type}. `{_listener(event_type)}` makes one that does.")
    return wanted


def _listener(event_type: str) -> str:
    """The command whose endpoint wants the type: by default it asks for everything, which is not every type."""
    widest = names_of(event_type)[0]
    return "championed listen" if widest == EVERYTHING else f"championed listen --types '{widest}'"


async def _awaited(databases: Databases, workspace: WorkspaceRef, deliveries: Sequence[UUID]) -> Sequence[Delivery]:
    """The deliveries once all of them are finished, or when patience ends."""
    rows = select(Delivery).where(col(Delivery.id).in_(deliveries)).order_by(col(Delivery.id))
    give_up_at = monotonic() + PATIENCE_SECONDS
    while True:
        async with databases.open_reading(workspace) as session:
            found = (await session.execute(rows)).scalars().all()
        finished = [row for row in found if row.state is not DeliveryState.PENDING]
        if len(finished) == len(deliveries) or monotonic() > give_up_at:
            return found
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
