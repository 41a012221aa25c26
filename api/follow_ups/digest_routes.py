"""Digests over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.domain.errors import NotFound
from api.follow_ups.digest_schemas import DigestCreate, FollowUpDigest, SentDigest
from api.follow_ups.digests import DigestLimitReached, NothingToSend, digest_of, record_digest
from api.models import Person
from api.people.finding import present
from api.platform import rows
from api.platform.deps import Snapshot, Tag, Writing
from api.platform.ids import PersonId, encode
from api.platform.problems import responses
from api.platform.references import UnknownReference, require
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/follow_ups", tags=["follow_ups"], route_class=ServiceRoute)


@router.get("/digest", responses=responses(NotFound))
async def follow_ups_retrieve_digest(
    session: Snapshot, owner: Annotated[PersonId, Query(description="Whose.")]
) -> FollowUpDigest:
    """What one person owes: overdue, due today, and due later this week, each with how many more there are.

    Made to be sent as one message in place of many. Whoever decides on a job gets at most so many a week
    (`decider_digests_per_week`, weeks from Monday in the workspace's time zone); recruiters have no limit. `may_send`
    says whether another may be sent now. Asking changes nothing: record what you send with a POST.

    What is snoozed shows on the day it comes back. For somebody who does not want to be contacted there is nothing.
    """
    person = await present(session, await rows.find(session, Person, owner))
    return await digest_of(session, person, now=await session.now())


@router.post("/digest", status_code=201, responses=responses(UnknownReference, DigestLimitReached, NothingToSend))
async def follow_ups_record_digest(session: Writing, data: DigestCreate, tag: Tag) -> SentDigest:
    """Record that a digest is sent, with what it shows now; do it before sending.

    Refused with 409 where there is nothing to send, and, with `next_digest_at`, where somebody who decides had as many
    this week as the policy allows: so two tools do not remind the same person twice.
    """
    person = await present(session, await require(session, Person, data.owner, "#/owner"))
    locked = await rows.lock(session, Person, person.id)
    sent = await record_digest(session, locked, now=await session.now())
    tag.created(f"/v1/follow_ups/digest?owner={encode('person', locked.id)}")
    return sent
