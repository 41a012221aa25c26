"""A company whose people tell things in chat, by forms and by rules; made through the API itself."""

from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.api.advocacies.scene import Answer, got, sent

REASON = "Runs systems in production: Kept billing up for two years."
GOOD: dict[str, Any] = {
    "application": "greenhouse:1",
    "advocate": "ada@example.com",
    "to": "hana@example.com",
    "reasons": REASON,
    "basis": "observed_directly",
    "recorded_by": "rita@example.com",
}
"""A message that lacks nothing."""
MEMBERS = [("hana", "decides"), ("pam", "influences"), ("rita", "administers")]
TIES = {"bo": "agency", "xen": "external", "ada": "employee"}


@dataclass
class Office:
    """Sam applied for the job that Hana decides, with Pam on the panel and Rita recruiting; Ada works there, too.

    Bo is paid by an agency, Xen is with another company. There are two candidates called Kim Lee, and Jo Park has two
    applications. `ids` names people, `candidate_`, `application_` and `job_` ids by first names.
    """

    client: httpx.AsyncClient
    ids: dict[str, str] = field(default_factory=dict)

    async def capture(self, status: int = 201, **members: Any) -> Answer:
        """The answer to the good message with these members in place of its own."""
        return await sent(self.client, "/v1/captures", {**GOOD, **members}, status)

    async def told(self, status: int, body: Answer) -> Answer:
        """The answer to exactly this message."""
        return await sent(self.client, "/v1/captures", body, status)

    async def on(self, capture: Answer, verb: str, status: int = 200, **body: Any) -> Answer:
        """The answer to a verb on a capture."""
        return await sent(self.client, f"/v1/captures/{capture['id']}/{verb}", body, status)

    async def read(self, path: str) -> Answer:
        """What stands at the address."""
        return await got(self.client, f"/v1/{path}")

    async def level(self, name: str = "sam") -> str:
        """The level of somebody's application."""
        return str((await self.read(f"applications/{self.ids[f'application_{name}']}/support"))["level"])

    async def event_types(self, *beginnings: str) -> list[str]:
        """The types of the events that begin like this, in order."""
        return [event["type"] for event in await self.events(*beginnings)]

    async def events(self, *beginnings: str) -> list[Answer]:
        """The events whose types begin like this, in order."""
        feed = await got(self.client, "/v1/events?limit=100")
        assert not feed["has_more"]
        return [event for event in feed["data"] if event["type"].startswith(beginnings)]

    async def _person(self, key: str, name: str) -> None:
        body: Answer = {"name": name, "email": f"{key}@example.com"}
        if key in TIES:
            body["affiliation"] = {"affiliation": TIES[key], "effective_on": "2026-01-05"}
        self.ids[key] = (await sent(self.client, "/v1/people", body))["id"]

    async def _apply(self, key: str, job: str, label: str = "") -> None:
        candidate = self.ids.get(f"candidate_{key}")
        if candidate is None:
            candidate = (await sent(self.client, "/v1/candidates", {"person_id": self.ids[key]}))["id"]
            self.ids[f"candidate_{key}"] = candidate
        body = {"candidate_id": candidate, "job_id": self.ids[job], "stage": "applied"}
        body["occurred_at"] = "2026-02-02T09:00:00Z"
        self.ids[f"application_{label or key}"] = (await sent(self.client, "/v1/applications", body))["id"]

    async def _ref(self, key: str, system: str, external_id: str) -> None:
        body = {"system": system, "external_id": external_id, "resource_id": self.ids[key]}
        await sent(self.client, "/v1/external_refs", body)


async def open_office(client: httpx.AsyncClient) -> Office:
    """Make it."""
    office = Office(client)
    names = {"sam": "Sam Reyes", "kim": "Kim Lee", "kim2": "Kim Lee", "jo": "Jo Park"}
    staff = {"hana": "Hana Lindqvist", "pam": "Pam Ito", "rita": "Rita Sands", "ada": "Ada Okafor", "bo": "Bo Ruiz"}
    for key, name in {**names, **staff, "xen": "Xen Moreau"}.items():
        await office._person(key, name)
    members = [
        {"person_id": office.ids[key], "power": power, "effective_on": "2026-01-05", "is_hiring_manager": key == "hana"}
        for key, power in MEMBERS
    ]
    for key, title in (("job_data", "Data engineer"), ("job_platform", "Platform engineer")):
        office.ids[key] = (await sent(client, "/v1/jobs", {"title": title, "members": members}))["id"]
    for key in names:
        await office._apply(key, "job_data")
    await office._apply("jo", "job_platform", "jo_platform")
    await office._ref("application_sam", "greenhouse", "1")
    await office._ref("candidate_sam", "greenhouse", "c1")
    await office._ref("ada", "slack", "U1")
    return office
