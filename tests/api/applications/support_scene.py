"""What hangs on an application in these tests: a referral, an advocate who speaks up."""

from typing import Any

import httpx

from tests.api.applications.scene import Answer, make_person, sent

REASON = {
    "requirement": "Runs systems in production",
    "claim": "Kept our billing import running for two years.",
    "basis": "observed_directly",
}


async def make_referral(client: httpx.AsyncClient, candidate_id: str, job_id: str, **members: Any) -> Answer:
    """A referral with a reason, by a new referrer."""
    referrer = await sent(client, "/v1/referrers", {"person": {"name": "Kim Vale"}})
    body = {"candidate_id": candidate_id, "job_id": job_id, "referrer_id": referrer["id"], "relationship": "same_team"}
    return await sent(client, "/v1/referrals", {**body, "reasons": [REASON], **members})


async def make_decider(client: httpx.AsyncClient, job_id: str) -> str:
    """The id of a new person who decides on the job."""
    person_id = await make_person(client, "Noa Lind")
    await sent(client, f"/v1/jobs/{job_id}/members", {"person_id": person_id, "power": "decides"})
    return person_id


async def speak_up(client: httpx.AsyncClient, application: Answer, listener: str) -> Answer:
    """The advocacy of a new advocate who spoke to the listener with a reason."""
    advocate = await sent(client, "/v1/advocates", {"person": {"name": "Ada Okafor"}})
    begun = {"application_id": application["id"], "advocate_id": advocate["id"]}
    advocacy = await sent(client, "/v1/advocacies", begun)
    act = {
        "kind": "spoke",
        "audience": [listener],
        "reasons": [REASON],
        "recorded_by": listener,
    }
    await sent(client, f"/v1/advocacies/{advocacy['id']}/acts", act)
    return advocacy
