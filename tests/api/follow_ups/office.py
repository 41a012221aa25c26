"""An application whose follow-ups the service makes by itself, told through the API alone."""

from datetime import datetime
from typing import Any

import httpx

from tests.api.advocacies.scene import Answer, Scene, got, make_person, make_scene, sent


class Office(Scene):
    """Sam applied for a job that Hana decides and Rita administers; Ada could speak up, Ravi could refer."""

    async def owed(self, kind: str, **filters: Any) -> list[Answer]:
        """The follow-ups of a type about the application, the first due first."""
        listed = await self.listed(**filters)
        return [each for each in listed if each["type"] == kind]

    async def only(self, kind: str) -> Answer:
        """The one follow-up of a type."""
        (follow_up,) = await self.owed(kind)
        return follow_up

    async def listed(self, **filters: Any) -> list[Answer]:
        """All follow-ups about the application, open or not."""
        query = {"application": self.application, "limit": 100, **filters}
        response = await self.client.get("/v1/follow_ups", params=query)
        assert response.status_code == 200, response.text
        found: list[Answer] = response.json()["data"]
        return found

    async def invited(self, kind: str) -> list[Answer]:
        """The invitations of a type about the application."""
        response = await self.client.get("/v1/invitations", params={"application": self.application, "limit": 100})
        return [each for each in response.json()["data"] if each["type"] == kind]

    async def refer(self, **members: Any) -> Answer:
        """A referral of Sam by somebody, for the job unless told otherwise; `referrer` is a name."""
        person = members.pop("referrer", "Ravi")
        referrer = await sent(self.client, "/v1/referrers", {"person": {"name": person}})
        application = await got(self.client, f"/v1/applications/{self.application}")
        named = {"candidate_id": application["candidate"]["id"], "referrer_id": referrer["id"], "job_id": self.job}
        body = {"relationship": "same_team", "consent": "given", **named, **members}
        made = await sent(self.client, "/v1/referrals", {name: each for name, each in body.items() if each is not None})
        return {**made, "person": referrer["person"]["id"]}

    async def speak(self, name: str, **members: Any) -> Answer:
        """An act of somebody who begins to speak up with it; as Ada's acts otherwise."""
        person = await make_person(self.client, name)
        advocate = (await sent(self.client, "/v1/advocates", {"person_id": person}))["id"]
        body = {"application_id": self.application, "advocate_id": advocate, "word": "agreed"}
        first, self.advocacy = self.advocacy, (await sent(self.client, "/v1/advocacies", body))["id"]
        made = await self.act(recorded_by=person, **members)
        self.advocacy = first or self.advocacy
        return made

    async def contact(self, person: str, **members: Any) -> Answer:
        """A call from Rita to somebody about the application."""
        body = {"person_id": person, "application_id": self.application, "kind": "call", "direction": "to_person"}
        return await sent(self.client, "/v1/interactions", {**body, "recorded_by": self.rita, **members})

    async def told(self, *beginnings: str) -> list[tuple[str, str]]:
        """Types and moments of the events that begin like this, in order."""
        events: list[Answer] = []
        page: Answer = {"has_more": True, "next_after": 0}
        while page["has_more"]:
            page = await got(self.client, f"/v1/events?limit=100&after={page['next_after']}")
            events += page["data"]
        return [(each["type"], each["timestamp"]) for each in events if each["type"].startswith(beginnings)]


async def make_office(client: httpx.AsyncClient, stage: str = "applied") -> Office:
    """The office, without an advocacy."""
    scene = await make_scene(client, stage)
    return Office(**{name: getattr(scene, name) for name in Scene.__dataclass_fields__})


def at(text: str) -> datetime:
    """The moment that a text of an answer means."""
    return datetime.fromisoformat(text)
