"""Applications with an advocate who speaks up, made through the API."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

REASONS = [
    {"requirement": "Runs systems in production", "claim": "Kept billing up.", "basis": "observed_directly"},
    {"requirement": "Mentors others", "claim": "Taught three juniors.", "basis": "heard_from"},
]
_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Scene:
    """An application whose two reasons are known from a first act."""

    application: str
    advocacy: str
    advocate: str
    listener: str

    def act(self, **members: Any) -> dict[str, Any]:
        """The body of an act that repeats both reasons and asks for an interview."""
        ask = {"kind": "interview", "to": self.listener}
        plain = {"kind": "spoke", "audience": [self.listener], "reasons": REASONS, "ask": ask}
        return {**plain, "recorded_by": self.advocate, **members}


class Maker:
    """Makes scenes of one job through a client."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def scenes(self, number: int) -> Sequence[Scene]:
        """That many applications, each with a candidate and an advocate of its own."""
        hana = await self._id("people", name="Hana")
        member = {"person_id": hana, "power": "decides", "is_hiring_manager": True}
        job = await self._id("jobs", title="Data engineer", members=[member])
        made = (self._scene(job, hana) for _ in range(number))
        return await asyncio.gather(*(self._in_turn(each) for each in made))

    async def speak(self, scene: Scene, times: int) -> None:
        """Further acts, a minute apart, back from now."""
        now = datetime.now(UTC)
        for minute in range(times):
            at = (now - timedelta(minutes=minute + 1)).isoformat()
            await self.post(f"advocacies/{scene.advocacy}/acts", scene.act(occurred_at=at))

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to a POST that must succeed."""
        answer = await self._client.post(f"/v1/{path}", json=body, headers={"Idempotency-Key": f"{uuid4()}"})
        assert answer.is_success, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def _scene(self, job: str, hana: str) -> Scene:
        sam, ada = [await self._id("people", name=name) for name in ("Sam Reyes", "Ada Okafor")]
        candidate, advocate = await self._id("candidates", person_id=sam), await self._id("advocates", person_id=ada)
        application = await self._id("applications", candidate_id=candidate, job_id=job)
        advocacy = await self._id("advocacies", application_id=application, advocate_id=advocate)
        scene = Scene(application, advocacy, ada, hana)
        await self.post(f"advocacies/{advocacy}/acts", scene.act())
        return scene

    async def _in_turn(self, making: Awaitable[Scene]) -> Scene:
        async with self._free:
            return await making

    async def _id(self, collection: str, **body: Any) -> str:
        return str((await self.post(collection, body))["id"])


async def make_scenes(port: int, key: str, number: int, acts: Sequence[int]) -> tuple[Sequence[Scene], Sequence[Scene]]:
    """Scenes with one act each, and one more scene for each number of acts in `acts`."""
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as client:
        maker = Maker(client)
        made = await maker.scenes(number + len(acts))
        grown = made[number:]
        for scene, count in zip(grown, acts, strict=True):
            await maker.speak(scene, count - 1)
        return made[:number], grown
