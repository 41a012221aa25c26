"""Candidates whom the vendor deleted or anonymised, and messages about people who are to be forgotten here."""

from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, or_, select

from api.inbound.locks import CANDIDATE, Kin
from api.inbound.work import Work
from api.models import InboundMessage, Person
from api.people.finding import known_as
from api.privacy.messages import redact_message
from api.privacy.service import anonymize

# Whoever was once one of these stays so: what is made of a message does not change when it is replayed later.
_KNOWN_AS = text("""
    select 'advocate' as role where exists (
        select from advocates v where v.workspace_id = :w and v.person_id = any(:people))
    union all select 'referrer' where exists (
        select from referrers f where f.workspace_id = :w and f.person_id = any(:people))
    union all select 'job member' where exists (
        select from job_members m where m.workspace_id = :w and m.person_id = any(:people))
    union all select 'employee' where exists (
        select from affiliation_records r
        where r.workspace_id = :w and r.person_id = any(:people) and r.affiliation = 'employee')""")


async def settle_erasure(work: Work, kin: Kin, person: Person, *, is_erased: bool) -> None:
    """Forget the person if the vendor did, and empty whatever it sent of one who is forgotten here.

    One who is known here as more than a candidate is kept; what the vendor sent of them as one is emptied all the same.
    """
    if not is_erased and person.anonymized_at is None:
        return
    work.is_forgotten = True
    if person.anonymized_at is None:
        work.kept_as = await _known_otherwise(work, person.id)
    if person.anonymized_at is None and not work.kept_as:
        await anonymize(work.session, person, now=work.now)
        work.note("person", person.id, "anonymized")
    for message in await _not_redacted(work, kin):
        redact_message(message, now=work.now)


async def _known_otherwise(work: Work, person_id: UUID) -> list[str]:
    people = (await known_as(work.session, [person_id]))[person_id]
    found = await work.session.execute(_KNOWN_AS, {"w": work.session.workspace.id, "people": people})
    return list(found.scalars())


async def _not_redacted(work: Work, kin: Kin) -> list[InboundMessage]:
    subjects = [CANDIDATE + each for each in kin.candidates]
    statement = select(InboundMessage).where(
        InboundMessage.connection_id == work.connection.id,
        col(InboundMessage.redacted_at).is_(None),
        or_(col(InboundMessage.subject).in_(subjects), col(InboundMessage.other_subject).in_(subjects)),
    )
    locking = statement.order_by(col(InboundMessage.id)).with_for_update(key_share=True)
    return list((await work.session.execute(locking)).scalars())
