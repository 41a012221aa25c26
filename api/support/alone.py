"""Referrals and captures that are linked to no application: announced by themselves, with what is owed about them.

Their own lock guards them. Once they belong to an application, what is owed goes over to it and is announced with it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import orjson
from sqlalchemy import text

from api.domain import facts as f
from api.domain.follow_up_facts import CaptureFacts, FollowUpFacts
from api.domain.inbound import CaptureState
from api.domain.referrals import derive_referral
from api.models import Capture, Referral
from api.platform.sessions import WorkspaceSession, WriteSession
from api.support.announcements import referral_alone
from api.support.owed import Step, earliest, step
from api.support.owed_documents import kept_from
from api.support.owed_events import tell_follow_ups
from api.support.owed_facts import people_from
from api.support.owed_store import put
from api.support.queries import member_from, referral_from
from api.support.rechecks import next_recheck, recorded_beside
from api.support.said import NOTHING, Said
from api.support.statement import LONE_CAPTURE, LONE_REFERRAL
from api.support.values import Document, moment
from api.support.versions import complete, latest, remembered

Lone: TypeAlias = Referral | Capture


@dataclass(frozen=True, slots=True)
class _Loaded:
    """As if it were an application without any stage: what the rules judge, and what is owed about it."""

    facts: f.ApplicationFacts
    captures: tuple[CaptureFacts, ...]
    owed: Document

    def step(self, at: datetime, said: Said) -> Step:
        """Judge a moment."""
        beside = FollowUpFacts(
            captures=self.captures,
            people=people_from(self.owed, self.facts.policies[-1].policy.zone),
            words=said.words,
            by_hand=said.by_hand,
        )
        return step(self.facts, beside, kept_from(self.owed, self.facts.id), at=at)


async def announce_alone(session: WriteSession, row: Lone, *, now: datetime, said: Said = NOTHING) -> None:
    """Announce what flushed facts, and what people say, make of a locked row that is linked to nothing."""
    await _announce_at(session, row, now, now=now, said=said)


async def catch_up_alone(session: WriteSession, row: Lone, *, now: datetime) -> None:
    """Announce what time did by `now` to a locked row that is linked to nothing, each crossing at its moment."""
    while row.recheck_at is not None and row.recheck_at <= now:
        await _announce_at(session, row, row.recheck_at, now=now)


async def bring_along(session: WriteSession, row: Lone, *, former_id: UUID | None, now: datetime) -> None:
    """Let what is owed about a row that has just been given another application, or none any more, follow it.

    Whatever was owed about it, open or not, so that its application does not make it owed once more. The caller
    announces the applications, whose locks it holds.
    """
    column = "referral_id" if isinstance(row, Referral) else "capture_id"
    await session.execute(
        text(
            f"update follow_ups set application_id = :into, version = version + 1, updated_at = :now"
            f" where workspace_id = :w and {column} = :id and application_id is not distinct from :former"
        ),
        {"w": session.workspace.id, "into": row.application_id, "former": former_id, "id": row.id, "now": now},
    )


async def mark_lone_referrals(session: WriteSession, person_ids: Collection[UUID], *, now: datetime) -> None:
    """Have referrals linked to nothing, by these people or with something that they owe about them, judged again."""
    by_them = "select p.id from referrers p where p.workspace_id = :w and p.person_id = any(:ids)"
    await _mark(session, f"r.referrer_id in ({by_them}) or f.owner_id = any(:ids)", {"ids": list(person_ids)}, now=now)


async def mark_lone_referrals_for(session: WriteSession, job_id: UUID, *, now: datetime) -> None:
    """The same for those that are for a job, whose members have changed."""
    await _mark(session, "r.job_id = :job", {"job": job_id}, now=now)


async def _mark(session: WriteSession, which: str, values: dict[str, Any], *, now: datetime) -> None:
    await session.execute(
        text(
            "update referrals r set recheck_at = least(r.recheck_at, :now) from follow_ups f where r.workspace_id = :w"
            " and r.application_id is null and f.workspace_id = :w and f.referral_id = r.id and f.state = 'open'"
            f" and ({which})"
        ),
        {"w": session.workspace.id, "now": now, **values},
    )


async def _announce_at(session: WriteSession, row: Lone, at: datetime, *, now: datetime, said: Said = NOTHING) -> None:
    loaded = await _load_referral(session, row.id) if isinstance(row, Referral) else await _load_capture(session, row)
    owed = loaded.step(at, said)
    by_time = [owed.followed.recheck_at]
    if isinstance(row, Referral):
        (facts,) = loaded.facts.referrals
        derived = derive_referral(facts, as_of=at, known_at=at, policies=loaded.facts.policies)
        await referral_alone(session, row, derived.referral, occurred_at=at, now=now)
        by_time.append(derived.recheck_at)
    row.recheck_at = next_recheck(earliest(by_time), recorded_beside(loaded.facts, owed.beside), after=at)
    await session.flush()
    await put(session, owed.follow_ups, [], [], application_id=None, now=now)
    tell_follow_ups(session, owed.follow_ups, application_id=None, occurred_at=at, now=now)


async def _load_referral(session: WorkspaceSession, referral_id: UUID) -> _Loaded:
    known = remembered(session)
    wanted = {"w": session.workspace.id, "known": latest(known), "ids": [referral_id]}
    found = (await session.execute(text(LONE_REFERRAL), wanted)).one()
    (document,) = orjson.loads(found.document)
    owed = orjson.loads(found.owed)
    facts = f.ApplicationFacts(
        id=referral_id,
        candidate_person_id=referral_id,
        stages=(),
        policies=complete(session, known, found.policies),
        members=tuple(member_from(each) for each in owed["members"]),
        referrals=(referral_from(document),),
        merges=tuple(_merges(owed["people"])),
    )
    return _Loaded(facts, (), owed)


def _merges(people: Iterable[Document]) -> Iterable[f.MergeRecord]:
    for each in people:
        if each["merged_into_id"] is not None:
            into_id, recorded_at = UUID(each["merged_into_id"]), moment(each["merged_at"])
            yield f.MergeRecord(person_id=UUID(each["id"]), into_id=into_id, recorded_at=recorded_at)


async def _load_capture(session: WorkspaceSession, row: Capture) -> _Loaded:
    known = remembered(session)
    wanted = {"w": session.workspace.id, "known": latest(known), "ids": [row.id]}
    found = (await session.execute(text(LONE_CAPTURE), wanted)).one()
    facts = f.ApplicationFacts(
        id=row.id, candidate_person_id=row.id, stages=(), policies=complete(session, known, found.policies)
    )
    capture = CaptureFacts(
        id=row.id,
        occurred_at=row.created_at,
        recorded_at=row.created_at,
        settled_at=None if row.state is CaptureState.NEEDS_DETAILS else row.updated_at,
    )
    return _Loaded(facts, (capture,), orjson.loads(found.owed))
