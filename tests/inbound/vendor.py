"""A Greenhouse of our own: things happen in it one after the other, and it says what its web hooks would send."""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from tests.cast import START

Json = dict[str, Any]

FIRST = START - timedelta(days=60)
TICK = timedelta(minutes=37)
STAGES = {"Application Review": 101, "Phone Screen": 102, "Technical Interview": 103, "Reference Check": 104}
STAGES |= {"Offer": 105}
REFERRAL, BOARD = {"id": 41, "name": "Referral"}, {"id": 42, "name": "Job board"}
MAPPING = {
    "stages": {"Application Review": "applied", "Phone Screen": "screening", "103": "interviewing", "Offer": "offer"},
    "referral_sources": ["Referral"],
}
"""A mapping that leaves one stage out."""


class Delivery(NamedTuple):
    """One delivery: when it was sent, and its body."""

    sent_at: datetime
    body: bytes


def person(number: int, name: str) -> Json:
    """A user who may be credited."""
    return {"id": number, "email": f"{name.split()[0].lower()}@acme.example", "name": name, "employee_id": None}


def outsider(name: str) -> Json:
    """Somebody without an account who may be credited."""
    return {"id": None, "email": None, "name": name, "employee_id": None}


MARA, BO = person(5512, "Mara Lindqvist"), person(5513, "Bo Castell")
OLD_FRIEND = outsider("Old Friend")


@dataclass
class Greenhouse:
    """The vendor. Every method is one thing done there; `sent` are the deliveries of it, in order."""

    now: datetime = FIRST
    sent: list[Delivery] = field(default_factory=list)
    candidates: dict[int, Json] = field(default_factory=dict)
    applications: dict[int, Json] = field(default_factory=dict)

    def add_candidate(self, number: int, name: str = "Ines Okafor", email: str | None = None) -> None:
        """Somebody becomes known; that alone is not told."""
        first, _, last = name.partition(" ")
        addresses = [{"value": email or f"{first.lower()}.{number}@mail.example", "type": "personal"}]
        self.candidates[number] = {"id": number, "first_name": first, "last_name": last, "email_addresses": addresses}

    def apply(
        self, number: int, candidate: int, *jobs: int, source: Json | None = None, credit: Json | None = None
    ) -> None:
        """A candidate applies for one job."""
        self._begin(number, candidate, jobs, source, credit, stage="Application Review", prospect=False)
        self._send("new_candidate_application", number)

    def add_prospect(
        self, number: int, candidate: int, *jobs: int, source: Json | None = None, credit: Json | None = None
    ) -> None:
        """Somebody becomes a prospect for any number of jobs."""
        self._begin(number, candidate, jobs, source, credit, stage=None, prospect=True)
        self._send("new_prospect_application", number)

    def move(self, number: int, stage: str) -> None:
        """An application enters another stage."""
        self._change(number, current_stage={"id": STAGES[stage], "name": stage, "interviews": []})
        self._send("candidate_stage_change", number)

    def reject(self, number: int, kind: str = "We rejected them") -> None:
        """An application is rejected."""
        reason = {"id": 9, "name": "Some reason", "type": {"id": 1, "name": kind}}
        self._change(number, status="rejected", rejection_reason=reason)
        self.applications[number]["rejected_at"] = _text(self.now)
        self._send("reject_candidate", number)

    def unreject(self, number: int) -> None:
        """It was not meant so."""
        self._change(number, status="active", rejection_reason=None, rejected_at=None)
        self._send("unreject_candidate", number)

    def hire(self, number: int) -> None:
        """An offer is accepted. The body lacks status and stage, as the vendor's own sample does."""
        self._change(number, status="hired")
        shown = {**self.applications[number], "offer": {"id": 1, "resolved_at": _text(self.now)}}
        shown.pop("current_stage")
        shown.pop("status")
        self._deliver("hire_candidate", shown)

    def unhire(self, number: int) -> None:
        """The hire is undone."""
        self._change(number, status="active")
        self._send("unhire_candidate", number)

    def credit(self, number: int, credited_to: Json | None, source: Json | None = None) -> None:
        """Whom an application is credited to, or where it came from, is changed."""
        self._change(number, credited_to=credited_to, source=source or self.applications[number]["source"])
        self._send("application_updated", number)

    def transfer(self, number: int, job: int) -> None:
        """An application goes to another job, under its id."""
        self._change(number, jobs=[{"id": job, "name": f"Job {job}"}])
        self._send("application_updated", number)

    def touch(self, number: int) -> None:
        """Something about an application changes that we do not look at."""
        self._change(number)
        self._send("application_updated", number)

    def update_candidate(self, number: int, **changes: Any) -> None:
        """Name or addresses of a candidate change."""
        self.now += TICK
        self.candidates[number].update(changes)
        self._envelope("update_candidate", {"candidate": self.candidates[number]})

    def delete_application(self, number: int) -> None:
        """An application is destroyed."""
        self.now += TICK
        gone = self.applications.pop(number)
        flat = {"id": number, "candidate_id": gone["candidate"], "job_id": gone["jobs"][0]["id"], "status": "active"}
        self._envelope("delete_application", {"application": flat})

    def delete_candidate(self, number: int) -> None:
        """A candidate is destroyed, with all applications."""
        self.now += TICK
        ids = [key for key, each in self.applications.items() if each["candidate"] == number]
        self._envelope("delete_candidate", {"person": {"id": number}, "deleted_application_ids": ids})

    def merge(self, loser: int, winner: int) -> None:
        """Two candidates turn out to be one; the applications go over."""
        self.now += TICK
        for application in self.applications.values():
            if application["candidate"] == loser:
                application["candidate"] = winner
        self._envelope("merge_candidate", {"person": {"id": loser, "new_candidate_id": winner}})

    def anonymize(self, number: int) -> None:
        """A candidate is anonymised."""
        self.candidates[number].update(first_name="Anonymized", last_name=str(number), email_addresses=[])
        self.anonymize_fields(number, "full_name", "email_addresses")

    def anonymize_fields(self, number: int, *fields: str) -> None:
        """Some fields of a candidate are emptied."""
        self.now += TICK
        self._envelope("candidate_anonymized", {"candidate_id": number, "anonymized_fields": list(fields)})

    def _begin(
        self,
        number: int,
        candidate: int,
        jobs: tuple[int, ...],
        source: Json | None,
        credit: Json | None,
        *,
        stage: str | None,
        prospect: bool,
    ) -> None:
        if candidate not in self.candidates:
            self.add_candidate(candidate)
        self.now += TICK
        self.applications[number] = {
            "id": number,
            "rejected_at": None,
            "prospect": prospect,
            "status": "active",
            "applied_at": _text(self.now),
            "last_activity_at": _text(self.now),
            "source": source or BOARD,
            "credited_to": credit,
            "current_stage": stage and {"id": STAGES[stage], "name": stage, "interviews": []},
            "candidate": candidate,
            "jobs": [{"id": job, "name": f"Job {job}"} for job in jobs],
        }

    def _change(self, number: int, **changes: Any) -> None:
        self.now += TICK
        self.applications[number].update(changes, last_activity_at=_text(self.now))

    def _send(self, action: str, number: int) -> None:
        self._deliver(action, self.applications[number])

    def _deliver(self, action: str, application: Json) -> None:
        whole = {**application, "candidate": self.candidates[application["candidate"]]}
        self._envelope(action, {"application": whole})

    def _envelope(self, action: str, payload: Json) -> None:
        body = json.dumps({"action": action, "payload": deepcopy(payload)}).encode()
        self.sent.append(Delivery(self.now, body))


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
