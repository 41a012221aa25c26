"""The verbs of connections: pause and resume, and new secrets and addresses."""

from fastapi import APIRouter, Request

from api import models
from api.connections import schemas, service
from api.connections.opening import address_of, opened
from api.platform import idempotency, rows
from api.platform.deps import Administering, Configured, Sealing, Tag
from api.platform.idempotency import SecretAlreadyShown
from api.platform.ids import ConnectionId, encode
from api.platform.problems import responses
from api.platform.sealing import SecretKeyMissing
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/connections", tags=["connections"], route_class=ServiceRoute)


@router.post("/{connection_id}/pause", responses=responses(404, 412))
async def connections_pause(connection_id: ConnectionId, session: Administering, tag: Tag) -> schemas.Connection:
    """Let what comes in wait: deliveries are verified, kept and answered, and not worked on."""
    row = await rows.lock(session, models.Connection, connection_id)
    tag.check(row.version)
    await service.pause(session, row, now=await session.now())
    tag(row.version)
    return schemas.Connection.of(row)


@router.post("/{connection_id}/resume", responses=responses(404, 412))
async def connections_resume(connection_id: ConnectionId, session: Administering, tag: Tag) -> schemas.Connection:
    """Work on what has waited, and on what comes in."""
    row = await rows.lock(session, models.Connection, connection_id)
    tag.check(row.version)
    await service.resume(session, row, now=await session.now())
    tag(row.version)
    return schemas.Connection.of(row)


@router.post("/{connection_id}/rotate_secret", responses=responses(404, 412, SecretAlreadyShown, SecretKeyMissing))
async def connections_rotate_secret(
    connection_id: ConnectionId,
    session: Administering,
    sealer: Sealing,
    settings: Configured,
    request: Request,
    tag: Tag,
    data: schemas.SecretRotate | None = None,
) -> schemas.ConnectionOpened:
    """Replace the secret that the vendor signs with. The one before goes on working for 24 hours."""
    row = await rows.lock(session, models.Connection, connection_id)
    tag.check(row.version)
    own = data.secret if data else None
    now, real_now = await session.now(), session.clock()
    secret = service.rotate_secret(session, row, own, sealer, now=now, real_now=real_now)
    idempotency.keep_secret(request, encode("connection", row.id))
    tag(row.version)
    return opened(row, address_of(settings, row, sealer.open(row.token)), None if own else secret)


@router.post("/{connection_id}/rotate_url", responses=responses(404, 412, SecretAlreadyShown, SecretKeyMissing))
async def connections_rotate_url(
    connection_id: ConnectionId,
    session: Administering,
    sealer: Sealing,
    settings: Configured,
    request: Request,
    tag: Tag,
) -> schemas.ConnectionOpened:
    """Replace the address that the vendor sends to. The one before stops working within five seconds."""
    row = await rows.lock(session, models.Connection, connection_id)
    tag.check(row.version)
    token = await service.rotate_url(session, row, sealer, now=await session.now())
    idempotency.keep_secret(request, encode("connection", row.id))
    tag(row.version)
    return opened(row, address_of(settings, row, token), None)
