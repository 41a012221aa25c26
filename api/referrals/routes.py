"""Referrals over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from api.domain.errors import InvalidStateTransition, NotFound
from api.domain.vocabulary import ReferralWord
from api.models import Referral
from api.owed.queries import narrowed
from api.owed.schemas import mark
from api.platform import rows
from api.platform.deps import Reading, Snapshot, Tag, Writing
from api.platform.ids import ReferralId, encode
from api.platform.listing import Following, fetch_page
from api.platform.moments import InTheFuture
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.references import UnknownReference
from api.platform.transactions import ServiceRoute
from api.referrals import bodies, places, queries, schemas, service, told
from api.referrals.places import LockedReferral, ReferralForUpdate
from api.referrals.recording import SelfReferral, create_referral
from api.referrals.service import AlreadyLinked, ApplicationDoesNotFit

router = APIRouter(prefix="/v1/referrals", tags=["referrals"], route_class=ServiceRoute)

ORDERS = Orders("referrals", {"created_at": datetime}, default="created_at desc")
SAID = responses(NotFound, InvalidStateTransition, 412, InTheFuture, UnknownReference)


@router.get("")
async def referrals_list(
    session: Reading, query: Annotated[bodies.ReferralsQuery, Query()], following: Following
) -> schemas.ReferralList:
    """List referrals, the latest first unless `order_by` says otherwise."""
    order = ORDERS.parse(query.order_by)
    statement, columns = narrowed(_wanted(query), Referral, "referral", query.follow_up_state, order)
    page = await fetch_page(session, Referral, statement, query, order=order, columns=columns)
    following(page)
    data = await queries.answers(session, page.rows)
    return schemas.ReferralList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post(
    "", status_code=201, responses=responses(UnknownReference, SelfReferral, ApplicationDoesNotFit, InTheFuture)
)
async def referrals_create(session: Writing, data: bodies.ReferralCreate, tag: Tag) -> schemas.ReferralCreated:
    """Record that a referrer attached their name to a candidate.

    It is linked at once to the candidate's application for the job where there is one, and its reasons become reasons
    of the application; otherwise when that application is made. A referral without a job is linked by the verb
    `link`. Only a live, linked referral gives a level. The state follows from consent: `consent_pending` while it is
    awaited, `declined` where it was refused, else `submitted`; one that the same referrer has made before, for the
    same candidate and job, and that still stands, is kept as a `duplicate`, and the answer
    warns. An agency's submission is no referral: it is an application of origin `agency`.
    """
    place = await places.lock_place(session, data)
    shown = await create_referral(session, data, place)
    tag.created(f"/v1/referrals/{encode('referral', shown.id)}", shown.version, mark(shown))
    return shown


@router.get("/{referral_id}", responses=responses(NotFound))
async def referrals_retrieve(session: Reading, referral_id: ReferralId, tag: Tag) -> schemas.Referral:
    """Retrieve a referral. Stage and outcome are those of the application it is linked to; nothing is copied."""
    row = await rows.find(session, Referral, referral_id)
    (shown,) = await queries.answers(session, [row])
    tag(row.version, mark(shown))
    return shown


@router.get("/{referral_id}/status_for_referrer", responses=responses(NotFound))
async def referrals_status_for_referrer(session: Snapshot, referral_id: ReferralId) -> told.StatusForReferrer:
    """What may be passed on to the referrer: how far it is, coarsely, and since when nothing was new.

    Nothing else reaches them: every end reads `closed`, and a hold or a step within an interviewing round reads as if
    nothing had happened. While the candidate has not agreed to be referred it reads `received`.
    """
    row = await rows.find(session, Referral, referral_id)
    return await told.status_for_referrer(session, row, now=await session.now())


@router.post("/{referral_id}/consent", responses=SAID)
async def referrals_consent(
    session: Writing, locked: ReferralForUpdate, data: bodies.ReferralConsent, tag: Tag
) -> schemas.Referral:
    """Record the candidate's yes or no, told by anybody.

    A yes makes a waiting referral `submitted`; a late one, after it expired for want of consent, does so too. A no
    makes it `declined`. What was said before in the same sense changes nothing.
    """
    word = ReferralWord.CONSENT_GIVEN if data.given else ReferralWord.CONSENT_REFUSED
    return await _say(session, locked, word, data, tag)


@router.post("/{referral_id}/acknowledge", responses=SAID)
async def referrals_acknowledge(
    session: Writing, locked: ReferralForUpdate, tag: Tag, data: bodies.ReferralSaid | None = None
) -> schemas.Referral:
    """Record that the referrer was told that the referral arrived."""
    return await _say(session, locked, ReferralWord.ACKNOWLEDGED, data or bodies.ReferralSaid(), tag)


@router.post("/{referral_id}/decline", responses=SAID)
async def referrals_decline(
    session: Writing, locked: ReferralForUpdate, tag: Tag, data: bodies.ReferralSaidWhy | None = None
) -> schemas.Referral:
    """Record the candidate's no, told by anybody; the same as the verb `consent` with `given: false`, with a reason."""
    return await _say(session, locked, ReferralWord.CONSENT_REFUSED, data or bodies.ReferralSaidWhy(), tag)


@router.post("/{referral_id}/withdraw", responses=SAID)
async def referrals_withdraw(
    session: Writing, locked: ReferralForUpdate, tag: Tag, data: bodies.ReferralSaidWhy | None = None
) -> schemas.Referral:
    """Record that the referrer takes the referral back, or that the credit was removed at its source.

    Afterwards anybody, the same referrer too, may refer again: a new record.
    """
    return await _say(session, locked, ReferralWord.WITHDRAWN, data or bodies.ReferralSaidWhy(), tag)


@router.post("/{referral_id}/mark_ineligible", responses=SAID)
async def referrals_mark_ineligible(
    session: Writing, locked: ReferralForUpdate, data: bodies.ReferralIneligible, tag: Tag
) -> schemas.Referral:
    """Take a live referral out of what counts, with a reason. The record stays."""
    return await _say(session, locked, ReferralWord.INELIGIBLE, data, tag)


@router.post(
    "/{referral_id}/link",
    responses=responses(NotFound, AlreadyLinked, 412, ApplicationDoesNotFit, InTheFuture, UnknownReference),
)
async def referrals_link(
    session: Writing, referral_id: ReferralId, data: bodies.ReferralLink, tag: Tag
) -> schemas.Referral:
    """Link a referral to an application of the same candidate; its reasons become reasons of the application.

    For a referral without a job. Linked to an open application a live referral gives a level and does not expire.
    """
    locked = await places.lock_for_link(session, referral_id, data.application_id)
    tag.check(locked.row.version)
    await service.link_to(session, locked, data)
    return await _answer(session, locked, tag)


async def _say(
    session: Writing, locked: LockedReferral, word: ReferralWord, data: bodies.ReferralSaid, tag: Tag
) -> schemas.Referral:
    await service.say(session, locked, word, data)
    return await _answer(session, locked, tag)


async def _answer(session: Writing, locked: LockedReferral, tag: Tag) -> schemas.Referral:
    (shown,) = await queries.answers(session, [locked.row])
    tag(shown.version, mark(shown))
    return shown


def _wanted(query: bodies.ReferralsQuery) -> SelectOfScalar[Referral]:
    statement = select(Referral)
    if query.state:
        statement = statement.where(col(Referral.state).in_(query.state))
    wanted = {
        "job_id": query.job,
        "candidate_id": query.candidate,
        "referrer_id": query.referrer,
        "application_id": query.application,
    }
    for column, value in wanted.items():
        if value is not None:
            statement = statement.where(getattr(Referral, column) == value)
    return statement
