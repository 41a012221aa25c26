"""Making the call of a delivery: its body, its headers and its signatures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from api.domain.webhooks import Payload
from api.platform import signing
from api.platform.ids import encode
from api.platform.sealing import Sealer
from api.platform.thin import thin
from api.webhooks import headers, sent_headers
from api.webhooks.claimed import Claimed
from api.webhooks.secrets import keys
from api.webhooks.sender import Call

MOST_BYTES = 256 * 1024
"""Of a larger event only the thin form is sent."""


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
    body = delivery.body
    if receiver.payload is Payload.THIN or len(body) > MOST_BYTES:
        body = thin(body)
    event_id, timestamp = encode("event", delivery.event_id or delivery.id), int(now.timestamp())
    custom = _opened(receiver.headers, sealer)
    sent = sent_headers.request_headers(
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


@lru_cache(maxsize=4_096)
def _opened(sealed: bytes | None, sealer: Sealer) -> Mapping[str, str]:
    return headers.opened(sealed, sealer)
