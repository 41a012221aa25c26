"""Recording what an advocate did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from api.advocacies import act_events
from api.advocacies.act_bodies import ActCreate, ActReasonCreate
from api.advocacies.act_rows import store
from api.advocacies.listeners import HIRING_MANAGER
from api.advocacies.queries import ActSetting, act_setting
from api.domain import facts as f
from api.domain.derived import Support
from api.domain.errors import Conflict, Unprocessable
from api.domain.sensitive import sensitive_hints
from api.domain.vocabulary import ApplicationState, Availability
from api.models import Act, Application, Reason
from api.platform.moments import occurred
from api.platform.references import UnknownReference
from api.platform.sessions import WriteSession
from api.reasons.service import Stated, find_or_make, require_reasons
from api.support.service import announce


class AudienceIsActor(Unprocessable):
    """Nobody is the audience of their own act: name those who heard it."""

    code = "audience_is_actor"
    title = "The audience is the actor alone"


class AddresseeNotInAudience(Unprocessable):
    """An ask is addressed to one of the audience, and never to the actor."""

    code = "addressee_not_in_audience"
    title = "The ask is addressed to nobody in the audience"


class CandidateIsNoActor(Conflict):
    """What a candidate does for themself is no act. Record it by `POST /v1/interactions`; it never counts."""

    code = "candidate_is_no_actor"
    title = "A candidate performs no acts"


@dataclass(frozen=True, slots=True)
class Recorded:
    """An act just recorded: its row, its advocacy with this act as its only one, and the support after it."""

    row: Act
    facts: f.AdvocacyFacts
    support: Support
    hints: list[str]


async def record_act(
    session: WriteSession, application: Application, advocacy_id: UUID, data: ActCreate, *, now: datetime
) -> Recorded:
    """Record an act of the advocacy and announce what it moves; the application is locked.

    On a closed application it is history. Raises AudienceIsActor, AddresseeNotInAudience, CandidateIsNoActor,
    InTheFuture, UnknownReference.
    """
    occurred_at = occurred(data.occurred_at, now, "#/occurred_at")
    pointers = _people(data)
    setting = await act_setting(
        session, advocacy_id, occurred_at=occurred_at, people=set(pointers.values()), chased_id=data.chases
    )
    _check(data, setting, pointers)
    was_closed = application.state is ApplicationState.CLOSED
    reasons = await _reasons(session, application, data.reasons, now=now)
    row = _row(application, setting, data, occurred_at=occurred_at, now=now)
    act = await store(session, row, data, reasons)
    advocacy = setting.advocacy
    facts = f.AdvocacyFacts(id=advocacy.id, advocate_id=advocacy.advocate_id, person_id=setting.actor_id, acts=(act,))
    act_events.recorded(session, row, facts)
    support = await announce(session, application, now=now)
    return Recorded(row, facts, support, _hints(data, setting, was_closed=was_closed))


_GONE = (Availability.LEFT, Availability.UNREACHABLE)


def _hints(data: ActCreate, setting: ActSetting, *, was_closed: bool) -> list[str]:
    hints = ["availability_outdated"] if setting.availability in _GONE else []
    hints += ["application_closed"] if was_closed else []
    return [*hints, *sensitive_hints(data.text, *(use.claim for use in data.reasons))]


def _people(data: ActCreate) -> dict[str, UUID]:
    """Everybody whom the body names, by pointer."""
    heard = {f"#/audience/{place}": each for place, each in enumerate(data.audience) if each != HIRING_MANAGER}
    asked = {"#/ask/to": data.ask.to} if data.ask and data.ask.to != HIRING_MANAGER else {}
    named: dict[str, Any] = {**heard, **asked, "#/recorded_by": data.recorded_by}
    return named


def _check(data: ActCreate, setting: ActSetting, pointers: Mapping[str, UUID]) -> None:
    missing = {pointer: "person" for pointer, person in pointers.items() if person not in setting.people}
    if data.chases is not None and setting.chased_id is None:
        missing["#/chases"] = "ask of this advocacy"
    _refuse_unknown(missing)
    if setting.actor_id == setting.candidate_person_id:
        raise CandidateIsNoActor(
            "Record what the candidate does by POST /v1/interactions, with direction from_person; it never counts."
        )
    if set(data.audience) == {setting.actor_id}:
        raise AudienceIsActor("Name those who heard it; nobody hears their own act.", pointer="#/audience")
    if data.ask and (data.ask.to not in data.audience or data.ask.to == setting.actor_id):
        raise AddresseeNotInAudience("Ask somebody of the audience other than the actor.", pointer="#/ask/to")


def _refuse_unknown(missing: Mapping[str, str]) -> None:
    if not missing:
        return
    faults = [
        {"pointer": pointer, "code": UnknownReference.code, "detail": f"There is no such {what}."}
        for pointer, what in missing.items()
    ]
    raise UnknownReference(f"{faults[0]['pointer']}: {faults[0]['detail']}", errors=faults)


async def _reasons(
    session: WriteSession, application: Application, given: Sequence[ActReasonCreate], *, now: datetime
) -> list[Reason]:
    """The reason of each use, in order; those stated for the first time are made."""
    by_id = {f"#/reasons/{place}/reason_id": use.reason_id for place, use in enumerate(given) if use.reason_id}
    known = await require_reasons(session, application, by_id)
    stated = [
        Stated(use.requirement, use.claim, pointer=f"#/reasons/{place}")
        for place, use in enumerate(given)
        if use.requirement is not None and use.claim is not None
    ]
    found = iter(await find_or_make(session, application, stated, now=now))
    return [known[use.reason_id] if use.reason_id else next(found).reason for use in given]


def _row(
    application: Application, setting: ActSetting, data: ActCreate, *, occurred_at: datetime, now: datetime
) -> Act:
    return Act(
        advocacy_id=setting.advocacy.id,
        application_id=application.id,
        kind=data.kind,
        channel=data.channel,
        chases_id=data.chases,
        evidence_url=data.evidence_url,
        text=data.text,
        occurred_at=occurred_at,
        recorded_at=now,
        recorded_by=data.recorded_by,
    )
