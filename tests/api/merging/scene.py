"""What the tests of merging say, on the scene of advocacies."""

from typing import Any

import httpx

from tests.api.advocacies.scene import HEARD, SEEN, Answer, Scene, got, sent


async def merged(client: httpx.AsyncClient, what: str, loser: str, into: str, **rest: Any) -> Answer:
    """The answer to a merge that must succeed; `what` is people or candidates."""
    return await sent(client, f"/v1/{what}/{loser}/merge", {"into": into, **rest}, 200)


async def refused(client: httpx.AsyncClient, what: str, loser: str, into: str) -> tuple[int, str]:
    """The status and code of a merge that must not succeed."""
    response = await client.post(f"/v1/{what}/{loser}/merge", json={"into": into})
    return response.status_code, response.json()["code"]


async def make_candidate(client: httpx.AsyncClient, name: str) -> tuple[str, str]:
    """A new candidate's id, and their person's."""
    made = await sent(client, "/v1/candidates", {"person": {"name": name}})
    return made["id"], made["person"]["id"]


async def apply(client: httpx.AsyncClient, candidate: str, job: str, **members: Any) -> Answer:
    """The candidate's application for the job."""
    return await sent(client, "/v1/applications", {"candidate_id": candidate, "job_id": job, **members})


async def advocate(client: httpx.AsyncClient, application: str, person: str, word: str = "agreed") -> Answer:
    """An advocacy of the person for the application."""
    made = (await sent(client, "/v1/advocates", {"person_id": person}))["id"]
    return await sent(client, "/v1/advocacies", {"application_id": application, "advocate_id": made, "word": word})


async def champion(scene: Scene) -> Answer:
    """Ada's act of Monday that makes Sam recommended."""
    await scene.begin("agreed")
    return await scene.act(reasons=[SEEN, HEARD])


async def events(client: httpx.AsyncClient, *beginnings: str) -> list[Answer]:
    """The events whose types begin like this, in order."""
    feed = await got(client, "/v1/events?limit=100")
    return [event for event in feed["data"] if event["type"].startswith(beginnings)]
