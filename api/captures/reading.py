"""What a capture says, as far as it can be told: the act that is to be recorded, or what is needed for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar
from uuid import UUID

from sqlmodel import col, select

from api.advocacies.creation import CandidateCannotAdvocate
from api.captures.applications import Match, find_application
from api.captures.bodies import CaptureReason, Given
from api.captures.meanings import HIRING_MANAGER
from api.captures.people import Somebody, find_somebody
from api.captures.schemas import Need
from api.domain.vocabulary import Basis
from api.models import Act, Advocacy, Advocate, Ask, Candidate
from api.people.finding import merged_into
from api.platform import ids
from api.platform.sessions import WorkspaceSession

Found = TypeVar("Found")
Listener: TypeAlias = Somebody | str
"""Somebody who heard it, or the role `hiring_manager`."""

_MISSING = {
    "advocate": "Say who spoke up: an e-mail address or an id.",
    "to": "Say who heard it: e-mail addresses, ids or hiring_manager.",
    "recorded_by": "Say who tells us: an e-mail address or an id.",
    "ask_to": "There are several listeners; say whom it was asked of.",
    "chases": "An act of the kind chased needs the ask that it chases.",
    "reasons": "Give each reason as requirement and claim, in text as one `requirement: claim` a line.",
    "basis": "Say what the advocate knows it from: observed_directly, heard_from, observed_in_process or cv_only.",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """An act that can be recorded, and for what and whom.

    `known_as` are the advocate's ids, those merged into them included; none for who is to be made known.
    """

    match: Match
    advocate: Somebody
    known_as: Sequence[UUID]
    audience: Sequence[Listener]
    ask_to: Listener | None
    recorded_by: Somebody
    given: Given


@dataclass(frozen=True, slots=True)
class Reading:
    """The plan, or else what is needed; the application as soon as it is known."""

    match: Match | None
    plan: Plan | None
    needs: list[Need]


async def read(session: WorkspaceSession, given: Given, may_be: Sequence[str] = ()) -> Reading:
    """Tell whom and what was meant; `may_be` as for `find_application`. Raises CandidateCannotAdvocate."""
    needs: list[Need] = []
    match = _kept(await find_application(session, given, may_be), needs)
    advocate = _kept(await _advocate(session, given), needs)
    audience = await _audience(session, given, advocate, needs)
    _check_reasons(given, needs)
    ask_to = await _ask_to(session, given, audience, needs) if audience else None
    recorded_by = _kept(await _one(session, "recorded_by", given.recorded_by), needs)
    known_as = await _known_as(session, advocate)
    if match is not None:
        await _refuse_candidate(session, match, known_as)
        await _check_chase(session, given, match, known_as, needs)
    if needs or not (match and advocate and recorded_by):
        return Reading(match, None, needs)
    return Reading(match, Plan(match, advocate, known_as, audience, ask_to, recorded_by, given), [])


async def _known_as(session: WorkspaceSession, somebody: Somebody | None) -> Sequence[UUID]:
    if somebody is None or somebody.person_id is None:
        return []
    return [somebody.person_id, *await merged_into(session, somebody.person_id)]


def _kept(found: Found | Need, needs: list[Need]) -> Found | None:
    if isinstance(found, Need):
        needs.append(found)
        return None
    return found


def _missing(name: str, suggestions: Sequence[str] = ()) -> Need:
    return Need(name=name, code="missing", detail=_MISSING[name], suggestions=list(suggestions))


async def _one(session: WorkspaceSession, member: str, text: str | None) -> Somebody | Need:
    return _missing(member) if text is None else await find_somebody(session, member, text)


async def _advocate(session: WorkspaceSession, given: Given) -> Somebody | Need:
    """Who spoke up; where nobody says, who tells us may have been it."""
    if given.advocate is not None or given.recorded_by is None:
        return await _one(session, "advocate", given.advocate)
    teller = await find_somebody(session, "recorded_by", given.recorded_by)
    if isinstance(teller, Need):
        return _missing("advocate", teller.suggestions)
    known = ids.encode("person", teller.person_id) if teller.person_id else teller.email
    return _missing("advocate", [known] if known else [])


async def _audience(
    session: WorkspaceSession, given: Given, advocate: Somebody | None, needs: list[Need]
) -> list[Listener]:
    """Those who heard it, each once, without the advocate: nobody hears their own act."""
    if not given.to:
        needs.append(_missing("to"))
        return []
    heard: dict[UUID | str, Listener] = {}
    for text in given.to:
        listener = await _listener(session, "to", text)
        if isinstance(listener, Need):
            needs.append(listener)
        else:
            heard.setdefault(_key(listener), listener)
    if advocate is not None and advocate.key in heard and len(heard) == 1:
        detail = "Nobody hears their own act; say who else heard it."
        needs.append(Need(name="to", code="only_the_advocate", detail=detail, suggestions=[]))
    return [each for key, each in heard.items() if advocate is None or key != advocate.key]


async def _listener(session: WorkspaceSession, member: str, text: str) -> Listener | Need:
    return text if text == HIRING_MANAGER else await find_somebody(session, member, text)


def _key(listener: Listener) -> UUID | str:
    return listener if isinstance(listener, str) else listener.key


async def _ask_to(
    session: WorkspaceSession, given: Given, audience: Sequence[Listener], needs: list[Need]
) -> Listener | None:
    """Whom it was asked of: who is named, the only listener, or the hiring manager where addressed."""
    if given.ask is None:
        return None
    known = [ids.encode("person", each.person_id) for each in audience if isinstance(each, Somebody) and each.person_id]
    if given.ask_to is None:
        if len(audience) == 1 or HIRING_MANAGER in audience:
            return HIRING_MANAGER if HIRING_MANAGER in audience else audience[0]
        needs.append(_missing("ask_to", known))
        return None
    asked = await _listener(session, "ask_to", given.ask_to)
    if isinstance(asked, Need):
        needs.append(asked)
        return None
    if _key(asked) not in {_key(each) for each in audience}:
        detail = "It can only be asked of somebody who heard it; name one of them, or add them to `to`."
        needs.append(Need(name="ask_to", code="not_addressed", detail=detail, suggestions=known))
    return asked


def _check_reasons(given: Given, needs: list[Need]) -> None:
    reasons = given.reasons or []
    if any(each.requirement is None or each.claim is None for each in reasons):
        needs.append(_missing("reasons"))
    if any(_basis(each, given) is None for each in reasons):
        needs.append(_missing("basis"))


def _basis(reason: CaptureReason, given: Given) -> Basis | None:
    return reason.basis or given.basis


async def _refuse_candidate(session: WorkspaceSession, match: Match, known_as: Sequence[UUID]) -> None:
    found = await session.execute(select(Candidate.person_id).where(Candidate.id == match.application.candidate_id))
    if found.scalar_one() in known_as:
        raise CandidateCannotAdvocate(
            "Nobody is their own advocate. What candidates do for themselves is contact with them; send who else spoke "
            "up for them, or nothing.",
            pointer="#/advocate",
        )


async def _check_chase(
    session: WorkspaceSession, given: Given, match: Match, known_as: Sequence[UUID], needs: list[Need]
) -> None:
    if given.chases is None and given.kind != "chased":
        return
    asked = await _asks_of(session, match, known_as)
    if given.chases is None:
        needs.append(_missing("chases", asked))
    elif given.chases not in asked:
        detail = "This is no ask of this advocate for this application."
        needs.append(Need(name="chases", code="unknown", detail=detail, suggestions=asked))


async def _asks_of(session: WorkspaceSession, match: Match, known_as: Sequence[UUID]) -> list[str]:
    """What the advocate asked for this application, the latest first."""
    statement = (
        select(Ask.id)
        .join(Act, col(Act.id) == col(Ask.act_id))
        .join(Advocacy, col(Advocacy.id) == col(Act.advocacy_id))
        .join(Advocate, col(Advocate.id) == col(Advocacy.advocate_id))
        .where(col(Advocacy.application_id) == match.application.id, col(Advocate.person_id).in_(known_as))
        .order_by(col(Act.occurred_at).desc(), col(Ask.id).desc())
    )
    return [ids.encode("ask", each) for each in (await session.execute(statement)).scalars()]
