"""Somebody's desk: what they owe, put there as the service keeps it, and their calendar as a program reads it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event
from sqlmodel import select

from api.domain.calendar import due_on
from api.domain.policy import Policy
from api.domain.vocabulary import FollowUpState, Owed
from api.models import FollowUp
from api.platform.db import Databases
from api.platform.ids import decode, new_id
from api.platform.sessions import WorkspaceRef
from tests.api.advocacies.scene import Answer, make_person, sent
from tests.cast import START

CALENDARS = "/v1/calendars"
TUESDAY = date(2026, 3, 3)


@dataclass
class Desk:
    """Rita's desk, and the address of her calendar."""

    client: httpx.AsyncClient
    databases: Databases
    workspace: WorkspaceRef
    rita: str
    made: Answer

    @property
    def address(self) -> str:
        """The path of the calendar."""
        return urlsplit(self.made["url"]).path

    async def owe(self, day: date = TUESDAY, *, zone: str = "Europe/Berlin", **members: Any) -> UUID:
        """Let Rita owe something by a day; ids may come in their public form."""
        due = due_on(day, Policy(), ZoneInfo(zone))
        values: dict[str, Any] = {
            "id": new_id(),
            "owner_id": self.rita,
            "type": "update_supporters",
            "state": FollowUpState.OPEN,
            "standing": Owed.SCHEDULED,
            "trigger_id": new_id(),
            "created_at": START,
            "updated_at": START,
            **members,
        }
        values = {name: _bare(each) if name.endswith("_id") else each for name, each in values.items()}
        row = FollowUp(
            **values,
            rule={},
            place=0,
            trigger="moved_on",
            triggered_at=START,
            noticed_at=START,
            due_on=due.day,
            due_at=due.due_at,
            overdue_at=due.overdue_at,
        )
        async with self.databases.open_writing(self.workspace, actor={}) as session:
            session.add(row)
            await session.commit()
        return row.id

    async def change(self, follow_up_id: UUID, **members: Any) -> None:
        """Change what is kept of a follow-up, as a verb does."""
        async with self.databases.open_writing(self.workspace, actor={}) as session:
            row = (await session.execute(select(FollowUp).where(FollowUp.id == follow_up_id))).scalar_one()
            for name, value in {"version": row.version + 1, **members}.items():
                setattr(row, name, value)
            await session.commit()

    async def fetch(self, **headers: str) -> httpx.Response:
        """The answer to a program, which has no key."""
        request = self.client.build_request("GET", self.address, headers=headers)
        request.headers.pop("authorization", None)
        return await self.client.send(request)

    async def events(self) -> list[Event]:
        """The events of the calendar, read by another library than the one that wrote them."""
        return read(await self.fetch())


def read(answer: httpx.Response) -> list[Event]:
    """The events in an answer."""
    assert answer.status_code == 200, answer.text
    return IcsCalendarStream.calendar_from_ics(answer.text).events


def starts(event: Event) -> datetime:
    """When an event starts."""
    assert isinstance(event.dtstart, datetime)
    return event.dtstart


def _bare(value: Any) -> Any:
    return decode(value.rpartition("_")[0], value) if isinstance(value, str) else value


async def make_desk(client: httpx.AsyncClient, databases: Databases, workspace: WorkspaceRef) -> Desk:
    """Rita with an empty desk and a calendar."""
    rita = await make_person(client, "Rita Sands")
    made = await sent(client, CALENDARS, {"owner_id": rita})
    return Desk(client, databases, workspace, rita, made)
