"""Edited tables: what makes sense is let through, what could never end or owes a thing twice is refused."""

from dataclasses import replace
from typing import Any

import pytest

from api.domain.follow_up_checks import SenselessRules, check_tables
from api.domain.follow_up_tables import FOLLOW_UPS, INVITATIONS
from api.domain.follow_up_types import Closing, FollowUpType, InvitationTrigger, Owner, Trigger


def edited(kind: str, **members: Any) -> tuple[FollowUpType, ...]:
    return tuple(replace(row, **members) if row.type == kind else row for row in FOLLOW_UPS)


def test_the_defaults_make_sense() -> None:
    check_tables(FOLLOW_UPS, INVITATIONS)


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("answer_ask", {"due": 1, "escalate_after": 2}),
        ("thank_reference", {"owner": Owner.DECIDER}),
        ("check_in_advocate", {"closed_by": (Closing.HIRING_SIDE_ACT, Closing.INTERACTION)}),
        ("answer_candidate", {"escalate_after": 2, "escalate_to": Owner.DECIDER}),
    ],
)
def test_sensible_edits_are_let_through(kind: str, members: dict[str, Any]) -> None:
    check_tables(edited(kind, **members), INVITATIONS)


@pytest.mark.parametrize(
    ("kind", "members", "reason"),
    [
        ("thank_reference", {"closed_by": ()}, "nothing closes it, so it could never end"),
        ("thank_reference", {"closed_by": (Closing.ANSWER,)}, "cannot happen to what 'reference_given' names"),
        ("update_supporters", {"closed_by": (Closing.MOVE, Closing.INTERACTION)}, "a move triggers it"),
        ("update_supporters", {"outlives_outcome": False}, "would cancel it at once"),
        ("thank_reference", {"triggers": ()}, "never happen"),
        ("thank_reference", {"triggers": (Trigger.BY_HAND,)}, "never happen"),
        ("thank_reference", {"owner": Owner.ADDRESSEE}, "names nobody who could be the owner"),
        ("thank_reference", {"counts_back": True}, "count back from"),
        ("thank_reference", {"due": 31}, "0 to 30 working days"),
        ("thank_reference", {"due": -1}, "0 to 30 working days"),
        ("answer_ask", {"escalate_after": 3}, "later than it is due"),
        ("answer_ask", {"escalate_after": 61}, "within 60"),
        ("answer_ask", {"escalate_to": Owner.ADDRESSEE}, "from somebody to themself"),
        ("answer_ask", {"escalate_to": Owner.AUDIENCE}, "to the recruiter or the decider"),
        ("thank_supporters", {"owner": Owner.RECRUITER}, "overlap"),
    ],
)
def test_senseless_edits_are_refused_with_the_reason(kind: str, members: dict[str, Any], reason: str) -> None:
    with pytest.raises(SenselessRules, match=reason):
        check_tables(edited(kind, **members), INVITATIONS)


def test_a_type_is_there_once() -> None:
    with pytest.raises(SenselessRules, match="there twice"):
        check_tables((*FOLLOW_UPS, FOLLOW_UPS[0]), INVITATIONS)


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"with_follow_ups": ("call_mother",)}, "no follow-up 'call_mother'"),
        ({"triggers": ()}, "nothing triggers it"),
        ({"replaces": "act"}, "no other 'act'"),
        ({"replaces": "hand_over"}, "never end"),
        ({"triggers": (InvitationTrigger.FOLLOW_UP,), "with_follow_ups": ()}, "never happen"),
    ],
)
def test_senseless_invitations_are_refused(members: dict[str, Any], reason: str) -> None:
    with pytest.raises(SenselessRules, match=reason):
        check_tables(FOLLOW_UPS, (replace(INVITATIONS[0], **members), *INVITATIONS[1:]))
