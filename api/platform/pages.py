"""Pages of a list: sort orders from a closed list, opaque cursors, and the comparison that continues after one.

A page continues after the last row's sort values and id, never at an offset, so it survives rows that come and go,
the last row itself included. A cursor grants nothing: it is unsigned, and what it holds is checked like any input.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import ColumnElement, UnaryExpression, and_, or_
from sqlalchemy.sql import operators

from api.domain.errors import Unprocessable
from api.platform.body_bounds import text_fault
from api.platform.problems import BadRequest
from api.platform.queries import MAX_CURSOR_LENGTH
from api.platform.schemas import Day, Int32, Moment

Row = TypeVar("Row")
Position = tuple[Any, ...]
"""The sort values of a row and its id, in the order's own sequence."""

_VERSION = "1"
_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)
_DAY: TypeAdapter[date] = TypeAdapter(Day)
_INT: TypeAdapter[int] = TypeAdapter(Int32)


class CursorInvalid(BadRequest):
    """The cursor is not one that this list has given out."""

    code = "cursor_invalid"
    title = "The cursor is not valid"


class CursorMismatch(BadRequest):
    """The cursor belongs to another list, to other filters or to another order."""

    code = "cursor_mismatch"
    title = "The cursor belongs to another query"


class InvalidOrderBy(Unprocessable):
    """`order_by` names something this list cannot be sorted by."""

    code = "invalid_order_by"
    title = "The list cannot be sorted like this"


@dataclass(frozen=True, slots=True)
class Term:
    """One column of a sort order; `kind` is the type of its values."""

    name: str
    kind: type
    descending: bool

    @property
    def direction(self) -> str:
        """`asc` or `desc`."""
        return "desc" if self.descending else "asc"


@dataclass(frozen=True, slots=True)
class Order:
    """How one request sorts one collection: its terms, the last of which is always `id`."""

    collection: str
    terms: tuple[Term, ...]

    def cursor(self, position: Position, filters: Mapping[str, Any]) -> str:
        """The cursor that continues after the row at `position` under the same filters."""
        values = [_written(value) for value in position]
        text = json.dumps([self._fingerprint(filters), *values], separators=(",", ":"))
        return _VERSION + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def position(self, cursor: str | None, filters: Mapping[str, Any]) -> Position | None:
        """The position a cursor holds, None without one; raises `CursorInvalid` or `CursorMismatch`."""
        if cursor is None:
            return None
        fingerprint, *values = _opened(cursor)
        if fingerprint != self._fingerprint(filters):
            raise CursorMismatch("Keep the filters and the order of the first page, or start again without the cursor.")
        if len(values) != len(self.terms):
            raise _invalid_cursor()
        return tuple(_read(value, term.kind) for value, term in zip(values, self.terms, strict=True))

    def clauses(self, columns: Mapping[str, ColumnElement[Any]]) -> list[UnaryExpression[Any]]:
        """The ORDER BY of a select, given the column of each term."""
        return [columns[term.name].desc() if term.descending else columns[term.name].asc() for term in self.terms]

    def after(self, position: Position, columns: Mapping[str, ColumnElement[Any]]) -> ColumnElement[bool]:
        """The condition of a select for the rows that follow `position`."""
        *leading, last = zip((columns[term.name] for term in self.terms), self.terms, position, strict=True)
        condition = _beyond(*last)
        for column, term, value in reversed(leading):
            reached = column.operate(operators.le if term.descending else operators.ge, value)
            # The first part repeats what the second implies, so that an index on the column is used.
            condition = and_(reached, or_(_beyond(column, term, value), condition))
        return condition

    def sql(self, columns: Mapping[str, str]) -> str:
        """The ORDER BY of hand-made SQL, given the column expression of each term."""
        return ", ".join(f"{columns[term.name]} {term.direction}" for term in self.terms)

    def sql_after(self, columns: Mapping[str, str], *, first_parameter: int) -> str:
        """The condition of hand-made SQL for the rows that follow a position.

        The values of the position are the parameters `$first_parameter` and following.
        """
        names = [columns[term.name] for term in self.terms]
        marks = [f"${first_parameter + index}" for index in range(len(names))]
        signs = ["<" if term.descending else ">" for term in self.terms]
        if len(set(signs)) == 1:
            return f"({', '.join(names)}) {signs[0]} ({', '.join(marks)})"
        condition = f"{names[-1]} {signs[-1]} {marks[-1]}"
        for name, sign, mark in reversed(list(zip(names[:-1], signs[:-1], marks[:-1], strict=True))):
            condition = f"({name} {sign}= {mark} and ({name} {sign} {mark} or {condition}))"
        return condition

    def _fingerprint(self, filters: Mapping[str, Any]) -> str:
        chosen = {
            name: sorted(map(str, value)) if isinstance(value, list) else str(value) for name, value in filters.items()
        }
        order = [f"{term.name} {term.direction}" for term in self.terms]
        text = json.dumps([self.collection, order, chosen], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Orders:
    """What a collection may be sorted by: its columns, none of which is ever null, and the order when none is asked."""

    collection: str
    columns: Mapping[str, type]
    default: str

    def parse(self, text: str | None) -> Order:
        """The order asked for, such as `created_at desc,id`; raises `InvalidOrderBy`.

        `id` is added at the end in the direction of the term before it.
        """
        terms = [self._term(part) for part in (text or self.default).split(",")]
        names = [term.name for term in terms]
        if len(set(names)) < len(names) or "id" in names[:-1]:
            raise _invalid_order("each column once, and 'id' last")
        if "id" not in names:
            terms.append(Term("id", UUID, terms[-1].descending))
        return Order(self.collection, tuple(terms))

    def _term(self, part: str) -> Term:
        name, *direction = part.split()[:3] or [""]
        kind = UUID if name == "id" else self.columns.get(name)
        if kind is None or direction not in ([], ["asc"], ["desc"]):
            raise _invalid_order(f"a column of {', '.join(self.columns)}, with 'desc' after it or not")
        return Term(name, kind, direction == ["desc"])


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of one page and the cursor of the next, None on the last page."""

    rows: Sequence[Row]
    next_cursor: str | None

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        return self.next_cursor is not None


def cut(
    rows: Sequence[Row], limit: int, *, order: Order, filters: Mapping[str, Any], position: Callable[[Row], Position]
) -> Page[Row]:
    """The page out of up to `limit + 1` rows: the extra row only shows that more follow."""
    if len(rows) <= limit:
        return Page(rows, None)
    shown = rows[:limit]
    return Page(shown, order.cursor(position(shown[-1]), filters))


def next_link(url: str, cursor: str) -> str:
    """The `Link` header (RFC 8288) to the next page of the list at `url`."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "cursor"]
    target = urlunsplit(parts._replace(query=urlencode([*query, ("cursor", cursor)]), fragment=""))
    return f'<{target}>; rel="next"'


def _beyond(column: ColumnElement[Any], term: Term, value: Any) -> ColumnElement[bool]:
    return column.operate(operators.lt if term.descending else operators.gt, value)


def _written(value: Any) -> str | int:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int | str) and not isinstance(value, bool):
        return value
    raise TypeError(f"a cursor cannot hold {type(value).__name__}")


def _opened(cursor: str) -> list[Any]:
    """What a cursor holds, unchecked but for being a list that begins with text."""
    if not cursor.startswith(_VERSION) or len(cursor) > MAX_CURSOR_LENGTH:
        raise _invalid_cursor()
    try:
        padded = cursor[1:] + "=" * (-(len(cursor) - 1) % 4)
        held = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, RecursionError) as error:
        raise _invalid_cursor() from error
    if not isinstance(held, list) or not held:
        raise _invalid_cursor()
    return held


def _read(value: Any, kind: type) -> Any:
    try:
        return _READERS[kind](value)
    except (ValueError, ValidationError) as error:
        raise _invalid_cursor() from error


def _read_uuid(value: Any) -> UUID:
    if not isinstance(value, str) or len(value) != 32 or not value.isascii() or not value.isalnum():
        raise ValueError("not an id")
    return UUID(value)


def _read_text(value: Any) -> str:
    if not isinstance(value, str) or text_fault(value):
        raise ValueError("not storable text")
    return value


_READERS: Mapping[type, Callable[[Any], Any]] = {
    datetime: _MOMENT.validate_python,
    date: _DAY.validate_python,
    int: _INT.validate_python,
    UUID: _read_uuid,
    str: _read_text,
}


def _invalid_cursor() -> CursorInvalid:
    return CursorInvalid("Send next_cursor of the page before exactly as it was, or leave the cursor out.")


def _invalid_order(allowed: str) -> InvalidOrderBy:
    detail = f"order_by takes {allowed}, separated by commas."
    return InvalidOrderBy(detail, errors=[{"parameter": "order_by", "code": InvalidOrderBy.code, "detail": detail}])
