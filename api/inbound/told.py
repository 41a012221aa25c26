"""What was told about candidates, jobs and people beside how applications stood. The latest word counts."""

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import NamedTuple

from api.inbound.changes import Change, ChangeKind, SourceCandidate, SourceJob, SourcePerson
from api.inbound.timeline import Said

_ERASING = (ChangeKind.CANDIDATE_ANONYMIZED, ChangeKind.CANDIDATE_DELETED)
_TELLING = (ChangeKind.APPLICATION, ChangeKind.CANDIDATE)


class Title(NamedTuple):
    """A job's title, and the moment it was said of."""

    said_at: datetime
    text: str


def candidate_said(said: Sequence[Said], *, gone: Collection[str] = ()) -> SourceCandidate | None:
    """Name and addresses as they were said last; null where nothing was said but that there is one no more.

    What was said of those in `gone`, who were merged into another, counts only where nothing is said of the others.
    """
    telling = [each.change.candidate for each in said if each.change.kind in _TELLING]
    if not telling:
        return None
    weighed = sorted(telling, key=lambda candidate: candidate.external_id not in gone)
    return SourceCandidate(
        external_id=weighed[-1].external_id,
        name=next((each.name for each in reversed(weighed) if each.name), None),
        emails=next((each.emails for each in reversed(weighed) if each.emails), ()),
    )


def merges(said: Iterable[Said]) -> list[tuple[str, str]]:
    """Who was merged into whom, in order."""
    changes = (each.change for each in said)
    return [
        (change.candidate.external_id, change.merged_into)
        for change in changes
        if change.kind is ChangeKind.CANDIDATE_MERGED and change.merged_into is not None
    ]


def is_erased(said: Sequence[Said], candidates: AbstractSet[str]) -> bool:
    """Whether the person behind these candidates is to be forgotten.

    One who was anonymised is, unless name and address are left; one who was deleted is unless another record of them is
    left there.
    """
    erasing = [each.change for each in said if each.change.kind in _ERASING and not each.change.is_still_named]
    if any(change.kind is ChangeKind.CANDIDATE_ANONYMIZED for change in erasing):
        return True
    return bool(erasing) and candidates <= {change.candidate.external_id for change in erasing}


def titles(said: Iterable[Said]) -> dict[str, Title]:
    """The title of each job that was named, as it was said last."""
    found: dict[str, Title] = {}
    for each in said:
        for job in _jobs(each.change):
            told = Title(each.moment, job.title)
            found[job.external_id] = max(told, found.get(job.external_id, told))
    return found


def _jobs(change: Change) -> Sequence[SourceJob]:
    return change.application.jobs if change.application is not None else ()


def people(said: Iterable[Said]) -> dict[str, SourcePerson]:
    """All that was said of each credited person who has an id: the latest name and address."""
    found: dict[str, SourcePerson] = {}
    for each in said:
        person = each.change.application.credited_to if each.change.application is not None else None
        if person is not None and person.external_id is not None:
            before = found.get(person.external_id, person)
            found[person.external_id] = SourcePerson(
                external_id=person.external_id, name=person.name or before.name, email=person.email or before.email
            )
    return found
