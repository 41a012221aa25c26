"""The verbs of an application's lifecycle over HTTP."""

from fastapi import APIRouter

from api.applications import bodies, lifecycle, schemas
from api.applications.service import ApplicationExists
from api.applications.transfer import lock_for_transfer, transfer
from api.domain.errors import InvalidStateTransition
from api.domain.stages import ContradictsLaterFact
from api.platform.deps import Tag, Writing
from api.platform.ids import ApplicationId, encode
from api.platform.moments import InTheFuture
from api.platform.problems import responses
from api.platform.references import UnknownReference
from api.platform.transactions import ServiceRoute
from api.support.locks import ApplicationForUpdate, Locked

router = APIRouter(prefix="/v1/applications/{application_id}", tags=["applications"], route_class=ServiceRoute)

REFUSALS = responses(404, InvalidStateTransition, ContradictsLaterFact, 412, InTheFuture, UnknownReference)


@router.post("/move", responses=REFUSALS)
async def applications_move(
    locked: ApplicationForUpdate, session: Writing, data: bodies.ApplicationMove, tag: Tag
) -> schemas.Application:
    """Record that the application entered another stage, later or earlier. Ends a hold.

    Like every verb it may be backdated with `occurred_at`, and is then judged as of that moment; it is refused where it
    would take the sense from something that happened later. Where it is so already, nothing is written.
    """
    await lifecycle.move(session, locked, data)
    return _answer(locked, tag)


@router.post("/hold", responses=REFUSALS)
async def applications_hold(
    locked: ApplicationForUpdate, session: Writing, tag: Tag, data: bodies.ApplicationHold | None = None
) -> schemas.Application:
    """Record that the application is on hold, with or without a day on which the hold ends by itself.

    Once more with another day, the hold goes on until that.
    """
    await lifecycle.hold(session, locked, data or bodies.ApplicationHold())
    return _answer(locked, tag)


@router.post("/resume", responses=REFUSALS)
async def applications_resume(
    locked: ApplicationForUpdate, session: Writing, tag: Tag, data: bodies.ApplicationResume | None = None
) -> schemas.Application:
    """Record that a hold ended. On an open application nothing is written."""
    await lifecycle.resume(session, locked, data or bodies.ApplicationResume())
    return _answer(locked, tag)


@router.post("/close", responses=REFUSALS)
async def applications_close(
    locked: ApplicationForUpdate, session: Writing, data: bodies.ApplicationClose, tag: Tag
) -> schemas.Application:
    """Record how the application ended. Its support then stays as it was right before; advocacies are concluded and
    linked referrals closed.

    Once more with another outcome, the outcome is corrected and its moment stays.
    """
    await lifecycle.close(session, locked, data)
    return _answer(locked, tag)


@router.post("/reopen", responses=REFUSALS)
async def applications_reopen(
    locked: ApplicationForUpdate, session: Writing, tag: Tag, data: bodies.ApplicationReopen | None = None
) -> schemas.Application:
    """Record that a closed application goes on, in the stage before the outcome or in a named one.

    All that was recorded counts again, and limits that were running start afresh that day.
    """
    await lifecycle.reopen(session, locked, data or bodies.ApplicationReopen())
    return _answer(locked, tag)


@router.post(
    "/transfer", status_code=201, responses=responses(404, ApplicationExists, 412, InTheFuture, UnknownReference)
)
async def applications_transfer(
    application_id: ApplicationId, session: Writing, data: bodies.ApplicationTransfer, tag: Tag
) -> schemas.Application:
    """Consider the candidate for another job as well: not for this team, but for that one.

    Makes an application there in stage `identified`, with the same origin. Whoever agreed to advocate or does so has
    agreed there, too; on a closed application, whoever did before its outcome. Acts, reasons, asks and referrals stay
    where they are. This application stays as it is: close it separately.
    """
    held = await lock_for_transfer(session, application_id, data)
    tag.check(held.locked.application.version)
    made = await transfer(session, held)
    tag.created(f"/v1/applications/{encode('application', made.id)}", made.version)
    return schemas.Application.of(made)


def _answer(locked: Locked, tag: Tag) -> schemas.Application:
    tag(locked.application.version)
    return schemas.Application.of(locked.application)
