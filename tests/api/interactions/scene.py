"""What the tests of interactions begin with, made through the API itself."""

from dataclasses import dataclass
from typing import Any

import httpx

from tests.api.applications.scene import Answer, make_application, make_person, sent


@dataclass(frozen=True, slots=True)
class Scene:
    """Cleo applied; Rita administers the job, and Ada is nobody there."""

    client: httpx.AsyncClient
    application: str
    job: str
    cleo: str
    rita: str
    ada: str

    def body(self, **members: Any) -> Answer:
        """A call of somebody of the hiring side to Cleo about the application, unless `members` say otherwise."""
        call = {"person_id": self.cleo, "application_id": self.application, "kind": "call", "direction": "to_person"}
        return {**call, "recorded_by": self.rita, **members}

    async def record(self, **members: Any) -> Answer:
        """The interaction that this makes."""
        return await sent(self.client, "/v1/interactions", self.body(**members))

    async def refused(self, **members: Any) -> httpx.Response:
        """The answer to a body that is to be refused."""
        return await self.client.post("/v1/interactions", json=self.body(**members))

    async def tell(self, interaction: Answer, verb: str) -> httpx.Response:
        """The answer to a verb on the interaction."""
        path = f"/v1/interactions/{interaction['id']}/{verb}"
        return await self.client.post(path, json={"recorded_by": self.rita})

    async def listed(self, **parameters: Any) -> list[str]:
        """The ids in a list."""
        response = await self.client.get("/v1/interactions", params=parameters)
        assert response.status_code == 200, response.text
        return [each["id"] for each in response.json()["data"]]

    async def application_now(self) -> Answer:
        """The application as it is now."""
        answer: Answer = (await self.client.get(f"/v1/applications/{self.application}")).json()
        return answer

    async def owed(self, kind: str) -> list[Answer]:
        """The follow-ups of a type."""
        response = await self.client.get("/v1/follow_ups", params={"type": kind})
        assert response.status_code == 200, response.text
        return list(response.json()["data"])

    async def timeline(self) -> list[Answer]:
        """What happened to the application."""
        response = await self.client.get(f"/v1/applications/{self.application}/timeline")
        return list(response.json()["data"])


async def make_scene(client: httpx.AsyncClient) -> Scene:
    """A scene of its own."""
    candidate = await sent(client, "/v1/candidates", {"person": {"name": "Cleo Marsh", "email": "cleo@example.com"}})
    rita, ada = await make_person(client, "Rita Sands"), await make_person(client)
    member = {"person_id": rita, "power": "administers", "effective_on": "2026-02-01"}
    job = (await sent(client, "/v1/jobs", {"title": "Data engineer", "members": [member]}))["id"]
    body = {"candidate_id": candidate["id"], "job_id": job, "occurred_at": "2026-02-02T09:00:00Z"}
    application = (await make_application(client, **body))["id"]
    return Scene(client, application, job, candidate["person"]["id"], rita, ada)
