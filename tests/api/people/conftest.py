"""Ada champions Cara: the application that changes of Ada's availability move."""

from dataclasses import dataclass
from typing import Any

import pytest
from httpx import AsyncClient


@dataclass(frozen=True)
class Scene:
    """Ada spoke up for Cara to Dana, who decides, on two days."""

    ada: str
    cara: str
    job: str
    application: str
    advocacy: str


async def _made(client: AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    assert answer.is_success, answer.text
    return answer.json()


def _act(dana: str, ada: str, **more: Any) -> dict[str, Any]:
    return {"kind": "spoke", "audience": [dana], "recorded_by": ada, **more}


def _reason(requirement: str) -> dict[str, str]:
    return {"requirement": requirement, "claim": f"{requirement}: yes", "basis": "observed_directly"}


@pytest.fixture
async def scene(client: AsyncClient, clock) -> Scene:
    employee = {"affiliation": "employee", "effective_on": "2020-01-01"}
    dana = (await _made(client, "/v1/people", {"name": "Dana"}))["id"]
    member = {"person_id": dana, "power": "decides", "is_hiring_manager": True, "effective_on": "2026-01-01"}
    job = await _made(client, "/v1/jobs", {"title": "Data engineer", "members": [member]})
    cara = await _made(client, "/v1/candidates", {"person": {"name": "Cara"}})
    ada = await _made(client, "/v1/advocates", {"person": {"name": "Ada", "affiliation": employee}})
    application = await _made(client, "/v1/applications", {"candidate_id": cara["id"], "job_id": job["id"]})
    advocacy = await _made(
        client,
        "/v1/advocacies",
        {"application_id": application["id"], "advocate_id": ada["id"], "word": "agreed", "relationship": "managed"},
    )
    acts, ada_person = f"/v1/advocacies/{advocacy['id']}/acts", ada["person"]["id"]
    reasons = [_reason("Runs a platform"), _reason("Teaches")]
    ask = {"kind": "interview", "to": dana}
    await _made(client, acts, _act(dana, ada_person, reasons=reasons, ask=ask))
    clock.advance(days=1)
    await _made(client, acts, _act(dana, ada_person))
    return Scene(ada_person, cara["person"]["id"], job["id"], application["id"], advocacy["id"])


@pytest.fixture
def application(client: AsyncClient, scene: Scene):
    async def get() -> dict[str, Any]:
        return (await client.get(f"/v1/applications/{scene.application}")).json()

    return get


@pytest.fixture
async def recruiter(client: AsyncClient, scene: Scene) -> str:
    """Rae, who administers the job."""
    rae = await _made(client, "/v1/people", {"name": "Rae"})
    member = {"person_id": rae["id"], "power": "administers", "effective_on": "2026-01-01"}
    await _made(client, f"/v1/jobs/{scene.job}/members", member)
    return str(rae["id"])
