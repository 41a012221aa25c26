"""What the follow-ups and invitations of an application do not show by themselves, to be kept between two steps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from api.domain.follow_up_facts import FollowUpKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Ids and moments only. A new one stands before the first step; with version 0 that step lets go by what holds.

    `decided`: triggers for which no follow-up was made. `declined`: grounds on which no invitation was proposed.
    `entries`: since when holds what comes and goes, by its key without that. `policy_version` is the version of the
    policy by which the last step was judged.
    """

    decided: frozenset[FollowUpKey] = frozenset()
    declined: frozenset[FollowUpKey] = frozenset()
    entries: Mapping[FollowUpKey, datetime] = field(default_factory=dict)
    policy_version: int | None = None

    def to_document(self) -> dict[str, Any]:
        """In JSON values, always in the same order."""
        entries = [key._replace(since=since) for key, since in self.entries.items()]
        return {
            "decided": _written(self.decided),
            "declined": _written(self.declined),
            "entries": _written(entries),
            "policy_version": self.policy_version,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Memory":
        """What `to_document` wrote; an empty one is that before the first step."""
        entries = (_key(each) for each in document.get("entries", ()))
        return cls(
            decided=frozenset(_key(each) for each in document.get("decided", ())),
            declined=frozenset(_key(each) for each in document.get("declined", ())),
            entries={key._replace(since=None): key.since for key in entries if key.since},
            policy_version=document.get("policy_version"),
        )


def _written(keys: Iterable[FollowUpKey]) -> list[list[str | None]]:
    written = [
        [
            key.type,
            str(key.trigger_id),
            str(key.person_id) if key.person_id else None,
            key.since.isoformat() if key.since else None,
        ]
        for key in keys
    ]
    return sorted(written, key=lambda key: [each or "" for each in key])


def _key(written: Sequence[Any]) -> FollowUpKey:
    name, trigger, person, since = written
    return FollowUpKey(
        type=name,
        trigger_id=UUID(trigger),
        person_id=UUID(person) if person else None,
        since=datetime.fromisoformat(since) if since else None,
    )
