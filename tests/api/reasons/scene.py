"""What the tests of reasons begin with."""

import httpx

from tests.api.applications.scene import Answer, sent

CLAIM = {"requirement": "Runs systems in production", "claim": "Kept our billing import running for two years."}
EVIDENCE = {
    "challenge": "The import failed twice a week.",
    "action": "She rewrote its scheduler.",
    "result": "No failed night in nine months.",
    "link": "https://example.com/postmortem",
}


async def make_reason(client: httpx.AsyncClient, application: Answer, **members: object) -> Answer:
    """A new reason of the application."""
    return await sent(client, f"/v1/applications/{application['id']}/reasons", {**CLAIM, **members})
