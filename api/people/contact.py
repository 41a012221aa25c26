"""Whether something may be sent to a person: not to whoever asked not to be contacted, nor to whoever was removed."""

from datetime import datetime

from api.domain.errors import Unprocessable
from api.domain.people import availability_on
from api.domain.vocabulary import Availability
from api.models import Person
from api.people.queries import dated_records, today
from api.people.service import PersonAnonymized
from api.platform.sessions import WorkspaceSession


class DoNotContact(Unprocessable):
    """The person does not want to be contacted: nothing is proposed or sent to them. Records about them stay possible.

    Only their own word ends that.
    """

    code = "do_not_contact"
    title = "The person does not want to be contacted"


async def require_contactable(session: WorkspaceSession, person: Person, pointer: str, *, now: datetime) -> None:
    """Refuse to send something to a person who may not be contacted today, under whichever id that was recorded.

    Raises DoNotContact at `pointer`, and PersonAnonymized.
    """
    if person.anonymized_at is not None:
        raise PersonAnonymized("The person was anonymised; nothing can be sent to them.")
    records = (await dated_records(session, [person.id]))[person.id]
    if availability_on(records.availability, await today(session, now)).state is Availability.DO_NOT_CONTACT:
        raise DoNotContact("The person does not want to be contacted.", pointer=pointer)
