"""The address that calendar programs read. No API key: the address is the secret."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import monotonic
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from api.calendars.feed import number_of, written
from api.calendars.queries import is_open_to_owner, owed_by
from api.domain.errors import NotFound
from api.models import Calendar
from api.platform import rows
from api.platform.deps import Connections, Tag
from api.platform.hook_tokens import HookTarget, HookTokens, Purpose
from api.platform.ids import encode
from api.platform.problems import responses
from api.platform.rate_limits import RateLimiter
from api.platform.sessions import ReadSession
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/calendars", tags=["calendars"], route_class=ServiceRoute)


class CalendarFile(Response):
    """A calendar file in an answer."""

    media_type = "text/calendar"
    charset = "utf-8"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Whose calendar is read, and the transaction to read it in."""

    session: ReadSession
    owner_id: UUID


async def _subscription(
    request: Request,
    token: Annotated[str, Path(description="The secret part of the calendar's address.")],
    databases: Connections,
) -> AsyncIterator[Subscription]:
    target = await _admit(request, token)
    async with databases.open_reading(target.workspace) as session:
        calendar = await rows.find(session, Calendar, target.target_id)
        if not await is_open_to_owner(session, calendar, now=await session.now()):
            raise _nothing_here()
        yield Subscription(session, calendar.owner_id)


async def _admit(request: Request, token: str) -> HookTarget:
    """What the token belongs to, within its rate. Raises NotFound or TooManyRequests."""
    tokens: HookTokens = request.app.state.hook_tokens
    target = await tokens.find(token)
    if target is None or target.purpose is not Purpose.CALENDAR:
        raise _nothing_here()
    request.state.workspace_id = encode("workspace", target.workspace.public_id)
    limiter: RateLimiter = request.app.state.rate_limiter
    standing = request.state.rate_limit = limiter.take(target.target_id, monotonic())
    if not standing.allowed:
        raise standing.refusal()
    return target


def _nothing_here() -> NotFound:
    return NotFound("There is no calendar at this address, or no longer.")


@router.get("/{token}.ics", responses=responses(NotFound), response_class=CalendarFile, openapi_extra={"security": []})
async def calendars_read(
    subscription: Annotated[Subscription, Depends(_subscription, scope="function")], tag: Tag
) -> str:
    """What the owner owes, as a calendar file (RFC 5545) to subscribe to. No API key: the address is the secret.

    The open follow-ups of the owner, at most 500, the earliest due first: what to do, for whom, and about which
    candidate and job. Nothing is told of levels, opinions or notes, nor of what others owe. Each is an event through
    the working hours of its due day, a snoozed one of the day on which it comes back; what is closed is gone.
    """
    file = written(await owed_by(subscription.session, subscription.owner_id))
    tag(number_of(file))
    return file.decode()
