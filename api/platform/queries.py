"""Query parameters: what every list accepts, and types for text that stands for numbers and truth values.

Refusing unknown and repeated parameters is the work of `routes.Route`, for every route alike.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from api.platform.body_bounds import text_fault

MAX_CURSOR_LENGTH = 2_000


def _whole_number(value: object) -> object:
    # Lax integers would also take "1.0", " 1" and "1_0".
    if isinstance(value, str):
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 19):
            raise PydanticCustomError("int_parsing", "Input should be a whole number written in digits")
    return value


def _true_or_false(value: object) -> object:
    if isinstance(value, str) and value not in ("true", "false"):
        raise PydanticCustomError("bool_parsing", "Input should be true or false")
    return value


IN_DIGITS = BeforeValidator(_whole_number)
"""For a number with bounds of its own, as in `Annotated[int, Field(ge=1, le=100), IN_DIGITS]`: digits alone."""
QueryInt = Annotated[int, Field(ge=-(2**31), le=2**31 - 1), IN_DIGITS]
"""A whole number of 32 bits in a query."""
QueryCount = Annotated[int, Field(ge=0, le=2**53 - 1), IN_DIGITS]
"""A whole number from 0 in a query, such as the number of an event."""
QueryFlag = Annotated[bool, BeforeValidator(_true_or_false)]
"""`true` or `false` in a query."""


class Query(BaseModel):
    """Base of query-parameter models, used as `query: Annotated[ActsQuery, fastapi.Query()]`.

    An optional parameter is `T | SkipJsonSchema[None]` with default None, so that its schema is not nullable.
    """

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unstorable_text(cls, value: Any) -> Any:
        texts = value.values() if isinstance(value, dict) else ()
        for text in texts:
            for part in text if isinstance(text, list) else [text]:
                if isinstance(part, str) and (fault := text_fault(part)):
                    raise fault
        return value


class ListQuery(Query):
    """What every list accepts; subclasses add their filters."""

    limit: Annotated[int, Field(ge=1, le=100), IN_DIGITS] = Field(
        default=20, description="How many rows a page has at most."
    )
    cursor: str | SkipJsonSchema[None] = Field(
        default=None, max_length=MAX_CURSOR_LENGTH, description="`next_cursor` of the page before."
    )

    def filters(self) -> dict[str, Any]:
        """The parameters that choose rows, by their public names, as JSON values: what a cursor is bound to."""
        given = self.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"limit", "cursor", "order_by"})
        # A filter that is not used must not tell a cursor from one that was given out before there was that filter.
        return {name: value for name, value in given.items() if value != []}
