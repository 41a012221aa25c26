"""What becomes of realistic messages; none makes a level that it should not."""

import pytest

from tests.api.captures.company import GOOD, Office
from tests.api.captures.messages import MESSAGES, Message


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
async def test_it_becomes_what_it_should(office: Office, message: Message) -> None:
    answer = await office.capture(message.status, **message.body)
    if message.code is not None:
        assert answer["code"] == message.code
        assert (await office.read("captures"))["data"] == []
    elif message.needs:
        assert (answer["state"], answer["act_id"], answer["support"]) == ("needs_details", None, None)
        assert tuple(f"{need['name']}:{need['code']}" for need in answer["needs"]) == message.needs
    else:
        assert (answer["state"], answer["needs"]) == ("completed", [])
        await _check_act(office, answer, message)
    await _check_levels(office, message)


async def _check_act(office: Office, capture: dict[str, object], message: Message) -> None:
    support = capture["support"]
    assert isinstance(support, dict)
    assert (support["before"]["level"], support["after"]["level"]) == ("none", message.after)
    assert capture["warnings"] == list(message.warnings)
    advocacy = await office.read(f"advocacies/{capture['advocacy_id']}")
    assert (advocacy["state"], advocacy["is_volunteered"]) == (message.advocacy, message.advocacy == "active")
    act = await office.read(f"acts/{capture['act_id']}")
    assert (act["counts"], act["qualifies"]) == (message.counts, message.after == "recommended")


async def _check_levels(office: Office, message: Message) -> None:
    """Nobody is better backed than the message says, and one message never makes more than one better backed."""
    levels = [row["support"]["level"] for row in (await office.read("applications?limit=100"))["data"]]
    assert sorted(levels) == sorted(["none"] * (len(levels) - 1) + [message.after])


async def test_the_same_message_again_makes_nothing_better(office: Office) -> None:
    link = "https://example.slack.com/archives/C01/p1"
    for status in (201, 200, 200):
        answer = await office.capture(status, source_url=link, ask="interview")
    assert answer["support"]["after"]["level"] == "recommended"
    for _ in range(2):
        again = await office.capture(ask="interview")
    assert again["support"]["after"]["level"] == "recommended", "a day is one contact, however often it is told"
    assert await office.level() == "recommended"


def test_there_are_forty_and_all_of_the_good_message() -> None:
    assert len(MESSAGES) >= 40
    assert all(message.body.keys() <= {*GOOD, "candidate", *_OPTIONAL} for message in MESSAGES)


_OPTIONAL = ("job", "ask", "ask_to", "channel", "source_url", "text", "occurred_at", "kind", "before_process")
