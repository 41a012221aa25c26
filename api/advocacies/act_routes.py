"""Acts over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlmodel import col, select

from api import models
from api.advocacies import act_answers
from api.advocacies.act_answers import ActRecorded
from api.advocacies.act_bodies import ActCreate, ActStatementCreate, AskAnswerCreate
from api.advocacies.act_schemas import Act, ActList, ActsQuery
from api.advocacies.act_words import ActRetracted, NotInAudience, NotRecorderNorActor, NotTheActor, Setting, say
from api.advocacies.acts import AddresseeNotInAudience, AudienceIsActor, CandidateIsNoActor, record_act
from api.advocacies.asks import ActHasNoAsk, ActorCannotAnswer, AnswerBeforeAsk, answer_ask
from api.domain.errors import NotFound
from api.domain.identity import recognise
from api.domain.vocabulary import ActWord
from api.platform.deps import Snapshot, Tag, Writing
from api.platform.ids import ActId, AdvocacyId, encode
from api.platform.listing import Following, fetch_page
from api.platform.moments import InTheFuture
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.references import UnknownReference
from api.platform.rows import find
from api.platform.sessions import WriteSession
from api.platform.transactions import ServiceRoute
from api.support.locks import Locked, LockedForAct, LockedForAdvocacy
from api.support.queries import load_facts

ORDERS = Orders("acts", {"occurred_at": datetime}, default="occurred_at")
router = APIRouter(prefix="/v1", tags=["acts"], route_class=ServiceRoute)


async def _for_update(session: Writing, locked: LockedForAct, act_id: ActId) -> tuple[Locked, Setting]:
    row = await find(session, models.Act, act_id)
    facts = await load_facts(session, [row.application_id])
    return locked, Setting(row, recognise(facts[row.application_id], known_at=locked.now))


ActForUpdate = Annotated[tuple[Locked, Setting], Depends(_for_update)]
"""The act of the path among the facts of its application, under that application's lock."""


@router.post(
    "/advocacies/{advocacy_id}/acts",
    status_code=201,
    responses=responses(
        NotFound, CandidateIsNoActor, AudienceIsActor, AddresseeNotInAudience, InTheFuture, UnknownReference
    ),
)
async def acts_create(
    session: Writing, locked: LockedForAdvocacy, advocacy_id: AdvocacyId, data: ActCreate, tag: Tag
) -> ActRecorded:
    """Record what an advocate did for a candidate: to whom they spoke, with what reasons, and what they asked for.

    The advocate is the actor; `recorded_by` is whoever tells us. An act qualifies when it counts, somebody of the
    audience decides or influences on the job that day, and it carries a specific reason: a requirement, a claim, and
    the basis `observed_directly` or `heard_from`. What it was called never matters. The first qualifying act makes the
    advocacy active. The answer says what the act is worth, what it changed, and what is still missing.

    Acts are never edited nor deleted; `retract` takes one back. What the candidate does is no act but an interaction.
    On a closed application an act is history: it moves nothing unless the application is reopened.
    """
    before = act_answers.standing(locked.application)
    recorded = await record_act(session, locked.application, advocacy_id, data, now=locked.now)
    tag.created(f"/v1/acts/{encode('act', recorded.row.id)}")
    return act_answers.just_recorded(recorded, before)


@router.get("/advocacies/{advocacy_id}/acts", responses=responses(NotFound))
async def acts_list(
    session: Snapshot, advocacy_id: AdvocacyId, query: Annotated[ActsQuery, Query()], following: Following
) -> ActList:
    """The acts of an advocacy in the order in which they happened, retracted ones too, each with what it is worth."""
    advocacy = await find(session, models.Advocacy, advocacy_id)
    statement = select(models.Act).where(col(models.Act.advocacy_id) == advocacy_id)
    order = ORDERS.parse(query.order_by)
    page = await fetch_page(session, models.Act, statement, query, order=order, within={"advocacy": advocacy_id.hex})
    following(page)
    facts = (await load_facts(session, [advocacy.application_id]))[advocacy.application_id]
    data = act_answers.judged(page.rows, facts, now=await session.now())
    return ActList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.get("/acts/{act_id}", responses=responses(NotFound))
async def acts_retrieve(session: Snapshot, act_id: ActId) -> Act:
    """One act with what it is worth by all that is known now."""
    row = await find(session, models.Act, act_id)
    return await act_answers.present(session, row, now=await session.now())


@router.post(
    "/acts/{act_id}/answer",
    responses=responses(
        NotFound, ActHasNoAsk, ActorCannotAnswer, ActRetracted, AnswerBeforeAsk, InTheFuture, UnknownReference
    ),
)
async def acts_answer(session: Writing, found: ActForUpdate, data: AskAnswerCreate) -> Act:
    """Record what was answered to the act's ask. A later answer stands from its moment on.

    Anybody but the actor may record it. While an ask stands as granted and a next step is set, the advocate's clock
    stands still.
    """
    locked, setting = found
    await answer_ask(session, locked.application, setting, data, now=locked.now)
    return await act_answers.present(session, setting.row, now=locked.now)


@router.post("/acts/{act_id}/confirm", responses=responses(NotFound, NotInAudience, ActRetracted, UnknownReference))
async def acts_confirm(session: Writing, found: ActForUpdate, data: ActStatementCreate) -> Act:
    """Record that a person of the audience confirms the act: the highest rung of evidence.

    Where the audience is the role `hiring_manager`, the hiring manager of the day of the act may. Ends their denial.
    """
    return await _say(session, found, ActWord.CONFIRMED, data)


@router.post("/acts/{act_id}/deny", responses=responses(NotFound, NotInAudience, ActRetracted, UnknownReference))
async def acts_deny(session: Writing, found: ActForUpdate, data: ActStatementCreate) -> Act:
    """Record that a person of the audience says it did not happen.

    They are taken out of the audience for every rule until they confirm instead; the later word stands.
    """
    return await _say(session, found, ActWord.DENIED, data)


@router.post("/acts/{act_id}/dispute", responses=responses(NotFound, NotTheActor, ActRetracted, UnknownReference))
async def acts_dispute(session: Writing, found: ActForUpdate, data: ActStatementCreate) -> Act:
    """Record that the named actor says it was not them. The act stops counting until they take that back."""
    return await _say(session, found, ActWord.DISPUTED, data)


@router.post(
    "/acts/{act_id}/withdraw_dispute", responses=responses(NotFound, NotTheActor, ActRetracted, UnknownReference)
)
async def acts_withdraw_dispute(session: Writing, found: ActForUpdate, data: ActStatementCreate) -> Act:
    """Record that the actor takes their dispute back; the act counts again."""
    return await _say(session, found, ActWord.DISPUTE_WITHDRAWN, data)


@router.post("/acts/{act_id}/retract", responses=responses(NotFound, NotRecorderNorActor, UnknownReference))
async def acts_retract(session: Writing, found: ActForUpdate, data: ActStatementCreate) -> Act:
    """Take an act back, by its recorder or its actor. Final: it never counts again, and nothing more is said about it.

    It stays readable; what was announced because of it stays in the support history.
    """
    return await _say(session, found, ActWord.RETRACTED, data)


async def _say(session: WriteSession, found: tuple[Locked, Setting], word: ActWord, data: ActStatementCreate) -> Act:
    locked, setting = found
    await say(session, locked.application, setting, word, data, now=locked.now)
    return await act_answers.present(session, setting.row, now=locked.now)
