"""What the person behind a link is told: the little that this person may see of what the link is about.

An advocate sees their own part, a listener what was said to them. Nobody sees a level, another's opinion, or what
became of an application.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from api.action_links.markup import Choice
from api.action_links.occasions import Occasion
from api.advocacies.act_words import heard_by
from api.advocacies.listeners import HIRING_MANAGER
from api.domain import facts as f
from api.domain.vocabulary import AskKind, Basis
from api.domain.wording import day_in_words
from api.jobs.queries import stated_requirements, team_of_today
from api.models import Reason, Requirement, Workspace
from api.people.finding import known_as
from api.people.queries import people_by_id
from api.platform import ids
from api.platform.sessions import WorkspaceSession

_SPOKE = "spoke with {heard} about {candidate}"
_DID = {
    "wrote": "wrote to {heard} about {candidate}",
    "introduced": "introduced {candidate} to {heard}",
    "asked": "asked {heard} about {candidate}",
    "chased": "asked {heard} again about {candidate}",
}
_ASKED = {
    AskKind.INTERVIEW: "to invite {candidate} to an interview",
    AskKind.SPEED_UP: "to move faster with {candidate}",
    AskKind.KEEP_OPEN: "to keep the place open for {candidate}",
    AskKind.RECONSIDER: "to take another look at {candidate}",
    AskKind.HIRE: "to hire {candidate}",
    AskKind.CONSIDER: "to consider {candidate}",
}
SEPARATOR = ":"


@dataclass(frozen=True, slots=True)
class ActTold:
    """An act in words: what happened, what was said, what was asked for, who recorded it, and whether I heard it."""

    sentence: str
    reasons: Sequence[str]
    asked: str | None
    recorded_by: str
    was_to_me: bool


@dataclass(frozen=True, slots=True)
class ActChoices:
    """What can be said about an act to be recorded: who heard it, and what it was about and known from."""

    audience: Sequence[Choice]
    subjects: Sequence[Choice]


async def company(session: WorkspaceSession) -> str:
    """Whose workspace it is."""
    found = await session.execute(select(Workspace.name).where(Workspace.id == session.workspace.id))
    return found.scalar_one()


async def act_told(session: WorkspaceSession, occasion: Occasion) -> ActTold:
    """The act, as its actor and those who heard it may see it."""
    setting = occasion.setting
    act = setting.testimony.act
    listeners = heard_by(setting, setting.testimony)
    people = await people_by_id(session, {*listeners, occasion.advocate.person_id, act.recorded_by})
    names = {person_id: person.name for person_id, person in people.items()}
    me = occasion.person.id
    actor = "you" if occasion.advocate.person_id == me else names[occasion.advocate.person_id]
    others = sorted(names[each] for each in listeners if each != me)
    heard = " and ".join((["you"] if me in listeners else []) + others) or "the hiring manager"
    candidate = occasion.application.candidate_name
    did = _DID.get(setting.row.kind, _SPOKE).format(heard=heard, candidate=candidate)
    day = day_in_words(occasion.day(act.occurred_at))
    return ActTold(
        sentence=f"On {day}, {actor} {did} for the job {occasion.application.job_title}.",
        reasons=await _reasons(session, act),
        asked=_ASKED[act.ask.kind].format(candidate=candidate) if act.ask else None,
        recorded_by="you" if act.recorded_by == me else names[act.recorded_by],
        was_to_me=me in listeners,
    )


async def _reasons(session: WorkspaceSession, act: f.Act) -> list[str]:
    """The claims of the act with the requirements they speak to."""
    statement = (
        select(Requirement.text, Reason.claim)
        .join(Reason, col(Reason.requirement_id) == col(Requirement.id))
        .where(col(Reason.id).in_([use.reason_id for use in act.uses]))
        .order_by(col(Reason.id))
    )
    return [f"{row.text}: {row.claim}" for row in await session.execute(statement)]


async def actor_name(session: WorkspaceSession, occasion: Occasion) -> str:
    """Who speaks up."""
    actor = occasion.advocate.person_id
    return (await people_by_id(session, [actor]))[actor].name


async def act_choices(session: WorkspaceSession, occasion: Occasion) -> ActChoices:
    """What an advocate may say they did: to whom of the hiring side, about which requirement, known from where."""
    job_id, me = occasion.application.job_id, occasion.person.id
    members = await team_of_today(session, job_id, now=occasion.now)
    known = await known_as(session, [me, occasion.facts.candidate_person_id])
    mine, theirs = known[me], known[occasion.facts.candidate_person_id]
    others = [each for each in members if each.person.id not in (*mine, *theirs)]
    manager = [each for each in others if each.is_hiring_manager]
    audience = [
        Choice(ids.encode("person", each.person.id), f"{each.person.name} (hiring manager)") for each in manager
    ] or [Choice(HIRING_MANAGER, "The hiring manager")]
    audience += [
        Choice(ids.encode("person", each.person.id), each.person.name) for each in others if not each.is_hiring_manager
    ]
    requirements = await stated_requirements(session, job_id)
    is_member = any(each.person.id in mine for each in members)
    return ActChoices(audience, [Choice("", "Nothing in particular"), *_subjects(requirements, is_member=is_member)])


def _subjects(requirements: Sequence[Requirement], *, is_member: bool) -> list[Choice]:
    """Each requirement under each way of knowing; of a member, what was seen in the process is told apart."""
    known_from = {
        Basis.OBSERVED_DIRECTLY: "I saw it before they applied" if is_member else "I saw it",
        Basis.HEARD_FROM: "I heard it from who saw it",
    }
    if is_member:
        known_from[Basis.OBSERVED_IN_PROCESS] = "I saw it in this process"
    return [
        Choice(f"{basis}{SEPARATOR}{each.id.hex}", f"{known}: {each.text}")
        for basis, known in known_from.items()
        for each in requirements
    ]


async def requirement_text(session: WorkspaceSession, requirement_id: UUID) -> str:
    """The words of a requirement that was offered."""
    found = await session.execute(select(Requirement.text).where(Requirement.id == requirement_id))
    return found.scalar_one()
