"""Public ids, parsed and written alike wherever they stand."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from api.platform.ids import AdvocateId, InvalidId, JobMemberId, ReferrerId, WrongIdKind, decode, encode, new_id

KNOWN = UUID("0192f3a4-b5c6-7d8e-9f00-112233445566")


class Named(BaseModel):
    """A model that is request and response at once."""

    advocate_id: AdvocateId


def test_it_makes_time_ordered_ids_of_version_7() -> None:
    first, second = new_id(), new_id()
    assert type(first) is UUID
    assert first.version == 7
    assert first.hex[:11] <= second.hex[:11]


@given(st.uuids())
def test_it_reads_what_it_writes(value: UUID) -> None:
    assert decode("job_member", encode("job_member", value)) == value
    adapter = TypeAdapter(JobMemberId)
    assert adapter.validate_python(encode("job_member", value)) == value


@given(st.text())
def test_it_refuses_garbage(text: str) -> None:
    with pytest.raises(InvalidId):
        decode("advocate", text)


@pytest.mark.parametrize(
    "text", [KNOWN.hex, str(KNOWN), f"advocate_{KNOWN.hex.upper()}", f"advocate_{KNOWN.hex}\n", 7, None]
)
def test_it_takes_nothing_but_the_public_text(text: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(AdvocateId).validate_python(text)


def test_it_names_both_kinds_when_the_kind_is_wrong() -> None:
    with pytest.raises(WrongIdKind) as caught:
        decode("advocate", f"referrer_{KNOWN.hex}")
    assert caught.value.detail == "this is a referrer id; an advocate id is needed"
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(ReferrerId).validate_python(f"job_member_{KNOWN.hex}")
    assert [error["type"] for error in refused.value.errors()] == ["wrong_id_kind"]


def test_it_writes_the_public_text_in_json_and_keeps_the_uuid_in_code() -> None:
    named = Named(advocate_id=KNOWN)
    assert named.model_dump() == {"advocate_id": KNOWN}
    assert named.model_dump_json() == f'{{"advocate_id":"advocate_{KNOWN.hex}"}}'


def test_its_schema_is_the_same_for_requests_and_responses() -> None:
    reading, writing = (Named.model_json_schema(mode=mode) for mode in ("validation", "serialization"))
    assert reading == writing
    member = reading["properties"]["advocate_id"]
    assert member["type"] == "string"
    assert member["pattern"] == "^advocate_[0-9a-f]{32}$"
