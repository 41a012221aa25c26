"""Calendars on the wire."""

from typing import Literal, Self

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api import models
from api.platform.ids import CalendarId, PersonId
from api.platform.queries import ListQuery
from api.platform.schemas import Listing, Moment, RequestModel, ResponseModel

FEED_PATH = "/v1/calendars/{token}.ics"


class CalendarsQuery(ListQuery):
    """Which calendars a list shows."""

    order_by: str | SkipJsonSchema[None] = Field(
        default=None, max_length=200, description="`created_at`, with `desc` after it or not; the latest come first."
    )
    owner: PersonId | SkipJsonSchema[None] = Field(default=None, description="Of this person's follow-ups.")


class CalendarCreate(RequestModel):
    """A calendar to be made."""

    owner_id: PersonId = Field(description="Whose follow-ups it shows, and whom you hand the address to.")


class CalendarOwner(ResponseModel):
    """The person whose follow-ups a calendar shows."""

    id: PersonId = Field(description="The person.")
    name: str = Field(description="Their name.", examples=["Hana Lindqvist"])


class Calendar(ResponseModel):
    """A secret address at which a calendar program reads what its owner owes. The address is shown once."""

    id: CalendarId = Field(description="The calendar.")
    object: Literal["calendar"] = Field(default="calendar", description="Always `calendar`.", examples=["calendar"])
    owner: CalendarOwner = Field(description="Whose follow-ups it shows.")
    revoked_at: Moment | None = Field(description="When it stopped working for good; null while it works.")
    created_at: Moment = Field(description="When it was made.")
    updated_at: Moment = Field(description="When something of it last changed.")
    version: int = Field(description="Rises with every change; the ETag.", examples=[1])

    @classmethod
    def of(cls, row: models.Calendar, owner: models.Person) -> "Calendar":
        """The calendar as it is stored, with its owner."""
        members = {name: getattr(row, name) for name in cls.model_fields.keys() - {"object", "owner"}}
        return cls(**members, owner=CalendarOwner(id=owner.id, name=owner.name))


class CalendarWithUrl(Calendar):
    """A calendar with its secret address, which no later answer shows."""

    url: str = Field(
        description="What to subscribe to in a calendar program. Whoever knows it reads the calendar.",
        examples=["https://example.com/v1/calendars/k3v9q0x7m2c8t4z1b6n5w0h7r2p9d4j8f1s6g3y5l0a7e2u9i4.ics"],
    )

    @classmethod
    def with_token(cls, row: models.Calendar, owner: models.Person, token: str, public_url: str) -> Self:
        """The calendar as it is stored, with the address that its fresh token makes."""
        return cls(**Calendar.of(row, owner).model_dump(), url=public_url + FEED_PATH.format(token=token))


class CalendarList(Listing[Calendar]):
    """One page of calendars."""
