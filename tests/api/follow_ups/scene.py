"""What the tests of follow-ups made by hand begin with, made through the API itself."""

from dataclasses import dataclass
from typing import Any

import httpx

from tests.api.applications.scene import make_application, make_person
from tests.api.referrals.scene import Answer, read, sent

LIST = "/v1/follow_ups"


@dataclass(frozen=True, slots=True)
class Scene:
    """Sam's application for a job that Rita administers and Hana decides."""

    client: httpx.AsyncClient
    application: Answer
    rita: str
    hana: str

    @property
    def job(self) -> str:
        """The job's id."""
        return str(self.application["job"]["id"])

    def body(self, **members: Any) -> Answer:
        """The body that makes a follow-up that Rita owes by Friday; null takes a member out."""
        body = {
            "type": "send_contract",
            "application_id": self.application["id"],
            "owner_id": self.rita,
            "due_on": "2026-03-06",
            **members,
        }
        return {name: value for name, value in body.items() if value is not None}

    async def make(self, **members: Any) -> Answer:
        """It, made."""
        return await sent(self.client, LIST, self.body(**members))

    async def tell(self, follow_up: Answer, verb: str, **body: Any) -> httpx.Response:
        """The answer to a verb."""
        return await self.client.post(f"{LIST}/{follow_up['id']}/{verb}", json=body)

    async def told(self, follow_up: Answer, verb: str, **body: Any) -> Answer:
        """The follow-up after a verb that must succeed."""
        answer = await self.tell(follow_up, verb, **body)
        assert answer.status_code == 200, answer.text
        told: Answer = answer.json()
        return told

    async def again(self, follow_up: Answer) -> Answer:
        """The follow-up as it is now."""
        return await read(self.client, f"{LIST}/{follow_up['id']}")

    async def forbid(self, person: str) -> None:
        """Record that somebody does not want to be contacted."""
        await sent(self.client, f"/v1/people/{person}/availability", {"state": "do_not_contact"})

    async def join(self, person: str, power: str) -> None:
        """Make somebody a member of the job."""
        await sent(self.client, f"/v1/jobs/{self.job}/members", {"person_id": person, "power": power})

    async def events(self, follow_up: Answer) -> list[str]:
        """The types of the events about it, in order."""
        listed = await read(self.client, "/v1/events", limit=100)
        return [each["type"] for each in listed["data"] if each["subject"]["id"] == follow_up["id"]]


async def make_scene(client: httpx.AsyncClient) -> Scene:
    """A scene of its own."""
    application = await make_application(client)
    rita, hana = await make_person(client, "Rita Sands"), await make_person(client, "Hana Lindqvist")
    scene = Scene(client, application, rita, hana)
    await scene.join(rita, "administers")
    await scene.join(hana, "decides")
    return scene
