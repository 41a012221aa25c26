"""The people of ours whom the vendor credits."""

import hashlib
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlmodel import select

from api.domain.erasure import REMOVED
from api.domain.inbound import ErasureState
from api.external_refs import service as external_refs
from api.inbound.changes import SourcePerson
from api.inbound.locks import lock_subjects
from api.inbound.work import Work
from api.models import ConnectionPerson, Erasure, Person
from api.people.finding import name_key, present
from api.people.making import find_or_make_person
from api.platform import rows

PERSON = "person:"


async def settle_people(
    work: Work, credited: Iterable[SourcePerson], said: Mapping[str, SourcePerson], *, candidate: Person
) -> dict[SourcePerson, UUID | None]:
    """Our people for those who are credited, made where there are none; `said` is all that is known of each id.

    Null for the candidate, who cannot credit themself, and for somebody of whom no word is left.
    """
    found: dict[SourcePerson, UUID | None] = {}
    for person in credited:
        whole = said.get(person.external_id or "", person)
        ours = await _one(work, whole)
        found[person] = None if ours is None or ours.id == candidate.id else ours.id
    return found


async def _one(work: Work, person: SourcePerson) -> Person | None:
    if person.external_id is not None:
        return await _by_id(work, person.external_id, person)
    if person.email is not None:
        return await _find_or_make(work, person)
    is_known = person.name is not None and person.name != REMOVED
    return await _by_name(work, person.name or "") if is_known else None


async def _by_id(work: Work, external_id: str, person: SourcePerson) -> Person:
    """The user of the vendor's, under a lock that everybody takes who would make them known."""
    if (known := await _named_by(work, external_id)) is not None:
        return known
    await lock_subjects(work.session, work.connection, [PERSON + external_id])
    if (known := await _named_by(work, external_id)) is not None:
        return known
    ours = await _find_or_make(work, person)
    await external_refs.attach(work.session, "person", ours.id, work.system, external_id, now=work.now)
    return ours


async def _named_by(work: Work, external_id: str) -> Person | None:
    found = await external_refs.find(work.session, "person", work.system, external_id)
    return None if found is None else await present(work.session, await rows.find(work.session, Person, found))


async def _find_or_make(work: Work, person: SourcePerson) -> Person:
    name = person.name or person.email or f"User {person.external_id}"
    ours, is_new = await find_or_make_person(
        work.session, name=name, email=person.email, today=work.today, now=work.now
    )
    if is_new:
        work.note("person", ours.id, "created")
    return ours


async def _by_name(work: Work, name: str) -> Person | None:
    """Somebody the vendor knows by name alone: one person within the connection, and nobody whom others know.

    Null while everybody of the name is being forgotten: what was stored of them may still say it.
    """
    digest = hashlib.sha256(name_key(name).encode()).digest()
    if (known := await _called(work, digest)) is not None:
        return known
    if await _is_being_forgotten(work, name):
        return None
    await lock_subjects(work.session, work.connection, [f"{PERSON}sha256:{digest.hex()}"])
    if (known := await _called(work, digest)) is not None:
        return known
    ours = await _find_or_make(work, SourcePerson(name=name))
    work.session.add(ConnectionPerson(connection_id=work.connection.id, person_id=ours.id, name_hash=digest))
    await work.session.flush()
    return ours


async def _called(work: Work, digest: bytes) -> Person | None:
    statement = select(ConnectionPerson).where(
        ConnectionPerson.connection_id == work.connection.id, ConnectionPerson.name_hash == digest
    )
    found = (await work.session.execute(statement)).scalar_one_or_none()
    return (
        None if found is None else await present(work.session, await rows.find(work.session, Person, found.person_id))
    )


async def _is_being_forgotten(work: Work, name: str) -> bool:
    running = select(Erasure.needles).where(Erasure.state == ErasureState.RUNNING)
    found = (await work.session.execute(running)).scalars()
    return any(name_key(name) == name_key(form) for forms in found for form in forms)
