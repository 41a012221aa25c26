"""What one row is to become when a person has been anonymised: what says it of them by its place, then any mention."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from api.domain.erasure import REMOVED
from api.platform.ids import encode
from api.privacy import bodies, messages
from api.privacy.messages import Meant
from api.privacy.needles import Needles
from api.privacy.places import Place
from api.privacy.structure import Theirs, emptied
from api.privacy.subject import Subject

Row = Mapping[str, Any]
Changes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Redaction:
    """The erasure of one person, applied to rows. Applied twice it changes nothing more."""

    subject: Subject
    theirs: Theirs
    needles: Needles

    @classmethod
    def of(cls, subject: Subject, forms: Iterable[str], *, spared: Iterable[str]) -> "Redaction":
        """For a person whose names and addresses are `forms`; `spared` are longer names, which others bear."""
        return cls(subject, subject.theirs(), Needles(forms, spared=spared))

    def changes(self, place: Place, row: Row, *, now: datetime) -> Changes:
        """The columns of a row that are to change, with their new values."""
        known = self._known(place.name, row)
        values = {column.name: self._value(place, row, column.name, known) for column in place.columns}
        changed = {name: value for name, value in values.items() if value != row[name]}
        if place.name == "inbound_messages" and changed.keys() & {"body", "parsed"}:
            changed["redacted_at"] = now
        if changed and "version" in place.table.columns and "updated_at" in place.table.columns:
            changed |= {"version": row["version"] + 1, "updated_at": now}
        return changed

    def _known(self, table: str, row: Row) -> Changes:
        """What is emptied because of what the row is, whatever words it uses."""
        if table == "inbound_messages" and (meant := self.meant_by(row)):
            return {
                "body": messages.emptied_body(row["body"], meant),
                "parsed": messages.emptied_parsed(row["parsed"], meant),
            }
        if table == "captures" and (naming := self._named_in_capture(row)):
            return {"given": _emptied_given(row["given"], naming), "outcome": self._emptied(row["outcome"])}
        if table == "attempts" and (answer := row["response_body"]):
            # A receiver may give back what it was sent.
            return {"response_body": bodies.without(answer.encode(), self.needles, change=self._emptied).decode()}
        return {}

    def _value(self, place: Place, row: Row, name: str, known: Changes) -> Any:
        value = known.get(name, row[name])
        if isinstance(value, bytes):
            return bodies.without(value, self.needles, change=self._emptied)
        found = self.needles.in_value(value, is_free=name == "metadata")
        return f"removed-{row['id'].hex}" if name in place.unique and found != value else found

    def _emptied(self, value: Any) -> Any:
        return emptied(value, self.theirs)

    def meant_by(self, message: Row) -> Meant:
        """Whom an inbound message may name: the person as its candidate, or as a user of that system."""
        parsed = message["parsed"] or {}
        said = parsed.get("candidate") or {}
        ids = {said.get("external_id"), parsed.get("merged_into")}
        ids |= {_candidate_id(message[name]) for name in ("subject", "other_subject")}
        is_candidate = any((message["connection_id"], "candidate", each) in self.subject.known_to for each in ids)
        users = (
            external_id
            for connection_id, kind, external_id in self.subject.known_to
            if kind == "person" and connection_id == message["connection_id"]
        )
        return Meant(is_candidate, frozenset(users))

    def _named_in_capture(self, row: Row) -> dict[str, UUID | None]:
        """The members of a capture that name the person, when they are its candidate or its advocate."""
        if row["application_id"] in self.subject.applications:
            return {"candidate": None, "subject": None, "application": row["application_id"]}
        if row["advocate_id"] in self.subject.advocates:
            return {"advocate": None, "advocate_name": None, "subject": None}
        return {}


def _candidate_id(subject: str | None) -> str | None:
    kind, _, external_id = (subject or "").partition(":")
    return external_id if kind == "candidate" else None


def _emptied_given(given: Mapping[str, Any], naming: Mapping[str, UUID | None]) -> dict[str, Any]:
    # As if an object were theirs: its texts go, and so do the members that name them in words.
    theirs = Theirs(frozenset(), frozenset({"theirs"}))
    document: dict[str, Any] = emptied({**given, "id": "theirs"}, theirs)
    del document["id"]
    for name, application_id in naming.items():
        if document.get(name) is not None:
            document[name] = REMOVED if application_id is None else encode("application", application_id)
    return document
