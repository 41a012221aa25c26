"""Bases of every model on the wire, and the bounded types they are built from.

Bounds stand in the types, so that what the schema allows the database can hold: a number or text beyond them is a
422 that names the member, never a failure further down.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    MISSING,
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    Strict,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails, InitErrorDetails, PydanticCustomError, core_schema

from api.platform.body_bounds import faults_in

FIRST_YEAR = 1970
LAST_YEAR = 9998


class RequestModel(BaseModel):
    """A body a caller sends: unknown members are refused, and so is text that PostgreSQL cannot store."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="wrap")
    @classmethod
    def _refuse_helpfully(cls, value: Any, read: ModelWrapValidatorHandler[Self]) -> Self:
        if faults := faults_in(value):
            raise ValidationError.from_exception_data(cls.__name__, faults)
        try:
            return read(value)
        except ValidationError as error:
            raise ValidationError.from_exception_data(
                cls.__name__, [cls._told(each) for each in error.errors()]
            ) from None

    @classmethod
    def _told(cls, fault: ErrorDetails) -> InitErrorDetails:
        """The fault as it was found; one of an unknown member also names those that are known."""
        message = fault["msg"]
        if fault["type"] == "extra_forbidden" and len(fault["loc"]) == 1:
            message = f"There is no such member; known here: {', '.join(cls.model_fields) or 'none'}"
        told = PydanticCustomError(fault["type"], message, fault.get("ctx"))
        return InitErrorDetails(type=told, loc=fault["loc"], input=None)  # what was sent is not repeated


class PatchModel(RequestModel):
    """A JSON Merge Patch (RFC 7396): a member left out stays, `null` clears.

    Declare members as `title: ShortText | MISSING = MISSING`, and `note: LongText | MISSING | None = MISSING` where
    the member may be cleared.
    """

    def changes(self) -> dict[str, Any]:
        """The members the caller sent, by name, `None` where they are to be cleared."""
        members = ((name, getattr(self, name)) for name in type(self).model_fields)
        return {name: value for name, value in members if value is not MISSING}


class ResponseModel(BaseModel):
    """A body we send: every member is always present, null when empty; clients ignore members they do not know."""

    model_config = ConfigDict(
        json_schema_serialization_defaults_required=True, json_schema_mode_override="serialization"
    )


Row = TypeVar("Row")


class Listing(ResponseModel, Generic[Row]):
    """One page of a list. Subclass it with a name: `class Applications(Listing[ApplicationRow])`."""

    object: Literal["list"] = Field(default="list", description="Always `list`.", examples=["list"])
    data: list[Row] = Field(max_length=100, description="The rows of this page.")
    has_more: bool = Field(description="Whether another page follows.", examples=[False])
    next_cursor: str | None = Field(
        description="Send it as `cursor` to get the next page; null on the last page.", examples=[None]
    )


def _moment(value: object) -> datetime:
    if isinstance(value, str):
        return _in_utc(_parsed_moment(value))
    if isinstance(value, datetime) and value.tzinfo is not None:
        return _in_utc(value)
    raise PydanticCustomError("moment_type", "Input should be an RFC 3339 date and time, such as 2026-01-15T09:30:00Z")


_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _parsed_moment(text: str) -> datetime:
    if _MOMENT.fullmatch(text):
        try:
            return datetime.fromisoformat(text.upper())
        except ValueError:
            pass
    raise PydanticCustomError(
        "moment_parsing",
        "Input should be an RFC 3339 date and time with an offset and at most six decimals, such as "
        "2026-01-15T09:30:00Z; in a query a plus sign is written %2B",
    )


def _in_utc(value: datetime) -> datetime:
    # The outermost years are refused before the conversion, which would overflow there.
    if 1 < value.year < 9999:
        moment = value.astimezone(UTC)
        if FIRST_YEAR <= moment.year <= LAST_YEAR:
            return moment
    raise PydanticCustomError("moment_range", f"The year should be from {FIRST_YEAR} to {LAST_YEAR}")


_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _day(value: object) -> date:
    day = _parsed_day(value) if isinstance(value, str) else value
    if not isinstance(day, date) or isinstance(day, datetime):
        raise PydanticCustomError("day_type", "Input should be a date, such as 2026-01-15")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise PydanticCustomError("day_range", f"The year should be from {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _parsed_day(text: str) -> date:
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise PydanticCustomError("day_parsing", "Input should be a date that exists, such as 2026-01-15")


def normalise_email(address: str) -> str:
    """The form in which two e-mail addresses are compared; the address as given is kept beside it."""
    return unicodedata.normalize("NFKC", address.strip()).casefold().removesuffix(".")


def _comparable_email(address: str) -> str:
    # Two addresses that look alike would make two people of one.
    if any(unicodedata.category(character) in ("Cc", "Cf") for character in address):
        raise PydanticCustomError("email_invisible", "The address should have no invisible characters")
    # Normalising can lengthen text many times over, and the normalised form stands in an index of limited width.
    if len(normalise_email(address)) > 254:
        raise PydanticCustomError("email_too_long", "The address should have at most 254 characters when normalised")
    return address


def _usable_link(link: str) -> str:
    try:
        parts = urlsplit(link)
        usable = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        usable = False
    if not usable:
        raise PydanticCustomError("link_parsing", "Input should be an http or https URL without user name and password")
    return link


@dataclass(frozen=True, slots=True)
class _TextForm:
    """Pydantic metadata of a value that is text on the wire: how it is read, and its format.

    It is written by its own type. (`PlainValidator` would call Python for each value written, and warn.)
    """

    read: Callable[[object], object]
    text_format: str
    example: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "format": self.text_format, "examples": [self.example]}


NOT_BLANK = r"\S"
EMAIL = r"^[^\s@]+@[^\s@]+$"
LINK = r"^https?://[^\s/?#@\\]+([/?#]\S*)?$"
SYSTEM = r"^[a-z0-9][a-z0-9_.-]*$"

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NOT_BLANK)]
"""A name or title: 1 to 200 characters, not only white space."""
MediumText = Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=NOT_BLANK)]
"""A paragraph: 1 to 2,000 characters, not only white space."""
LongText = Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=NOT_BLANK)]
"""A page of text: 1 to 10,000 characters, not only white space."""

EmailAddress = Annotated[
    str,
    StringConstraints(min_length=3, max_length=254, pattern=EMAIL),
    AfterValidator(_comparable_email),
    Field(json_schema_extra={"format": "email"}, examples=["ada@example.com"]),
]
"""An e-mail address, kept as given; whether it works only a message can tell."""

Link = Annotated[
    str,
    StringConstraints(max_length=2_048, pattern=LINK),
    AfterValidator(_usable_link),
    Field(json_schema_extra={"format": "uri"}, examples=["https://example.com/jobs/42"]),
]
"""An http or https URL without user name and password, at most 2,048 characters."""

Moment = Annotated[datetime, _TextForm(_moment, "date-time", "2026-01-15T09:30:00Z")]
"""An RFC 3339 date and time with an offset, 1970 to 9998, held in UTC and written with `Z`."""

Day = Annotated[date, _TextForm(_day, "date", "2026-01-15")]
"""A calendar day, 1970 to 9998."""

SmallInt = Annotated[int, Field(strict=True, ge=0, le=32_767)]
"""A whole number from 0 to 32,767; neither text nor a fraction nor a truth value stands for it."""
Int32 = Annotated[int, Field(strict=True, ge=-(2**31), le=2**31 - 1)]
"""A whole number of 32 bits."""
Count = Annotated[int, Field(strict=True, ge=0, le=2**53 - 1)]
"""A whole number from 0 that every JSON parser holds exactly."""

Flag = Annotated[bool, Strict()]
"""`true` or `false`; nothing else stands for them."""

MOST_LABELS = 50


def _counted(labels: object) -> object:
    # Counted first: a thousand labels are one fault, not a thousand.
    if isinstance(labels, dict) and len(labels) > MOST_LABELS:
        raise PydanticCustomError("too_long", f"There should be at most {MOST_LABELS} names")
    return labels


Metadata = Annotated[
    dict[
        Annotated[str, StringConstraints(min_length=1, max_length=40)],
        Annotated[str, StringConstraints(max_length=500)],
    ],
    Field(max_length=MOST_LABELS, description="The caller's own notes, by name.", examples=[{"ats_id": "42"}]),
    BeforeValidator(_counted),
]
"""A map of the caller's own: at most 50 names of up to 40 characters, with texts of up to 500."""
