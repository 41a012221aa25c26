"""Every type of follow-up: what triggers it, whose it is, when it is due and what closes it.

In 2026: 2 March is a Monday. The application entered `applied` on Sunday 1 February.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest

from api.domain.vocabulary import (
    ActWord,
    FollowUpState,
)
from tests.domain.follow_up_stories import (
    acknowledged,
    answered,
    asked,
    at_risk,
    captured,
    ended,
    given,
    leaving,
    moved,
    offered,
    referred,
    succeeded,
    unconfirmed,
    waited,
)
from tests.domain.story_follow_ups import Office, local
from tests.domain.story_words import at, named

OPEN, COMPLETED, CANCELLED = FollowUpState.OPEN, FollowUpState.COMPLETED, FollowUpState.CANCELLED


@dataclass(frozen=True)
class Row:
    """A trigger with what it makes, and a story in which that is closed."""

    kind: str
    story: Callable[[], Office]
    owner: str
    about: str | None
    triggered: str
    due: tuple[str, str]
    closed: Callable[[], Office]
    closed_at: str


ROWS = [
    Row(
        "acknowledge_referral",
        referred,
        "Rita",
        "Ref",
        "6 March 15:00",
        ("10 Mar 09:00", "10 Mar 17:00"),
        acknowledged,
        "9 March 10:00",
    ),
    Row(
        "complete_capture",
        captured,
        "Rita",
        None,
        "6 March 15:00",
        ("9 Mar 09:00", "9 Mar 17:00"),
        lambda: captured("9 March 10:00"),
        "9 March 10:00",
    ),
    Row("answer_ask", asked, "Hanna", "Ada", "2 March", ("5 Mar 09:00", "5 Mar 17:00"), answered, "4 March 10:00"),
    Row(
        "update_supporters",
        moved,
        "Rita",
        "Ref",
        "6 March 15:00",
        ("10 Mar 09:00", "10 Mar 17:00"),
        lambda: moved("9 March 10:00"),
        "9 March 10:00",
    ),
    Row(
        "check_in_advocate",
        at_risk,
        "Rita",
        "Ada",
        "9 March 00:00",
        ("9 Mar 09:00", "9 Mar 17:00"),
        lambda: at_risk("10 March 10:00"),
        "10 March 10:00",
    ),
    Row(
        "confirm_act",
        unconfirmed,
        "Hanna",
        "Ada",
        "6 March 15:00",
        ("11 Mar 09:00", "11 Mar 17:00"),
        lambda: unconfirmed(ActWord.CONFIRMED),
        "9 March 10:00",
    ),
    Row(
        "hand_over",
        leaving,
        "Rita",
        "Ada",
        "3 March",
        ("16 Mar 09:00", "16 Mar 17:00"),
        lambda: leaving(second=True),
        "9 March 10:00",
    ),
    Row(
        "brief_new_decider",
        succeeded,
        "Rita",
        "Dan",
        "3 March 00:00",
        ("5 Mar 09:00", "5 Mar 17:00"),
        lambda: succeeded(heard=True),
        "4 March 10:00",
    ),
    Row(
        "thank_supporters",
        ended,
        "Hanna",
        "Ref",
        "6 March 15:00",
        ("10 Mar 09:00", "10 Mar 17:00"),
        lambda: ended("9 March 10:00"),
        "9 March 10:00",
    ),
    Row(
        "answer_candidate",
        waited,
        "Rita",
        "Cand",
        "16 February 00:00",
        ("16 Feb 09:00", "16 Feb 17:00"),
        lambda: waited("17 February 10:00"),
        "17 February 10:00",
    ),
    Row(
        "widen_coverage",
        leaving,
        "Rita",
        "Ada",
        "3 March",
        ("5 Mar 09:00", "5 Mar 17:00"),
        lambda: leaving(second=True),
        "9 March 10:00",
    ),
    Row(
        "request_reference",
        offered,
        "Rita",
        "Cand",
        "6 March 15:00",
        ("9 Mar 09:00", "9 Mar 17:00"),
        lambda: offered(asked_for=True),
        "9 March 10:00",
    ),
    Row(
        "thank_reference",
        given,
        "Rita",
        "Gil",
        "6 March 15:00",
        ("10 Mar 09:00", "10 Mar 17:00"),
        lambda: given("9 March 10:00"),
        "9 March 10:00",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.kind)
def test_its_trigger_makes_it_and_nothing_does_before(row: Row) -> None:
    story = row.story()
    made = story.only(row.kind, row.triggered)
    assert (made.owner_id, made.about.person_id) == (named(row.owner), row.about and named(row.about))
    assert (made.triggered_at, made.noticed_at, made.state) == (at(row.triggered), at(row.triggered), OPEN)
    assert local(made) == row.due
    assert story.owed(row.kind, _second_before(row.triggered)) == []


def _second_before(moment: str) -> str:
    number, month, *clock = moment.split()
    hour, minute = map(int, (clock[0] if clock else "12:00").split(":"))
    if hour + minute == 0:
        return f"{int(number) - 1} {month} 23:59:59"
    seconds = hour * 3600 + minute * 60 - 1
    return f"{number} {month} {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.kind)
def test_it_is_closed_by_what_its_type_says(row: Row) -> None:
    story = row.closed()
    assert story.only(row.kind, _second_before(row.closed_at)).state is OPEN
    closed = story.only(row.kind, row.closed_at)
    assert (closed.state, closed.closed_at) == (COMPLETED, at(row.closed_at))
    assert isinstance(closed.closed_by, UUID)
