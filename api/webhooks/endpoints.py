"""The endpoint that a path names. A deleted one is a row still, and is not found."""

from uuid import UUID

from api.domain.errors import NotFound
from api.domain.webhooks import EndpointState
from api.models import WebhookEndpoint
from api.platform import rows
from api.platform.sessions import WorkspaceSession, WriteSession
from api.webhooks.errors import WebhookEndpointNotActive


async def find_endpoint(session: WorkspaceSession, endpoint_id: UUID) -> WebhookEndpoint:
    """The endpoint with this id in the session's workspace; raises NotFound."""
    return _not_deleted(await rows.find(session, WebhookEndpoint, endpoint_id))


async def lock_endpoint(session: WriteSession, endpoint_id: UUID) -> WebhookEndpoint:
    """The same endpoint, locked against other changes, those of the sending side included; raises NotFound."""
    return _not_deleted(await rows.lock(session, WebhookEndpoint, endpoint_id))


def require_active(endpoint: WebhookEndpoint) -> None:
    """Raise WebhookEndpointNotActive unless the endpoint is sent to."""
    if endpoint.state is not EndpointState.ACTIVE:
        raise WebhookEndpointNotActive(
            f"The endpoint is {endpoint.state}; resume it, then send this again.", current_state=endpoint.state
        )


def _not_deleted(row: WebhookEndpoint) -> WebhookEndpoint:
    if row.state is EndpointState.DELETED:
        raise NotFound(f"There is no such {rows.word_of(WebhookEndpoint)}.")
    return row
