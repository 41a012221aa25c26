"""Counting the present from what was announced, and finding the applications of a past moment.

The present is one statement that reads an index only; its time grows with the number of applications counted.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text

from api.domain.errors import Unprocessable
from api.domain.vocabulary import Championing, Confidence, Level, Stage
from api.jobs.membership import jobs_of_member
from api.pipeline.counts import Standing, Tally
from api.pipeline.schemas import PipelineQuery
from api.platform.sessions import ReadSession
from api.support.moments import Past

PAST_AT_MOST = 2_000
"""How many applications one question about the past may be about: each is derived from its facts."""


class TooManyApplications(Unprocessable):
    """The question about a past moment is about more applications than are derived in one answer; narrow it by job."""

    code = "too_many_applications"
    title = "Too many applications for one answer"


async def announced(session: ReadSession, query: PipelineQuery, today: date) -> Tally:
    """How many applications stand how, as last announced."""
    conditions, values = _narrowed(session, query, today)
    if query.state == "open":
        conditions.append("a.state in ('open', 'on_hold')")
    rows = await session.execute(
        text(
            "select a.stage, a.level, a.championing, a.confidence, a.exposed, count(*) as applications"
            f" from applications a where {' and '.join(conditions)}"
            " group by a.stage, a.level, a.championing, a.confidence, a.exposed"
        ),
        values,
    )
    return Tally({_standing(row): row.applications for row in rows})


def _standing(row: Any) -> Standing:
    confidence = Confidence(row.confidence) if row.confidence else None
    return Standing(Stage(row.stage), Level(row.level), Championing(row.championing), confidence, row.exposed)


async def existing(session: ReadSession, query: PipelineQuery, past: Past, day: date) -> list[UUID]:
    """The applications known at a moment; with `open`, without those whose last fact by then is their end.

    Raises TooManyApplications where more than `PAST_AT_MOST` were recorded by then.
    """
    conditions, values = _narrowed(session, query, day, known_at=past.known_at)
    values |= {"as_of": past.as_of, "known_at": past.known_at}
    rows = await session.execute(
        text(
            "select a.id, (select s.verb from stage_changes s where s.workspace_id = :w and s.application_id = a.id"
            " and s.occurred_at <= :as_of and s.recorded_at <= :known_at"
            " order by s.occurred_at desc, s.recorded_at desc, s.id desc limit 1) as verb"
            f" from applications a where {' and '.join(conditions)} and a.created_at <= :known_at"
            f" limit {PAST_AT_MOST + 1}"
        ),
        values,
    )
    found = rows.all()
    if len(found) > PAST_AT_MOST:
        raise TooManyApplications(
            f"A past moment is derived for at most {PAST_AT_MOST:,} applications; narrow it by job or member.",
            limit=PAST_AT_MOST,
        )
    skipped = (None, "close") if query.state == "open" else (None,)
    return [row.id for row in found if row.verb not in skipped]


def _narrowed(
    session: ReadSession, query: PipelineQuery, day: date, *, known_at: object = None
) -> tuple[list[str], dict[str, Any]]:
    """The conditions for `job` and `member`, and their values."""
    conditions = ["a.workspace_id = :w"]
    values: dict[str, Any] = {"w": session.workspace.id}
    if query.job is not None:
        conditions.append("a.job_id = :job")
        values["job"] = query.job
    if query.member is not None:
        known = None if known_at is None else ":known_at"
        jobs = jobs_of_member(workspace=":w", person=":member", day=":day", known_at=known)
        conditions.append(f"a.job_id in {jobs}")
        values |= {"member": query.member, "day": day}
    return conditions, values
