"""Making capture addresses, and their secrets."""

from datetime import datetime

from sqlmodel import select

from api.captures import addresses_schemas as schemas
from api.domain.errors import Conflict
from api.models import CaptureAddress
from api.platform import hook_tokens, ids
from api.platform.hook_tokens import Purpose
from api.platform.sessions import WriteSession
from api.platform.uniqueness import Taken, unique

_NAMED_ONCE = "uq_capture_addresses_name"


class CaptureAddressExists(Conflict):
    """A capture address of the workspace has this name already; `existing_id` names it."""

    code = "capture_address_exists"
    title = "The capture address exists"


class CaptureAddressRevoked(Conflict):
    """The capture address was revoked, which is for good: make another one."""

    code = "capture_address_revoked"
    title = "The capture address is revoked"


async def create(
    session: WriteSession, data: schemas.CaptureAddressCreate, *, now: datetime
) -> tuple[CaptureAddress, str]:
    """A new address with its token, which is kept nowhere. Raises CaptureAddressExists."""
    row = CaptureAddress(name=data.name, keeps_text=data.keeps_text, created_at=now, updated_at=now)
    try:
        async with unique(session, _NAMED_ONCE):
            session.add(row)
    except Taken:
        raise await _exists(session, data.name) from None
    return row, _fresh_token(session, row, now=now)


async def update(
    session: WriteSession, row: CaptureAddress, data: schemas.CaptureAddressUpdate, *, now: datetime
) -> None:
    """Change the locked address. Raises CaptureAddressExists."""
    changes = {name: value for name, value in data.changes().items() if getattr(row, name) != value}
    if not changes:
        return
    try:
        async with unique(session, _NAMED_ONCE):
            for name, value in changes.items():
                setattr(row, name, value)
            _touch(row, now)
    except Taken:
        raise await _exists(session, changes["name"]) from None


async def rotate(session: WriteSession, row: CaptureAddress, *, now: datetime) -> str:
    """Give the locked address a new token; the one before stops working. Raises CaptureAddressRevoked."""
    if row.revoked_at is not None:
        raise CaptureAddressRevoked("A revoked address stays so; make another one.")
    await hook_tokens.revoke(session, row.id, now=now)
    _touch(row, now)
    return _fresh_token(session, row, now=now)


async def revoke(session: WriteSession, row: CaptureAddress, *, now: datetime) -> None:
    """Let the locked address never work again."""
    if row.revoked_at is None:
        await hook_tokens.revoke(session, row.id, now=now)
        row.revoked_at = now
        _touch(row, now)


def _fresh_token(session: WriteSession, row: CaptureAddress, *, now: datetime) -> str:
    token = hook_tokens.mint()
    hook_tokens.keep(session, token, purpose=Purpose.CAPTURE_ADDRESS, target_id=row.id, now=now)
    return token


def _touch(row: CaptureAddress, now: datetime) -> None:
    row.version += 1
    row.updated_at = now


async def _exists(session: WriteSession, name: str) -> CaptureAddressExists:
    found = await session.execute(select(CaptureAddress).where(CaptureAddress.name == name))
    existing_id = ids.encode("capture_address", found.scalar_one().id)
    return CaptureAddressExists("A capture address has this name already.", existing_id=existing_id)
