"""What people say about an act afterwards: confirming, denying, disputing, retracting."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.advocacies import act_events
from api.advocacies.act_bodies import ActStatementCreate
from api.advocacies.testimony import VERDICTS, Testimony
from api.domain import facts as f
from api.domain.calendar import day_of
from api.domain.errors import Conflict
from api.domain.people import Team
from api.domain.vocabulary import ActWord
from api.models import Act, ActStatement, Application, Person
from api.platform import ids
from api.platform.references import require_present
from api.platform.sessions import WriteSession
from api.support.service import announce


class ActRetracted(Conflict):
    """The act was retracted, which is final: nothing more is said about it."""

    code = "act_retracted"
    title = "The act was retracted"


class NotInAudience(Conflict):
    """Only people of the act's audience confirm or deny it, and never its actor; `allowed_people` lists who may.

    Where the audience names the role `hiring_manager`, that is the hiring manager of the day of the act.
    """

    code = "not_in_audience"
    title = "The person is not in the audience"


class NotTheActor(Conflict):
    """Only the person named as the actor disputes an act; `allowed_people` names them."""

    code = "not_the_actor"
    title = "The person is not the actor"


class NotRecorderNorActor(Conflict):
    """Only the person who recorded an act and its actor retract it; `allowed_people` lists them."""

    code = "not_recorder_nor_actor"
    title = "The person neither recorded nor performed the act"


@dataclass(frozen=True, slots=True)
class Setting:
    """An act among the facts of its application, which is locked."""

    row: Act
    facts: f.ApplicationFacts

    @property
    def testimony(self) -> Testimony:
        """What was said about the act so far."""
        advocacy = next(each for each in self.facts.advocacies if each.id == self.row.advocacy_id)
        return Testimony(advocacy, self.row.id)


async def say(
    session: WriteSession,
    application: Application,
    setting: Setting,
    word: ActWord,
    data: ActStatementCreate,
    *,
    now: datetime,
) -> None:
    """Record a person's word about an act and announce what it moves.

    Nothing is written where it is their word already. Raises ActRetracted, NotInAudience, NotTheActor,
    NotRecorderNorActor, UnknownReference.
    """
    speaker = (await require_present(session, Person, data.recorded_by, "#/recorded_by")).id
    testimony = setting.testimony
    _check_speaker(setting, testimony, word, speaker)
    if testimony.is_retracted and word is not ActWord.RETRACTED:
        raise ActRetracted("The act was retracted; record it anew if it did happen.")
    if _holds(testimony, word, speaker):
        return
    statement = ActStatement(
        act_id=setting.row.id,
        person_id=speaker,
        word=word,
        reason=data.reason,
        recorded_at=now,
        recorded_by=speaker,
    )
    session.add(statement)
    await session.flush()
    words = {"word": word.value, "person_id": ids.encode("person", speaker)}
    act_events.said(session, setting.row, f"act.{word}", words, occurred_at=now, now=now)
    await announce(session, application, now=now)


def _holds(testimony: Testimony, word: ActWord, person_id: UUID) -> bool:
    """Whether what the word wants to hold holds already."""
    match word:
        case ActWord.RETRACTED:
            return testimony.is_retracted
        case ActWord.DISPUTED:
            return testimony.is_disputed
        case ActWord.DISPUTE_WITHDRAWN:
            return not testimony.is_disputed
        case _:
            return testimony.verdict_of(person_id) is word


def _check_speaker(setting: Setting, testimony: Testimony, word: ActWord, person_id: UUID) -> None:
    if word in VERDICTS:
        may_say = heard_by(setting, testimony)
        if person_id not in may_say:
            raise NotInAudience("Only those addressed by the act confirm or deny it.", allowed_people=_public(may_say))
    elif word is ActWord.RETRACTED:
        allowed = {testimony.actor_id, testimony.act.recorded_by}
        if person_id not in allowed:
            raise NotRecorderNorActor("Only recorder and actor retract an act.", allowed_people=_public(allowed))
    elif person_id != testimony.actor_id:
        actor = _public({testimony.actor_id})
        raise NotTheActor("Only the actor disputes an act, or takes a dispute back.", allowed_people=actor)


def heard_by(setting: Setting, testimony: Testimony) -> set[UUID]:
    """The people of the audience; the role stands for the hiring manager of the day of the act."""
    day = day_of(testimony.act.occurred_at, setting.facts.policies[-1].policy.zone)
    manager = Team(setting.facts.members).hiring_manager_for(day, testimony.act)
    people = {manager if each.person_id is None else each.person_id for each in testimony.act.listeners}
    return {person for person in people if person is not None and person != testimony.actor_id}


def _public(people: set[UUID]) -> list[str]:
    return [ids.encode("person", person) for person in sorted(people)]
