"""A body is refused early: what is wrong with it is found in bounded time, and said in bounded words."""

from typing import Any

import pytest
from pydantic import Field, ValidationError

from api.platform.body_bounds import MOST_FAULTS, MOST_MEMBERS, MOST_VALUES
from api.platform.schemas import Metadata, RequestModel


class Note(RequestModel):
    title: str
    metadata: Metadata = Field(default_factory=dict)


def faults(body: Any) -> list[Any]:
    with pytest.raises(ValidationError) as refused:
        Note.model_validate(body)
    return refused.value.errors()


def test_it_stops_at_a_hundred_faults() -> None:
    assert len(faults({"title": ["\x00"] * 4_000})) == MOST_FAULTS


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({f"m{n}": 1 for n in range(MOST_MEMBERS + 1)}, ()),
        ({"title": "t", "metadata": {str(n): 1 for n in range(MOST_MEMBERS + 1)}}, ("metadata",)),
        ({"title": [1] * MOST_VALUES}, ("title",)),
        ({"title": [[1] * 100] * 100}, None),
    ],
)
def test_it_refuses_too_much_before_it_looks_at_it(body: Any, place: tuple[str, ...] | None) -> None:
    (fault,) = faults(body)
    assert fault["type"] == "too_many_members"
    assert place is None or fault["loc"] == place


def test_too_many_labels_are_one_fault() -> None:
    (fault,) = faults({"title": "t", "metadata": {str(n): 1 for n in range(51)}})
    assert (fault["type"], fault["loc"]) == ("too_long", ("metadata",))


def test_an_unknown_member_is_told_the_known_ones() -> None:
    (fault,) = faults({"title": "t", "titel": "t"})
    assert fault["msg"] == "There is no such member; known here: title, metadata"
