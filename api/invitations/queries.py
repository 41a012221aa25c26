"""What an answer about invitations needs beside their rows."""

from collections.abc import Sequence

from api.invitations import schemas
from api.models import Invitation
from api.people.queries import people_by_id
from api.platform.sessions import WorkspaceSession


async def answers(session: WorkspaceSession, rows: Sequence[Invitation]) -> list[schemas.Invitation]:
    """Invitations as they are answered; one statement however many they are."""
    named = {each for row in rows for each in (row.person_id, row.asker_id) if each is not None}
    people = await people_by_id(session, named) if named else {}
    return [
        schemas.Invitation.of(row, people[row.person_id], people[row.asker_id] if row.asker_id else None)
        for row in rows
    ]
