"""The bounded types and the bases of models."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import MISSING, BaseModel, Field, TypeAdapter, ValidationError

from api.platform.schemas import (
    Count,
    Day,
    EmailAddress,
    Flag,
    Int32,
    Link,
    LongText,
    Metadata,
    Moment,
    PatchModel,
    RequestModel,
    ShortText,
    SmallInt,
    normalise_email,
)


def accepts(kind: Any, value: object) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


class Note(RequestModel):
    title: str
    metadata: Metadata = Field(default_factory=dict)


class Patch(PatchModel):
    title: ShortText | MISSING = MISSING
    note: LongText | MISSING | None = MISSING


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        ({"title": "a\x00b"}, "text_has_nul", ("title",)),
        ({"title": "\ud800"}, "text_has_lone_surrogate", ("title",)),
        ({"title": "t", "metadata": {"k": "\udfff"}}, "text_has_lone_surrogate", ("metadata", "k")),
        ({"title": "t", "metadata": {"k\x00": "v"}}, "text_has_nul", ("metadata",)),
        ({"title": "t", "\ud800": "v"}, "text_has_lone_surrogate", ()),
        ({"title": "t", "\ud800": {"x": "\x00"}}, "text_has_lone_surrogate", ()),
    ],
)
def test_it_refuses_text_the_database_cannot_store(body: object, code: str, place: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError) as refused:
        Note.model_validate(body)
    first = refused.value.errors()[0]
    assert (first["type"], first["loc"]) == (code, place)


def test_it_reads_deeply_nested_bodies_without_recursion() -> None:
    value: object = "x"
    for _ in range(5_000):
        value = [value]
    with pytest.raises(ValidationError):
        Note.model_validate({"title": value})


def test_it_refuses_unknown_members() -> None:
    with pytest.raises(ValidationError) as refused:
        Note.model_validate({"title": "t", "stage": "x"})
    assert refused.value.errors()[0]["type"] == "extra_forbidden"


def test_it_tells_absent_from_null_in_a_patch() -> None:
    assert Patch.model_validate({}).changes() == {}
    assert Patch.model_validate({"note": None}).changes() == {"note": None}
    assert Patch.model_validate({"title": "t"}).changes() == {"title": "t"}
    with pytest.raises(ValidationError):
        Patch.model_validate({"title": None})


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-15T09:30:00Z", datetime(2026, 1, 15, 9, 30, tzinfo=UTC)),
        ("2026-01-15t09:30:00.123456z", datetime(2026, 1, 15, 9, 30, 0, 123456, tzinfo=UTC)),
        ("2026-01-15T09:30:00.5+02:00", datetime(2026, 1, 15, 7, 30, 0, 500000, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
        ("9998-12-31T23:59:59Z", datetime(9998, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_it_reads_moments_into_utc(text: str, moment: datetime) -> None:
    read = TypeAdapter(Moment).validate_python(text)
    assert read == moment
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [
        1768469400,
        1768469400.5,
        "1768469400",
        "2026-01-15",
        "2026-01-15T09:30Z",
        "2026-01-15T09:30:00",
        "2026-01-15T09:30:00.1234567Z",
        "2026-02-30T09:30:00Z",
        "2026-01-15T24:30:00Z",
        "2026-01-15T09:30:60Z",
        "9999-12-31T23:59:59-14:00",
        "9998-12-31T23:59:59-14:00",
        "1970-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00+14:00",
        "２026-01-15T09:30:00Z",
        "2026-01-15T09:30:00Z\n",
        datetime(2026, 1, 15),  # noqa: DTZ001
        True,
        None,
    ],
)
def test_it_refuses_what_is_no_moment(value: object) -> None:
    assert not accepts(Moment, value)


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-14)), timezone(timedelta(hours=14))])))
def test_it_never_overflows_on_moments(value: datetime) -> None:
    can_be_converted = 1 < value.year < 9999
    assert accepts(Moment, value) == (can_be_converted and 1970 <= value.astimezone(UTC).year <= 9998)


def test_it_writes_moments_with_z() -> None:
    class Held(BaseModel):
        at: Moment

    east = timezone(timedelta(hours=5))
    assert Held(at=datetime(2026, 1, 15, 9, 30, tzinfo=east)).model_dump_json() == '{"at":"2026-01-15T04:30:00Z"}'


@pytest.mark.parametrize(
    "value", [20260115, "2026-02-30", "2026-1-5", "1969-12-31", "9999-01-01", "2026-01-15T00:00:00Z", None]
)
def test_it_refuses_what_is_no_day(value: object) -> None:
    assert not accepts(Day, value)
    assert TypeAdapter(Day).validate_python("2026-01-15") == date(2026, 1, 15)


@pytest.mark.parametrize("kind", [SmallInt, Int32, Count])
@pytest.mark.parametrize("value", ["1", 1.0, True, 2**63, 2**31 * 2**31, -(2**31) - 1, None])
def test_it_takes_whole_numbers_strictly_and_within_bounds(kind: Any, value: object) -> None:
    assert not accepts(kind, value)
    assert accepts(kind, 1)


@pytest.mark.parametrize("value", [0, 1, "true", "yes", None])
def test_it_takes_truth_values_strictly(value: object) -> None:
    assert not accepts(Flag, value)
    assert accepts(Flag, False)


def test_it_bounds_text_and_metadata() -> None:
    assert accepts(ShortText, "x" * 200)
    assert not any(accepts(ShortText, text) for text in ("", "  ", "x" * 201))
    assert accepts(Metadata, {"k" * 40: "v" * 500})
    for bad in ({"k" * 41: "v"}, {"": "v"}, {"k": "v" * 501}, {"k": 1}, {str(n): "" for n in range(51)}):
        assert not accepts(Metadata, bad)


@pytest.mark.parametrize("link", ["https://example.com", "http://[::1]:8080/a?b#c", "https://bücher.example/ü"])
def test_it_takes_links(link: str) -> None:
    assert accepts(Link, link)


@pytest.mark.parametrize(
    "link",
    [
        "ftp://example.com",
        "javascript:alert(1)",
        "https://user:secret@example.com/",
        "https://user@example.com/",
        "https://",
        "https://exa mple.com",
        "https://example.com:99999",
        "https://[::1",
        "//example.com",
        "https://example.com/" + "x" * 2048,
    ],
)
def test_it_refuses_what_is_no_safe_link(link: str) -> None:
    assert not accepts(Link, link)


def test_it_keeps_an_address_as_given_and_compares_it_normalised() -> None:
    assert TypeAdapter(EmailAddress).validate_python("Ada@Example.com") == "Ada@Example.com"
    assert normalise_email(" Ａda@Example.COM ") == "ada@example.com"
    assert not any(accepts(EmailAddress, text) for text in ("ada", "a@b@c", "a b@c", "@c", "a@", "x" * 250 + "@c.de"))
    assert not accepts(EmailAddress, "\ufdfa" * 100 + "@c.de")
