"""A workspace full of people, and what can be told about them over HTTP."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from api.platform.sessions import WorkspaceRef
from tests.properties.stage import Stage

Body = dict[str, Any]

PEOPLE = ("olga", "hanna", "pam", "rita", "ada", "bo", "cleo", "dan")
ADVOCATES = ("ada", "bo", "pam", "cleo")
REFERRERS = ("ada", "bo", "rita", "cleo")
CANDIDATES = ("cleo", "dan")
JOBS = ("engineer", "analyst")
REQUIREMENTS = ("Incident reviews", "Mentoring", "Budgets")

Ago = tuple[int, int | None] | None
"""How long before now: null is now itself, else days and a local hour (null: at the time of day that it is)."""


@dataclass(slots=True)
class ActTold:
    """An act as it was sent, and its ids."""

    id: str
    advocacy: str
    actor: str
    audience: list[str]
    ask: str | None


@dataclass(slots=True)
class House:
    """The workspace of one history."""

    stage: Stage
    workspace: WorkspaceRef
    client: httpx.AsyncClient
    zone: ZoneInfo
    offset: timedelta = timedelta()
    ids: dict[str, str] = field(default_factory=dict)
    applications: list[str] = field(default_factory=list)
    advocacies: list[tuple[str, str]] = field(default_factory=list)
    acts: list[ActTold] = field(default_factory=list)
    referrals: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """The workspace's time."""
        return self.stage.clock.now + self.offset

    @property
    def today(self) -> date:
        """The day in the workspace's zone."""
        return self.now.astimezone(self.zone).date()

    def day(self, offset: int | None) -> str | None:
        """A day so many days from today."""
        return None if offset is None else (self.today + timedelta(days=offset)).isoformat()

    def moment(self, ago: Ago) -> str | None:
        """The moment so long ago."""
        if ago is None:
            return None
        days, hour = ago
        if hour is None:
            return (self.now - timedelta(days=days)).isoformat()
        return datetime.combine(self.today - timedelta(days=days), time(hour), self.zone).isoformat()

    async def send(self, method: str, path: str, body: Body | None = None) -> httpx.Response:
        """A request without the members that are null. A refusal must be a documented problem, and no failure."""
        said = {name: value for name, value in (body or {}).items() if value is not None}
        response = await self.client.request(method, path, json=said)
        assert response.status_code < 500, f"{method} {path} {said}: {response.text}"
        if response.status_code >= 400:
            assert response.headers["content-type"] == "application/problem+json", response.text
            assert response.status_code in (404, 409, 422), f"{method} {path} {said}: {response.text}"
        return response

    async def post(self, path: str, body: Body | None = None) -> httpx.Response:
        """Tell the service something."""
        return await self.send("POST", path, body)

    async def make(self, name: str, path: str, body: Body) -> Body:
        """Make something that must succeed, and keep its id under a name."""
        response = await self.post(path, body)
        assert response.status_code == 201, response.text
        made: Body = response.json()
        self.ids[name] = made["id"]
        return made

    async def furnish(self) -> None:
        """People in their roles, and two jobs with members."""
        for name in PEOPLE:
            await self.make(name, "/v1/people", {"name": name.title(), "email": f"{name}@example.com"})
        for role, names in (("advocate", ADVOCATES), ("referrer", REFERRERS), ("candidate", CANDIDATES)):
            for name in names:
                await self.make(f"{role}.{name}", f"/v1/{role}s", {"person_id": self.ids[name]})
        since = self.day(-60)
        members = [
            {"person_id": self.ids["hanna"], "power": "decides", "is_hiring_manager": True, "effective_on": since},
            {"person_id": self.ids["pam"], "power": "influences", "effective_on": since},
            {"person_id": self.ids["rita"], "power": "administers", "effective_on": since},
        ]
        for job, team in (("engineer", members), ("analyst", members[:1])):
            body = {"title": job.title(), "members": team, "recorded_by": self.ids["olga"]}
            await self.make(job, "/v1/jobs", body)

    async def apply(self, candidate: str, job: str, body: Body) -> httpx.Response:
        """Consider a candidate for a job."""
        whom = {"candidate_id": self.ids[f"candidate.{candidate}"], "job_id": self.ids[job]}
        response = await self.post("/v1/applications", {**whom, **body})
        if response.status_code == 201:
            self.applications.append(response.json()["id"])
        return response

    async def name_advocate(self, application: str, advocate: str, body: Body) -> httpx.Response:
        """Begin an advocacy."""
        whom = {"application_id": application, "advocate_id": self.ids[f"advocate.{advocate}"]}
        response = await self.post("/v1/advocacies", {**whom, **body})
        if response.status_code == 201:
            self.advocacies.append((response.json()["id"], advocate))
        return response

    async def act(self, advocacy: str, actor: str, body: Body) -> httpx.Response:
        """Record an act."""
        response = await self.post(f"/v1/advocacies/{advocacy}/acts", body)
        if response.status_code == 201:
            made = response.json()
            ask = made["ask"] and made["ask"]["id"]
            self.acts.append(ActTold(made["id"], advocacy, actor, made["audience"], ask))
        return response

    async def refer(self, body: Body) -> httpx.Response:
        """Record a referral."""
        response = await self.post("/v1/referrals", body)
        if response.status_code == 201:
            self.referrals.append(response.json()["id"])
        return response

    async def request_reference(self, body: Body) -> httpx.Response:
        """Record that a reference was asked for, or given."""
        response = await self.post("/v1/references", body)
        if response.status_code == 201:
            self.references.append(response.json()["id"])
        return response
