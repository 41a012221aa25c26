"""The secrets an endpoint's deliveries are signed with: made, replaced without a gap, and opened for signing.

Each entry holds the HMAC secret that receivers share and an Ed25519 pair, both sealed, and the public key of the pair.
The newest entry is the first; one that was replaced goes on signing until it expires.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from api.platform import signing
from api.platform.sealing import Sealer
from api.webhooks.errors import TooManySecrets

MOST_SECRETS = 3

Entry = Mapping[str, Any]
"""One secret: `{hmac, ed25519, public_key, last_four, created_at, expires_at}`, as it lies in the database."""


def minted(sealer: Sealer, own: str | None, now: datetime) -> tuple[dict[str, Any], str]:
    """A new entry, with the caller's own HMAC secret or a fresh one, and that secret in plain.

    Raises SecretKeyMissing, and InvalidSecret for an own one that is none.
    """
    secret = signing.new_secret() if own is None else _checked(own)
    private = signing.new_ed25519()
    entry = {
        "hmac": sealer.seal(secret).decode(),
        "ed25519": sealer.seal(private).decode(),
        "public_key": signing.public_key(private),
        "last_four": secret[-4:],
        "created_at": now.isoformat(),
        "expires_at": None,
    }
    return entry, secret


def rotated(entries: Sequence[Entry], entry: Entry, grace: timedelta, now: datetime) -> list[dict[str, Any]]:
    """The live entries with a new one before them; the current one signs on for the span of grace, then no more.

    Without grace none of the former ones does: that is for secrets that have leaked. Raises TooManySecrets when more
    would be live than receivers can be expected to try.
    """
    if not grace:
        return [dict(entry)]
    current, *older = live(entries, now)
    kept = [dict(entry), {**current, "expires_at": (now + grace).isoformat()}, *map(dict, older)]
    if len(kept) > MOST_SECRETS:
        first = min(until for each in older if (until := expiry(each)) is not None)
        raise TooManySecrets(
            f"{MOST_SECRETS} secrets are in use until {first.isoformat()}; rotate after that, or now with a"
            " `grace_period_seconds` of 0.",
            next_expiry_at=first,
        )
    return kept


def live(entries: Sequence[Entry], now: datetime) -> list[Entry]:
    """The entries that sign at this moment, the newest first."""
    return [each for each in entries if (until := expiry(each)) is None or now < until]


def expiry(entry: Entry) -> datetime | None:
    """When the entry stops signing; None for the current one."""
    return None if entry["expires_at"] is None else datetime.fromisoformat(entry["expires_at"])


def keys(entries: Sequence[Entry], sealer: Sealer, now: datetime) -> Sequence[signing.Keys]:
    """The keys to sign with at this moment, the newest first. Raises SecretKeyMissing, SealBroken."""
    return [_opened(sealer, each["hmac"], each["ed25519"]) for each in live(entries, now)]


def public_key(entries: Sequence[Entry]) -> str:
    """The public half of the newest pair, by which receivers verify without sharing a secret."""
    key: str = entries[0]["public_key"]
    return key


def _checked(own: str) -> str:
    try:
        signing.decode_secret(own)
    except signing.InvalidSecret as refused:
        raise signing.InvalidSecret(refused.detail, pointer="#/secret") from None
    return own


# Opening costs more than signing, and the secrets of an endpoint seldom change.
@lru_cache(maxsize=4_096)
def _opened(sealer: Sealer, hmac: str, ed25519: str) -> signing.Keys:
    return signing.keys_of(sealer.open(hmac.encode()), sealer.open(ed25519.encode()))
