"""Inviting by hand, and passing. The caller holds the application's lock."""

from uuid import UUID

from sqlmodel import col, select

from api.advocacies.creation import share_person
from api.domain.errors import Conflict, Unprocessable
from api.domain.follow_up_facts import InvitationByHand, InvitationPassed
from api.domain.follow_up_types import InvitationType
from api.domain.invitations import check_pass
from api.domain.vocabulary import InvitationState
from api.invitations import schemas
from api.invitations.grounds import about
from api.models import Invitation, Person
from api.people.contact import require_contactable
from api.platform import ids
from api.platform.references import require, require_present
from api.platform.sessions import WriteSession
from api.support.locks import Locked, lock_named_application
from api.support.owed_documents import key_of
from api.support.queries import current_policy
from api.support.said import Said
from api.support.service import announce


class NothingToInviteTo(Conflict):
    """What is proposed has happened already, or cannot happen any more.

    The application is closed, the advocate does not take part or was lost, the act is borne out or does not count, or
    somebody has done it.
    """

    code = "nothing_to_invite_to"
    title = "There is nothing to invite to"


async def lock_for_invitation(session: WriteSession, data: schemas.InvitationCreate) -> tuple[Locked, Person]:
    """Lock the person who is to be invited against changes, then the application; raises UnknownReference."""
    found = await require_present(session, Person, data.person_id, "#/person_id")
    person = await share_person(session, found.id)
    return await lock_named_application(session, data.application_id), person


async def invite(session: WriteSession, locked: Locked, person: Person, data: schemas.InvitationCreate) -> Invitation:
    """Record an invitation that somebody made by hand to the locked person.

    Raises CandidateCannotAdvocate, DoNotContact, NotInAudience, NothingToInviteTo, PersonAnonymized, UnknownReference,
    and Unprocessable for a type that is not in the policy's table or has no ground in this person.
    """
    application, now = locked.application, locked.now
    await require_contactable(session, person, "#/person_id", now=now)
    asker = await require_present(session, Person, data.asker_id, "#/asker_id") if data.asker_id else None
    rule = await _type_of(session, data)
    told = InvitationByHand(
        id=ids.new_id(),
        occurred_at=now,
        recorded_at=now,
        type=rule.type,
        asker_id=asker.id if asker else None,
        person_id=person.id,
        about=await about(session, application, person, rule, data.act_id, now=now),
    )
    await announce(session, application, now=now, said=Said(invited=(told,)))
    made = await session.execute(select(Invitation).where(col(Invitation.trigger_id) == told.id))
    row = made.scalar_one_or_none()
    if row is None:
        raise NothingToInviteTo("What is proposed has happened already, or cannot happen any more.")
    row.note = data.note
    await session.flush()
    return row


async def _type_of(session: WriteSession, data: schemas.InvitationCreate) -> InvitationType:
    types = {each.type: each for each in (await current_policy(session)).invitation_types}
    if data.type not in types:
        raise Unprocessable(f"There is no such type here; there are: {', '.join(types) or 'none'}.", pointer="#/type")
    return types[data.type]


async def pass_on(session: WriteSession, locked: Locked, row: Invitation, *, recorded_by: UUID | None) -> None:
    """Record that the invited person says no, as they or somebody else told us.

    Raises InvalidStateTransition where it is not open, and UnknownReference.
    """
    application, now = locked.application, locked.now
    if recorded_by is not None:
        await require(session, Person, recorded_by, "#/recorded_by")
    check_pass(row.state)
    said = InvitationPassed(id=ids.new_id(), occurred_at=now, recorded_at=now, key=key_of(row))
    await announce(session, application, now=now, said=Said(passed=(said,)))
    if row.state is not InvitationState.PASSED:
        check_pass(row.state)
    row.passed_by_id = recorded_by
    await session.flush()
