"""Who is meant: people who are known, and people who are to be made known by their address."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from api.captures.meanings import Address, ExternalId, Name, OurId, meant
from api.captures.schemas import Need
from api.captures.systems import unknown_external_id
from api.external_refs import service as external_refs
from api.models import Advocate, Person
from api.people.finding import by_email, by_name, present
from api.platform.ids import encode
from api.platform.schemas import normalise_email
from api.platform.sessions import WorkspaceSession


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person who is known by id, or else one who is to be made known by address, perhaps with a name."""

    person_id: UUID | None
    email: str | None = None
    name: str | None = None

    @property
    def key(self) -> UUID | str:
        """What two mentions of one person share."""
        return self.person_id or normalise_email(self.email or "")


async def find_somebody(session: WorkspaceSession, member: str, text: str) -> Somebody | Need:
    """Who is meant by the text of a member, or what is needed to tell; a mere name never tells."""
    match meant(text, ["person", "advocate"]):
        case OurId(kind, known_id):
            person = await _by_id(session, kind, known_id)
        case ExternalId(system, external_id):
            found = await external_refs.find(session, "person", system, external_id)
            if found is None:
                return await unknown_external_id(session, member, ExternalId(system, external_id))
            person = await _by_id(session, "person", found)
        case Address(email, name):
            person = await by_email(session, email)
            if person is None:
                return Somebody(None, email, name)
        case Name(name):
            named = [encode("person", each.id) for each in await by_name(session, name)]
            detail = f'"{name}": a name alone names nobody; send the e-mail address or an id.'
            return Need(name=member, code="only_a_name", detail=detail, suggestions=named)
    if person is None:
        return Need(name=member, code="unknown", detail="There is no such person here.", suggestions=[])
    return Somebody(person.id)


async def _by_id(session: WorkspaceSession, kind: str, known_id: UUID) -> Person | None:
    statement = select(Person).where(col(Person.id) == known_id)
    if kind == "advocate":
        joined = select(Person).join(Advocate, col(Advocate.person_id) == col(Person.id))
        statement = joined.where(col(Advocate.id) == known_id)
    person = (await session.execute(statement)).scalar_one_or_none()
    return None if person is None else await present(session, person)
