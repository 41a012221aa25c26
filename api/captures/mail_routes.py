"""Mails over HTTP, as mail services hand them over."""

from asyncio import Semaphore, to_thread
from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import monotonic
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from api.captures.mail_form import Delivery, read_delivery, tokens_of
from api.captures.mail_parts import MalformedMail
from api.captures.mail_reading import Ignored, Mail, read_mail
from api.captures.mail_schemas import MAIL, MailReceipt
from api.captures.mail_taking import ignored, take_mail
from api.models import CaptureAddress
from api.platform import idempotency, rows
from api.platform.deps import Configured, Connections
from api.platform.hook_tokens import HookTarget, HookTokens, Purpose
from api.platform.ids import encode
from api.platform.problems import Unauthorized, responses
from api.platform.rate_limits import RateLimiter
from api.platform.sessions import WriteSession
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/captures", tags=["captures"], route_class=ServiceRoute)

LARGEST_MAIL = 25 * 1024 * 1024
"""In bytes; people send a CV along."""


class UnknownCaptureAddress(Unauthorized):
    """A mail came without the token of a capture address. Nothing of it was kept."""

    code = "capture_address_unknown"
    title = "The mail is for no capture address"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail, the address that it came in by, and the transaction for both."""

    session: WriteSession
    address: CaptureAddress
    mail: Mail | Ignored


async def _incoming(request: Request, databases: Connections, settings: Configured) -> AsyncIterator[Incoming]:
    body = await request.body()
    # Reading goes to a thread: a mail may have many megabytes, and others are served meanwhile. Each is copied while it
    # is read, so only a few are at once.
    turn: Semaphore = request.app.state.mail_reading
    async with turn:
        delivery = await to_thread(read_delivery, request.headers.get("content-type", ""), body)
        target = await _admit(request, delivery)
        mail = await to_thread(
            read_mail, delivery.mail, own_domain=settings.mail_domain, envelope_sender=delivery.sender
        )
    actor = {"type": "capture_address", "id": encode("capture_address", target.target_id)}
    async with databases.open_writing(target.workspace, actor=actor) as session:
        await idempotency.begin(session, request)
        address = await rows.find(session, CaptureAddress, target.target_id)
        if address.revoked_at is not None:
            raise _refusal()
        request.state.writing = session
        yield Incoming(session, address, mail)


async def _admit(request: Request, delivery: Delivery) -> HookTarget:
    """What the token belongs to, within its rate. Raises UnknownCaptureAddress or TooManyRequests."""
    tokens: HookTokens = request.app.state.hook_tokens
    given = (*tokens_of(request.headers.get("authorization")), *delivery.tokens())
    target = await tokens.find_first(given)
    if target is None or target.purpose is not Purpose.CAPTURE_ADDRESS:
        raise _refusal()
    request.state.workspace_id = encode("workspace", target.workspace.public_id)
    limiter: RateLimiter = request.app.state.rate_limiter
    standing = request.state.rate_limit = limiter.take(target.target_id, monotonic())
    if not standing.allowed:
        raise standing.refusal()
    return target


def _refusal() -> UnknownCaptureAddress:
    return UnknownCaptureAddress(
        "Hand it over with the token of a capture address, in Authorization, in the envelope, or in the mail's header. "
        "That of a revoked address and the one before the last rotation no longer count."
    )


@router.post(
    "/mail",
    max_body_size=LARGEST_MAIL,
    responses=responses(UnknownCaptureAddress, MalformedMail),
    openapi_extra=dict(MAIL),
)
async def captures_mail(incoming: Annotated[Incoming, Depends(_incoming, scope="function")]) -> MailReceipt:
    """Take a mail that somebody sent to a capture address in BCC, or forwarded to it as an attachment.

    Its sender is the advocate, those in To and Cc heard it, and its Message-ID is the evidence. No API key is needed:
    the token of the address counts, from Authorization, the envelope in a form, or the header of the mail.
    Attachments, quoted text and signatures are dropped. Reasons are not read out of prose, so the act carries none.

    Bounces, automatic answers and mail of lists are ignored. The same mail again is the same act.
    """
    if isinstance(incoming.mail, Ignored):
        return ignored(incoming.mail.reason)
    now = await incoming.session.now()
    return await take_mail(incoming.session, incoming.mail, incoming.address, now=now)
