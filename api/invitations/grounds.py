"""What an invitation by hand is about, as the rules need it to see whether it is taken."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from api.advocacies.act_words import NotInAudience, Setting, heard_by
from api.advocacies.creation import CandidateCannotAdvocate
from api.advocacies.testimony import Testimony
from api.domain.errors import Unprocessable
from api.domain.facts import AdvocacyFacts, ApplicationFacts
from api.domain.follow_up_facts import About
from api.domain.follow_up_types import InvitationType, Taking
from api.domain.identity import recognise
from api.models import Act, Application, Person
from api.platform import ids
from api.platform.references import UnknownReference, require
from api.platform.sessions import WriteSession
from api.support.queries import load_facts


async def about(
    session: WriteSession,
    application: Application,
    person: Person,
    rule: InvitationType,
    act_id: UUID | None,
    *,
    now: datetime,
) -> About:
    """What an invitation of this type to this person concerns.

    Raises CandidateCannotAdvocate, NotInAudience, UnknownReference, and Unprocessable where the act is missing or too
    much, or the person has no advocacy for the application.
    """
    facts = recognise((await load_facts(session, [application.id]))[application.id], known_at=now)
    if (act_id is not None) is not (rule.taken_by is Taking.CONFIRMATION):
        raise Unprocessable("An act goes with what a confirmation takes, and with nothing else.", pointer="#/act_id")
    if act_id is not None:
        return _of_act(await require(session, Act, act_id, "#/act_id"), facts, person)
    if rule.taken_by is not Taking.ADVOCACY:
        return _of_advocacy(_own(facts.advocacies, person), person.id)
    if person.id == facts.candidate_person_id:
        raise CandidateCannotAdvocate("The person is the candidate of this application; invite somebody else.")
    return About(person_id=person.id)


def _own(advocacies: Iterable[AdvocacyFacts], person: Person) -> AdvocacyFacts:
    own = next((each for each in advocacies if each.person_id == person.id), None)
    if own is None:
        raise Unprocessable("The person has no advocacy for this application.", pointer="#/person_id")
    return own


def _of_act(row: Act, facts: ApplicationFacts, person: Person) -> About:
    advocacy = next((each for each in facts.advocacies if each.id == row.advocacy_id), None)
    if advocacy is None:
        raise UnknownReference("The application has no such act.", pointer="#/act_id")
    testimony = Testimony(advocacy, row.id)
    audience = heard_by(Setting(row, facts), testimony)
    if person.id not in audience:
        allowed = [ids.encode("person", each) for each in sorted(audience)]
        raise NotInAudience("Only those addressed by the act confirm or deny it.", allowed_people=allowed)
    ask_id = testimony.act.ask.id if testimony.act.ask else None
    return _of_advocacy(advocacy, person.id, act_id=row.id, ask_id=ask_id)


def _of_advocacy(
    advocacy: AdvocacyFacts, person_id: UUID, *, act_id: UUID | None = None, ask_id: UUID | None = None
) -> About:
    named = frozenset({advocacy.id, advocacy.advocate_id})
    return About(person_id=person_id, advocacy_id=advocacy.id, act_id=act_id, ask_id=ask_id, named=named)
