"""Signatures of what is sent to receivers, exactly as Standard Webhooks 1.0.0 has them.

Signed is `<webhook-id>.<webhook-timestamp>.<body>`, by HMAC-SHA256 (`v1`) and by Ed25519 (`v1a`). Everything here is
about bytes: a body that was parsed and rendered again no longer verifies.
"""

import hmac
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from api.domain.errors import Unprocessable

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
TOLERANCE_SECONDS = 300

_SECRET, _PRIVATE, _PUBLIC = "whsec_", "whsk_", "whpk_"
_SECRET_SHAPE = re.compile(r"whsec_[A-Za-z0-9+/]{32,86}={0,2}", re.ASCII)
_NEW_BYTES, _LEAST_BYTES, _MOST_BYTES = 32, 24, 64
_SEED_BYTES = 32


class InvalidSecret(Unprocessable):
    """The signing secret is not `whsec_` and 24 to 64 bytes in standard base64 with padding."""

    code = "invalid_signing_secret"
    title = "The signing secret is invalid"


class NotVerified(Exception):
    """A delivery that its signature does not prove to be genuine and fresh; the text says why."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What one secret of an endpoint signs with: the decoded bytes of `whsec_`, and the key of `whsk_`."""

    hmac: bytes
    ed25519: Ed25519PrivateKey


def new_secret() -> str:
    """A fresh secret for HMAC: `whsec_` and 32 random bytes."""
    return _SECRET + b64encode(secrets.token_bytes(_NEW_BYTES)).decode()


def decode_secret(secret: str) -> bytes:
    """The key that a `whsec_` secret stands for: its decoded bytes, never its text. Raises InvalidSecret."""
    if not _SECRET_SHAPE.fullmatch(secret):
        raise InvalidSecret("Send 'whsec_' and 24 to 64 random bytes in standard base64 with its padding.")
    text = secret.removeprefix(_SECRET)
    try:
        key = b64decode(text, validate=True)
    except ValueError:
        key = b""
    # Decoders differ about padding that is wrong and bits that are left over, so that receivers might not agree.
    if b64encode(key).decode() != text:
        raise InvalidSecret("What follows 'whsec_' is not standard base64 with its padding.")
    if not _LEAST_BYTES <= len(key) <= _MOST_BYTES:
        raise InvalidSecret(f"The secret has {len(key)} bytes; {_LEAST_BYTES} to {_MOST_BYTES} are possible.")
    return key


def new_ed25519() -> str:
    """A fresh private key for Ed25519: `whsk_` and 64 bytes, the seed and the public key after it."""
    key = Ed25519PrivateKey.generate()
    return _PRIVATE + b64encode(key.private_bytes_raw() + key.public_key().public_bytes_raw()).decode()


def public_key(private: str) -> str:
    """The `whpk_` that verifies what a `whsk_` signs. Raises ValueError for text that is no such key."""
    return _PUBLIC + b64encode(_ed25519_of(private).public_key().public_bytes_raw()).decode()


def keys_of(secret: str, private: str) -> Keys:
    """What a `whsec_` and a `whsk_` sign with. Raises InvalidSecret for the one, ValueError for the other."""
    return Keys(decode_secret(secret), _ed25519_of(private))


def signatures(event_id: str, timestamp: int, body: bytes, keys: Sequence[Keys]) -> str:
    """The value of `webhook-signature`: for each of the keys, newest first, a `v1` and a `v1a` entry."""
    signed = _signed(event_id, str(timestamp), body)
    return " ".join(
        f"v1,{b64encode(_hmac(each.hmac, signed)).decode()} v1a,{b64encode(each.ed25519.sign(signed)).decode()}"
        for each in keys
    )


def verify(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> None:
    """Raises NotVerified unless one entry of the signature is right for `secret` and the time within 300 seconds.

    `secret` is a `whsec_`, which verifies `v1`, or a `whpk_`, which verifies `v1a`; entries of other versions are
    passed over. Names of headers may be in any case. A secret that is neither raises InvalidSecret.
    """
    given = {name.lower(): value for name, value in headers.items()}
    if missing := [name for name in (ID, TIMESTAMP, SIGNATURE) if not given.get(name)]:
        raise NotVerified(f"missing header: {', '.join(missing)}")
    _check_time(given[TIMESTAMP], now)
    signed = _signed(given[ID], given[TIMESTAMP], body)
    entries = (entry.partition(",") for entry in given[SIGNATURE].split(" "))
    if not any(_is_right(version, signature, signed, secret) for version, _, signature in entries):
        raise NotVerified("no entry of the signature is right for this secret")


def _check_time(timestamp: str, now: datetime) -> None:
    if not re.fullmatch(r"[0-9]{1,12}", timestamp, re.ASCII):
        raise NotVerified(f"{TIMESTAMP} is not a number of seconds")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        raise NotVerified(f"{TIMESTAMP} is more than {TOLERANCE_SECONDS} seconds away")


def _is_right(version: str, signature: str, signed: bytes, secret: str) -> bool:
    is_public = secret.startswith(_PUBLIC)
    if version != ("v1a" if is_public else "v1"):
        return False
    try:
        given = b64decode(signature, validate=True)
    except ValueError:
        return False
    return (
        _proves(given, signed, secret)
        if is_public
        else hmac.compare_digest(given, _hmac(decode_secret(secret), signed))
    )


def _proves(signature: bytes, signed: bytes, public: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(b64decode(public.removeprefix(_PUBLIC), validate=True))
    except ValueError:
        raise InvalidSecret("What follows 'whpk_' is not a public key for Ed25519 in standard base64.") from None
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _signed(event_id: str, timestamp: str, body: bytes) -> bytes:
    return b"".join((event_id.encode(), b".", timestamp.encode(), b".", body))


def _hmac(key: bytes, signed: bytes) -> bytes:
    return hmac.digest(key, signed, "sha256")


def _ed25519_of(private: str) -> Ed25519PrivateKey:
    key = b64decode(private.removeprefix(_PRIVATE), validate=True)
    if not private.startswith(_PRIVATE) or len(key) != 2 * _SEED_BYTES:
        raise ValueError("a private key is 'whsk_' and 64 bytes in standard base64")
    return Ed25519PrivateKey.from_private_bytes(key[:_SEED_BYTES])
