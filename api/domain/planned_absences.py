"""Advocates whose leaving or long absence is planned, while there is time to hand over."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from api.domain.clock import window_in_force
from api.domain.facts import AvailabilityRecord
from api.domain.history import AdvocacyHistory
from api.domain.people import availability_on, holding, is_gone
from api.domain.scene import Scene
from api.domain.vocabulary import Availability


def planned_absences(scene: Scene, advocacy: AdvocacyHistory) -> Iterator[AvailabilityRecord]:
    """The plans of an advocate who takes part to leave, or to be away for more days than the window, or for good."""
    records = advocacy.facts.availability
    for record in records if scene.takes_part(advocacy) else ():
        if record.effective_on <= scene.day or holding(records, record.effective_on) is not record:
            continue
        if record.state is Availability.LEFT or _is_long(record, scene):
            yield record


def _is_long(record: AvailabilityRecord, scene: Scene) -> bool:
    if record.state is not Availability.AWAY or scene.view is None:
        return False
    window = window_in_force(scene.policy, scene.view)
    return record.until is None or (record.until - record.effective_on).days > window


def still_absent(scene: Scene, advocacy: AdvocacyHistory, record_id: UUID) -> bool:
    """Whether a plan still stands, or has come true and is not over, for somebody who takes part."""
    record = next((each for each in advocacy.facts.availability if each.id == record_id), None)
    if record is None or not scene.takes_part(advocacy):
        return False
    day = max(scene.day, record.effective_on)
    return holding(advocacy.facts.availability, day) is record and not _is_over(record, day, scene, advocacy)


def _is_over(record: AvailabilityRecord, day: date, scene: Scene, advocacy: AdvocacyHistory) -> bool:
    if record.state is Availability.AWAY:
        return record.until is not None and record.until <= day
    heard = [act.day for act in scene.hiring_side_acts(advocacy)]
    return not is_gone(availability_on([record], day), heard[-1] if heard else None)
