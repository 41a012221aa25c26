"""Candidates whom the vendor deleted or anonymised, and messages about people who are to be forgotten here."""

from sqlmodel import col, or_, select

from api.inbound.locks import CANDIDATE, Kin
from api.inbound.work import Work
from api.models import InboundMessage, Person
from api.privacy.messages import redact_message
from api.privacy.service import anonymize


async def settle_erasure(work: Work, kin: Kin, person: Person, *, is_erased: bool) -> None:
    """Forget the person if the vendor did, and empty whatever it sent of one who is forgotten here."""
    if not is_erased and person.anonymized_at is None:
        return
    work.is_forgotten = True
    if person.anonymized_at is None:
        await anonymize(work.session, person, now=work.now)
        work.note("person", person.id, "anonymized")
    for message in await _not_redacted(work, kin):
        redact_message(message, now=work.now)


async def _not_redacted(work: Work, kin: Kin) -> list[InboundMessage]:
    subjects = [CANDIDATE + each for each in kin.candidates]
    statement = select(InboundMessage).where(
        InboundMessage.connection_id == work.connection.id,
        col(InboundMessage.redacted_at).is_(None),
        or_(col(InboundMessage.subject).in_(subjects), col(InboundMessage.other_subject).in_(subjects)),
    )
    locking = statement.order_by(col(InboundMessage.id)).with_for_update(key_share=True)
    return list((await work.session.execute(locking)).scalars())
