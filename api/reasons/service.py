"""Finding and making reasons. The caller holds the lock of the application whose reasons they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from api.domain.errors import Conflict
from api.models import Application, Reason, Requirement
from api.platform import ids, outbox
from api.platform.references import UnknownReference
from api.platform.sessions import WorkspaceSession, WriteSession
from api.reasons import schemas
from api.reasons.wording import EVIDENCE, claim_hash, normalised


class ReasonExists(Conflict):
    """The application has this reason already; `existing_id` names it."""

    code = "reason_exists"
    title = "The reason exists"


@dataclass(frozen=True, slots=True)
class Stated:
    """A reason as a caller states it: a requirement of the job, in words or by its id, and a claim.

    `evidence` is kept only where the reason is new. `pointer` is where in the body it stands.
    """

    requirement: str | UUID
    claim: str
    evidence: Mapping[str, str | None] = field(default_factory=dict)
    pointer: str = "#"


@dataclass(frozen=True, slots=True)
class Found:
    """A reason with its requirement, and whether it was made just now."""

    reason: Reason
    requirement: Requirement
    is_new: bool


def stated(data: schemas.ReasonCreate, pointer: str = "#") -> Stated:
    """What a body states; `pointer` is where in the request it stands."""
    requirement = data.requirement_id if data.requirement is None else data.requirement
    assert requirement is not None, "the schema has seen to it"
    evidence = {} if data.evidence is None else data.evidence.model_dump()
    return Stated(requirement, data.claim, evidence, pointer)


async def find_or_make(
    session: WriteSession, application: Application, statements: Sequence[Stated], *, now: datetime
) -> list[Found]:
    """The reasons of the application that say what is stated, in that order; those that do not exist yet are made.

    A requirement is made at its first use on the job. New reasons are flushed and record `reason.created`. Takes at
    most five statements however many are stated. Raises UnknownReference where an id is no requirement of the job.
    """
    if not statements:
        return []
    requirements = await _requirements(session, application.job_id, statements)
    keys = [
        (requirement.id, claim_hash(each.claim)) for requirement, each in zip(requirements, statements, strict=True)
    ]
    known = await _known(session, application.id, {key[1] for key in keys})
    found: list[Found] = []
    for requirement, each, key in zip(requirements, statements, keys, strict=True):
        is_new = key not in known
        if is_new:
            known[key] = _make(session, application, requirement, each, hashed=key[1], now=now)
        found.append(Found(known[key], requirement, is_new))
    await session.flush()
    return found


async def create(session: WriteSession, application: Application, stated: Stated, *, now: datetime) -> Found:
    """Make one reason. Raises ReasonExists and UnknownReference."""
    (found,) = await find_or_make(session, application, [stated], now=now)
    if not found.is_new:
        existing = ids.encode("reason", found.reason.id)
        raise ReasonExists("The application has this reason already; use that one.", existing_id=existing)
    return found


async def require_reasons(
    session: WorkspaceSession, application: Application, given: Mapping[str, UUID]
) -> dict[UUID, Reason]:
    """The application's reasons by id, for ids by their pointers; raises UnknownReference naming each that is none."""
    if not given:
        return {}
    statement = select(Reason).where(
        col(Reason.application_id) == application.id, col(Reason.id).in_(set(given.values()))
    )
    rows = {row.id: row for row in (await session.execute(statement)).scalars()}
    _refuse([pointer for pointer, reason_id in given.items() if reason_id not in rows], "reason of this application")
    return rows


def update_evidence(
    session: WriteSession,
    application: Application,
    found: Found,
    changes: Mapping[str, str | None],
    *,
    now: datetime,
) -> None:
    """Set the parts of the evidence that differ; records `reason.updated` when something did."""
    reason = found.reason
    previous = {part: getattr(reason, part) for part, value in changes.items() if getattr(reason, part) != value}
    if not previous:
        return
    for part in previous:
        setattr(reason, part, changes[part])
    reason.version += 1
    reason.updated_at = now
    _record(session, "reason.updated", application, found, previous=previous, now=now)


async def _requirements(session: WriteSession, job_id: UUID, stated: Sequence[Stated]) -> list[Requirement]:
    """The requirement of each, made where it is stated in words for the first time."""
    words = {normalised(each.requirement): each.requirement for each in stated if isinstance(each.requirement, str)}
    named = {each.requirement for each in stated if isinstance(each.requirement, UUID)}
    condition = or_(col(Requirement.text_normalised).in_(list(words)), col(Requirement.id).in_(named))
    rows = await _select_requirements(session, job_id, condition)
    by_text = {row.text_normalised: row for row in rows}
    by_id = {row.id: row for row in rows}
    if missing := sorted(words.keys() - by_text.keys()):
        made = await _insert_requirements(session, job_id, {text: words[text] for text in missing})
        by_text |= {row.text_normalised: row for row in made}
    if theirs := words.keys() - by_text.keys():
        # Somebody else has inserted and committed these meanwhile.
        rows = await _select_requirements(session, job_id, col(Requirement.text_normalised).in_(theirs))
        by_text |= {row.text_normalised: row for row in rows}
    unknown = [each for each in stated if isinstance(each.requirement, UUID) and each.requirement not in by_id]
    _refuse([f"{each.pointer}/requirement_id" for each in unknown], "requirement of this job")
    return [
        by_id[each.requirement] if isinstance(each.requirement, UUID) else by_text[normalised(each.requirement)]
        for each in stated
    ]


async def _select_requirements(
    session: WriteSession, job_id: UUID, condition: ColumnElement[bool]
) -> Sequence[Requirement]:
    rows = await session.execute(select(Requirement).where(and_(col(Requirement.job_id) == job_id, condition)))
    return rows.scalars().all()


async def _insert_requirements(session: WriteSession, job_id: UUID, texts: Mapping[str, str]) -> list[Requirement]:
    """Insert those that nobody else has, and answer them.

    `texts` are sorted, so that two who insert the same ones wait for each other in turn.
    """
    rows = [
        Requirement(
            workspace_id=session.workspace.id, job_id=job_id, text=" ".join(text.split()), text_normalised=compared
        )
        for compared, text in texts.items()
    ]
    table: Any = Requirement.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
    statement = insert(table).values([row.model_dump() for row in rows]).on_conflict_do_nothing()
    made = set((await session.execute(statement.returning(table.c.id))).scalars())
    return [row for row in rows if row.id in made]


async def _known(session: WriteSession, application_id: UUID, hashes: set[bytes]) -> dict[tuple[UUID, bytes], Reason]:
    statement = select(Reason).where(col(Reason.application_id) == application_id, col(Reason.claim_hash).in_(hashes))
    rows = (await session.execute(statement)).scalars()
    return {(row.requirement_id, row.claim_hash): row for row in rows}


def _make(
    session: WriteSession,
    application: Application,
    requirement: Requirement,
    stated: Stated,
    *,
    hashed: bytes,
    now: datetime,
) -> Reason:
    reason = Reason(
        application_id=application.id,
        requirement_id=requirement.id,
        candidate_id=application.candidate_id,
        claim=stated.claim,
        claim_hash=hashed,
        created_at=now,
        updated_at=now,
    )
    for part in EVIDENCE:
        setattr(reason, part, stated.evidence.get(part))
    session.add(reason)
    _record(session, "reason.created", application, Found(reason, requirement, is_new=True), previous=None, now=now)
    return reason


def _record(
    session: WriteSession,
    event_type: str,
    application: Application,
    found: Found,
    *,
    previous: Mapping[str, Any] | None,
    now: datetime,
) -> None:
    outbox.record(
        session,
        event_type,
        subject=("reason", found.reason.id),
        version=found.reason.version,
        application_id=application.id,
        occurred_at=now,
        recorded_at=now,
        data=schemas.event_data(found.reason, found.requirement),
        previous=None if previous is None else dict(previous),
    )


def _refuse(pointers: Sequence[str], what: str) -> None:
    if pointers:
        detail = f"There is no such {what}."
        faults = [{"pointer": pointer, "code": UnknownReference.code, "detail": detail} for pointer in pointers]
        raise UnknownReference(f"{pointers[0]}: {detail}", errors=faults)
