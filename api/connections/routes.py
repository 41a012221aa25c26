"""Connections over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import select

from api import models
from api.connections import schemas, service
from api.connections.opening import address_of, opened, steps_of
from api.connections.proposals import looks_like_referral, proposed_stage
from api.connections.queries import health_of
from api.connections.seen import Kind, Seen, seen_in
from api.connections.seen_schemas import SeenSource, SeenSources, SeenStage, SeenStages
from api.connections.service import ConnectionExists
from api.inbound.changes import SourceName
from api.inbound.mapping import Mapping
from api.inbound.providers.registry import PROVIDERS
from api.platform import idempotency, rows
from api.platform.auth import Scope
from api.platform.deps import Administering, Configured, Reader, Reading, Sealing, Tag
from api.platform.idempotency import SecretAlreadyShown
from api.platform.ids import ConnectionId, encode
from api.platform.listing import Following, fetch_page
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.queries import ListQuery
from api.platform.sealing import SecretKeyMissing
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/connections", tags=["connections"], route_class=ServiceRoute)

ORDERS = Orders("connections", {"created_at": datetime}, default="created_at desc")


@router.get("")
async def connections_list(
    query: Annotated[ListQuery, Query()], session: Reading, following: Following
) -> schemas.ConnectionList:
    """List connections, the latest first."""
    page = await fetch_page(session, models.Connection, select(models.Connection), query, order=ORDERS.parse(None))
    following(page)
    data = [schemas.Connection.of(row) for row in page.rows]
    return schemas.ConnectionList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post("", status_code=201, responses=responses(ConnectionExists, SecretAlreadyShown, SecretKeyMissing))
async def connections_create(
    session: Administering,
    data: schemas.ConnectionCreate,
    sealer: Sealing,
    settings: Configured,
    request: Request,
    tag: Tag,
) -> schemas.ConnectionOpened:
    """Connect a system: answers the address it sends to, the secret it signs with, and what to enter where.

    The answer is not kept for a repeated `Idempotency-Key`, as it holds secrets: the same request again is
    `secret_already_shown`.
    """
    provider = PROVIDERS[data.provider]
    row, token, secret = await service.create_connection(session, data, provider, sealer, now=await session.now())
    idempotency.keep_secret(request, encode("connection", row.id))
    tag.created(f"/v1/connections/{encode('connection', row.id)}", row.version)
    return opened(row, address_of(settings, row, token), None if data.secret else secret)


@router.get("/{connection_id}", responses=responses(404, SecretKeyMissing))
async def connections_retrieve(
    connection_id: ConnectionId,
    session: Reading,
    caller: Reader,
    sealer: Sealing,
    settings: Configured,
    response: Response,
) -> schemas.ConnectionDetails:
    """Retrieve a connection with its health; for keys of the scope `admin` also with its address and what to enter."""
    row = await rows.find(session, models.Connection, connection_id)
    url = address_of(settings, row, sealer.open(row.token)) if Scope.ADMIN in caller.scopes else None
    # No 304: the health changes without the connection.
    response.headers["ETag"] = f'"{row.version}"'
    return schemas.ConnectionDetails(
        **dict(schemas.Connection.of(row)),
        url=url,
        steps=[] if url is None else list(steps_of(row, url)),
        former_secret_until=row.former_secret_until,
        health=await health_of(session, row, PROVIDERS[row.provider]),
    )


@router.patch("/{connection_id}", responses=responses(404, 412))
async def connections_update(
    connection_id: ConnectionId, session: Administering, data: schemas.ConnectionUpdate, tag: Tag
) -> schemas.Connection:
    """Change name or mapping. What a changed mapping says of earlier messages is worked out again, soon after."""
    row = await rows.lock(session, models.Connection, connection_id)
    tag.check(row.version)
    await service.update_connection(session, row, data, now=await session.now())
    tag(row.version)
    return schemas.Connection.of(row)


@router.get("/{connection_id}/stages", responses=responses(404))
async def connections_stages(connection_id: ConnectionId, session: Reading) -> SeenStages:
    """List the vendor's stages that applications were seen in, with what each is mapped to or a proposal by its name.

    Looks through the newest 20,000 messages of the connection, and of those that wait, as while it is paused, at 500.
    """
    row = await rows.find(session, models.Connection, connection_id)
    mapping = Mapping.model_validate(row.mapping)
    data = [_seen_stage(mapping, each) for each in await seen_in(session, row, Kind.STAGE)]
    unmapped = sum(each.stage is None for each in data)
    return SeenStages(connection_id=row.id, data=data, unmapped=unmapped)


@router.get("/{connection_id}/sources", responses=responses(404))
async def connections_sources(connection_id: ConnectionId, session: Reading) -> SeenSources:
    """List the vendor's sources that applications came from, and whether each is one of referrals or looks like one.

    Looks through the newest 20,000 messages of the connection, and of those that wait, as while it is paused, at 500.
    """
    row = await rows.find(session, models.Connection, connection_id)
    mapping = Mapping.model_validate(row.mapping)
    data = [_seen_source(mapping, each) for each in await seen_in(session, row, Kind.SOURCE)]
    return SeenSources(connection_id=row.id, data=data)


def _seen_stage(mapping: Mapping, seen: Seen) -> SeenStage:
    stage = mapping.stage_of(SourceName(external_id=seen.external_id, name=seen.name))
    return SeenStage(
        external_id=seen.external_id,
        name=seen.name,
        applications=seen.applications,
        stage=stage,
        proposed=None if stage else proposed_stage(seen.name),
    )


def _seen_source(mapping: Mapping, seen: Seen) -> SeenSource:
    is_referral = mapping.is_referral(SourceName(external_id=seen.external_id, name=seen.name))
    return SeenSource(
        external_id=seen.external_id,
        name=seen.name,
        applications=seen.applications,
        is_referral=is_referral,
        proposed=not is_referral and looks_like_referral(seen.name),
    )
