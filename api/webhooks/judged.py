"""Bodies that name an address, with what is thought of it before the transaction begins.

Names may take seconds to resolve, and a transaction would keep its connection from all others meanwhile.
"""

from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Request

from api.platform.deps import Admin
from api.webhooks.addresses import Guard
from api.webhooks.bodies import WebhookEndpointCreate, WebhookEndpointUpdate
from api.webhooks.targets import WebhookUrlRefused

Body = TypeVar("Body")


@dataclass(frozen=True, slots=True)
class Judged(Generic[Body]):
    """A body, and why nothing may be sent to the `url` in it; None where something may, or there is none."""

    data: Body
    refusal: WebhookUrlRefused | None


async def _guard(request: Request) -> Guard:
    guard: Guard = request.app.state.guard
    return guard


Guarding = Annotated[Guard, Depends(_guard)]


async def _new(_caller: Admin, guard: Guarding, data: WebhookEndpointCreate) -> Judged[WebhookEndpointCreate]:
    return Judged(data, await guard.refusal(data.url))


async def _changed(_caller: Admin, guard: Guarding, data: WebhookEndpointUpdate) -> Judged[WebhookEndpointUpdate]:
    url = data.changes().get("url")
    return Judged(data, None if url is None else await guard.refusal(url))


NewEndpoint = Annotated[Judged[WebhookEndpointCreate], Depends(_new)]
"""An endpoint to be made. Name it before the transaction."""
ChangedEndpoint = Annotated[Judged[WebhookEndpointUpdate], Depends(_changed)]
"""A change of one. Name it before the transaction."""
