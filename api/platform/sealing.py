"""Sealing: secrets that must be read again lie encrypted in the database, under a key that does not lie there.

Fernet (AES-128-CBC with HMAC-SHA256) of the `cryptography` library. Several keys may open, the first one seals, so that
a key is replaced by putting the new one first and sealing everything again.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from api.domain.errors import DomainError

KEY_FILE = "secret.key"


class SecretKeyMissing(DomainError):
    """The service was started without a key to seal secrets with, so it can keep none.

    Whoever runs it sets CHAMPIONED_SECRET_KEYS; `championed secrets new-key` prints a fresh one.
    """

    status = 503
    code = "secret_key_missing"
    title = "The service has no key to seal secrets with"


class SealBroken(SecretKeyMissing):
    """A sealed secret can be opened by none of the keys: the one that sealed it was taken away."""


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals and opens secrets. Without keys (`None`) both raise SecretKeyMissing."""

    keys: MultiFernet | None

    @classmethod
    def of(cls, keys: Iterable[str]) -> "Sealer":
        """A sealer of these keys, the first of which seals. Raises ValueError for one that is no key."""
        try:
            return cls(MultiFernet([Fernet(key.strip()) for key in keys]))
        except ValueError:
            raise ValueError("each key is 32 random bytes in URL-safe base64") from None

    def seal(self, secret: str) -> bytes:
        """The secret, encrypted and authenticated."""
        return self._usable().encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """The secret again. Raises SealBroken."""
        try:
            return self._usable().decrypt(sealed).decode()
        except InvalidToken:
            raise SealBroken("No key in CHAMPIONED_SECRET_KEYS opens this secret.") from None

    def renew(self, sealed: bytes) -> bytes:
        """The same secret sealed by the first key. Raises SealBroken."""
        try:
            return self._usable().rotate(sealed)
        except InvalidToken:
            raise SealBroken("No key in CHAMPIONED_SECRET_KEYS opens this secret.") from None

    def _usable(self) -> MultiFernet:
        if self.keys is None:
            raise SecretKeyMissing("Set CHAMPIONED_SECRET_KEYS; `championed secrets new-key` prints a fresh key.")
        return self.keys


def new_key() -> str:
    """A fresh random key."""
    return Fernet.generate_key().decode()


def own_key(data_dir: Path) -> str:
    """The key beside the embedded database, made at first use and readable by its owner alone."""
    path = data_dir / KEY_FILE
    data_dir.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = data_dir / f"{KEY_FILE}.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(new_key())
        # Linked rather than renamed: of two that start at once, the key of the first stays.
        with suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text().strip()
