"""How every operation is called: a body that the service accepts, naming each id that a body may name.

A new operation fails the walk over all routes until it stands here; so it is covered the day it is born.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from tests.api.world import HEARD, LATER, RECEIVER, SEEN, Body, World

ADMIN = {
    "policy_update",
    "people_merge",
    "people_anonymize",
    "people_export",
    "privacy_records_list",
    "candidates_merge",
    "calendars_create",
    "calendars_revoke",
    "capture_addresses_create",
    "capture_addresses_update",
    "capture_addresses_rotate",
    "capture_addresses_revoke",
    "connections_create",
    "connections_update",
    "connections_pause",
    "connections_resume",
    "connections_rotate_secret",
    "connections_rotate_url",
    "inbound_messages_retrieve",
    "inbound_messages_replay",
    "inbound_messages_replay_many",
    "webhook_endpoints_create",
    "webhook_endpoints_update",
    "webhook_endpoints_delete",
    "webhook_endpoints_pause",
    "webhook_endpoints_resume",
    "webhook_endpoints_rotate_secret",
    "webhook_endpoints_test",
    "webhook_endpoints_recover",
    "webhook_endpoints_replay",
    "webhook_endpoints_replay_missing",
    "deliveries_resend",
}
"""Operations that need the scope `admin`; other writes need `write`, and reads need `read`."""


INSTEAD: Mapping[str, Mapping[str, str]] = {
    "people_merge": {"person": "person_of_duplicate"},
    "people_anonymize": {"person": "leaving_person"},
    "candidates_merge": {"candidate": "duplicate"},
    "applications_resume": {"application": "application_after_hold"},
    "applications_reopen": {"application": "application_after_close"},
    "referrals_link": {"referral": "unlinked_referral"},
    "advocacies_ask": {"advocacy": "quiet_advocacy"},
    "advocacies_agree": {"advocacy": "quiet_advocacy"},
    "advocacies_decline": {"advocacy": "quiet_advocacy"},
    "acts_withdraw_dispute": {"act": "disputed_act"},
    "webhook_endpoints_delete": {"webhook_endpoint": "spare_endpoint"},
}
"""What an operation is called on in place of the first of its kind, which is in no state for it."""


def _said(world: World) -> Body:
    return {"recorded_by": world.ids["person"]}


def _said_by_actor(world: World) -> Body:
    return {"recorded_by": world.ids["person_of_advocate"]}


def _labels(world: World) -> Body:
    return {"metadata": {"ats_id": "8"}}


def _role(world: World) -> Body:
    return {"person_id": world.ids["asked_person"], "metadata": {"ats_id": "9"}}


def _with(**members: object) -> Callable[[World], Body]:
    return lambda world: {**_said(world), **members}


def _plain(**members: object) -> Callable[[World], Body]:
    return lambda world: dict(members)


def _job(world: World) -> Body:
    member = {"person_id": world.ids["person"], "power": "decides"}
    return {"title": "Analyst", "members": [member], **_said(world)}


def _member(world: World) -> Body:
    return {"person_id": world.ids["asked_person"], "power": "influences", **_said(world)}


def _application(world: World) -> Body:
    return {"candidate_id": world.ids["candidate"], "job_id": world.ids["other_job"], **_said(world)}


def _reason(world: World) -> Body:
    return {"requirement_id": world.ids["requirement"], "claim": "Wrote the runbooks."}


def _referral(world: World) -> Body:
    named = {f"{kind}_id": world.ids[kind] for kind in ("candidate", "referrer", "job", "application")}
    return {**named, "reasons": [SEEN], **_said(world)}


def _reference(world: World) -> Body:
    return {"application_id": world.ids["application"], "person_id": world.ids["person_of_referrer"], **_said(world)}


def _advocacy(world: World) -> Body:
    origin = {"kind": "referral", "id": world.ids["referral"]}
    named = {"application_id": world.ids["application"], "advocate_id": world.ids["spare_advocate"]}
    return {**named, "origin": origin, **_said(world)}


def _act(world: World) -> Body:
    person = world.ids["person"]
    return {
        "kind": "chased",
        "audience": [person],
        "reasons": [{"reason_id": world.ids["reason"], "basis": "observed_directly"}, HEARD],
        "ask": {"kind": "hire", "to": person},
        "chases": world.ids["ask"],
        "recorded_by": world.ids["person_of_advocate"],
    }


def _invitation(world: World) -> Body:
    """To say whether an act happened, to somebody who heard it."""
    named = {f"{kind}_id": world.ids[kind] for kind in ("application", "person", "act")}
    return {**named, "type": "confirm", "asker_id": world.ids["asked_person"]}


def _external_ref(world: World) -> Body:
    return {"system": "hris", "external_id": "8", "resource_id": world.ids["person"]}


def _job_upsert(world: World) -> Body:
    member = {"email": "hana@example.com", "power": "decides", "is_hiring_manager": True}
    return {"title": "Analyst", "members": [member], **_said(world)}


def _application_upsert(world: World) -> Body:
    """The world's own candidate, by address, for a job of the world."""
    return {
        "candidate": {"name": "Sam Reyes", "email": "candidate@example.com"},
        "job": {"id": world.ids["other_job"], "title": "Platform engineer"},
        "referral": {"referrer": {"email": "referrer@example.com"}, "reasons": [SEEN]},
        "stage": "screening",
        **_said(world),
    }


def _interaction(world: World) -> Body:
    people = {"person_id": world.ids["person_of_candidate"], "counterpart_id": world.ids["person"]}
    named = {"application_id": world.ids["application"], "capture_id": world.ids["call_captured"]}
    return {**people, **named, "kind": "call", "direction": "both_ways", **_said(world)}


def _action_link(world: World) -> Body:
    named = {"person": world.ids["person_of_advocate"], "subject": world.ids["advocacy"]}
    return {**named, "purpose": "record_act", "invitation": world.ids["invitation"]}


def _capture(world: World) -> Body:
    """Addresses in place of ids: an id that nobody has is kept here and asked about, not refused."""
    return {
        "candidate": "candidate@example.com",
        "job": "Data engineer",
        "advocate": "quinn@example.com",
        "to": "hiring_manager, advocate@example.com",
        "reasons": "Runs systems in production: Kept billing up.",
        "basis": "observed_directly",
        "recorded_by": "quinn@example.com",
    }


def _follow_up(world: World) -> Body:
    named = {f"{kind}_id": world.ids[kind] for kind in ("application", "referral", "advocacy", "act")}
    people = {"person_id": world.ids["person_of_advocate"], "owner_id": world.ids["recruiter"]}
    return {**named, **people, "type": "send_contract", "due_on": "2026-03-06", "title": "Send the contract."}


def _endpoint(world: World) -> Body:
    """Without `subject_ids`: an id that nobody has is kept there and lets nothing through, and is not refused."""
    return {"url": RECEIVER, "event_types": ["application.*"], "job_ids": [world.ids["job"]], "levels": ["championed"]}


def _reassignment(world: World) -> Body:
    return {"owner_id": world.ids["recruiter"], **_said(world)}


BODIES: Mapping[str, Callable[[World], Body]] = {
    "people_create": _plain(name="Rita Sands"),
    "people_update": _plain(name="Hana L."),
    "people_record_availability": _with(state="away", until="2026-04-01"),
    "people_record_affiliation": _with(affiliation="alumnus"),
    "people_leave": _said,
    "people_anonymize": _with(reason="Asked for it."),
    "people_record_notice": _said,
    "candidates_create": _role,
    "candidates_update": _labels,
    "referrers_create": _role,
    "referrers_update": _labels,
    "advocates_create": _role,
    "advocates_update": _labels,
    "jobs_create": _job,
    "jobs_update": _plain(title="Senior data engineer"),
    "jobs_set_state": _plain(state="paused"),
    "jobs_state_requirement": _plain(text="Writes well"),
    "jobs_add_member": _member,
    "jobs_end_member": _said,
    "applications_create": _application,
    "applications_update": _plain(stage_label="Phone screen"),
    "applications_move": _with(stage="screening"),
    "applications_hold": _with(until="2026-05-01"),
    "applications_resume": _said,
    "applications_close": _with(outcome="rejected"),
    "applications_reopen": _said,
    "applications_transfer": lambda world: {"job_id": world.ids["spare_job"], **_said(world)},
    "people_merge": lambda world: {"into": world.ids["person_of_original"], **_said(world)},
    "candidates_merge": lambda world: {"into": world.ids["original"], **_said(world)},
    "people_upsert": _plain(name="Rita Sands"),
    "candidates_upsert": _plain(name="Rita Sands"),
    "jobs_upsert": _job_upsert,
    "applications_upsert": _application_upsert,
    "external_refs_create": _external_ref,
    "reasons_create": _reason,
    "reasons_update": _plain(evidence={"result": "No outage in two years."}),
    "referrals_create": _referral,
    "referrals_consent": _with(given=True),
    "referrals_acknowledge": _said,
    "referrals_decline": _said,
    "referrals_withdraw": _said,
    "referrals_mark_ineligible": _with(reason="Agency contract."),
    "referrals_link": lambda world: {"application_id": world.ids["application"], **_said(world)},
    "references_create": _reference,
    "references_update": _labels,
    "references_agree": _said,
    "references_give": _said,
    "references_decline": _said,
    "advocacies_create": _advocacy,
    "advocacies_update": _plain(relationship="same_team"),
    "advocacies_ask": _said,
    "advocacies_agree": _said,
    "advocacies_decline": _said,
    "advocacies_withdraw": _said,
    "acts_create": _act,
    "acts_answer": _with(answer="granted"),
    "acts_confirm": _said,
    "acts_deny": _said,
    "acts_dispute": _said_by_actor,
    "acts_withdraw_dispute": _said_by_actor,
    "acts_retract": _said_by_actor,
    "captures_create": _capture,
    "captures_complete": _plain(advocate="quinn@example.com", recorded_by="quinn@example.com", to="hiring_manager"),
    "captures_discard": _plain(reason="Not about a candidate."),
    "interactions_create": _interaction,
    "interactions_bounce": _said,
    "interactions_retract": _said,
    "follow_ups_create": _follow_up,
    "follow_ups_snooze": _with(until="2026-03-10T09:00:00Z"),
    "follow_ups_reassign": _reassignment,
    "follow_ups_record_digest": lambda world: {"owner": world.ids["person"]},
    "follow_ups_complete": _with(result="Sent."),
    "follow_ups_skip": _with(reason="They spoke this morning."),
    "follow_ups_cancel": _said,
    "invitations_create": _invitation,
    "invitations_pass": _said,
    "calendars_create": lambda world: {"owner_id": world.ids["person"]},
    "capture_addresses_create": _plain(name="Forwarding"),
    "capture_addresses_update": _plain(keeps_text=True),
    "action_links_create": _action_link,
    "connections_create": lambda world: {"provider": "greenhouse", "system": f"greenhouse_{uuid4().hex[:8]}"},
    "connections_update": _plain(name="Renamed", mapping={"stages": {"Onsite": "interviewing"}}),
    "connections_rotate_secret": _plain(secret="another-secret-of-our-own"),
    "inbound_messages_replay_many": lambda world: {"connection_id": world.ids["connection"]},
    "webhook_endpoints_create": _endpoint,
    "webhook_endpoints_update": lambda world: {"description": "Renamed", "job_ids": [world.ids["other_job"]]},
    "webhook_endpoints_resume": _plain(held="discard"),
    "webhook_endpoints_rotate_secret": _plain(grace_period_seconds=60),
    "webhook_endpoints_test": _plain(type="application.created"),
    "webhook_endpoints_recover": _plain(since=LATER),
    "webhook_endpoints_replay": _plain(since=LATER, event_types=["application.*"], state="failed"),
    "webhook_endpoints_replay_missing": _plain(since=LATER, event_types=["application.*"]),
    "policy_update": _plain(min_reasons=3),
    "clock_advance": _plain(by="P1D"),
}


SAME_FOR_ALL = {"event_types_list", "event_types_retrieve"}
"""Operations that answer the same in every workspace."""


QUERIES: Mapping[str, Callable[[World], dict[str, str]]] = {
    "follow_ups_retrieve_digest": lambda world: {"owner": world.ids["person"]},
}
"""Operations that must be told what they are asked about, by query parameters."""


async def _mail(client: httpx.AsyncClient, world: World) -> dict[str, Any]:
    """A mail to an address made for it, from one who brings up the world's candidate."""
    made = await client.post("/v1/capture_addresses", json={"name": f"Mail {uuid4()}"})
    lines = [
        "From: Quinn Abara <quinn@example.com>",
        f"To: Hana Lindqvist <hana@example.com>, {made.json()['token']}@captures.example.com",
        f"Subject: [{world.ids['application']}] Sam Reyes",
        f"Message-ID: <{uuid4()}@example.com>",
    ]
    return {"content": "\r\n".join([*lines, "", "Do talk to Sam."]), "headers": {"Content-Type": "message/rfc822"}}


async def _feed(client: httpx.AsyncClient, world: World) -> dict[str, Any]:
    """The address of a calendar made for it."""
    made = await client.post("/v1/calendars", json={"owner_id": world.ids["person"]})
    return {"url": urlsplit(made.json()["url"]).path}


KEYLESS: Mapping[str, Callable[[httpx.AsyncClient, World], Awaitable[dict[str, Any]]]] = {
    "captures_mail": _mail,
    "calendars_read": _feed,
}
"""Operations that want no API key but a secret of their own, and what to send them; where, if that holds the secret."""
