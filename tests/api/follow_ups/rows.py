"""Follow-ups written as rows, for what only reads them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from api.domain.follow_up_documents import follow_up_type_document
from api.domain.follow_up_tables import FOLLOW_UPS
from api.domain.vocabulary import FollowUpState, Owed
from api.models import FollowUp, FollowUpSubject
from api.platform.db import Databases
from api.platform.ids import encode, new_id
from tests.cast import START, Company


def uuid_of(public_id: str) -> UUID:
    """The id without its kind."""
    return UUID(public_id.rpartition("_")[2])


async def owe(databases: Databases, company: Company, *named: str, **columns: Any) -> str:
    """A new open follow-up, due on Wednesday unless the columns say otherwise; `named` are its subjects."""
    ids = {name: uuid_of(value) if isinstance(value, str) else value for name, value in columns.items() if is_id(name)}
    row = FollowUp(**(_plain(columns.get("due_at", datetime(2026, 3, 4, 8, tzinfo=UTC))) | columns | ids))
    async with databases.open_writing(company.workspace, actor={"type": "service", "id": None}) as session:
        session.add(row)
        await session.flush()
        session.add_all(FollowUpSubject(follow_up_id=row.id, subject_id=uuid_of(each)) for each in named)
        await session.commit()
    return encode("follow_up", row.id)


def is_id(name: str) -> bool:
    """Whether a column holds an id."""
    return name.endswith("_id") or name == "closed_by"


def _plain(due_at: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "type": "check_in_advocate",
        "rule": follow_up_type_document(FOLLOW_UPS[0]),
        "place": 4,
        "trigger": "at_risk",
        "trigger_id": new_id(),
        "triggered_at": START,
        "noticed_at": START,
        "due_on": due_at.date(),
        "due_at": due_at,
        "overdue_at": due_at + timedelta(hours=8),
        "standing": Owed.SCHEDULED,
        "state": FollowUpState.OPEN,
        "created_at": START,
        "updated_at": START,
    }
