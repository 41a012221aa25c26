"""Capture addresses over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema
from sqlmodel import select

from api import models
from api.captures import addresses
from api.captures import addresses_schemas as schemas
from api.captures.addresses import CaptureAddressExists, CaptureAddressRevoked
from api.platform import idempotency, rows
from api.platform.deps import Administering, Configured, Reading, Tag
from api.platform.idempotency import SecretAlreadyShown
from api.platform.ids import CaptureAddressId, encode
from api.platform.listing import Following, fetch_page
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.queries import ListQuery
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/capture_addresses", tags=["capture_addresses"], route_class=ServiceRoute)

ORDERS = Orders("capture_addresses", {"created_at": datetime}, default="created_at desc")


class CaptureAddressesQuery(ListQuery):
    """Which addresses to list."""

    order_by: str | SkipJsonSchema[None] = Field(
        default=None, max_length=200, description="`created_at`, with ` desc` after it for the latest first."
    )


@router.get("")
async def capture_addresses_list(
    query: Annotated[CaptureAddressesQuery, Query()], session: Reading, following: Following
) -> schemas.CaptureAddressList:
    """List capture addresses, revoked ones too, without their tokens."""
    order = ORDERS.parse(query.order_by)
    page = await fetch_page(session, models.CaptureAddress, select(models.CaptureAddress), query, order=order)
    following(page)
    data = [schemas.CaptureAddress.of(row) for row in page.rows]
    return schemas.CaptureAddressList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post("", status_code=201, responses=responses(CaptureAddressExists, SecretAlreadyShown))
async def capture_addresses_create(
    request: Request, session: Administering, data: schemas.CaptureAddressCreate, settings: Configured, tag: Tag
) -> schemas.CaptureAddressWithToken:
    """Make an address that people put in BCC or forward to; scope `admin`.

    This answer alone shows its token. It is stored nowhere: the same request again is answered `secret_already_shown`,
    with the id of the address in `existing_id`; rotate that one where the first answer was lost.
    """
    row, token = await addresses.create(session, data, now=await session.now())
    address_id = encode("capture_address", row.id)
    idempotency.keep_secret(request, address_id)
    tag.created(f"/v1/capture_addresses/{address_id}", row.version)
    return schemas.CaptureAddressWithToken.with_token(row, token, settings)


@router.get("/{capture_address_id}", responses=responses(404))
async def capture_addresses_retrieve(
    capture_address_id: CaptureAddressId, session: Reading, tag: Tag
) -> schemas.CaptureAddress:
    """Retrieve a capture address, without its token."""
    row = await rows.find(session, models.CaptureAddress, capture_address_id)
    tag(row.version)
    return schemas.CaptureAddress.of(row)


@router.patch("/{capture_address_id}", responses=responses(404, CaptureAddressExists, 412))
async def capture_addresses_update(
    capture_address_id: CaptureAddressId, session: Administering, data: schemas.CaptureAddressUpdate, tag: Tag
) -> schemas.CaptureAddress:
    """Change an address's name, or whether it keeps text; scope `admin`. What is kept already stays as it is."""
    row = await rows.lock(session, models.CaptureAddress, capture_address_id)
    tag.check(row.version)
    await addresses.update(session, row, data, now=await session.now())
    tag(row.version)
    return schemas.CaptureAddress.of(row)


@router.post("/{capture_address_id}/rotate", responses=responses(404, CaptureAddressRevoked, SecretAlreadyShown, 412))
async def capture_addresses_rotate(
    request: Request, capture_address_id: CaptureAddressId, session: Administering, settings: Configured, tag: Tag
) -> schemas.CaptureAddressWithToken:
    """Give an address a new token; scope `admin`. The one before stops working at once, within seconds everywhere.

    This answer alone shows the new one, as when the address was made.
    """
    row = await rows.lock(session, models.CaptureAddress, capture_address_id)
    tag.check(row.version)
    token = await addresses.rotate(session, row, now=await session.now())
    idempotency.keep_secret(request, encode("capture_address", row.id))
    tag(row.version)
    return schemas.CaptureAddressWithToken.with_token(row, token, settings)


@router.post("/{capture_address_id}/revoke", responses=responses(404, 412))
async def capture_addresses_revoke(
    capture_address_id: CaptureAddressId, session: Administering, tag: Tag
) -> schemas.CaptureAddress:
    """Let an address never work again, within seconds everywhere; scope `admin`. Its captures stay."""
    row = await rows.lock(session, models.CaptureAddress, capture_address_id)
    tag.check(row.version)
    await addresses.revoke(session, row, now=await session.now())
    tag(row.version)
    return schemas.CaptureAddress.of(row)
