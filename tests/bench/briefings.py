"""The briefing and the digest, each in relation to a page of 50 applications in the same rounds."""

import json
import urllib.request
from typing import Any

from tests.bench.figures import of_rounds, ratio
from tests.bench.load import Generator, request
from tests.bench.pages import FIRST
from tests.bench.service import Running

RECRUITER = f"person_0192f3a400017000800{60504:013x}"
"""On twelve jobs; the rows are dressed so that each section of the briefing shows something of theirs."""
PATHS = {
    "page": FIRST,
    "briefing_of_one": f"/v1/briefing?person={RECRUITER}",
    "briefing_of_all": "/v1/briefing",
    "digest": f"/v1/follow_ups/digest?owner={RECRUITER}",
}
SECTIONS = ("changed", "overdue", "lapsing", "exposed", "waiting")


def measure(server: Running, key: str, generator: Generator, *, rounds: int, seconds: float) -> dict[str, Any]:
    """Milliseconds of one request at a time, in turns, and how many times those of a page they are."""
    for name in ("briefing_of_one", "briefing_of_all"):
        shown = _get(server, PATHS[name], key)
        assert all(shown[section]["data"] for section in SECTIONS), {
            each: len(shown[each]["data"]) for each in SECTIONS
        }
    assert _get(server, PATHS["digest"], key)["overdue"]["data"], "the digest is empty"
    taken = [
        {
            name: generator.load(server.port, [request("GET", path, key)], connections=1, seconds=seconds).median
            for name, path in PATHS.items()
        }
        for _ in range(rounds)
    ]
    pages = [each["page"] for each in taken]
    ratios = {name: ratio([each[name] for each in taken], pages) for name in PATHS if name != "page"}
    return {"alone_ms": of_rounds(taken), "of_page": ratios, "rounds": taken}


def _get(server: Running, path: str, key: str) -> dict[str, Any]:
    asked = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(asked) as answer:
        found: dict[str, Any] = json.loads(answer.read())
        return found
