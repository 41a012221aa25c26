"""Checks events against the catalogue: each holds exactly what the schema of its type says, no more and no less."""

from functools import cache
from typing import Any

import jsonschema_rs

from api.event_types import catalogue

Body = dict[str, Any]


def faults_of(body: Body) -> list[str]:
    """What is wrong with an event, as it was rendered."""
    event_type = body["type"]
    found = [f"{event_type} data: {fault}" for fault in _faults(_data(event_type), body["data"])]
    previous = _previous(event_type)
    if body["previous"] is not None and previous is None:
        found.append(f"{event_type}: its previous is declared to be null")
    elif body["previous"] is not None:
        found += [f"{event_type} previous: {fault}" for fault in _faults(previous, body["previous"])]
    if body["subject"]["type"] != catalogue.subject_of(event_type):
        found.append(f"{event_type}: its subject is {body['subject']['type']}")
    if (body["subject_version"] is None) != catalogue.DECLARED[event_type].is_fact:
        found.append(f"{event_type}: its subject_version is {body['subject_version']}")
    return found


def _faults(validator: Any, value: Any) -> list[str]:
    return [f"{'/'.join(map(str, each.instance_path))}: {each.message}" for each in validator.iter_errors(value)]


@cache
def _data(event_type: str) -> Any:
    return jsonschema_rs.Draft202012Validator(closed(catalogue.schema(event_type)), validate_formats=True)


@cache
def _previous(event_type: str) -> Any:
    schema = catalogue.previous_schema(event_type)
    return None if schema is None else jsonschema_rs.Draft202012Validator(closed(schema), validate_formats=True)


def closed(schema: Any) -> Any:
    """The schema with no members but those it names; what is published is open, since members may be added."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {name: closed(part) for name, part in schema.items() if name != "examples"}
    return {**parts, "additionalProperties": False} if _names_members(schema) else parts


def _names_members(schema: dict[str, Any]) -> bool:
    return schema.get("type") == "object" and "properties" in schema and "additionalProperties" not in schema
