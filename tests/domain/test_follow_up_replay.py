"""What is derived to be owed is what a slow look at every moment writes down."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given, note

from tests.domain.following_up import derive_follow_ups
from tests.domain.history_contacts import Told, end_of, examples, told_histories
from tests.replay.follow_ups import replay_follow_ups
from tests.replay.inviting import Cards
from tests.replay.owing import Ledger

Row = dict[str, object]


@examples(10)
@given(told_histories())
def test_derived_follow_ups_equal_the_replay(told: Told) -> None:
    as_of = end_of(told)
    note(f"as_of={as_of}")
    derived = derive_follow_ups(*told, as_of=as_of)
    fast = {
        key: {
            "trigger": each.trigger,
            "triggered_at": each.triggered_at,
            "noticed_at": each.noticed_at,
            "owner": each.owner_id,
            "due": (each.due_on, each.due_at, each.overdue_at),
            "escalated": each.escalated,
            "state": (each.state, each.closed_at),
            "snoozed_until": each.snoozed_until,
        }
        for key, each in derived.course.follow_ups.items()
    }
    ledger, cards = replay_follow_ups(*told, as_of=as_of)
    assert differences(fast, written(ledger)) == {}
    invited = {
        key: (each.asker_id, each.invited_at, each.expires_at, each.state, each.ended_at, each.is_unanswered)
        for key, each in derived.course.invitations.items()
    }
    assert differences(invited, handed_out(cards)) == {}


def differences(fast: Mapping[Any, object], slow: Mapping[Any, object]) -> dict[object, object]:
    """What each says of where they differ."""
    return {key: (fast.get(key), slow.get(key)) for key in {*fast, *slow} if fast.get(key) != slow.get(key)}


def handed_out(cards: Cards) -> dict[object, object]:
    return {
        key: (card.asker, card.at, card.expires_at, card.state, card.ended_at, card.unanswered)
        for key, card in cards.cards.items()
    }


def written(ledger: Ledger) -> dict[object, Row]:
    return {
        key: {
            "trigger": item.need.trigger,
            "triggered_at": item.need.at,
            "noticed_at": item.noticed_at,
            "owner": item.owner,
            "due": (item.due, item.due_at, item.overdue_at),
            "escalated": item.escalated,
            "state": (item.state, item.closed_at),
            "snoozed_until": item.snoozed_until,
        }
        for key, item in ledger.items.items()
    }
