"""What the tests of advocacies and acts begin with, made through the API itself."""

from dataclasses import dataclass, field
from typing import Any

import httpx

Answer = dict[str, Any]

SEEN = {"requirement": "Runs systems in production", "claim": "Kept billing up.", "basis": "observed_directly"}
HEARD = {"requirement": "Mentors others", "claim": "Taught three juniors.", "basis": "heard_from"}


async def sent(client: httpx.AsyncClient, path: str, body: Answer | None = None, status: int = 0) -> Answer:
    """The answer to a POST that must succeed, or end with the given status."""
    response = await client.post(path, json=body)
    assert response.status_code in ((status,) if status else (200, 201)), response.text
    answer: Answer = response.json()
    return answer


async def got(client: httpx.AsyncClient, path: str) -> Answer:
    """The answer to a GET that must succeed."""
    response = await client.get(path)
    assert response.status_code == 200, response.text
    answer: Answer = response.json()
    return answer


async def make_person(client: httpx.AsyncClient, name: str) -> str:
    """A new person's id."""
    return str((await sent(client, "/v1/people", {"name": name}))["id"])


@dataclass
class Scene:
    """Sam applied for a job that Hana, the hiring manager, decides and Rita, a recruiter, administers.

    Ada could speak up for Sam; `advocacy` is hers, once it is made.
    """

    client: httpx.AsyncClient
    sam: str
    hana: str
    rita: str
    ada: str
    job: str
    application: str
    advocate: str
    advocacy: str = field(default="")

    async def begin(self, word: str = "proposed", **members: Any) -> Answer:
        """Make Ada's advocacy."""
        body = {"application_id": self.application, "advocate_id": self.advocate, "word": word, **members}
        made = await sent(self.client, "/v1/advocacies", body)
        self.advocacy = made["id"]
        return made

    async def read(self) -> Answer:
        """Ada's advocacy as it is now."""
        return await got(self.client, f"/v1/advocacies/{self.advocacy}")

    async def say(self, verb: str, status: int = 200, **body: Any) -> Answer:
        """The answer to a verb on Ada's advocacy."""
        return await sent(self.client, f"/v1/advocacies/{self.advocacy}/{verb}", body, status)

    async def act(self, status: int = 201, **members: Any) -> Answer:
        """The answer to an act of Ada's, recorded by her, spoken to Hana, with two reasons unless given."""
        body = {"kind": "spoke", "audience": [self.hana], "reasons": [SEEN, HEARD], "recorded_by": self.ada, **members}
        return await sent(self.client, f"/v1/advocacies/{self.advocacy}/acts", body, status)

    async def on(self, act: Answer, verb: str, by: str, status: int = 200, **body: Any) -> Answer:
        """The answer to a verb on an act, said by somebody."""
        return await sent(self.client, f"/v1/acts/{act['id']}/{verb}", {"recorded_by": by, **body}, status)

    async def tell(self, verb: str, **body: Any) -> Answer:
        """The application after a verb."""
        return await sent(self.client, f"/v1/applications/{self.application}/{verb}", body)

    async def support(self) -> Answer:
        """How the application is backed."""
        return await got(self.client, f"/v1/applications/{self.application}/support")

    async def events(self, *kinds: str) -> list[Answer]:
        """The events of these types, in order; without types, the types of all."""
        feed = await got(self.client, "/v1/events?limit=100")
        return [event for event in feed["data"] if event["type"] in kinds]

    async def event_types(self, *beginnings: str) -> list[str]:
        """The types of the events that begin like this, in order."""
        feed = await got(self.client, "/v1/events?limit=100")
        return [event["type"] for event in feed["data"] if event["type"].startswith(beginnings)]


async def make_scene(client: httpx.AsyncClient, stage: str = "applied") -> Scene:
    """The scene without Ada's advocacy."""
    sam, hana, rita, ada = [await make_person(client, name) for name in ("Sam Reyes", "Hana", "Rita", "Ada Okafor")]
    members = [
        {"person_id": hana, "power": "decides", "is_hiring_manager": True, "effective_on": "2026-01-05"},
        {"person_id": rita, "power": "administers", "effective_on": "2026-01-05"},
    ]
    job = (await sent(client, "/v1/jobs", {"title": "Data engineer", "members": members}))["id"]
    candidate = (await sent(client, "/v1/candidates", {"person_id": sam}))["id"]
    body = {"candidate_id": candidate, "job_id": job, "stage": stage, "occurred_at": "2026-02-02T09:00:00Z"}
    application = (await sent(client, "/v1/applications", body))["id"]
    advocate = (await sent(client, "/v1/advocates", {"person_id": ada}))["id"]
    return Scene(client, sam, hana, rita, ada, job, application, advocate)
