"""Making an act of a capture, and the person, the advocate and the advocacy if need be; never a referral."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from api.advocacies import act_answers
from api.advocacies.act_answers import ActRecorded
from api.advocacies.act_bodies import ActAskCreate, ActCreate, ActReasonCreate
from api.advocacies.acts import Recorded, record_act
from api.advocacies.creation import share_person
from api.advocacies.volunteering import begin_with_act
from api.advocates.service import advocate_of, find_or_make_advocate
from api.captures.bodies import CaptureReason, Given
from api.captures.meanings import is_written
from api.captures.people import Somebody
from api.captures.reading import Listener, Plan
from api.domain.errors import Conflict
from api.domain.vocabulary import Basis
from api.jobs.queries import members_on
from api.models import Act, Advocacy, Advocate, Application, Capture, JobMember, Person
from api.people import queries
from api.people.finding import present
from api.people.making import find_or_make_person
from api.platform import ids, rows
from api.platform.sessions import WriteSession
from api.support.locks import lock_application

_NEEDS_BEFORE_PROCESS = "reason_of_member_needs_before_process"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a capture became."""

    act: ActRecorded
    advocate_id: UUID
    recorded_by: UUID
    made: list[str]
    hints: list[str]


async def record(session: WriteSession, plan: Plan, capture: Capture, *, now: datetime) -> Outcome:
    """Record the planned act. People are made and locked before the application is, as everywhere."""
    people, made = await _people(session, plan, now=now)
    person = await present(session, await _hold(session, people[plan.advocate.key]))
    advocate, is_new = await find_or_make_advocate(session, person, now=now)
    made += ["advocate"] if is_new else []
    locked = await lock_application(session, plan.match.application.id)
    if locked.application.merged_into_id is not None:
        raise Conflict("The application was merged into another one just now; send this again.")
    before = act_answers.standing(locked.application)
    data = _act(plan, people, occurred_at=plan.given.occurred_at or min(capture.created_at, locked.now))
    advocacy = await _advocacy(session, locked.application, [person.id, *plan.known_as])
    if advocacy is not None:
        recorded = await record_act(session, locked.application, advocacy.id, data, now=locked.now)
    else:
        recorded = await _begin(session, locked.application, advocate, capture, data, now=locked.now)
        made.append("advocacy")
    return Outcome(
        act=act_answers.just_recorded(recorded, before),
        advocate_id=recorded.facts.advocate_id,
        recorded_by=people[plan.recorded_by.key],
        made=[*made, "act"],
        hints=await _hints(session, locked.application, recorded.row, data, [person.id, *plan.known_as]),
    )


async def _hints(
    session: WriteSession, application: Application, row: Act, data: ActCreate, actor: Sequence[UUID]
) -> list[str]:
    """That what a member of the job saw counts only if it was seen before the process, and no reason says so."""
    seen = [each for each in data.reasons if each.basis is Basis.OBSERVED_DIRECTLY]
    if not seen or any(each.before_process for each in seen):
        return []
    day = await queries.today(session, row.occurred_at)
    theirs = members_on(application.job_id, day).where(col(JobMember.person_id).in_(actor)).limit(1)
    is_member = (await session.execute(theirs)).scalar_one_or_none() is not None
    return [_NEEDS_BEFORE_PROCESS] if is_member else []


async def _hold(session: WriteSession, person_id: UUID) -> Person:
    """The person, locked. Others may share the lock unless the person is to be made an advocate, which changes them:
    of two who share it, neither could go on.
    """
    if await advocate_of(session, person_id) is None:
        return await rows.lock(session, Person, person_id)
    return await share_person(session, person_id)


async def _people(session: WriteSession, plan: Plan, *, now: datetime) -> tuple[dict[UUID | str, UUID], list[str]]:
    """The id of everybody who is mentioned, by key; those who are not known are made known, in a fixed order."""
    # Of several mentions of one person the first that has their name.
    named_first = sorted(_mentioned(plan), key=lambda each: each.name is None)
    mentioned = {each.key: each for each in reversed(named_first)}
    known = {key: each.person_id for key, each in mentioned.items() if each.person_id is not None}
    unknown = sorted((each for key, each in mentioned.items() if key not in known), key=lambda each: str(each.key))
    made = False
    for each in unknown:
        today = await queries.today(session, now)
        person, is_new = await find_or_make_person(session, name=each.name, email=each.email, today=today, now=now)
        known[each.key] = person.id
        made = made or is_new
    return known, ["person"] if made else []


def _mentioned(plan: Plan) -> Iterator[Somebody]:
    advocate = plan.advocate
    yield Somebody(advocate.person_id, advocate.email, plan.given.advocate_name or advocate.name)
    yield from (each for each in plan.audience if isinstance(each, Somebody))
    yield plan.recorded_by


async def _advocacy(session: WriteSession, application: Application, known_as: Sequence[UUID]) -> Advocacy | None:
    """The advocacy for the application of whoever has these ids, also one from before they were merged."""
    statement = (
        select(Advocacy)
        .join(Advocate, col(Advocate.id) == col(Advocacy.advocate_id))
        .where(col(Advocacy.application_id) == application.id, col(Advocate.person_id).in_(known_as))
        .order_by(col(Advocacy.id))
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def _begin(
    session: WriteSession,
    application: Application,
    advocate: Advocate,
    capture: Capture,
    data: ActCreate,
    *,
    now: datetime,
) -> Recorded:
    origin = ("capture", ids.encode("capture", capture.id))
    return await begin_with_act(session, application, advocate.id, origin, data, now=now)


def _act(plan: Plan, people: Mapping[UUID | str, UUID], *, occurred_at: datetime) -> ActCreate:
    given = plan.given

    def heard_by(listener: Listener) -> UUID | str:
        return listener if isinstance(listener, str) else people[listener.key]

    ask = None
    if given.ask is not None and plan.ask_to is not None:
        ask = ActAskCreate.model_validate({"kind": given.ask, "to": heard_by(plan.ask_to)})
    act = ActCreate.model_validate(
        {
            "kind": given.kind or ("wrote" if is_written(given.channel) else "spoke"),
            "occurred_at": occurred_at,
            "channel": given.channel,
            "audience": [heard_by(each) for each in plan.audience],
            "reasons": [_reason(each, given) for each in given.reasons or []],
            "ask": ask,
            "chases": given.chases,
            "text": given.text,
            "recorded_by": people[plan.recorded_by.key],
        }
    )
    # What came by mail is shown by a message id, which no caller may send.
    return act.model_copy(update={"evidence_url": given.source_url})


def _reason(reason: CaptureReason, given: Given) -> ActReasonCreate:
    return ActReasonCreate.model_validate(
        {
            "requirement": reason.requirement,
            "claim": reason.claim,
            "basis": reason.basis or given.basis,
            "before_process": bool(given.before_process if reason.before_process is None else reason.before_process),
        }
    )
