"""What one transaction works with while it brings our records in line with what a vendor said."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from api.domain.calendar import day_of
from api.inbound.mapping import Mapping
from api.models import Connection
from api.platform.ids import encode
from api.platform.sessions import WriteSession


@dataclass(slots=True)
class Work:
    """The connection and what its words mean, the present moment, and what was changed so far.

    `is_forgotten`: what the vendor sent is about somebody who is to be forgotten. `kept_as`: of somebody who
    stays though the vendor forgot them, as what they are known here.
    """

    session: WriteSession
    connection: Connection
    mapping: Mapping
    now: datetime
    zone: ZoneInfo
    effects: list[dict[str, Any]] = field(default_factory=list)
    is_forgotten: bool = False
    kept_as: Sequence[str] = ()

    @property
    def today(self) -> date:
        """The calendar day in the workspace's time zone."""
        return day_of(self.now, self.zone)

    @property
    def system(self) -> str:
        """The name under which the vendor's ids are kept."""
        return self.connection.system

    def note(self, kind: str, row_id: UUID, what: str) -> None:
        """Remember that a row was changed, as it will be told of the message that caused it."""
        self.effects.append({"type": kind, "id": encode(kind, row_id), "what": what})
