"""The document is the service, and good clients can be generated from it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from fastapi import FastAPI

from api.commands.contract import SDK_CONTRACT, rendered
from api.domain.events import EVENT_TYPES
from api.event_types.catalogue import DECLARED
from api.event_types.envelopes import UNION
from api.event_types.told import Partly

SNAPSHOT = Path(__file__).parent / "operation_ids.txt"
VERBS_OF_READING = ("list", "retrieve")


@pytest.fixture(scope="module")
def document(bare_app: FastAPI) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(bare_app.openapi()))
    return found


@pytest.fixture(scope="module")
def schemas(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"]
    return found


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        yield from item.values()


def test_the_contract_files_are_the_service() -> None:
    for path, text in rendered().items():
        assert path.read_text(encoding="utf-8") == text, "run `championed openapi export`, and read the diff"


def test_it_is_a_valid_document(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    for name, schema in document["components"]["schemas"].items():
        jsonschema_rs.meta.validate(schema)
        jsonschema_rs.Draft202012Validator(
            {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        )


def test_no_schema_is_named_after_a_module(schemas: dict[str, Any]) -> None:
    assert [name for name in schemas if "__" in name] == []


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            for each in part.values():
                yield from references(each)
        elif isinstance(part, list):
            for each in part:
                yield from references(each)

    named = set(references(document))
    for reference in named:
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            assert step in place, reference
            place = place[step]
    unused = {name for name in document["components"]["schemas"] if f"#/components/schemas/{name}" not in named}
    assert unused == {UNION}, "which is for the SDKs that are made of this"


def test_operation_ids_are_for_ever(document: dict[str, Any]) -> None:
    """Each is a method of every generated client: add a line for a new one; never change or remove one."""
    given = sorted(operation["operationId"] for operation in operations(document))
    assert len(set(given)) == len(given)
    assert given == SNAPSHOT.read_text(encoding="utf-8").splitlines()


def test_every_operation_has_one_tag_that_is_described(document: dict[str, Any]) -> None:
    described = {tag["name"] for tag in document["tags"] if tag["description"]}
    used = set()
    for operation in operations(document):
        assert len(operation["tags"]) == 1, operation["operationId"]
        used |= set(operation["tags"])
        assert operation["summary"]
        assert operation["description"], operation["operationId"]
    assert used == described


def test_every_component_has_a_title_and_a_description(schemas: dict[str, Any]) -> None:
    bare = [name for name, schema in schemas.items() if not (schema.get("title") and schema.get("description"))]
    assert bare == []


def test_every_property_has_a_description_and_an_example(schemas: dict[str, Any]) -> None:
    bare = [
        f"{name}.{member}"
        for name, schema in schemas.items()
        for member, part in schema.get("properties", {}).items()
        if not _described(part, schemas)
    ]
    assert bare == []


def _described(part: dict[str, Any], schemas: dict[str, Any]) -> bool:
    return "description" in part and ("examples" in part or _leads_to_examples(part, schemas))


def _leads_to_examples(part: dict[str, Any], schemas: dict[str, Any]) -> bool:
    """What stands in for an example: another component, a constant, or a part with one."""
    parts = [*part.get("anyOf", []), *part.get("oneOf", []), *filter(None, [part.get("items")])]
    return (
        "$ref" in part
        or "const" in part
        or "enum" in part
        or "examples" in part
        or any(_leads_to_examples(each, schemas) for each in parts)
    )


def test_every_parameter_has_a_description_and_is_never_null(document: dict[str, Any]) -> None:
    for operation in operations(document):
        for given in operation.get("parameters", []):
            parameter = (
                document["components"]["parameters"][given["$ref"].rpartition("/")[2]] if "$ref" in given else given
            )
            where = f"{operation['operationId']} {parameter['name']}"
            schema = parameter["schema"]
            assert parameter.get("description") or schema.get("description"), where
            assert {"type": "null"} not in schema.get("anyOf", []), where


def test_unions_have_names_and_tell_their_parts_apart(schemas: dict[str, Any]) -> None:
    for name, schema in schemas.items():
        if "oneOf" in schema:
            assert schema.get("discriminator", {}).get("mapping"), name
        for member, part in schema.get("properties", {}).items():
            for each in (part, part.get("items", {})):
                branches = [branch for branch in each.get("anyOf", []) if branch != {"type": "null"}]
                assert len(branches) <= 1, f"{name}.{member} is a union without a name"
                assert "oneOf" not in each, f"{name}.{member} is a union without a name"


def test_free_maps_say_what_they_hold(schemas: dict[str, Any]) -> None:
    for name, schema in schemas.items():
        for member, part in schema.get("properties", {}).items():
            if part.get("type") == "object":
                assert "additionalProperties" in part, f"{name}.{member} reads as closed to strict generators"


def test_requests_are_bounded_and_closed(document: dict[str, Any], schemas: dict[str, Any]) -> None:
    for name in _sent(document, schemas):
        schema = schemas[name]
        if schema.get("type") != "object":
            continue
        assert schema.get("additionalProperties") is False, f"{name} takes unknown members"
        for member, part in schema.get("properties", {}).items():
            for each in [part, *part.get("anyOf", [])]:
                _assert_bounded(f"{name}.{member}", each)


def _assert_bounded(where: str, part: dict[str, Any]) -> None:
    if part.get("type") == "string" and "enum" not in part and "format" not in part and "const" not in part:
        whole = re.fullmatch(r"\^[^+*]+\$", part.get("pattern", ""))
        assert "maxLength" in part or whole, f"{where} has no longest length"
    if part.get("type") == "integer":
        assert {"minimum", "maximum"} <= part.keys(), f"{where} has no bounds"
    if part.get("type") == "array":
        assert "maxItems" in part, f"{where} has no largest number"


def _sent(document: dict[str, Any], schemas: dict[str, Any]) -> set[str]:
    """The components of request bodies."""
    pending = [json.dumps(operation.get("requestBody", {})) for operation in operations(document)]
    found: set[str] = set()
    while pending:
        text = pending.pop()
        for name in schemas.keys() - found:
            if f'"#/components/schemas/{name}"' in text:
                found.add(name)
                pending.append(json.dumps(schemas[name]))
    return found


def test_answers_show_every_member_always(document: dict[str, Any], schemas: dict[str, Any]) -> None:
    """An SDK's user then needs one check, not two. Events tell of former values, and of some things only a part."""
    apart = {*_sent(document, schemas), *_told_partly()}
    for name, schema in schemas.items():
        if name not in apart and schema.get("type") == "object" and not name.startswith("Problem"):
            assert set(schema.get("required", [])) == set(schema.get("properties", {})), name


def _told_partly() -> set[str]:
    models = [model for declared in DECLARED.values() for model in (declared.data, declared.previous)]
    return {model.__name__ for model in models if model is not None and issubclass(model, Partly)}


def test_every_event_type_is_a_webhook(document: dict[str, Any], schemas: dict[str, Any]) -> None:
    assert document["webhooks"].keys() == EVENT_TYPES.keys()
    names = [item["post"]["operationId"] for item in document["webhooks"].values()]
    assert len({*names, *(operation["operationId"] for operation in operations(document))}) == len(names) + len(
        SNAPSHOT.read_text(encoding="utf-8").splitlines()
    )
    for event_type, item in document["webhooks"].items():
        operation = item["post"]
        assert operation["security"] == [], "receivers know us by the signature"
        assert operation["responses"].keys() == {"204", "4XX"}
        reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        assert schemas[reference.rpartition("/")[2]]["properties"]["type"]["const"] == event_type
        assert schemas[UNION]["discriminator"]["mapping"][event_type] == reference


def test_generators_get_the_models_of_webhooks_without_their_calls(document: dict[str, Any]) -> None:
    given = json.loads(SDK_CONTRACT.read_text(encoding="utf-8"))
    assert "webhooks" not in given
    assert given["components"]["schemas"].keys() == document["components"]["schemas"].keys()
    assert given["paths"].keys() == document["paths"].keys()


def test_nothing_has_two_forms(schemas: dict[str, Any]) -> None:
    assert [name for name in schemas if name.endswith(("-Input", "-Output", "_Input", "_Output"))] == []
