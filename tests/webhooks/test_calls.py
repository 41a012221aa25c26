"""The body that a call is made with: whole or thin, by what the endpoint asks for and by how large the event is."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
import pytest

from api.domain.webhooks import Payload, PayloadFormat, Trigger
from api.platform.sealing import Sealer, new_key
from api.platform.sessions import WorkspaceRef
from api.platform.signing import verify
from api.webhooks import secrets
from api.webhooks.calls import Prepared, prepare
from api.webhooks.claimed import Claimed, Receiver

NOW = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
ID = UUID("019a3f64-0000-7000-8000-000000000001")
MOST_BYTES = 262_144
EVENT = {
    "id": "evt_1",
    "type": "person.updated",
    "timestamp": "2026-03-02T11:00:00.000000Z",
    "subject": {"type": "person", "id": "per_1"},
    "data": {"id": "per_1", "name": ""},
    "previous": {"name": "Ada"},
}
THIN = {**EVENT, "data": {"id": "per_1"}, "previous": None}
SEALER = Sealer.of([new_key()])
ENTRY, SECRET = secrets.minted(SEALER, None, NOW)


def event_of(size: int) -> bytes:
    """An event of so many bytes."""
    without_name = len(orjson.dumps(EVENT))
    return orjson.dumps({**EVENT, "data": {"id": "per_1", "name": "a" * (size - without_name)}})


def prepared(body: bytes, payload: Payload = Payload.FULL, **members: Any) -> Prepared:
    """The call for a delivery of this body to an endpoint that asks for this payload."""
    asked = {"payload": payload, "payload_format": PayloadFormat.STANDARD, "headers": None, **members}
    workspace = WorkspaceRef(1, ID, False)
    url = "https://receiver.example.com/"
    receiver = Receiver(workspace=workspace, id=ID, url=url, is_ordered=False, secrets=[ENTRY], **asked)
    delivery = Claimed(
        receiver=receiver,
        id=ID,
        token=ID,
        lease_until=NOW + timedelta(minutes=1),
        event_id=ID,
        event_number=1,
        event_type="person.updated",
        subject_id=ID,
        trigger=Trigger.SCHEDULE,
        attempts=0,
        tries=0,
        first_failure_at=None,
        told_failing_at=None,
        body=body,
    )
    return prepare(delivery, SEALER, product_version="0", now=NOW)


def sent(body: bytes, payload: Payload = Payload.FULL, **members: Any) -> Mapping[str, Any]:
    """What the receiver reads."""
    read: Mapping[str, Any] = orjson.loads(prepared(body, payload, **members).call.body)
    return read


@pytest.mark.parametrize("size", [1_000, MOST_BYTES - 1, MOST_BYTES])
def test_an_event_of_256_kib_is_sent_as_it_is_stored(size: int) -> None:
    body = event_of(size)
    assert len(body) == size
    assert prepared(body).call.body == body


@pytest.mark.parametrize("size", [MOST_BYTES + 1, 2 * MOST_BYTES])
@pytest.mark.parametrize("payload", Payload)
def test_of_a_larger_event_the_thin_form_alone_is_sent(payload: Payload, size: int) -> None:
    assert sent(event_of(size), payload) == THIN


def test_an_endpoint_may_ask_for_the_thin_form_of_all_events() -> None:
    assert sent(event_of(1_000), Payload.THIN) == THIN


def test_in_an_envelope_the_same_bounds_hold() -> None:
    enveloped = {"payload_format": PayloadFormat.CLOUDEVENTS}
    assert sent(event_of(MOST_BYTES), **enveloped)["data"] == orjson.loads(event_of(MOST_BYTES))
    assert sent(event_of(MOST_BYTES + 1), **enveloped)["data"] == THIN


@pytest.mark.parametrize("size", [1_000, MOST_BYTES + 1])
def test_what_is_signed_and_kept_is_what_is_sent(size: int) -> None:
    made = prepared(event_of(size))
    assert made.body_sha256 == sha256(made.call.body).digest()
    verify(made.call.headers, made.call.body, SECRET, NOW)
