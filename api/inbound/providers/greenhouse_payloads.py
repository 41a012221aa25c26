"""What Greenhouse says, read into changes that belong to no vendor.

Its samples disagree about members, so whatever may be missing may be missing; only ids must be there.
"""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from pydantic import ValidationError

from api.domain.vocabulary import Outcome
from api.inbound.changes import ApplicationSnapshot, Change, ChangeKind, SourceCandidate
from api.inbound.providers.greenhouse_members import Anonymized, Application, Candidate, DeletedApplication, Person
from api.inbound.providers.provider import Ignored, SenselessDelivery

_THEY_ENDED_IT = "they rejected us"
"""The type of rejection reason that says that it was the candidate who ended it; the types are Greenhouse's own."""

# Of two changes of one moment the one further down came later.
_RANKS = {
    "new_prospect_application": 0,
    "new_candidate_application": 0,
    "application_updated": 1,
    "candidate_stage_change": 2,
    "hire_candidate": 3,
    "reject_candidate": 3,
    "unhire_candidate": 4,
    "unreject_candidate": 4,
}


def parse(body: bytes) -> Change | Ignored:
    """The change that a delivery tells; Ignored for pings and for events that change nothing here.

    Raises SenselessDelivery for what is no JSON object, and for a known event without the members it must have.
    """
    try:
        message = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise SenselessDelivery("The body is not JSON.") from None
    if not isinstance(message, dict):
        raise SenselessDelivery("The body is not a JSON object.")
    action = message.get("action")
    if not isinstance(action, str) or action not in _READERS:
        return Ignored(action.replace("\x00", "")[:100] if isinstance(action, str) else "unnamed")
    try:
        return _READERS[action](action, _object(message, "payload"))
    except ValidationError as wrong:
        raise SenselessDelivery(_told(wrong), event=action) from None
    except KeyError as missing:
        raise SenselessDelivery(f"The object '{missing.args[0]}' is missing.", event=action) from None


def _object(parent: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = parent.get(name)
    if not isinstance(found, dict):
        raise KeyError(name)
    return found


def _told(wrong: ValidationError) -> str:
    """The first few faults by place and kind; the values are left out, as they may name people."""
    faults = (f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in wrong.errors(include_input=False)[:3])
    return "; ".join(faults)


def _application(action: str, payload: Mapping[str, Any]) -> Change:
    said = Application.model_validate(_object(payload, "application"))
    return Change(
        kind=ChangeKind.APPLICATION,
        event=action,
        happened_at=_happened_at(action, said),
        rank=_RANKS[action],
        candidate=said.candidate.source(),
        application=_snapshot(action, said),
    )


def _happened_at(action: str, said: Application) -> Any:
    proper = {
        "new_candidate_application": said.applied_at,
        "new_prospect_application": said.applied_at,
        "reject_candidate": said.rejected_at,
        "hire_candidate": _hired_at(said),
    }
    return proper.get(action) or said.last_activity_at


def _hired_at(said: Application) -> Any:
    # An offer may be resolved with an earlier date; what was said of the open application since then must not follow.
    known = [said.offer.resolved_at if said.offer else None, said.last_activity_at]
    return max((moment for moment in known if moment is not None), default=None)


def _snapshot(action: str, said: Application) -> ApplicationSnapshot:
    outcome = _outcome(action, said)
    return ApplicationSnapshot(
        external_id=said.id,
        is_prospect=bool(said.prospect) or action == "new_prospect_application",
        applied_at=said.applied_at,
        is_open=_is_open(action, said, outcome),
        outcome=outcome,
        stage=said.current_stage.source() if said.current_stage else None,
        jobs=tuple(job.source() for job in said.jobs or ([said.job] if said.job else [])),
        source=said.source.source() if said.source else None,
        credited_to=said.credited_to.source() if said.credited_to else None,
        says_credit="credited_to" in said.model_fields_set,
        fields={**said.candidate.fields(), **said.fields()},
    )


def _outcome(action: str, said: Application) -> Outcome | None:
    if action in ("unhire_candidate", "unreject_candidate"):
        return None
    if action == "hire_candidate" or (said.status == "hired" and action != "reject_candidate"):
        return Outcome.HIRED
    if action != "reject_candidate" and said.status != "rejected":
        return None
    kind = said.rejection_reason.type if said.rejection_reason else None
    named = (kind.name or "").casefold() if kind else ""
    return Outcome.WITHDRAWN if named == _THEY_ENDED_IT else Outcome.REJECTED


def _is_open(action: str, said: Application, outcome: Outcome | None) -> bool | None:
    if outcome is not None:
        return False
    is_told = said.status == "active" or action in ("unhire_candidate", "unreject_candidate")
    return True if is_told else None


def _candidate(action: str, payload: Mapping[str, Any]) -> Change:
    said = Candidate.model_validate(_object(payload, "candidate"))
    return Change(kind=ChangeKind.CANDIDATE, event=action, rank=1, candidate=said.source())


def _deleted_application(action: str, payload: Mapping[str, Any]) -> Change:
    said = DeletedApplication.model_validate(_object(payload, "application"))
    return Change(
        kind=ChangeKind.APPLICATION_DELETED,
        event=action,
        candidate=SourceCandidate(external_id=said.candidate_id),
        deleted_applications=(said.id,),
    )


def _deleted_candidate(action: str, payload: Mapping[str, Any]) -> Change:
    # The ids stand inside the person in one place of the documentation and beside it in another.
    said = Person.model_validate({**payload, **_object(payload, "person")})
    return Change(
        kind=ChangeKind.CANDIDATE_DELETED,
        event=action,
        candidate=SourceCandidate(external_id=said.id),
        deleted_applications=tuple(said.deleted_application_ids or ()),
    )


def _merged_candidate(action: str, payload: Mapping[str, Any]) -> Change:
    said = Person.model_validate(_object(payload, "person"))
    if said.new_candidate_id is None:
        raise SenselessDelivery("person.new_candidate_id: the candidate merged into is missing", event=action)
    return Change(
        kind=ChangeKind.CANDIDATE_MERGED,
        event=action,
        candidate=SourceCandidate(external_id=said.id),
        merged_into=said.new_candidate_id,
    )


def _anonymized_candidate(action: str, payload: Mapping[str, Any]) -> Change:
    said = Anonymized.model_validate(payload)
    return Change(
        kind=ChangeKind.CANDIDATE_ANONYMIZED,
        event=action,
        candidate=SourceCandidate(external_id=said.candidate_id),
        anonymized_fields=said.fields(),
        is_still_named=said.is_still_named(),
    )


_READERS: Mapping[str, Callable[[str, Mapping[str, Any]], Change]] = {
    **dict.fromkeys(_RANKS, _application),
    "update_candidate": _candidate,
    "delete_application": _deleted_application,
    "delete_candidate": _deleted_candidate,
    "merge_candidate": _merged_candidate,
    "candidate_anonymized": _anonymized_candidate,
}
