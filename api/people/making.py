"""Finding a person by their address, or else making them known: for whoever learns of people from elsewhere."""

from datetime import date, datetime

from api.models import Person
from api.people.finding import by_email
from api.people.schemas import PersonCreate
from api.people.service import PersonExists, create_person
from api.platform.sessions import WriteSession

LONGEST_NAME = 200


async def find_or_make_person(
    session: WriteSession,
    *,
    name: str | None,
    email: str | None,
    today: date,
    now: datetime,
    time_zone: str | None = None,
    metadata: dict[str, str] | None = None,
) -> tuple[Person, bool]:
    """The person with this address, or whom they were merged into; else a new one. Whether they are new comes second.

    Without an address it is always a new person, since a name is only a hint. Without a name, which then may not lack
    an address, they are called by the address. Who is known stays as they are. Of two transactions that make
    the same person at once, one makes them and the other waits and finds them.
    """
    if email is not None and (known := await by_email(session, email)) is not None:
        return known, False
    named = (name or email or "")[:LONGEST_NAME]
    data = PersonCreate(name=named, email=email, time_zone=time_zone, metadata=metadata or {})
    try:
        return (await create_person(session, data, today=today, now=now)).person, True
    except PersonExists:
        known = await by_email(session, email or "")
        if known is None:
            raise
        return known, False
