"""Invitations over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.advocacies.act_words import NotInAudience
from api.advocacies.creation import CandidateCannotAdvocate
from api.applications.listing_filters import FiltersNotCombinable, OrderByNotAvailable
from api.domain.errors import InvalidStateTransition, NotFound
from api.invitations import schemas, service
from api.invitations.listing_filters import InvitationsQuery
from api.invitations.queries import answers
from api.invitations.service import NothingToInviteTo
from api.models import Invitation
from api.people.contact import DoNotContact
from api.people.service import PersonAnonymized
from api.platform import rows
from api.platform.deps import Reading, Tag, Writing
from api.platform.ids import InvitationId, encode
from api.platform.listing import Following, fetch_page
from api.platform.pages import InvalidOrderBy
from api.platform.problems import responses
from api.platform.references import UnknownReference
from api.platform.transactions import ServiceRoute
from api.support.locks import Locked, lock_application_of

router = APIRouter(prefix="/v1/invitations", tags=["invitations"], route_class=ServiceRoute)


async def _locked(session: Writing, invitation_id: InvitationId) -> Locked:
    return await lock_application_of(session, Invitation, invitation_id, "invitation")


@router.get("", responses=responses(InvalidOrderBy, OrderByNotAvailable, FiltersNotCombinable))
async def invitations_list(
    session: Reading, query: Annotated[InvitationsQuery, Query()], following: Following
) -> schemas.InvitationList:
    """List invitations, the latest first unless `order_by` says otherwise.

    With one of `application`, `person`, `advocacy` and `referral` any other filters and orders go. Without one, each of
    `asker`, `type` and `state` works alone, and `state` with one of the others, sorted by `invited_at`; `state` also by
    `expires_at`. Anything else is a 422 `filters_not_combinable`. `expires_at` and `updated_at` also sort the whole
    list. A range needs the order of its column, which is the default then; another is a 422 `order_by_not_available`.
    """
    page = await fetch_page(session, Invitation, query.statement(), query, order=query.order())
    following(page)
    data = await answers(session, page.rows)
    return schemas.InvitationList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post(
    "",
    status_code=201,
    responses=responses(
        *(CandidateCannotAdvocate, NotInAudience, NothingToInviteTo, PersonAnonymized),
        *(DoNotContact, UnknownReference),
    ),
)
async def invitations_create(session: Writing, data: schemas.InvitationCreate, tag: Tag) -> schemas.Invitation:
    """Record that somebody is invited by hand. The service sends nothing: hand the words, or an action link, over.

    The limits restrain what the service proposes, not people; who does not want to be contacted is not invited by
    anybody. It makes sense as long as what is proposed can still happen: `act` and `hand_over` to an advocate who
    takes part, `confirm` to one of the audience of an act that nobody has borne out, `become_advocate` to somebody who
    is no advocate there yet.
    """
    locked, person = await service.lock_for_invitation(session, data)
    row = await service.invite(session, locked, person, data)
    tag.created(f"/v1/invitations/{encode('invitation', row.id)}", row.version)
    (shown,) = await answers(session, [row])
    return shown


@router.get("/{invitation_id}", responses=responses(NotFound))
async def invitations_retrieve(session: Reading, invitation_id: InvitationId, tag: Tag) -> schemas.Invitation:
    """Retrieve an invitation."""
    row = await rows.find(session, Invitation, invitation_id)
    tag(row.version)
    (shown,) = await answers(session, [row])
    return shown


@router.post("/{invitation_id}/pass", responses=responses(NotFound, InvalidStateTransition, 412, UnknownReference))
async def invitations_pass(
    session: Writing,
    invitation_id: InvitationId,
    locked: Annotated[Locked, Depends(_locked)],
    tag: Tag,
    data: schemas.InvitationPass | None = None,
) -> schemas.Invitation:
    """Record the person's "no, thank you", by themself or by a member on their word.

    No reason is needed, and it has no consequence: no level, no follow-up and no later invitation hears of it, but that
    the same thing is not proposed for the same cause again. Only what is open is passed.
    """
    row = await rows.find(session, Invitation, invitation_id)
    tag.check(row.version)
    await service.pass_on(session, locked, row, recorded_by=data.recorded_by if data else None)
    tag(row.version)
    (shown,) = await answers(session, [row])
    return shown
