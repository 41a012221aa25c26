"""Deliveries as Greenhouse makes them: composed, with the members' true names. `SECRET` signs the two vectors."""

import hashlib
import hmac
import json
from typing import Any

SECRET = "gh-test-secret"

STAGE_CHANGE = (
    b'{"action":"candidate_stage_change","payload":{"application":{"id":88120417,"rejected_at":null,"prospect":false,'
    b'"status":"active","applied_at":"2026-03-02T09:15:00Z","last_activity_at":"2026-03-09T14:02:31Z","source":{"id":41,'
    b'"name":"Referral"},"credited_to":{"id":5512,"email":"mara.lindqvist@acme.example","name":"Mara Lindqvist",'
    b'"employee_id":"E-1042"},"current_stage":{"id":730015,"name":"Technical Interview","interviews":[]},"candidate":'
    b'{"id":70231188,"first_name":"Ines","last_name":"Okafor","email_addresses":[{"value":"ines.okafor@mail.example","type":'
    b'"personal"}]},"jobs":[{"id":301877,"name":"Platform Engineer","requisition_id":"ENG-204"}]}}}'
)
STAGE_CHANGE_SIGNATURE = "sha256 4a3520354359eb19b13e242135488b7127740f2923b0e6a481860cd2f4d51e6c"

ESCAPED = (
    rb'{"action":"new_candidate_application","payload":{"application":{"id":88120418,"status":"active","candidate":{"id":'
    rb'70231189,"first_name":"Zo\u00eb","last_name":"M\u00fcller"},"jobs":[{"id":301877,"name":"R\u0026D Lead","notes":'
    rb'"\u003cp\u003eUrgent\u003c/p\u003e"}]}}}'
)
ESCAPED_SIGNATURE = "sha256 de0c227ee72986beaa3a7c4d177316bdb8e47f9d3a405705f76dd834895a4bf0"
REWRITTEN_SIGNATURE = "sha256 d0acf6f58fdd59f343dab05525417bf8131b587d62444ab4a34d2794403839c4"
"""Of the escaped one after it was parsed and written again: what comes out where bytes are not kept."""

NOT_IN_A_HIRE = ("status", "current_stage", "last_activity_at", "prospect", "rejected_at", "applied_at")


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """The header that Greenhouse sends with these bytes."""
    return {"signature": f"sha256 {hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"}


def candidate(**members: Any) -> dict[str, Any]:
    """A candidate as they stand inside an application."""
    return {
        "id": 70231188,
        "first_name": "Ines",
        "last_name": "Okafor",
        "title": None,
        "email_addresses": [
            {"value": "ines@work.example", "type": "work"},
            {"value": "ines.okafor@mail.example", "type": "personal"},
        ],
        "recruiter": {"id": 55, "email": "rita@acme.example", "name": "Rita Sands", "employee_id": None},
        "custom_fields": {"favorite_color": {"name": "Favorite Color", "type": "short_text", "value": "Blue"}},
        **members,
    }


def application(**members: Any) -> dict[str, Any]:
    """An application as most events carry it, in "Technical Interview" and credited to Mara."""
    return {
        "id": 88120417,
        "rejected_at": None,
        "prospect": False,
        "status": "active",
        "applied_at": "2026-03-02T09:15:00Z",
        "last_activity_at": "2026-03-09T14:02:31Z",
        "source": {"id": 41, "name": "Referral"},
        "credited_to": {
            "id": 5512,
            "email": "mara.lindqvist@acme.example",
            "name": "Mara Lindqvist",
            "employee_id": "E-1042",
        },
        "rejection_reason": None,
        "current_stage": {"id": 730015, "name": "Technical Interview", "interviews": []},
        "custom_fields": {},
        "candidate": candidate(),
        "jobs": [{"id": 301877, "name": "Platform Engineer", "requisition_id": "ENG-204"}],
        **members,
    }


def delivery(action: str, payload: dict[str, Any] | None = None, **members: Any) -> bytes:
    """The body of a delivery; without a payload, of an application with these members changed."""
    message = {"action": action, "payload": {"application": application(**members)} if payload is None else payload}
    return json.dumps(message).encode()


def hired(**members: Any) -> bytes:
    """A hire: no status, no stage and no activity; an opening, an offer and the old member `job`."""
    offer = {"id": 9911, "version": 2, "sent_at": "2026-03-20", "resolved_at": "2026-03-24T10:00:00Z"}
    kept = {
        name: value
        for name, value in application().items()
        if name
        not in ("status", "current_stage", "last_activity_at", "prospect", "rejected_at", "applied_at", "source")
    }
    added = {"opening": {"opening_id": "1234-56"}, "offer": offer, "job": kept["jobs"][0]}
    source = {"source": {"id": 41, "public_name": "Referral"}}
    return delivery("hire_candidate", {"application": {**kept, **source, **added, **members}})


def rejected(reason_type: str = "We rejected them", **members: Any) -> bytes:
    """A rejection, of whoever's making."""
    reason = {"id": 14, "name": "Too junior", "type": {"id": 3, "name": reason_type}}
    said = {
        "status": "rejected",
        "rejected_at": "2026-03-11T15:50:41Z",
        "last_activity_at": "2026-03-11T15:50:42Z",
        "source": {"id": 41, "public_name": "Referral"},
        "rejection_reason": reason,
    }
    return delivery("reject_candidate", **{**said, **members})


def prospect(*jobs: tuple[int, str], **members: Any) -> bytes:
    """A prospect with as many jobs as are given."""
    said = {
        "prospect": True,
        "current_stage": None,
        "source": {"id": 41, "public_name": "Referral"},
        "jobs": [{"id": number, "name": name, "requisition_id": None} for number, name in jobs],
    }
    return delivery("new_prospect_application", **{**said, **members})


def deleted_application() -> bytes:
    """An application that was destroyed: flat, with ids alone."""
    flat = {"id": 88120417, "candidate_id": 70231188, "job_id": 301877, "source_id": 41, "referrer_id": 5512}
    return delivery("delete_application", {"application": flat})


def deleted_candidate() -> bytes:
    """A person who was deleted with two applications."""
    ids = [88120417, 88120418]
    person = {"id": 70231188, "first_name": "Ines", "last_name": "Okafor", "deleted_application_ids": ids}
    return delivery("delete_candidate", {"person": person})


def merged_candidate() -> bytes:
    """A person who was merged into another."""
    person = {"id": 70231188, "first_name": "Ines", "last_name": "Okafor", "new_candidate_id": 457456}
    return delivery("merge_candidate", {"person": person})


def anonymized_candidate() -> bytes:
    """A person of whom name and addresses were anonymised."""
    return delivery(
        "candidate_anonymized", {"candidate_id": 70231188, "anonymized_fields": ["full_name", "email_addresses"]}
    )
