"""Making, revoking and using up links."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from api.action_links import schemas
from api.action_links.occasions import Occasion, PersonDoesNotFit, check_person, check_still_open
from api.advocacies.creation import share_person
from api.domain.errors import Unprocessable
from api.domain.identity import recognise
from api.domain.vocabulary import ActionLinkAnswer, ActionLinkPurpose, ActionLinkState
from api.models import Act, ActionLink, Advocacy, Application, Ask, Invitation, Person
from api.people.contact import require_contactable
from api.platform import hook_tokens, ids, outbox, rows
from api.platform.hook_tokens import Purpose
from api.platform.references import require, require_present
from api.platform.revisions import touch
from api.platform.sessions import WriteSession
from api.support.queries import load_facts

VALID_FOR = timedelta(days=14)
VALID_AT_MOST = timedelta(days=90)

_SUBJECTS: Mapping[ActionLinkPurpose, tuple[str, ...]] = {
    ActionLinkPurpose.RECORD_ACT: ("advocacy", "application"),
    ActionLinkPurpose.AGREE: ("advocacy", "application"),
    ActionLinkPurpose.HAND_OVER: ("advocacy", "application"),
    ActionLinkPurpose.CONFIRM_ACT: ("act",),
    ActionLinkPurpose.NOT_ME: ("act",),
    ActionLinkPurpose.ANSWER_ASK: ("ask",),
}


class ExpiryNotPossible(Unprocessable):
    """A link expires in the future, and within 90 days."""

    code = "expiry_not_possible"
    title = "The link cannot expire then"


async def lock_person(session: WriteSession, person_id: UUID) -> Person:
    """Whom a link is to be for, locked against changes; raises UnknownReference."""
    person = await require_present(session, Person, person_id, "#/person")
    return await share_person(session, person.id)


async def create(
    session: WriteSession, person: Person, data: schemas.ActionLinkCreate, *, now: datetime
) -> tuple[ActionLink, str]:
    """A link for the locked person with its token, which is kept nowhere.

    Raises UnknownReference, WrongIdKind, DoNotContact, PersonAnonymized, PersonDoesNotFit, NothingLeftToDo,
    ExpiryNotPossible.
    """
    expires_at = now + VALID_FOR if data.expires_at is None else data.expires_at
    if not now < expires_at <= now + VALID_AT_MOST:
        raise ExpiryNotPossible("Send a moment in the future, at most 90 days ahead.", pointer="#/expires_at")
    occasion, ask_id = await _occasion(session, person, data, now=now)
    await require_contactable(session, person, "#/person", now=now)
    check_person(occasion)
    check_still_open(occasion)
    row = ActionLink(
        purpose=data.purpose,
        person_id=person.id,
        application_id=occasion.application.id,
        advocacy_id=occasion.advocacy.id,
        act_id=occasion.act.id if occasion.act else None,
        ask_id=ask_id,
        invitation_id=await _invitation(session, data.invitation, occasion),
        state=ActionLinkState.OPEN,
        is_single_use=data.purpose is not ActionLinkPurpose.RECORD_ACT,
        expires_at=expires_at,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    await session.flush()
    token = hook_tokens.mint()
    hook_tokens.keep(session, token, purpose=Purpose.ACTION_LINK, target_id=row.id, now=now)
    _say(session, "action_link.created", row, now=now)
    return row, token


async def revoke(session: WriteSession, row: ActionLink, *, now: datetime) -> None:
    """Let the locked link work no more; one that is used up or expired stays as it is."""
    if schemas.state_of(row, now=now) is not ActionLinkState.OPEN:
        return
    await hook_tokens.revoke(session, row.id, now=now)
    row.state, row.revoked_at = ActionLinkState.REVOKED, now
    touch(row, now=now)
    await session.flush()
    _say(session, "action_link.revoked", row, now=now)


async def note_use(
    session: WriteSession, row: ActionLink, answer: ActionLinkAnswer, result_id: UUID | None, *, now: datetime
) -> None:
    """Note what the person did by the locked link; one for a single use works no more."""
    row.uses += 1
    row.used_at, row.answer, row.result_id = now, answer, result_id
    if row.is_single_use:
        row.state = ActionLinkState.USED
    touch(row, now=now)
    await session.flush()
    _say(session, "action_link.used", row, now=now)


async def _occasion(
    session: WriteSession, person: Person, data: schemas.ActionLinkCreate, *, now: datetime
) -> tuple[Occasion, UUID | None]:
    """What the link is to be about; the id of the ask comes second."""
    kind, subject_id = _subject(data)
    act = ask_id = None
    if kind == "ask":
        ask_id = subject_id
        ask = await require(session, Ask, subject_id, "#/subject")
        act = await rows.find(session, Act, ask.act_id)
    elif kind == "act":
        act = await require(session, Act, subject_id, "#/subject")
    if act is not None:
        advocacy = await rows.find(session, Advocacy, act.advocacy_id)
    elif kind == "advocacy":
        advocacy = await require(session, Advocacy, subject_id, "#/subject")
    else:
        advocacy = await _advocacy_of(session, person, subject_id, now=now)
    facts = (await load_facts(session, [advocacy.application_id]))[advocacy.application_id]
    occasion = Occasion(
        purpose=data.purpose,
        person=person,
        application=await rows.find(session, Application, advocacy.application_id),
        advocacy=advocacy,
        act=act,
        facts=recognise(facts, known_at=now),
        now=now,
    )
    return occasion, ask_id


def _subject(data: schemas.ActionLinkCreate) -> tuple[str, UUID]:
    kinds = _SUBJECTS[data.purpose]
    given = data.subject.rpartition("_")[0]
    kind = given if given in kinds else kinds[0]
    try:
        return kind, ids.decode(kind, data.subject)
    except Unprocessable as error:
        raise type(error)(f"For this purpose: {error.detail}.", pointer="#/subject") from None


async def _advocacy_of(session: WriteSession, person: Person, application_id: UUID, *, now: datetime) -> Advocacy:
    """The person's advocacy for the application."""
    await require(session, Application, application_id, "#/subject")
    facts = (await load_facts(session, [application_id]))[application_id]
    theirs = [each.id for each in recognise(facts, known_at=now).advocacies if each.person_id == person.id]
    if not theirs:
        raise PersonDoesNotFit(
            "The person has no advocacy for this application; record that they could advocate first.",
            pointer="#/person",
        )
    return await rows.find(session, Advocacy, theirs[0])


async def _invitation(session: WriteSession, invitation_id: UUID | None, occasion: Occasion) -> UUID | None:
    """The invitation that the link comes with, which must be this person's, for this application."""
    if invitation_id is None:
        return None
    await require(session, Invitation, invitation_id, "#/invitation")
    statement = select(Invitation).where(
        col(Invitation.id) == invitation_id, col(Invitation.application_id) == occasion.application.id
    )
    found = (await session.execute(statement)).scalar_one_or_none()
    invited = None if found is None else await require_present(session, Person, found.person_id, "#/invitation")
    if invited is None or invited.id != occasion.person.id:
        raise PersonDoesNotFit("The invitation is for somebody else, or about something else.", pointer="#/invitation")
    return invitation_id


def _say(session: WriteSession, event_type: str, row: ActionLink, *, now: datetime) -> None:
    outbox.record(
        session,
        event_type,
        subject=("action_link", row.id),
        version=row.version,
        application_id=row.application_id,
        occurred_at=now,
        recorded_at=now,
        data=schemas.event_data(row, now=now),
    )
