"""An example of what a schema describes, made of the examples that stand in it."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Schema = Mapping[str, Any]

_STANDING_FOR = {"string": "text", "integer": 1, "number": 1, "boolean": False}


def example_of(schema: Schema, definitions: Mapping[str, Schema]) -> Any:
    """What the schema's own example shows, or else one put together of its members' examples.

    What may be null and has no example of its own is null. The schema is one that a model has made.
    """
    if "examples" in schema:
        return deepcopy(schema["examples"][0])
    if "const" in schema:
        return schema["const"]
    if "$ref" in schema:
        return example_of(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        return None if {"type": "null"} in schema["anyOf"] else example_of(schema["anyOf"][0], definitions)
    if "enum" in schema:
        return schema["enum"][0]
    if schema["type"] == "object":
        return {name: example_of(part, definitions) for name, part in schema.get("properties", {}).items()}
    if schema["type"] == "array":
        return [example_of(schema["items"], definitions)]
    return _STANDING_FOR[schema["type"]]
