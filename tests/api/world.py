"""A workspace with at least one of everything in it, made through the API itself."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.inbound.providers import greenhouse_samples as samples

Body = dict[str, Any]

SEEN = {"requirement": "Runs systems in production", "claim": "Kept billing up.", "basis": "observed_directly"}
HEARD = {"requirement": "Mentors others", "claim": "Taught three juniors.", "basis": "heard_from"}
DELIVERY_SECRET = "what-the-vendor-signs-with"
RECEIVER = "https://[2d00::1]/championed"
"""Where webhooks may be sent as far as the service can tell; nobody has an address of that block."""
LATER = "2096-03-02T11:00:00Z"
"""A moment that no clock of a test gets to."""


@dataclass(slots=True)
class World:
    """Sam applied for a job that Hana decides; Ada speaks up, Ravi referred, Ines gave a reference.

    `ids` has one id of each kind, by the kind's word; `person` is Hana.
    """

    client: httpx.AsyncClient
    ids: dict[str, str] = field(default_factory=dict)

    async def make(self, kind: str, path: str, body: Body) -> Body:
        """Make something, and keep its id as that of its kind."""
        response = await self.client.post(path, json=body)
        assert response.status_code in (200, 201, 202), f"{path}: {response.text}"
        made: Body = response.json()
        self.ids[kind] = made["id"]
        return made

    def path(self, template: str, **instead: str) -> str:
        """The path of a route with this world's ids, and 1 for numbers; `instead` chooses others: `job="other_job"`."""
        chosen = {kind: self.ids[word] for kind, word in instead.items()}
        return template.format_map(_Ids({**self.ids, **chosen}))


class _Ids(dict[str, str]):
    """Path parameters by name: `job_id` is the id of the kind `job`."""

    def __missing__(self, name: str) -> str:
        kind = name.removesuffix("_id")
        if kind != name and kind in self:
            return self[kind]
        if name in ("version", "number"):
            return "1"
        if name in ("system", "external_id"):
            return "hris"
        if name == "event_type":
            return "application.created"
        raise LookupError(f"tests/api/world.py makes nothing that {{{name}}} could name; teach it to.")


async def make_world(client: httpx.AsyncClient) -> World:
    """Fill the client's workspace."""
    world = World(client)
    await _people(world)
    await _application(world)
    await _what_speaks_for_it(world)
    await _what_was_done(world)
    await _what_was_connected(world)
    await _what_is_told(world)
    events = (await client.get("/v1/events", params={"limit": 1})).json()
    world.ids["event"] = events["data"][0]["id"]
    return world


async def _people(world: World) -> None:
    for kind, role, name in [
        ("candidate", "candidates", "Sam Reyes"),
        ("advocate", "advocates", "Ada Okafor"),
        ("referrer", "referrers", "Ravi Menon"),
        ("original", "candidates", "Kim Doe"),
        ("duplicate", "candidates", "K. Doe"),
    ]:
        body = {"person": {"name": name, "email": f"{kind}@example.com"}, "metadata": {"ats_id": "7"}}
        made = await world.make(kind, f"/v1/{role}", body)
        world.ids[f"person_of_{kind}"] = made["person"]["id"]
    await world.make("asked_person", "/v1/people", {"name": "Ines Duarte"})
    ref = {"system": "hris", "external_id": "7", "resource_id": world.ids["asked_person"]}
    await world.make("external_ref", "/v1/external_refs", ref)
    await world.make("person", "/v1/people", {"name": "Hana Lindqvist", "affiliation": {"affiliation": "employee"}})
    await world.make("leaving_person", "/v1/people", {"name": "Olga Brandt", "email": "olga@example.com"})
    gone = await world.client.post("/v1/people", json={"name": "Gwen Foss"})
    answer = await world.client.post(f"/v1/people/{gone.json()['id']}/anonymize")
    assert answer.status_code == 200, answer.text
    for part, body in [("availability", {"state": "available"}), ("affiliations", {"affiliation": "employee"})]:
        answer = await world.client.post(f"/v1/people/{world.ids['person']}/{part}", json=body)
        assert answer.status_code == 201, answer.text


async def _application(world: World) -> None:
    ids = world.ids
    await world.make("recruiter", "/v1/people", {"name": "Rita Sands"})
    member = {"person_id": ids["person"], "power": "decides", "is_hiring_manager": True, "effective_on": "2026-01-05"}
    recruiter = {"person_id": ids["recruiter"], "power": "administers", "effective_on": "2026-01-05"}
    await world.make("job", "/v1/jobs", {"title": "Data engineer", "members": [member, recruiter]})
    await world.make("requirement", f"/v1/jobs/{ids['job']}/requirements", {"text": SEEN["requirement"]})
    body = {"candidate_id": ids["candidate"], "job_id": ids["job"], "occurred_at": "2026-02-02T09:00:00Z"}
    await world.make("application", "/v1/applications", body)
    await world.make("other_job", "/v1/jobs", {"title": "Platform engineer"})
    await world.make("spare_job", "/v1/jobs", {"title": "Reliability engineer"})
    for verb, rest in [("hold", {"until": "2026-06-01"}), ("close", {"outcome": "rejected"})]:
        job = await world.make(f"job_of_{verb}", "/v1/jobs", {"title": f"Job to {verb}"})
        made = await world.make(f"application_after_{verb}", "/v1/applications", {**body, "job_id": job["id"]})
        answer = await world.client.post(f"/v1/applications/{made['id']}/{verb}", json=rest)
        assert answer.status_code == 200, answer.text


async def _what_speaks_for_it(world: World) -> None:
    ids = world.ids
    claim = {"requirement_id": ids["requirement"], "claim": "Led the incident reviews."}
    await world.make("reason", f"/v1/applications/{ids['application']}/reasons", claim)
    body = {"candidate_id": ids["candidate"], "referrer_id": ids["referrer"], "job_id": ids["job"]}
    await world.make("unlinked_referral", "/v1/referrals", {key: body[key] for key in ("candidate_id", "referrer_id")})
    await world.make("referral", "/v1/referrals", {**body, "relationship": "same_team", "reasons": [SEEN]})
    body = {"application_id": ids["application"], "person_id": ids["asked_person"]}
    await world.make("reference", "/v1/references", body)


async def _what_was_done(world: World) -> None:
    ids = world.ids
    body = {"application_id": ids["application"], "advocate_id": ids["advocate"], "word": "asked"}
    await world.make("advocacy", "/v1/advocacies", body)
    act = {
        "kind": "spoke",
        "audience": [ids["person"]],
        "reasons": [SEEN, HEARD],
        "recorded_by": ids["person_of_advocate"],
        "ask": {"kind": "interview", "to": ids["person"]},
        "text": "Worth an hour of your time.",
    }
    for word in ("quiet", "spare"):
        person = await world.make(f"{word}_person", "/v1/people", {"name": f"A {word} colleague"})
        await world.make(f"{word}_advocate", "/v1/advocates", {"person_id": person["id"]})
    body = {"application_id": ids["application"], "advocate_id": ids["quiet_advocate"]}
    await world.make("quiet_advocacy", "/v1/advocacies", body)
    made = await world.make("disputed_act", f"/v1/advocacies/{ids['advocacy']}/acts", act)
    answer = await world.client.post(f"/v1/acts/{made['id']}/dispute", json={"recorded_by": act["recorded_by"]})
    assert answer.status_code == 200, answer.text
    made = await world.make("act", f"/v1/advocacies/{ids['advocacy']}/acts", act)
    ids["ask"] = made["ask"]["id"]
    link = {"purpose": "record_act", "person": ids["person_of_advocate"], "subject": ids["advocacy"]}
    await world.make("action_link", "/v1/action_links", link)
    owed = {"application_id": ids["application"], "owner_id": ids["recruiter"], "due_on": "2026-03-06"}
    await world.make("follow_up", "/v1/follow_ups", {**owed, "type": "send_contract"})
    sent = await world.client.post("/v1/follow_ups/digest", json={"owner": ids["recruiter"]})
    assert sent.status_code == 201, sent.text
    for owner in ("person", "recruiter"):
        path = f"/v1/follow_ups/{ids['follow_up']}/reassign"
        await world.make("follow_up", path, {"owner_id": ids[owner], "recorded_by": ids["recruiter"]})
    guest = {"person_id": ids["person_of_advocate"], "application_id": ids["application"], "asker_id": ids["person"]}
    await world.make("invitation", "/v1/invitations", {**guest, "type": "hand_over"})
    await world.make("calendar", "/v1/calendars", {"owner_id": ids["person"]})
    await world.make("capture_address", "/v1/capture_addresses", {"name": "BCC"})
    await world.make("capture", "/v1/captures", {"candidate": "candidate@example.com", "job": "Data engineer"})
    await world.make("call_captured", "/v1/captures", {"application": ids["application"], "channel": "phone"})
    contact = {"person_id": ids["person_of_candidate"], "application_id": ids["application"], "direction": "to_person"}
    await world.make("interaction", "/v1/interactions", {**contact, "kind": "mail", "recorded_by": ids["person"]})


async def _what_was_connected(world: World) -> None:
    mapping = {"stages": {"Technical Interview": "interviewing"}, "referral_sources": ["Referral"]}
    body = {"provider": "greenhouse", "secret": DELIVERY_SECRET, "mapping": mapping}
    made = await world.make("connection", "/v1/connections", body)
    delivery = samples.delivery("candidate_stage_change", credited_to={"name": "Jo Outside"})
    path = urlsplit(made["url"]).path
    answer = await world.client.post(path, content=delivery, headers=samples.signed(delivery, DELIVERY_SECRET))
    assert answer.status_code == 200, answer.text
    world.ids["inbound_message"] = answer.json()["id"]


async def _what_is_told(world: World) -> None:
    body = {"url": RECEIVER, "event_types": ["*"], "metadata": {"ats_id": "7"}}
    for kind in ("webhook_endpoint", "spare_endpoint"):
        await world.make(kind, "/v1/webhook_endpoints", body)
    path = f"/v1/webhook_endpoints/{world.ids['webhook_endpoint']}"
    await world.make("delivery", f"{path}/test", {"type": "application.created"})
    await world.make("task", f"{path}/replay_missing", {"since": LATER})
