"""The person that a path names."""

from typing import Annotated

from fastapi import Depends

from api.models import Person
from api.platform import rows
from api.platform.deps import Reading, Tag, Writing
from api.platform.ids import PersonId


async def _person(person_id: PersonId, session: Reading) -> Person:
    return await rows.find(session, Person, person_id)


async def _person_for_update(person_id: PersonId, session: Writing, tag: Tag) -> Person:
    person = await rows.lock(session, Person, person_id)
    tag.check(person.version)
    return person


PersonFromPath = Annotated[Person, Depends(_person)]
"""The person of the path."""
PersonForUpdate = Annotated[Person, Depends(_person_for_update)]
"""The person of the path, locked; If-Match is compared with their version."""
