"""Making the call of a delivery: its body, its headers and its signatures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from api.domain.webhooks import Payload, PayloadFormat
from api.platform import signing
from api.platform.ids import encode
from api.platform.sealing import Sealer
from api.platform.thin import thin
from api.webhooks import cloudevents, headers, sent_headers
from api.webhooks.claimed import Claimed
from api.webhooks.secrets import keys
from api.webhooks.sender import Call

MOST_BYTES = 256 * 1024
"""Of an event with a larger body only the thin form is sent; the envelope does not count."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A call, and what the record of the attempt keeps of it: its headers without what may be a password, its hash.

    `secrets` are the words that the record keeps nowhere.
    """

    call: Call
    logged_headers: Mapping[str, str]
    body_sha256: bytes
    secrets: Sequence[str]


def prepare(delivery: Claimed, sealer: Sealer, *, product_version: str, now: datetime) -> Prepared:
    """The call for a delivery, signed for this moment of real time. Raises SecretKeyMissing or SealBroken.

    `webhook-id` is the event's id, whatever the attempt; a test has no event and is known by its own id.
    """
    receiver = delivery.receiver
    content_type, body = _content(delivery)
    event_id, timestamp = encode("event", delivery.event_id or delivery.id), int(now.timestamp())
    custom = _opened(receiver.headers, sealer)
    sent = sent_headers.request_headers(
        content_type=content_type,
        event_id=event_id,
        timestamp=timestamp,
        signature=signing.signatures(event_id, timestamp, body, keys(receiver.secrets, sealer, now)),
        delivery_id=encode("delivery", delivery.id),
        attempt=delivery.attempts + 1,
        product_version=product_version,
        custom=custom,
    )
    key = (receiver.workspace.id, receiver.id)
    call = Call(url=receiver.url, headers=sent, body=body, key=key, at=now)
    secrets = sent_headers.secret_words(custom)
    return Prepared(call, sent_headers.logged(sent, custom), sha256(body).digest(), secrets)


def _content(delivery: Claimed) -> tuple[str, bytes]:
    """The media type of what is sent, and its bytes: the same on every attempt."""
    receiver, body = delivery.receiver, delivery.body
    if receiver.payload is Payload.THIN or len(body) > MOST_BYTES:
        body = thin(body)
    if receiver.payload_format is PayloadFormat.CLOUDEVENTS:
        return cloudevents.CONTENT_TYPE, cloudevents.enveloped(body, receiver.workspace)
    return sent_headers.CONTENT_TYPE, body


@lru_cache(maxsize=4_096)
def _opened(sealed: bytes | None, sealer: Sealer) -> Mapping[str, str]:
    return headers.opened(sealed, sealer)
