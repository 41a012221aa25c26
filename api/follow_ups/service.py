"""What people do with follow-ups: they say it, and it is heard with everything else that is announced."""

from datetime import datetime
from uuid import UUID

from api.domain.errors import Unprocessable
from api.domain.follow_up_facts import FollowUpWord
from api.domain.follow_ups import check_word
from api.domain.vocabulary import FollowUpVerb
from api.follow_ups import bodies
from api.follow_ups.owners import require_owner
from api.follow_ups.places import LockedFollowUp
from api.models import FollowUpChange, Person
from api.platform import ids
from api.platform.moments import planned
from api.platform.references import require_all
from api.platform.sessions import WriteSession
from api.support.owed_documents import key_of
from api.support.said import Said

NONE = "none"
NOBODY_FOUND = frozenset({"hand_over", "widen_coverage"})
"""What is done as well when nobody was found."""


class ResultNeeded(Unprocessable):
    """The result says what came of it; `none` goes with `hand_over` and `widen_coverage` alone.

    To say that it will not be done, skip or cancel it.
    """

    code = "result_needed"
    title = "The result is missing"


async def complete(session: WriteSession, locked: LockedFollowUp, data: bodies.FollowUpComplete) -> None:
    """Close it as done. Raises InvalidStateTransition, ResultNeeded and UnknownReference."""
    word = _word(locked, FollowUpVerb.COMPLETE)
    if data.result.strip().casefold() == NONE and locked.row.type not in NOBODY_FOUND:
        raise ResultNeeded("Say in a line what came of it.", pointer="#/result")
    await _say(session, locked, word, text=data.result, recorded_by=data.recorded_by)


async def skip(session: WriteSession, locked: LockedFollowUp, data: bodies.FollowUpSkip) -> None:
    """Close it as not to be done. Raises InvalidStateTransition and UnknownReference."""
    word = _word(locked, FollowUpVerb.SKIP)
    await _say(session, locked, word, text=data.reason, recorded_by=data.recorded_by)


async def cancel(session: WriteSession, locked: LockedFollowUp, data: bodies.FollowUpCancel) -> None:
    """Close it as not owed. Raises InvalidStateTransition and UnknownReference."""
    word = _word(locked, FollowUpVerb.CANCEL)
    await _say(session, locked, word, text=data.reason, recorded_by=data.recorded_by)


async def snooze(session: WriteSession, locked: LockedFollowUp, data: bodies.FollowUpSnooze) -> None:
    """Let nothing show it as due until a moment.

    Raises InvalidStateTransition, TooFarAhead, UnknownReference, and Unprocessable for a moment that is not to come.
    """
    word = _word(locked, FollowUpVerb.SNOOZE, until=data.until)
    planned(data.until, locked.place.now, "#/until")
    await _say(session, locked, word, text=data.reason, recorded_by=data.recorded_by)


async def reassign(session: WriteSession, locked: LockedFollowUp, data: bodies.FollowUpReassign) -> None:
    """Give it to somebody else; to whom it was given already, nothing changes.

    Raises InvalidStateTransition, OwnerNotPossible, DoNotContact, PersonAnonymized and UnknownReference.
    """
    _word(locked, FollowUpVerb.REASSIGN, owner_id=data.owner_id)
    owner = await require_owner(session, data.owner_id, locked.place.job_id, now=locked.place.now)
    word = _word(locked, FollowUpVerb.REASSIGN, owner_id=owner.id)
    if locked.row.is_assigned and locked.row.owner_id == owner.id:
        await _check_teller(session, data.recorded_by)
        return
    await _say(session, locked, word, text=data.reason, recorded_by=data.recorded_by)


def _word(
    locked: LockedFollowUp, verb: FollowUpVerb, *, until: datetime | None = None, owner_id: UUID | None = None
) -> FollowUpWord:
    """What is said now; refused where it makes no sense."""
    word = FollowUpWord(
        id=ids.new_id(),
        occurred_at=locked.place.now,
        recorded_at=locked.place.now,
        key=key_of(locked.row),
        verb=verb,
        until=until,
        owner_id=owner_id,
    )
    try:
        check_word(locked.row.state, word)
    except Unprocessable as error:
        raise Unprocessable(error.detail, pointer=f"#{error.pointer}") from None
    return word


async def _say(
    session: WriteSession, locked: LockedFollowUp, word: FollowUpWord, *, text: str | None, recorded_by: UUID | None
) -> None:
    await _check_teller(session, recorded_by)
    change = FollowUpChange(
        id=word.id,
        follow_up_id=locked.row.id,
        verb=word.verb,
        until=word.until,
        owner_id=word.owner_id,
        text=text,
        occurred_at=locked.place.now,
        recorded_at=locked.place.now,
        recorded_by=recorded_by,
    )
    session.add(change)
    if word.verb in (FollowUpVerb.COMPLETE, FollowUpVerb.SKIP, FollowUpVerb.CANCEL):
        locked.row.result = text
    await session.flush()
    await locked.place.hear(session, Said(words=(word,)))


async def _check_teller(session: WriteSession, recorded_by: UUID | None) -> None:
    if recorded_by is not None:
        await require_all(session, Person, {"#/recorded_by": recorded_by})
