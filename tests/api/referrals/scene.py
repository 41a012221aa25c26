"""What the tests of referrals and references begin with, made through the API itself."""

from dataclasses import dataclass
from typing import Any

import httpx

Answer = dict[str, Any]

REASON = {
    "requirement": "Incident reviews",
    "claim": "Led every incident review for two years.",
    "basis": "observed_directly",
}


async def sent(client: httpx.AsyncClient, path: str, body: Answer | None = None) -> Answer:
    """The answer to a POST that must succeed."""
    response = await client.post(path, json=body)
    assert response.is_success, response.text
    answer: Answer = response.json()
    return answer


async def read(client: httpx.AsyncClient, path: str, **parameters: Any) -> Answer:
    """The answer to a GET that must succeed."""
    response = await client.get(path, params=parameters)
    assert response.status_code == 200, response.text
    answer: Answer = response.json()
    return answer


async def make_person(client: httpx.AsyncClient, name: str = "Ines Duarte") -> str:
    """A new person's id."""
    return str((await sent(client, "/v1/people", {"name": name}))["id"])


async def make_referrer(client: httpx.AsyncClient, name: str = "Ravi Menon") -> str:
    """A new referrer's id."""
    return str((await sent(client, "/v1/referrers", {"person": {"name": name}}))["id"])


@dataclass(frozen=True, slots=True)
class Scene:
    """A candidate, a job, and somebody who refers."""

    client: httpx.AsyncClient
    candidate: str
    job: str
    referrer: str

    async def refer(self, **members: Any) -> Answer:
        """A new referral of the candidate for the job, unless `members` say otherwise."""
        return await sent(self.client, "/v1/referrals", self.body(**members))

    def body(self, **members: Any) -> Answer:
        """The body that makes it."""
        return {"candidate_id": self.candidate, "referrer_id": self.referrer, "job_id": self.job, **members}

    async def apply(self, **members: Any) -> Answer:
        """The candidate's application for the job."""
        body = {"candidate_id": self.candidate, "job_id": self.job, **members}
        return await sent(self.client, "/v1/applications", body)

    async def tell(self, referral: Answer, verb: str, **body: Any) -> httpx.Response:
        """The answer to a verb on the referral."""
        return await self.client.post(f"/v1/referrals/{referral['id']}/{verb}", json=body)

    async def told(self, referral: Answer, verb: str, **body: Any) -> Answer:
        """The referral after a verb that must succeed."""
        response = await self.tell(referral, verb, **body)
        assert response.status_code == 200, response.text
        answer: Answer = response.json()
        return answer

    async def again(self, referral: Answer) -> Answer:
        """The referral as it is now."""
        return await read(self.client, f"/v1/referrals/{referral['id']}")

    async def level(self, application: Answer) -> str:
        """The level of the application as it was last announced."""
        support = (await read(self.client, f"/v1/applications/{application['id']}"))["support"]
        return str(support["level"])


async def make_scene(client: httpx.AsyncClient) -> Scene:
    """A scene of its own."""
    candidate = (await sent(client, "/v1/candidates", {"person": {"name": "Cleo Marsh"}}))["id"]
    job = (await sent(client, "/v1/jobs", {"title": "Data engineer"}))["id"]
    return Scene(client, candidate, job, await make_referrer(client))


async def event_types(client: httpx.AsyncClient, *kinds: str) -> list[str]:
    """The types of the events that begin with one of the kinds, in order."""
    listed = await read(client, "/v1/events", limit=100)
    return [event["type"] for event in listed["data"] if event["type"].startswith(kinds)]
