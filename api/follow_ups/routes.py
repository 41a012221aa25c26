"""Follow-ups over HTTP."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Body

from api.domain.errors import InvalidStateTransition, NotFound
from api.follow_ups import bodies, creation, places, schemas, service
from api.follow_ups.owners import OwnerNotPossible
from api.follow_ups.reading import answer, mark
from api.models import FollowUp
from api.people.contact import DoNotContact
from api.people.service import PersonAnonymized
from api.platform import rows
from api.platform.deps import Reading, Tag, Writing
from api.platform.ids import FollowUpId, encode
from api.platform.moments import TooFarAhead
from api.platform.problems import responses
from api.platform.references import UnknownReference
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/follow_ups", tags=["follow_ups"], route_class=ServiceRoute)

SAID = (NotFound, InvalidStateTransition, UnknownReference, 412)
OWNER = (OwnerNotPossible, DoNotContact, PersonAnonymized)
Said = TypeVar("Said")


@router.post(
    "",
    status_code=201,
    responses=responses(
        UnknownReference,
        *OWNER,
        creation.BelongsElsewhere,
        creation.DueInThePast,
        creation.NothingOwed,
        TooFarAhead,
    ),
)
async def follow_ups_create(session: Writing, data: bodies.FollowUpCreate, tag: Tag) -> schemas.FollowUp:
    """Make a follow-up by hand: something that is owed and that the service cannot see by itself.

    It belongs to an application, or to a referral that is linked to none. Of a type in the policy's table it is closed
    by whatever closes that type; with a word of your own it is closed by hand, or cancelled by an outcome. It is due in
    the owner's working hours of `due_on`, and counts in `follow_up_state` wherever it names something.

    The owner is a member of the job today who may be contacted (422 `owner_not_possible` or `do_not_contact`). Nothing
    is made about a person who does not want to be contacted, unless its type does not reach them, nor what would be
    closed at once (409 `nothing_owed`).
    """
    place = await places.lock_place(session, data)
    row = await creation.create_follow_up(session, place, data)
    shown = await answer(session, row, now=place.now)
    tag.created(f"/v1/follow_ups/{encode('follow_up', row.id)}", shown.version, mark(shown))
    return shown


@router.get("/{follow_up_id}", responses=responses(NotFound))
async def follow_ups_retrieve(session: Reading, follow_up_id: FollowUpId, tag: Tag) -> schemas.FollowUp:
    """One follow-up: what is owed, to whom and by when, with a draft of what to say and what people did with it.

    Nothing is sent by the service. The draft has at most two points and one request that can be answered in a line; it
    tells how far the application is in the coarse words that a referrer may hear, and never a level, a judgement or a
    reason. It is null where the person or the owner does not want to be contacted.
    """
    row = await rows.find(session, FollowUp, follow_up_id)
    shown = await answer(session, row, now=await session.now())
    tag(shown.version, mark(shown))
    return shown


@router.post("/{follow_up_id}/complete", responses=responses(*SAID, service.ResultNeeded))
async def follow_ups_complete(
    session: Writing, follow_up_id: FollowUpId, data: bodies.FollowUpComplete, tag: Tag
) -> schemas.FollowUp:
    """Close it as done, with a line on what came of it.

    What the service can see it closes by itself; this is for the rest. `hand_over` and `widen_coverage` may have the
    result `none`: nobody else was found; any other type needs to say more (422 `result_needed`). What is closed already
    is a 409, as for every verb.
    """
    return await _say(session, follow_up_id, service.complete, data, tag)


@router.post("/{follow_up_id}/skip", responses=responses(*SAID))
async def follow_ups_skip(
    session: Writing, follow_up_id: FollowUpId, data: bodies.FollowUpSkip, tag: Tag
) -> schemas.FollowUp:
    """Close it as something that will not be done, with the reason. The same cause does not make it again."""
    return await _say(session, follow_up_id, service.skip, data, tag)


@router.post("/{follow_up_id}/cancel", responses=responses(*SAID))
async def follow_ups_cancel(
    session: Writing, follow_up_id: FollowUpId, tag: Tag, data: Annotated[bodies.FollowUpCancel | None, Body()] = None
) -> schemas.FollowUp:
    """Close it as something that is not owed, as when it was made by mistake. The same cause does not make it again."""
    return await _say(session, follow_up_id, service.cancel, data or bodies.FollowUpCancel(), tag)


@router.post("/{follow_up_id}/snooze", responses=responses(*SAID, TooFarAhead))
async def follow_ups_snooze(
    session: Writing, follow_up_id: FollowUpId, data: bodies.FollowUpSnooze, tag: Tag
) -> schemas.FollowUp:
    """Let nothing show it as due until a moment to come; until then it stands as `scheduled`, and its due day stays.

    Another snooze replaces this one. What closes it closes it meanwhile, too.
    """
    return await _say(session, follow_up_id, service.snooze, data, tag)


@router.post("/{follow_up_id}/reassign", responses=responses(*SAID, *OWNER))
async def follow_ups_reassign(
    session: Writing, follow_up_id: FollowUpId, data: bodies.FollowUpReassign, tag: Tag
) -> schemas.FollowUp:
    """Give it to another member of the job, who must be one today and may be contacted.

    It stays theirs when roles on the job change, unless they may not be contacted any more. It is due in their working
    hours of the same day. To whom it was given already it is given again without a change.
    """
    return await _say(session, follow_up_id, service.reassign, data, tag)


async def _say(
    session: Writing,
    follow_up_id: FollowUpId,
    verb: Callable[[Any, places.LockedFollowUp, Said], Awaitable[None]],
    data: Said,
    tag: Tag,
) -> schemas.FollowUp:
    locked = await places.lock_follow_up(session, follow_up_id)
    tag.check(locked.row.version)
    await verb(session, locked, data)
    shown = await answer(session, locked.row, now=locked.place.now)
    tag(shown.version, mark(shown))
    return shown
