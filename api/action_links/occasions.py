"""What a link is about, for whom, and whether that still makes sense."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from api.advocacies.act_words import Setting, heard_by
from api.domain import facts as f
from api.domain.advocacies import ALLOWED_FROM
from api.domain.calendar import day_of
from api.domain.errors import Conflict, Unprocessable
from api.domain.identity import recognise
from api.domain.people import Team
from api.domain.vocabulary import ActionLinkPurpose, AdvocacyWord, ApplicationState, AskState, Power
from api.models import Act, ActionLink, Advocacy, Application, Person
from api.people.finding import present
from api.platform import rows
from api.platform.sessions import WorkspaceSession
from api.support.queries import load_facts

ON_ADVOCACIES = frozenset({ActionLinkPurpose.RECORD_ACT, ActionLinkPurpose.AGREE, ActionLinkPurpose.HAND_OVER})
_SETTLED = (AskState.GRANTED, AskState.REFUSED)


class PersonDoesNotFit(Unprocessable):
    """The purpose is not this person's to fulfil.

    Advocates record their own acts, agree and hand over; actors dispute their own acts; those who heard an act confirm
    it; an ask is answered by its addressee or by somebody who decides.
    """

    code = "person_does_not_fit"
    title = "The person does not fit the purpose"


class NothingLeftToDo(Conflict):
    """There is nothing that could be done by such a link: it was done already, or no longer makes sense."""

    code = "nothing_left_to_do"
    title = "There is nothing left to do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a link is about among the facts of its application, in which everybody goes by one id."""

    purpose: ActionLinkPurpose
    person: Person
    application: Application
    advocacy: Advocacy
    act: Act | None
    facts: f.ApplicationFacts
    now: datetime

    @property
    def advocate(self) -> f.AdvocacyFacts:
        """The facts of the advocacy; its person is the advocate, and the actor of the act."""
        return next(each for each in self.facts.advocacies if each.id == self.advocacy.id)

    @property
    def setting(self) -> Setting:
        """The act, for a purpose that is about one."""
        assert self.act is not None, "the purpose is about an act"
        return Setting(self.act, self.facts)

    @property
    def today(self) -> date:
        """The day in the workspace's time zone."""
        return self.day(self.now)

    def day(self, moment: datetime) -> date:
        """The day of a moment in the workspace's time zone."""
        return day_of(moment, self.facts.policies[-1].policy.zone)


async def occasion_of(
    session: WorkspaceSession, link: ActionLink, application: Application, *, now: datetime
) -> Occasion:
    """What the link is about, as things are."""
    facts = (await load_facts(session, [application.id]))[application.id]
    return Occasion(
        purpose=link.purpose,
        person=await present(session, await rows.find(session, Person, link.person_id)),
        application=application,
        advocacy=await rows.find(session, Advocacy, link.advocacy_id),
        act=await rows.find(session, Act, link.act_id) if link.act_id else None,
        facts=recognise(facts, known_at=now),
        now=now,
    )


def check_still_serves(occasion: Occasion) -> None:
    """Refuse what the link was made for where it no longer is this person's to do, or was done.

    Raises NothingLeftToDo and PersonDoesNotFit.
    """
    if occasion.person.anonymized_at is not None:
        raise NothingLeftToDo("The person was anonymised.")
    check_person(occasion)
    check_still_open(occasion)


def check_person(occasion: Occasion) -> None:
    """Refuse a person for whom the purpose is not. Raises PersonDoesNotFit."""
    fitting, who = _fitting(occasion)
    if occasion.person.id not in fitting:
        raise PersonDoesNotFit(f"Such a link is for {who}.", pointer="#/person")


def _fitting(occasion: Occasion) -> tuple[set[UUID], str]:
    actor = occasion.advocate.person_id
    match occasion.purpose:
        case ActionLinkPurpose.CONFIRM_ACT:
            return heard_by(occasion.setting, occasion.setting.testimony), "somebody of the act's audience"
        case ActionLinkPurpose.ANSWER_ASK:
            return _may_answer(occasion) - {actor}, "the addressee of the ask, or somebody who decides on the job"
        case ActionLinkPurpose.NOT_ME:
            return {actor}, "the actor of the act"
        case _:
            return {actor}, "the advocate"


def _may_answer(occasion: Occasion) -> set[UUID]:
    act = occasion.setting.testimony.act
    team = Team(occasion.facts.members)
    deciding = {
        each.person_id
        for each in occasion.facts.members
        if team.power_on(each.person_id, occasion.today) is Power.DECIDES
    }
    if act.ask is None:
        return deciding
    addressee = act.ask.addressee.person_id or team.hiring_manager_for(occasion.day(act.occurred_at), act)
    return deciding | ({addressee} if addressee else set())


def check_still_open(occasion: Occasion) -> None:
    """Refuse what was done already or no longer makes sense. Raises NothingLeftToDo."""
    application, purpose = occasion.application, occasion.purpose
    looks_back = purpose in (ActionLinkPurpose.CONFIRM_ACT, ActionLinkPurpose.NOT_ME)
    if not looks_back and (application.state is ApplicationState.CLOSED or application.merged_into_id is not None):
        raise NothingLeftToDo("The application is closed, or goes on in another one.")
    if purpose is ActionLinkPurpose.AGREE and occasion.advocacy.state not in ALLOWED_FROM[AdvocacyWord.AGREED]:
        raise NothingLeftToDo("The advocate has agreed already.")
    if purpose not in ON_ADVOCACIES:
        _check_act(occasion)


def _check_act(occasion: Occasion) -> None:
    testimony = occasion.setting.testimony
    if testimony.is_retracted:
        raise NothingLeftToDo("The act was retracted.")
    if occasion.purpose is ActionLinkPurpose.NOT_ME and testimony.is_disputed:
        raise NothingLeftToDo("The actor has disputed the act already.")
    answer = testimony.answer if occasion.purpose is ActionLinkPurpose.ANSWER_ASK else None
    if answer is not None and answer.answer in _SETTLED:
        raise NothingLeftToDo("The ask was answered already.")
