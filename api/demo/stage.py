"""The stage on which the story is played: a client of the service inside this process, and who is who."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx


class StoryBroken(Exception):
    """The service refused a line of the story; the message holds its answer."""


@dataclass(slots=True)
class Stage:
    """The client, and the ids of whatever has appeared so far, by the story's own short names."""

    client: httpx.AsyncClient
    people: dict[str, str] = field(default_factory=dict)
    roles: dict[tuple[str, str], str] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)
    applications: dict[str, str] = field(default_factory=dict)
    candidates: dict[str, str] = field(default_factory=dict)
    job_of: dict[str, str] = field(default_factory=dict)
    referrals: dict[tuple[str, str], str] = field(default_factory=dict)
    references: dict[tuple[str, str], str] = field(default_factory=dict)
    advocacies: dict[tuple[str, str], str] = field(default_factory=dict)
    acts: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Send a line of the story; raises StoryBroken when it is refused."""
        answer = await self.client.post(f"/v1/{path}", json=dict(body))
        if not answer.is_success:
            raise StoryBroken(f"{path}: {answer.text}")
        found: dict[str, Any] = answer.json()
        return found

    async def role(self, kind: str, person: str) -> str:
        """The id of a person as `referrers` or `advocates`; made at first use."""
        if (kind, person) not in self.roles:
            made = await self.post(kind, {"person_id": self.people[person]})
            self.roles[kind, person] = made["id"]
        return self.roles[kind, person]

    async def advocacy(self, application: str, person: str, **told: Any) -> str:
        """The id of a person's advocacy for an application; made at first use, `told` how."""
        if (application, person) not in self.advocacies:
            body = {
                "application_id": self.applications[application],
                "advocate_id": await self.role("advocates", person),
                **told,
            }
            self.advocacies[application, person] = (await self.post("advocacies", body))["id"]
        return self.advocacies[application, person]
