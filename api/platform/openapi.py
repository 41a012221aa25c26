"""The OpenAPI document: the framework's own, with our errors, headers and security in place of its assumptions."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.telemetry import TelemetryConfig

from api.platform.deps import tagger
from api.platform.openapi_headers import HEADERS, PARAMETERS, WEBHOOK_HEADERS
from api.platform.problems import MEDIA_TYPE, Problem, ProblemError, responses
from api.platform.settings import Settings

API_PREFIX = "/v1"
ALWAYS_POSSIBLE = (400, 401, 403, 422, 429, 500, 503)
POSSIBLE_WITH_BODY = (413, 415)

_SCHEMA_REFERENCE = "#/components/schemas/{model}"
_SECURITY_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer <key>`."},
    "basic": {"type": "http", "scheme": "basic", "description": "An API key as the user name, with any password."},
}


def operation_id(route: APIRoute) -> str:
    """The operation id of a route: the name of its function. For `generate_unique_id_function`."""
    return route.name


def telemetry_config(settings: Settings) -> TelemetryConfig:
    """For `FastAPI(telemetry=...)`: traces and metrics when enabled.

    Never logs: they would carry the messages of errors, which quote what callers sent. Nothing of the addresses that
    connected systems send to or calendar programs read: a span names the path, and theirs holds a secret.
    """
    on = settings.otel_enabled
    return {
        "tracing": on,
        "metrics": on,
        "logs": False,
        "operation_spans": False,
        "auto_configure": on,
        "exclude": _is_secret_address,
    }


def _is_secret_address(scope: MutableMapping[str, Any]) -> bool:
    path = str(scope.get("path", ""))
    return path.startswith("/hooks/") or (path.startswith("/v1/calendars/") and path.endswith(".ics"))


Describe = Callable[[APIRouter], Mapping[str, Any]]
"""Adds to a router the webhooks that a document shows, and answers components that none of them refers to."""


def custom_openapi(app: FastAPI, *, server_url: str, describe_webhooks: Describe) -> Callable[[], dict[str, Any]]:
    """What to assign to `app.openapi`: builds the document once, when it is first asked for, and keeps it."""

    def build() -> dict[str, Any]:
        if app.openapi_schema is None:
            beside = describe_webhooks(app.webhooks)
            document = _framework_document(app, server_url)
            _offer_revalidation(document, app)
            app.openapi_schema = _completed(document, beside)
        return app.openapi_schema

    return build


def without_webhooks(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document for generators that take a webhook for a path of ours: without them, and with all their models."""
    parameters = document["components"]["parameters"]
    kept = {name: each for name, each in parameters.items() if name not in WEBHOOK_HEADERS}
    components = {**document["components"], "parameters": kept}
    return {name: part for name, part in {**document, "components": components}.items() if name != "webhooks"}


def _framework_document(app: FastAPI, server_url: str) -> dict[str, Any]:
    return get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        webhooks=app.webhooks.routes,
        tags=app.openapi_tags,
        servers=[{"url": server_url, "description": "This service."}],
        contact=app.contact,
        license_info=app.license_info,
    )


def _offer_revalidation(document: dict[str, Any], app: FastAPI) -> None:
    """Document a 304 on the GET routes that compare versions, which are those that ask for a Tagger."""
    for route in iter_route_contexts(app.routes):
        operation = document["paths"].get(route.path, {}).get("get") if "GET" in (route.methods or ()) else None
        if operation is not None and any(each.call is tagger for each in route.dependant.dependencies):
            operation["responses"]["304"] = {"description": "Not Modified: the copy at hand is current."}


def _completed(document: dict[str, Any], beside: Mapping[str, Any]) -> dict[str, Any]:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas.update(beside)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for model in (Problem, ProblemError):
        schema = model.model_json_schema(ref_template=_SCHEMA_REFERENCE, mode="serialization")
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    components["headers"] = HEADERS
    components["parameters"] = {name: {"name": name, "in": "header", **each} for name, each in PARAMETERS.items()}
    components["securitySchemes"] = _SECURITY_SCHEMES
    document["security"] = [{"bearer": []}, {"basic": []}]
    for path, method, operation in _operations(document):
        private = path.startswith(API_PREFIX)
        _complete_operation(operation, schemas, private=private)
        if private:
            _add_parameters(method, operation)
    return document


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _add_parameters(method: str, operation: dict[str, Any]) -> None:
    """The request headers that an operation heeds; which those are its answers tell."""
    answers = operation["responses"]
    heeded = {
        "Idempotency-Key": method in ("post", "patch"),
        "If-Match": "412" in answers,
        "If-None-Match": "304" in answers,
    }
    for name in (name for name, heeds in heeded.items() if heeds):
        operation.setdefault("parameters", []).append({"$ref": f"#/components/parameters/{name}"})


def _describe_optional_body(operation: dict[str, Any]) -> None:
    """A body that may be left out is described by its model alone: generators send `null` in its place else."""
    for content in operation.get("requestBody", {}).get("content", {}).values():
        match content["schema"]:
            case {"anyOf": [{"$ref": model}, {"type": "null"}]}:
                content["schema"] = {"$ref": model}


def _complete_operation(operation: dict[str, Any], schemas: dict[str, Any], *, private: bool) -> None:
    answers = operation["responses"]
    _describe_optional_body(operation)
    if _is_frameworks_own(answers.get("422")):
        del answers["422"]
    if private:
        possible = [*ALWAYS_POSSIBLE, *(POSSIBLE_WITH_BODY if "requestBody" in operation else ())]
        for status, documented in responses(*possible).items():
            answers.setdefault(str(status), documented)
    else:
        operation.setdefault("security", [])
    operation["responses"] = dict(sorted(answers.items()))
    for status, documented in answers.items():
        _describe_one_event(documented)
        headers = documented.setdefault("headers", {})
        for name in _header_names(status, documented, schemas, private=private):
            headers.setdefault(name, {"$ref": f"#/components/headers/{name}"})


def _describe_one_event(answer: dict[str, Any]) -> None:
    """Describe a stream by one of its events where 3.1 has a place for it: `itemSchema`, the framework's, is of 3.2."""
    for content in answer.get("content", {}).values():
        if "itemSchema" in content:
            content["schema"] = content.pop("itemSchema")


def _is_frameworks_own(answer: dict[str, Any] | None) -> bool:
    return answer is not None and MEDIA_TYPE not in answer.get("content", {})


def _header_names(status: str, answer: dict[str, Any], schemas: dict[str, Any], *, private: bool) -> list[str]:
    names = ["X-Request-Id"]
    if private and status != "401":
        names += ["RateLimit-Policy", "RateLimit"]
    if status in ("429", "503"):
        names.append("Retry-After")
    if status == "401":
        names.append("WWW-Authenticate")
    if status in ("201", "202"):
        names.append("Location")
    if status == "304" or (status in ("200", "201") and _has_version(answer, schemas)):
        names.append("ETag")
    return names


def _has_version(answer: dict[str, Any], schemas: dict[str, Any]) -> bool:
    """Whether the answer is one resource with a version, which is its ETag."""
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    return "version" in schemas.get(name, {}).get("properties", {})
