"""What candidates, referrers and advocates share: each is a person in that role, a record of its own."""

from datetime import datetime

from pydantic import MISSING, Field
from pydantic.json_schema import SkipJsonSchema

from api import models
from api.domain.errors import Unprocessable
from api.domain.vocabulary import Owed
from api.owed.schemas import FILTER
from api.people import queries, service
from api.people.schemas import PersonCreate
from api.platform.ids import PersonId
from api.platform.queries import ListQuery
from api.platform.references import require_present
from api.platform.revisions import MetadataPatch
from api.platform.schemas import Metadata, PatchModel, RequestModel, ResponseModel
from api.platform.sessions import WriteSession


class NamedPerson(ResponseModel):
    """A person, by name."""

    id: PersonId = Field(description="The person.")
    name: str = Field(description="The name, as given.", examples=["Ada Okafor"])
    email: str | None = Field(description="The e-mail address, as given.", examples=["ada@example.com"])

    @classmethod
    def of(cls, row: models.Person) -> "NamedPerson":
        """The person by name."""
        return cls(id=row.id, name=row.name, email=row.email)


class RoleCreate(RequestModel):
    """A person to be put in a role: one who is known, or a new one."""

    person_id: PersonId | None = Field(default=None, description="A person who is known; either this or `person`.")
    person: PersonCreate | None = Field(
        default=None, description="A person to be made known at the same time; either this or `person_id`."
    )
    metadata: Metadata = Field(default_factory=dict)


class RoleUpdate(PatchModel):
    """A change to a person in a role. Name and address belong to the person."""

    metadata: MetadataPatch | MISSING = Field(default=MISSING)


class RolesQuery(ListQuery):
    """Which people in a role, in which order."""

    person_id: PersonId | SkipJsonSchema[None] = Field(default=None, description="Only this person.")
    order_by: str | SkipJsonSchema[None] = Field(
        default=None,
        max_length=200,
        description="`created_at`, with ` desc` after it for the latest first.",
        examples=["created_at desc"],
    )


class OwedRolesQuery(RolesQuery):
    """The same for roles that follow-ups name."""

    follow_up_state: list[Owed] = Field(default=[], max_length=20, description=FILTER)


async def person_for_role(session: WriteSession, data: RoleCreate, *, now: datetime) -> models.Person:
    """The person to be put in a role, or whom they were merged into, made known if need be.

    Raises UnknownReference or PersonExists.
    """
    if data.person_id is not None and data.person is None:
        return await require_present(session, models.Person, data.person_id, "#/person_id")
    if data.person is None or data.person_id is not None:
        raise Unprocessable("Send either 'person_id' or 'person'.", pointer="#/person_id")
    today = await queries.today(session, now)
    known = await service.create_person(session, data.person, today=today, now=now, pointer="#/person")
    return known.person
