"""A workspace in which every text names everybody: made through the API, and as connected systems leave it."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
from sqlmodel import col, select

from api.domain.inbound import ConnectionState, MessageState
from api.models import Connection, ConnectionPerson, Event, ExternalRef, InboundMessage, InboundSubject
from api.platform import ids
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef
from tests.cast import START
from tests.privacy.cast import CAST, LINK, MENTION, SHORT, Odd
from tests.webhooks.stored import attempt, delivery, endpoint

Answer = dict[str, Any]

ACTOR = {"type": "test", "id": None}
VENDOR_CANDIDATE, VENDOR_USER = 70231188, 5512
EVIDENCE = {"challenge": MENTION, "action": MENTION, "result": MENTION, "link": quote(LINK, safe=":/")}
SEEN = {"requirement": f"Works like {CAST['referrer'].name}", "claim": MENTION, "basis": "observed_directly"}
HEARD = {"requirement": "Mentors others", "claim": f"{MENTION} again", "basis": "heard_from"}


@dataclass(slots=True)
class Scene:
    """The candidate applied for a job on which the listener decides, and others speak, refer and record.

    `ids` has the id of everything, by a word; `people` that of each of the cast; `keys` the sent idempotency keys.
    """

    client: httpx.AsyncClient
    ids: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    keys: dict[str, tuple[str, Answer, str]] = field(default_factory=dict)

    async def post(self, word: str, path: str, body: Answer | None = None) -> Answer:
        """Send a POST with a key that names everybody; keep id and key under the word."""
        key = quote(f"{word} {' '.join(each.email for each in CAST.values())}")
        self.keys[word] = (path, body or {}, key)
        answer = await self.client.post(path, json=body or {}, headers={"Idempotency-Key": key})
        assert answer.is_success, f"{path}: {answer.text}"
        made: Answer = answer.json()
        self.ids[word] = str(made.get("id"))
        return made

    async def get(self, path: str, **parameters: Any) -> Answer:
        """The answer to a GET that must succeed."""
        answer = await self.client.get(path, params=parameters)
        assert answer.is_success, f"{path}: {answer.text}"
        found: Answer = answer.json()
        return found

    async def support(self, **past: str) -> Answer:
        """How the application is backed."""
        return await self.get(f"/v1/applications/{self.ids['application']}/support", **past)

    async def feed(self) -> list[Answer]:
        """All events, in order."""
        events: list[Answer] = []
        page: Answer = {"has_more": True, "next_after": 0}
        while page["has_more"]:
            page = await self.get("/v1/events", after=page["next_after"], limit=100)
            events += page["data"]
        return events

    async def anonymize(self, *who: str) -> Answer:
        """Anonymise one or several of the cast; the last answer."""
        answer: Answer = {}
        for each in who:
            response = await self.client.post(f"/v1/people/{self.people[each]}/anonymize", json={"reason": MENTION})
            assert response.status_code == 200, response.text
            answer = response.json()
        return answer


def _person(odd: Odd) -> Answer:
    return {"name": odd.name, "email": odd.email, "metadata": {odd.name: SHORT}}


async def make_scene(client: httpx.AsyncClient, databases: Databases, workspace: WorkspaceRef) -> Scene:
    """Fill the client's workspace."""
    scene = Scene(client)
    await _people(scene)
    await _application(scene)
    await _words(scene)
    await _acts(scene)
    await _contacts(scene)
    await _owed(scene)
    await _from_elsewhere(scene)
    await _stored(scene, databases, workspace)
    await _answered(scene, databases, workspace)
    return scene


async def _people(scene: Scene) -> None:
    for role in ("candidate", "advocate", "referrer"):
        labels = {"note": SHORT}
        made = await scene.post(role, f"/v1/{role}s", {"person": _person(CAST[role]), "metadata": labels})
        scene.people[role] = made["person"]["id"]
        changed = await scene.client.patch(f"/v1/people/{scene.people[role]}", json={"metadata": {"was": None}})
        assert changed.is_success, changed.text
    for role in ("listener", "recorder", "giver"):
        scene.people[role] = (await scene.post(role, "/v1/people", _person(CAST[role])))["id"]


async def _application(scene: Scene) -> None:
    members = [
        {"person_id": scene.people["listener"], "power": "decides", "is_hiring_manager": True},
        {"person_id": scene.people["recorder"], "power": "administers"},
    ]
    members = [{**each, "effective_on": "2026-01-05"} for each in members]
    title = f"Heir of {CAST['advocate'].name}"
    job = await scene.post("job", "/v1/jobs", {"title": title, "members": members, "metadata": {"x": SHORT}})
    body = {"candidate_id": scene.ids["candidate"], "job_id": job["id"], "occurred_at": "2026-02-02T09:00:00Z"}
    labels = {"stage_label": f"Lunch with {CAST['listener'].name}", "source": SHORT}
    await scene.post("application", "/v1/applications", {**body, "metadata": {"x": SHORT}, **labels})
    told = {"stage": "screening", "source": CAST["recorder"].name, "recorded_by": scene.people["recorder"]}
    await scene.post("moved", f"/v1/applications/{scene.ids['application']}/move", told)


async def _words(scene: Scene) -> None:
    reason = {"requirement": SEEN["requirement"], "claim": f"{MENTION} first", "evidence": EVIDENCE}
    await scene.post("reason", f"/v1/applications/{scene.ids['application']}/reasons", reason)
    updated = {"evidence": {"result": f"{MENTION}, more"}}
    answer = await scene.client.patch(f"/v1/reasons/{scene.ids['reason']}", json=updated)
    assert answer.is_success, answer.text
    told = {"recorded_by": scene.people["recorder"], "relationship": "same_team", "source": SHORT}
    named = {"candidate_id": scene.ids["candidate"], "referrer_id": scene.ids["referrer"]}
    body = {**named, **told, "job_id": scene.ids["job"], "reasons": [SEEN, HEARD], "metadata": {"x": SHORT}}
    await scene.post("referral", "/v1/referrals", body)
    await scene.post("loose", "/v1/referrals", {**named, **told, "reasons": [SEEN]})
    await scene.post("loose end", f"/v1/referrals/{scene.ids['loose']}/mark_ineligible", {"reason": MENTION})
    body = {"application_id": scene.ids["application"], "person_id": scene.people["giver"], "given": True}
    await scene.post("reference", "/v1/references", {**body, "content": MENTION, "praise": True})


async def _acts(scene: Scene) -> None:
    named = {"application_id": scene.ids["application"], "advocate_id": scene.ids["advocate"]}
    await scene.post("advocacy", "/v1/advocacies", {**named, "word": "asked", "metadata": {"x": SHORT}})
    act = {
        "kind": "spoke",
        "audience": [scene.people["listener"]],
        "reasons": [SEEN, HEARD],
        "recorded_by": scene.people["recorder"],
        "channel": CAST["listener"].name,
        "text": MENTION,
        "evidence_url": quote(LINK, safe=":/"),
    }
    ask = {"kind": "interview", "to": scene.people["listener"]}
    await scene.post("act", f"/v1/advocacies/{scene.ids['advocacy']}/acts", {**act, "ask": ask})
    said = {"recorded_by": scene.people["listener"], "reason": MENTION}
    await scene.post("denied", f"/v1/acts/{scene.ids['act']}/deny", said)
    await scene.post("confirmed", f"/v1/acts/{scene.ids['act']}/confirm", {"recorded_by": said["recorded_by"]})
    made = await scene.post("retracted", f"/v1/advocacies/{scene.ids['advocacy']}/acts", act)
    await scene.post("out", f"/v1/acts/{made['id']}/retract", {"recorded_by": act["recorded_by"], "reason": MENTION})


async def _contacts(scene: Scene) -> None:
    written = {"channel": SHORT, "note": MENTION, "source_url": quote(LINK, safe=":/"), "metadata": {"x": SHORT}}
    told = {**written, "kind": "call", "direction": "both_ways", "recorded_by": scene.people["recorder"]}
    about = {"person_id": scene.people["candidate"], "application_id": scene.ids["application"]}
    await scene.post("interaction", "/v1/interactions", {**told, **about})
    between = {"person_id": scene.people["giver"], "counterpart_id": scene.people["listener"]}
    await scene.post("other interaction", "/v1/interactions", {**told, **between})


async def _owed(scene: Scene) -> None:
    owner = {"owner_id": scene.people["recorder"], "due_on": "2026-03-06", "application_id": scene.ids["application"]}
    for who in ("candidate", "advocate", "referrer"):
        about = {"type": "send_flowers", "person_id": scene.people[who], "title": SHORT}
        await scene.post(f"owed to {who}", "/v1/follow_ups", {**owner, **about})
        path = f"/v1/follow_ups/{scene.ids[f'owed to {who}']}"
        until = (START + timedelta(days=1)).isoformat()
        await scene.post(f"snoozed for {who}", f"{path}/snooze", {"until": until, "reason": MENTION})
        await scene.post(f"done for {who}", f"{path}/complete", {"result": MENTION})
    invited = {"type": "become_advocate", "person_id": scene.people["giver"], "note": MENTION}
    await scene.post("invitation", "/v1/invitations", {**invited, "application_id": scene.ids["application"]})


async def _from_elsewhere(scene: Scene) -> None:
    for role, each in CAST.items():
        ref = {"system": "hris", "external_id": each.email, "resource_id": scene.people[role]}
        await scene.post(f"ref of {role}", "/v1/external_refs", ref)
    body = {
        "candidate": CAST["candidate"].email,
        "advocate": CAST["advocate"].email,
        "to": [CAST["listener"].email],
        "reasons": [{"requirement": SEEN["requirement"], "claim": f"{MENTION} captured"}],
        "basis": "observed_directly",
        "recorded_by": CAST["recorder"].email,
        "text": MENTION,
        "source_url": quote(f"{LINK}/capture", safe=":/"),
    }
    await scene.post("capture", "/v1/captures", body)
    unclear = {"advocate": CAST["advocate"].email, "candidate": CAST["candidate"].name, "job": "None", "text": MENTION}
    await scene.post("unclear", "/v1/captures", unclear)
    await scene.post("dropped", "/v1/captures", {**unclear, "job": "Nothing"})
    await scene.post("discarded", f"/v1/captures/{scene.ids['dropped']}/discard", {"reason": MENTION})
    await scene.post("address", "/v1/capture_addresses", {"name": f"BCC of {CAST['recorder'].name}"})


def bodies() -> list[tuple[str, bytes]]:
    """What a connected system sent, each with the subject it was filed under."""
    candidate, user = CAST["candidate"], CAST["referrer"]
    person = {
        "id": VENDOR_CANDIDATE,
        "first_name": candidate.first,
        "last_name": candidate.surname,
        "email_addresses": [{"value": candidate.email, "type": "personal"}],
        "custom_fields": {"known_for": {"name": "Known for", "type": "short_text", "value": MENTION}},
        "created_at": "2026-01-02T03:04:05Z",
    }
    credited = {"id": VENDOR_USER, "name": user.name, "email": user.email, "first_name": user.first, "x": user.surname}
    application = {"id": 88120417, "candidate": person, "credited_to": credited, "notes": MENTION, "rate": 1.5}
    about = {"action": "application_updated", "payload": {"application": application}}
    subject = f"candidate:{VENDOR_CANDIDATE}"
    raw = json.dumps(about).encode()
    return [
        (subject, raw),
        (subject, json.dumps(about, ensure_ascii=False).encode()),
        (subject, raw[:-40]),
        ("candidate:1", json.dumps({"payload": {"note": MENTION, "of": VENDOR_CANDIDATE}}).encode()),
        ("candidate:2", json.dumps({"note": MENTION}).encode()[:-1]),
    ]


PARSED = {
    "kind": "application",
    "event": "application_updated",
    "candidate": {
        "external_id": str(VENDOR_CANDIDATE),
        "name": CAST["candidate"].surname,
        "emails": [CAST["candidate"].email],
    },
    "application": {
        "external_id": "88120417",
        "credited_to": {
            "external_id": str(VENDOR_USER),
            "name": CAST["referrer"].surname,
            "email": CAST["referrer"].email,
        },
        "fields": {"known_for": CAST["candidate"].surname},
    },
}


async def _stored(scene: Scene, databases: Databases, workspace: WorkspaceRef) -> None:
    """What a connection leaves: messages that are worked through already, ids, and people known by name alone."""
    connection_id = ids.new_id()
    async with databases.open_writing(workspace, actor=ACTOR) as session:
        session.add(
            Connection(
                id=connection_id,
                provider="greenhouse",
                system="greenhouse",
                name=f"Greenhouse of {CAST['giver'].name}",
                state=ConnectionState.ACTIVE,
                token=b"",
                secret=b"",
                mapping={"people": {CAST["referrer"].name: MENTION}},
                created_at=START,
                updated_at=START,
            )
        )
        await session.flush()
        for place, (subject, body) in enumerate(bodies()):
            session.add(
                InboundMessage(
                    connection_id=connection_id,
                    delivery_key=f"{place}",
                    received_at=START + timedelta(seconds=place),
                    headers={"x-sent-by": MENTION},
                    body=body,
                    state=MessageState.PROCESSED,
                    event="application_updated",
                    subject=subject,
                    parsed=PARSED if place < 2 else None,
                    reason=MENTION,
                )
            )
        session.add(InboundSubject(connection_id=connection_id, subject=f"candidate:{VENDOR_CANDIDATE}"))
        for kind, role, external_id in (
            ("candidate", "candidate", VENDOR_CANDIDATE),
            ("person", "referrer", VENDOR_USER),
        ):
            of = scene.ids[role] if kind == "candidate" else scene.people[role]
            named = {f"{kind}_id": ids.decode(kind, of)}
            ref = ExternalRef(system="greenhouse", external_id=str(external_id), kind=kind, created_at=START, **named)
            session.add(ref)
        referrer_id = ids.decode("person", scene.people["referrer"])
        session.add(ConnectionPerson(connection_id=connection_id, person_id=referrer_id, name_hash=b"hash of a name"))
        await session.commit()


async def _answered(scene: Scene, databases: Databases, workspace: WorkspaceRef) -> None:
    """A receiver whose address names everybody, and which answered each kind of event with all of it, then a part."""
    described = {"description": MENTION, "labels": {"x": SHORT}, "url": quote(LINK, safe=":/")}
    async with databases.open_writing(workspace, actor=ACTOR) as session:
        receiver = endpoint(START, **described)
        session.add(receiver)
        await session.flush()
        events = (await session.execute(select(Event).order_by(col(Event.number)))).scalars().all()
        latest = {event.type: event for event in events}.values()
        sent = [(delivery(receiver, event, START), event.body) for event in latest]
        session.add_all([each for each, _ in sent])
        await session.flush()
        for each, body in sent:
            said = {"url": described["url"], "response_headers": {"x-said": MENTION}, "error_detail": MENTION}
            session.add(attempt(each, START, response_body=body.decode(), **said))
            session.add(attempt(each, START, response_body=body[:-2].decode(), number=2))
        await session.commit()
