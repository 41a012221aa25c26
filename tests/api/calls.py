"""How every operation is called: a body that the service accepts, naming each id that a body may name.

A new operation fails the walk over all routes until it stands here; so it is covered the day it is born.
"""

from collections.abc import Callable, Mapping

from tests.api.world import HEARD, SEEN, Body, World

ADMIN = {"policy_update"}
"""Operations that need the scope `admin`; other writes need `write`, and reads need `read`."""


INSTEAD: Mapping[str, Mapping[str, str]] = {
    "applications_resume": {"application": "application_after_hold"},
    "applications_reopen": {"application": "application_after_close"},
    "referrals_link": {"referral": "unlinked_referral"},
    "advocacies_ask": {"advocacy": "quiet_advocacy"},
    "advocacies_agree": {"advocacy": "quiet_advocacy"},
    "advocacies_decline": {"advocacy": "quiet_advocacy"},
    "acts_withdraw_dispute": {"act": "disputed_act"},
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


BODIES: Mapping[str, Callable[[World], Body]] = {
    "people_create": _plain(name="Rita Sands"),
    "people_update": _plain(name="Hana L."),
    "people_record_availability": _with(state="away", until="2026-04-01"),
    "people_record_affiliation": _with(affiliation="alumnus"),
    "people_leave": _said,
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
    "policy_update": _plain(min_reasons=3),
    "clock_advance": _plain(by="P1D"),
}
