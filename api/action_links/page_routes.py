"""The page behind a link. No API key and no account: the address is the secret, and stands for one person.

Opening it changes nothing, however often and by whomever it is followed; sending its form does.
"""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, Response

from api.action_links import forms, pages
from api.action_links.forms import Unclear
from api.action_links.occasions import NothingLeftToDo, Occasion, PersonDoesNotFit, check_still_serves, occasion_of
from api.action_links.repeats import says_the_same
from api.action_links.schemas import PAGE_PATH, state_of
from api.action_links.service import note_use
from api.action_links.using import Done, find_suggested, use
from api.domain.errors import DomainError, NotFound
from api.domain.vocabulary import ActionLinkAnswer, ActionLinkPurpose, ActionLinkState, InvitationState
from api.invitations.service import pass_on
from api.models import ActionLink, Application, Invitation
from api.platform import rows
from api.platform.deps import Configured, Connections
from api.platform.hook_tokens import HookTarget, HookTokens, Purpose
from api.platform.ids import encode
from api.platform.problems import Forbidden
from api.platform.rate_limits import RateLimiter
from api.platform.routes import Handler
from api.platform.sessions import WorkspaceSession, WriteSession
from api.platform.settings import Settings
from api.platform.transactions import ServiceRoute
from api.support.locks import Locked, lock_application

_TOLD_SINCE = (
    "Something was recorded by this link after you opened this page, and this is not recorded yet. If it is something "
    "else, please send it once more."
)
_PASSING = (ActionLinkAnswer.DECLINED, ActionLinkAnswer.NOBODY)

_log = logging.getLogger("championed.problems")


class PageRoute(ServiceRoute):
    """A route for people: whatever goes wrong is told on a page, in words that reveal nothing."""

    def get_route_handler(self) -> Handler:
        """What serves a request."""
        handle = super().get_route_handler()

        async def handle_for_people(request: Request) -> Response:
            # Mail programs and messengers add parameters of their own to the links that they show.
            request.scope["query_string"] = b""
            try:
                return await handle(request)
            except NotFound:
                return pages.unknown()
            except (NothingLeftToDo, PersonDoesNotFit):
                return pages.ended()
            except DomainError as error:
                return pages.refused(error.status)
            except HTTPException as error:
                return pages.refused(error.status_code)
            except ClientDisconnect:
                raise
            except Exception as error:  # noqa: BLE001  # a person gets a page, whatever it is; the log has the rest
                _log.error("unhandled error", exc_info=error)
                return pages.refused(500)

        return handle_for_people


router = APIRouter(prefix=PAGE_PATH, route_class=PageRoute, include_in_schema=False)


async def _target(request: Request, token: str) -> HookTarget:
    """What the address belongs to, within its rate. Raises NotFound or TooManyRequests."""
    tokens: HookTokens = request.app.state.hook_tokens
    target = await tokens.find(token)
    if target is None or target.purpose is not Purpose.ACTION_LINK:
        raise NotFound("There is no such link.")
    request.state.workspace_id = encode("workspace", target.workspace.public_id)
    limiter: RateLimiter = request.app.state.rate_limiter
    standing = limiter.take(target.target_id, monotonic())
    if not standing.allowed:
        raise standing.refusal()
    return target


Target = Annotated[HookTarget, Depends(_target)]


@dataclass(frozen=True, slots=True)
class _Opened:
    """A link in a transaction for what is done by it."""

    session: WriteSession
    link: ActionLink
    form: dict[str, str]


async def _opened(
    request: Request, target: Target, databases: Connections, settings: Configured
) -> AsyncIterator[_Opened]:
    _refuse_other_sites(request, settings)
    form = forms.read_form(request.headers.get("content-type", ""), await request.body())
    actor = {"type": "action_link", "id": encode("action_link", target.target_id)}
    async with databases.open_writing(target.workspace, actor=actor) as session:
        # The link comes before people and applications in the order of locks: of two forms one waits here.
        yield _Opened(session, await rows.lock(session, ActionLink, target.target_id), form)


def _refuse_other_sites(request: Request, settings: Settings) -> None:
    """Refuse a form that the page of another site sends, where the browser says so.

    Ours has no referrer, so that its address stays secret; browsers then send `Origin: null`.
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "null")
    own = (urlsplit(settings.public_url).netloc, request.headers.get("host"))
    if site not in ("same-origin", "none") or (origin != "null" and _host_of(origin) not in own):
        raise Forbidden("The form was sent by another site.")


def _host_of(origin: str) -> str | None:
    """Host and port of an origin; None for what is no address."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


@router.get("/{token}", response_class=HTMLResponse)
async def action_link_page(target: Target, databases: Connections) -> HTMLResponse:
    """Ask what the link is for. Changes nothing."""
    async with databases.open_reading(target.workspace) as session:
        link = await rows.find(session, ActionLink, target.target_id)
        now = await session.now()
        _refuse_ended(state_of(link, now=now))
        return await pages.question(session, await _occasion(session, link, now=now), uses=link.uses)


@router.post("/{token}", response_class=HTMLResponse, max_body_size=forms.LARGEST)
async def action_link_use(
    request: Request, opened: Annotated[_Opened, Depends(_opened, scope="function")]
) -> HTMLResponse:
    """Do what the link is for."""
    session, link, form = opened.session, opened.link, opened.form
    now = await session.now()
    _refuse_ended(state_of(link, now=now))
    is_stale = link.answer is not None and form.get("uses") != str(link.uses)
    if is_stale and link.answer is not None and await says_the_same(session, link, form):
        # The same form once more: it was recorded, and is not recorded twice.
        return pages.thanks(link.answer)
    try:
        if is_stale:
            raise Unclear({"answer": _TOLD_SINCE})
        done = await _do(session, link, form, now=now)
    except Unclear as unclear:
        occasion = await _occasion(session, link, now=now)
        # The transaction is not finished, so that nothing of it stays.
        return await pages.question(session, occasion, uses=link.uses, entered=form, faults=unclear.faults)
    request.state.writing = session
    return pages.thanks(done.answer, done.topics)


async def _do(session: WriteSession, link: ActionLink, form: dict[str, str], *, now: datetime) -> Done:
    is_hand_over = link.purpose is ActionLinkPurpose.HAND_OVER
    suggested = await find_suggested(session, form, now=now) if is_hand_over else None
    locked = await lock_application(session, link.application_id)
    occasion = await occasion_of(session, link, locked.application, now=locked.now)
    check_still_serves(occasion)
    done = await use(session, occasion, form, suggested)
    if done.answer in _PASSING and link.invitation_id is not None:
        await _pass_on(session, link.invitation_id, locked, occasion)
    await note_use(session, link, done.answer, done.result_id, now=locked.now)
    return done


async def _pass_on(session: WriteSession, invitation_id: UUID, locked: Locked, occasion: Occasion) -> None:
    """Pass the invitation that the link came with, unless it has ended."""
    invitation = await rows.lock(session, Invitation, invitation_id)
    if invitation.state is InvitationState.OPEN:
        await pass_on(session, locked, invitation, recorded_by=occasion.person.id)


async def _occasion(session: WorkspaceSession, link: ActionLink, *, now: datetime) -> Occasion:
    """What the link is about, where it still serves its purpose."""
    application = await rows.find(session, Application, link.application_id)
    occasion = await occasion_of(session, link, application, now=now)
    check_still_serves(occasion)
    return occasion


def _refuse_ended(state: ActionLinkState) -> None:
    if state is ActionLinkState.REVOKED:
        raise NotFound("The link was taken back.")
    if state is not ActionLinkState.OPEN:
        raise NothingLeftToDo("The link was used, or has expired.")
