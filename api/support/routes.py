"""How an application is backed, now or at any past moment; what was announced about it; what happened to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi import Query as Parameter
from sqlalchemy import text
from sqlmodel import col, select

from api.domain.derived import Support as Derived
from api.domain.errors import NotFound
from api.domain.requirements import requirements_with_reason
from api.domain.support import derive_support
from api.models import Event, SupportChange
from api.platform.deps import Reading, Snapshot
from api.platform.ids import ApplicationId
from api.platform.listing import Following, fetch_page
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.queries import ListQuery
from api.platform.sessions import ReadSession
from api.platform.transactions import ServiceRoute
from api.support import schemas, timeline
from api.support.answers import acted_within, answer
from api.support.moments import AskedInTheFuture, KnownBeforeAsOf, Past, PastParameters
from api.support.queries import Loaded, load

router = APIRouter(prefix="/v1/applications/{application_id}", tags=["support"], route_class=ServiceRoute)

HISTORY = Orders("support_history", {"recorded_at": datetime}, default="recorded_at")
COMPARED_AT_MOST = 20


@router.get("/support", responses=responses(NotFound, KnownBeforeAsOf, AskedInTheFuture))
async def support_retrieve(session: Snapshot, application_id: ApplicationId, query: PastParameters) -> schemas.Support:
    """How the application is backed, and why: level, confidence, and each part of the rule with what shows it or lacks.

    Derived from the facts at this moment, never read from what was announced. With `as_of` it answers for a past
    moment, with `known_at` by what was recorded then: the same pair gives the same answer for ever, once it is no
    longer `provisional`.
    """
    loaded = await _load(session, application_id)
    now = await session.now()
    past = query.resolve(now)
    derived = derive_support(loaded.facts, as_of=past.as_of, known_at=past.known_at)
    return answer(
        loaded,
        derived,
        past,
        now=now,
        championed_elsewhere=await _championed_elsewhere(session, loaded, derived, past),
        unanswered_requirements=await _unanswered(session, loaded, past),
    )


class HistoryQuery(ListQuery):
    """What the support history accepts."""


@router.get("/support_history", responses=responses(NotFound))
async def support_history_list(
    session: Reading, application_id: ApplicationId, query: Annotated[HistoryQuery, Parameter()], following: Following
) -> schemas.SupportHistory:
    """What was announced about the application's support, the oldest first. It is never rewritten, even where a
    fact that became known later would give another answer today."""
    await _require(session, application_id)
    statement = select(SupportChange).where(col(SupportChange.application_id) == application_id)
    within = {"application": application_id.hex}
    page = await fetch_page(session, SupportChange, statement, query, order=HISTORY.parse(None), within=within)
    following(page)
    rows = [schemas.SupportChanged.of(row) for row in page.rows]
    return schemas.SupportHistory(data=rows, has_more=page.has_more, next_cursor=page.next_cursor)


@router.get("/timeline", responses=responses(NotFound))
async def timeline_list(
    session: Reading, application_id: ApplicationId, query: Annotated[HistoryQuery, Parameter()], following: Following
) -> timeline.Timeline:
    """Everything that happened to the application and to what hangs on it, in the order in which it happened.

    Each entry is an event with both its times, so that what was recorded late stands where it belongs and shows it.
    """
    await _require(session, application_id)
    statement = select(Event).where(col(Event.application_id) == application_id)
    within = {"application": application_id.hex}
    page = await fetch_page(session, Event, statement, query, order=timeline.ORDER.parse(None), within=within)
    following(page)
    return timeline.Timeline(
        data=[timeline.TimelineEntry.of(row) for row in page.rows], has_more=page.has_more, next_cursor=page.next_cursor
    )


async def _load(session: ReadSession, application_id: UUID) -> Loaded:
    found = await load(session, [application_id])
    if not found:
        raise NotFound("There is no such application in this workspace.")
    return found[0]


async def _require(session: ReadSession, application_id: UUID) -> None:
    found = await session.execute(
        text("select 1 from applications where workspace_id = :w and id = :id"),
        {"w": session.workspace.id, "id": application_id},
    )
    if found.scalar_one_or_none() is None:
        raise NotFound("There is no such application in this workspace.")


async def _championed_elsewhere(
    session: ReadSession, loaded: Loaded, derived: Derived, past: Past
) -> Mapping[UUID, list[UUID]]:
    """By advocate, the other applications for the same job that they acted for of late, out of the latest twenty."""
    advocates = [each.advocate_id for each in derived.advocacies]
    rows = await session.execute(
        text(
            "select y.advocate_id, y.application_id from advocacies y"
            " join applications a on a.workspace_id = :w and a.id = y.application_id"
            " where y.workspace_id = :w and y.advocate_id = any(:advocates) and a.job_id = :job and a.id <> :id"
            " order by y.created_at desc limit :most"
        ),
        {
            "w": session.workspace.id,
            "advocates": advocates,
            "job": UUID(loaded.document["job_id"]),
            "id": loaded.facts.id,
            "most": COMPARED_AT_MOST,
        },
    )
    pairs = [(row.advocate_id, row.application_id) for row in rows]
    if not pairs:
        return {}
    others = {other.facts.id: other.facts for other in await load(session, sorted({pair[1] for pair in pairs}))}
    judged = {key: derive_support(facts, as_of=past.as_of, known_at=past.known_at) for key, facts in others.items()}
    days = loaded.facts.policies[-1].policy.also_champions_days
    elsewhere: dict[UUID, list[UUID]] = {}
    for advocate_id, application_id in pairs:
        if acted_within(judged[application_id], advocate_id, as_of=past.as_of, days=days):
            elsewhere.setdefault(advocate_id, []).append(application_id)
    return elsewhere


async def _unanswered(session: ReadSession, loaded: Loaded, past: Past) -> list[str]:
    """The requirements stated on the job for which no counting use of a specific reason is known."""
    answered = requirements_with_reason(loaded.facts, as_of=past.as_of, known_at=past.known_at)
    rows = await session.execute(
        text(
            "select id, text from requirements where workspace_id = :w and job_id = :job and is_stated"
            " order by text, id"
        ),
        {"w": session.workspace.id, "job": UUID(loaded.document["job_id"])},
    )
    return [row.text for row in rows if row.id not in answered]
