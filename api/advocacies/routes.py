"""Advocacies over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query
from sqlmodel import col, select

from api.advocacies import schemas, service
from api.advocacies.creation import AdvocacyExists, CandidateCannotAdvocate, create_advocacy, lock_for_advocacy
from api.advocacies.queries import beside
from api.domain.errors import InvalidStateTransition, NotFound
from api.domain.vocabulary import AdvocacyWord
from api.models import Advocacy
from api.owed.queries import narrowed, owing
from api.owed.schemas import mark
from api.platform.deps import Reading, Tag, Writing
from api.platform.ids import AdvocacyId, encode
from api.platform.listing import Following, fetch_page
from api.platform.moments import InTheFuture
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.references import UnknownReference
from api.platform.rows import find
from api.platform.sessions import WorkspaceSession, WriteSession
from api.platform.transactions import ServiceRoute
from api.support.locks import Locked, LockedForAdvocacy
from api.support.schemas import NamedAdvocate

ORDERS = Orders("advocacies", {"created_at": datetime}, default="created_at desc")
router = APIRouter(prefix="/v1/advocacies", tags=["advocacies"], route_class=ServiceRoute)
WORDS_POSSIBLE = responses(NotFound, InvalidStateTransition, InTheFuture, UnknownReference, 412)


async def _for_update(
    session: Writing, locked: LockedForAdvocacy, advocacy_id: AdvocacyId, tag: Tag
) -> tuple[Locked, Advocacy]:
    row = await find(session, Advocacy, advocacy_id)
    tag.check(row.version)
    return locked, row


AdvocacyForUpdate = Annotated[tuple[Locked, Advocacy], Depends(_for_update)]
"""The advocacy of the path under the lock of its application; If-Match is compared with its version."""


@router.get("")
async def advocacies_list(
    session: Reading, query: Annotated[schemas.AdvocaciesQuery, Query()], following: Following
) -> schemas.AdvocacyList:
    """List advocacies as they were last announced, the latest first unless `order_by` says otherwise."""
    statement = select(Advocacy)
    if query.application is not None:
        statement = statement.where(col(Advocacy.application_id) == query.application)
    if query.advocate is not None:
        statement = statement.where(col(Advocacy.advocate_id) == query.advocate)
    if query.state:
        statement = statement.where(col(Advocacy.state).in_(query.state))
    if query.follow_through:
        statement = statement.where(col(Advocacy.follow_through).in_(query.follow_through))
    order = ORDERS.parse(query.order_by)
    wanted, columns = narrowed(statement, Advocacy, "advocacy", query.follow_up_state, order)
    page = await fetch_page(session, Advocacy, wanted, query, order=order, columns=columns)
    following(page)
    found = await beside(session, page.rows)
    data = [schemas.AdvocacyRow.row(row, found[row.id]) for row in page.rows]
    return schemas.AdvocacyList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post(
    "",
    status_code=201,
    responses=responses(AdvocacyExists, CandidateCannotAdvocate, InTheFuture, UnknownReference),
)
async def advocacies_create(session: Writing, data: schemas.AdvocacyCreate, tag: Tag) -> schemas.Advocacy:
    """Record that somebody could advocate, was asked to, agreed or declined.

    There is one advocacy per advocate and application, and nobody advocates for themself. Being proposed, asked or
    willing counts for nothing yet: record what the advocate does as acts. On a closed application the advocacy is
    `concluded` at once. A referral never makes an advocacy, nor the reverse.
    """
    locked, person = await lock_for_advocacy(session, data)
    row = await create_advocacy(session, locked.application, person, data, now=locked.now)
    named = NamedAdvocate(id=row.advocate_id, name=person.name)
    shown = schemas.Advocacy.of(row, schemas.Beside(named, await owing(session, row.id)))
    tag.created(f"/v1/advocacies/{encode('advocacy', row.id)}", row.version, mark(shown))
    return shown


@router.get("/{advocacy_id}", responses=responses(NotFound))
async def advocacies_retrieve(session: Reading, advocacy_id: AdvocacyId, tag: Tag) -> schemas.Advocacy:
    """One advocacy, as it was last announced, and what may be said in its state."""
    row = await find(session, Advocacy, advocacy_id)
    return await _shown(session, row, tag)


@router.patch("/{advocacy_id}", responses=responses(NotFound, 412))
async def advocacies_update(
    session: Writing, found: AdvocacyForUpdate, data: schemas.AdvocacyUpdate, tag: Tag
) -> schemas.Advocacy:
    """Change how the advocate knows the candidate, or your own labels. The state changes by words and acts alone."""
    locked, row = found
    service.update_advocacy(session, row, data, now=locked.now)
    await session.flush()
    return await _shown(session, row, tag)


@router.post("/{advocacy_id}/ask", responses=WORDS_POSSIBLE)
async def advocacies_ask(
    session: Writing,
    found: AdvocacyForUpdate,
    tag: Tag,
    data: Annotated[schemas.AdvocacyStep | None, Body()] = None,
) -> schemas.Advocacy:
    """Record that the person was asked to advocate.

    Without an answer within the policy's `advocacy_no_answer_days` the advocacy turns `no_answer` by itself; a late yes
    is normal.
    """
    return await _say(session, found, AdvocacyWord.ASKED, data or schemas.AdvocacyStep(), tag)


@router.post("/{advocacy_id}/agree", responses=WORDS_POSSIBLE)
async def advocacies_agree(
    session: Writing,
    found: AdvocacyForUpdate,
    tag: Tag,
    data: Annotated[schemas.AdvocacyStep | None, Body()] = None,
) -> schemas.Advocacy:
    """Record the advocate's yes, a late one too. It counts for nothing until an act follows."""
    return await _say(session, found, AdvocacyWord.AGREED, data or schemas.AdvocacyStep(), tag)


@router.post("/{advocacy_id}/decline", responses=WORDS_POSSIBLE)
async def advocacies_decline(
    session: Writing,
    found: AdvocacyForUpdate,
    tag: Tag,
    data: Annotated[schemas.AdvocacyEnd | None, Body()] = None,
) -> schemas.Advocacy:
    """Record the advocate's no. Nobody has to give a reason."""
    return await _say(session, found, AdvocacyWord.DECLINED, data or schemas.AdvocacyEnd(), tag)


@router.post("/{advocacy_id}/withdraw", responses=WORDS_POSSIBLE)
async def advocacies_withdraw(
    session: Writing,
    found: AdvocacyForUpdate,
    tag: Tag,
    data: Annotated[schemas.AdvocacyEnd | None, Body()] = None,
) -> schemas.Advocacy:
    """Record that the advocate stops. What they did stays, and a later act to the hiring side takes it up again."""
    return await _say(session, found, AdvocacyWord.WITHDRAWN, data or schemas.AdvocacyEnd(), tag)


async def _shown(session: WorkspaceSession, row: Advocacy, tag: Tag) -> schemas.Advocacy:
    shown = schemas.Advocacy.of(row, (await beside(session, [row]))[row.id])
    tag(row.version, mark(shown))
    return shown


async def _say(
    session: WriteSession,
    found: tuple[Locked, Advocacy],
    word: AdvocacyWord,
    data: schemas.AdvocacyStep,
    tag: Tag,
) -> schemas.Advocacy:
    locked, row = found
    await service.say(session, locked.application, row, word, data, now=locked.now)
    return await _shown(session, row, tag)
