"""A capture that turns out to be a contact between people, and no act."""

from uuid import UUID

from api.captures.locks import hold, settle
from api.captures.service import end, lock_capture, say
from api.domain.errors import InvalidStateTransition, NotFound, Unprocessable
from api.domain.inbound import CaptureState
from api.models import Capture, Interaction
from api.platform.ids import encode
from api.platform.references import UnknownReference
from api.platform.revisions import touch
from api.platform.sessions import WriteSession


async def lock_waiting(session: WriteSession, capture_id: UUID, application_id: UUID | None) -> Capture:
    """Lock the capture that a body names as `capture_id`, and that waits.

    Raises UnknownReference, InvalidStateTransition where it waits no longer, and Unprocessable where it is known to be
    about another application.
    """
    try:
        capture = await lock_capture(session, capture_id)
    except NotFound:
        raise UnknownReference("There is no such capture.", pointer="#/capture_id") from None
    if capture.state is not CaptureState.NEEDS_DETAILS:
        raise InvalidStateTransition("complete", current_state=capture.state.value, allowed=[])
    if capture.application_id not in (None, application_id):
        known = encode("application", capture.application_id)
        raise Unprocessable(f"The capture is about {known}; send that one.", pointer="#/application_id")
    return capture


async def become_interaction(session: WriteSession, capture: Capture, row: Interaction) -> None:
    """Complete the locked capture by the contact that it was and was just recorded; announce what that closes."""
    held = await hold(session, capture, row.application_id)
    capture.application_id = row.application_id
    capture.recorded_by = row.recorded_by
    made = {"made": ["interaction"], "interaction_id": encode("interaction", row.id)}
    capture.outcome = {**(capture.outcome or {}), **made}
    end(capture, CaptureState.COMPLETED)
    touch(capture, now=row.recorded_at)
    await session.flush()
    say(session, "capture.completed", capture, now=row.recorded_at)
    await settle(session, capture, held)
