"""Every event type with the schema of what it holds, and a whole example. One type has one schema for ever."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

import orjson

from api.domain.webhooks import OPERATIONAL
from api.event_types.advocacies import ADVOCACIES
from api.event_types.applications import APPLICATIONS
from api.event_types.captures import CAPTURES
from api.event_types.declaring import Declared
from api.event_types.endpoints import ENDPOINTS
from api.event_types.examples import example_of
from api.event_types.follow_ups import FOLLOW_UPS
from api.event_types.jobs import JOBS
from api.event_types.people import PEOPLE
from api.event_types.referrals import REFERRALS
from api.event_types.settings import SETTINGS
from api.platform import outbox
from api.platform.schemas import ResponseModel
from api.platform.sessions import PendingEvent

DECLARED: Mapping[str, Declared] = {
    **PEOPLE,
    **JOBS,
    **APPLICATIONS,
    **REFERRALS,
    **ADVOCACIES,
    **CAPTURES,
    **FOLLOW_UPS,
    **SETTINGS,
    **ENDPOINTS,
}
"""What the events of each type hold."""

EXAMPLE_ID = UUID("0192f3a4b5c67d8e9f00112233445566")
EXAMPLE_MOMENT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
EXAMPLE_NUMBER = 42
EXAMPLE_ACTOR = {"type": "api_key", "id": f"api_key_{EXAMPLE_ID.hex}"}

_SUBJECTS = {"ask": "act", "delivery": "webhook_endpoint"}
_WITHOUT_ID = {"clock", "policy"}


def subject_of(event_type: str) -> str:
    """The kind of resource that events of this type are about."""
    beginning = event_type.partition(".")[0]
    return _SUBJECTS.get(beginning, beginning)


def is_operational(event_type: str) -> bool:
    """Whether it tells how deliveries go; `*` does not include such a type."""
    return event_type.partition(".")[0] in OPERATIONAL


@cache
def schema(event_type: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the `data` of such an event, whole in itself; not to be changed."""
    return _schema_of(DECLARED[event_type].data)


@cache
def previous_schema(event_type: str) -> dict[str, Any] | None:
    """The same of its `previous` where that is not null; None for a type whose `previous` always is."""
    model = DECLARED[event_type].previous
    return None if model is None else _schema_of(model)


def example(event_type: str) -> dict[str, Any]:
    """The whole body of such an event, with the same ids and times each time. Raises KeyError for an unknown type."""
    return deepcopy(_example(event_type))


@cache
def _example(event_type: str) -> dict[str, Any]:
    declared = DECLARED[event_type]
    described = _schema_of(declared.usual or declared.data)
    data = {**example_of(described, described.get("$defs", {})), **declared.shown}
    kind = subject_of(event_type)
    event = PendingEvent(
        type=event_type,
        subject_type=kind,
        subject_id=None if kind in _WITHOUT_ID else EXAMPLE_ID,
        subject_version=None if declared.is_fact else data.get("version", 1),
        application_id=None,
        occurred_at=EXAMPLE_MOMENT,
        recorded_at=EXAMPLE_MOMENT,
        data=data,
        previous=None if declared.was is None else dict(declared.was),
    )
    body: dict[str, Any] = orjson.loads(orjson.dumps(outbox.body_of(event, EXAMPLE_ID, EXAMPLE_NUMBER, EXAMPLE_ACTOR)))
    return body


def _schema_of(model: type[ResponseModel]) -> dict[str, Any]:
    return model.model_json_schema(mode="serialization")
