"""Stored bytes: JSON of ours, JSON of vendors, and what is no JSON."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from api.domain.erasure import REMOVED, REMOVED_LINK
from api.domain.inbound import MessageState
from api.models import InboundMessage
from api.platform.ids import new_id
from api.privacy.bodies import without
from api.privacy.messages import redact_message
from api.privacy.needles import Needles, forms_of
from api.privacy.structure import Theirs, emptied

NOW = datetime(2026, 3, 2, tzinfo=UTC)
NEEDLES = Needles(forms_of("Zoë Vell", "zoe@example.com"))
THEIRS = Theirs(frozenset({"person_1", "candidate_1"}), frozenset({"application_1", "advocacy_1"}))


def same(value: Any) -> Any:
    return value


def test_escapes_are_read_and_numbers_stay_as_they_are() -> None:
    body = rb'{"id": 123456789012345678901234567890, "rate": 1.50, "by": "Zo\u00eb Vell", "other": "\u00fc"}'
    changed = without(body, NEEDLES, change=same)
    assert changed == '{"id":123456789012345678901234567890,"rate":1.5,"by":"A person, removed","other":"ü"}'.encode()


@pytest.mark.parametrize("body", [b"{}", b'{ "a" : 1 }', b"not JSON", b"\xff\x00", b"", b"[" * 100_000])
def test_bytes_without_a_mention_stay_byte_for_byte(body: bytes) -> None:
    assert without(body, NEEDLES, change=same) == body


@pytest.mark.parametrize(
    "body", [b'{"name": "Zo\\u00eb Vell"', "Zoë Vell".encode(), b"[" * 100_000 + b"zoe@example.com"]
)
def test_what_is_no_json_and_mentions_them_is_emptied(body: bytes) -> None:
    assert without(body, NEEDLES, change=same) == b""


def test_half_a_character_does_no_harm() -> None:
    assert json.loads(without(rb'["\ud800", "Zo\u00eb Vell"]', NEEDLES, change=same)) == ["\ud800", REMOVED]


def test_an_object_that_is_the_person_loses_name_address_and_labels() -> None:
    value = {"data": [{"id": "person_1", "name": "Z", "email": "z@x", "metadata": {"a": "b"}, "version": 3}]}
    gone = {"id": "person_1", "name": REMOVED, "email": None, "metadata": {}, "version": 3}
    assert emptied(value, THEIRS) == {"data": [gone]}


def test_beside_them_others_keep_their_names() -> None:
    value = {"candidate": {"id": "candidate_1", "name": "Z"}, "referrer": {"id": "referrer_2", "name": "Ravi"}}
    assert emptied(value, THEIRS)["referrer"]["name"] == "Ravi"


def test_texts_about_them_go_and_requirements_stay() -> None:
    reason = {"claim": "Runs it", "evidence": {"result": "x"}, "requirement": {"id": "requirement_9", "text": "Runs"}}
    act = {"id": "act_2", "advocacy_id": "advocacy_1", "text": "Hire!", "evidence_url": "https://x", "channel": "mail"}
    changed = emptied([{"application_id": "application_1", **reason}, act, {"claim": "of another"}], THEIRS)
    assert changed[0]["claim"] == "removed"
    assert (changed[0]["evidence"], changed[0]["requirement"]["text"]) == (None, "Runs")
    assert (changed[1]["text"], changed[1]["evidence_url"], changed[1]["channel"]) == (None, REMOVED_LINK, "mail")
    assert changed[2] == {"claim": "of another"}


def test_former_values_in_an_event_go_as_well() -> None:
    event = {"subject": {"type": "person", "id": "person_1"}, "data": {"id": "person_1"}, "previous": {"name": "Vell"}}
    assert emptied(event, THEIRS)["previous"] == {"name": REMOVED}
    event = {"subject": {"id": "reason_3"}, "data": {"application_id": "application_1"}, "previous": {"result": "x"}}
    assert emptied(event, THEIRS)["previous"] == {"result": None}


def message(body: bytes, parsed: dict[str, Any] | None = None) -> InboundMessage:
    return InboundMessage(
        connection_id=new_id(),
        delivery_key="1",
        received_at=NOW,
        headers={},
        body=body,
        state=MessageState.RECEIVED,
        parsed=parsed,
    )


def test_a_later_message_about_them_is_emptied_by_its_members() -> None:
    person = {
        "id": 7,
        "first_name": "Z",
        "last_name": "V",
        "phone_numbers": [{"value": "1"}],
        "created_at": "2026-01-02",
    }
    body = {"action": "a", "payload": {"application": {"id": 8, "candidate": person, "answers": ["x"], "rate": 2}}}
    row = message(json.dumps(body).encode(), {"candidate": {"external_id": "7", "name": "V", "emails": ["z@x"]}})
    assert redact_message(row, now=NOW)
    kept = {"id": 7, "first_name": None, "last_name": None, "phone_numbers": [], "created_at": "2026-01-02"}
    expected = {"action": "a", "payload": {"application": {"id": 8, "candidate": kept, "answers": [], "rate": 2}}}
    assert json.loads(row.body) == expected
    assert row.parsed == {"candidate": {"external_id": "7", "name": None, "emails": []}}
    assert row.redacted_at == NOW
    assert not redact_message(row, now=NOW), "nothing is left"


def test_of_whom_it_credits_only_that_one_is_emptied() -> None:
    users = [{"id": 5, "name": "Ravi", "email": "r@x"}, {"id": 6, "name": "Rita", "email": "s@x"}]
    row = message(
        json.dumps({"credited_to": users[0], "recruiter": users[1], "job": {"id": 5, "name": "Lead"}}).encode()
    )
    assert redact_message(row, now=NOW, candidate=False, users=frozenset({"5"}))
    assert json.loads(row.body) == {
        "credited_to": {"id": 5, "name": None, "email": None},
        "recruiter": users[1],
        "job": {"id": 5, "name": "Lead"},
    }


def test_a_later_message_that_cannot_be_read_is_emptied_whole() -> None:
    row = message(b'{"first_name": "Z"')
    assert redact_message(row, now=NOW)
    assert row.body == b""
