"""The errors of HTTP and the one shape of every error, `application/problem+json` (RFC 9457).

Every error has a class with a fixed status, code and title. The codes are a closed list and part of the contract.
A class may also set `headers` (sent with the answer) and `type_uri` (when the type is registered elsewhere).
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, ClassVar

from pydantic import ConfigDict, Field

from api.domain.errors import DomainError, Unprocessable
from api.platform.schemas import ResponseModel

MEDIA_TYPE = "application/problem+json"
REFERENCE = {"$ref": "#/components/schemas/Problem"}


class HttpError(DomainError):
    """An error of the exchange itself, with headers that belong to the answer."""

    headers: Mapping[str, str] = MappingProxyType({})


class BadRequest(HttpError):
    """The request cannot be parsed."""

    status = 400
    code = "bad_request"
    title = "The request cannot be read"


class MalformedJson(BadRequest):
    """The body is not JSON in UTF-8."""

    code = "malformed_json"
    title = "The body is not valid JSON"


class Unauthorized(HttpError):
    """No valid API key came with the request."""

    status = 401
    code = "unauthorized"
    title = "A valid API key is needed"
    headers = MappingProxyType(
        {"WWW-Authenticate": 'Bearer realm="championed", Basic realm="championed", charset="UTF-8"'}
    )


class Forbidden(HttpError):
    """The caller is known, and lacks the scope for this."""

    status = 403
    code = "forbidden"
    title = "The API key does not allow this"


class MethodNotAllowed(HttpError):
    """The address exists and does not know this method; `Allow` lists those it knows."""

    status = 405
    code = "method_not_allowed"
    title = "The method is not allowed here"


class PreconditionFailed(HttpError):
    """`If-Match` names another version than the present one."""

    status = 412
    code = "precondition_failed"
    title = "The resource has changed"


class PayloadTooLarge(HttpError):
    """The body is larger than the service accepts."""

    status = 413
    code = "payload_too_large"
    title = "The body is too large"


class UnsupportedMediaType(HttpError):
    """The body is of a media type the service does not read, or its type was left out."""

    status = 415
    code = "unsupported_media_type"
    title = "The media type is not supported"
    headers = MappingProxyType({"Accept": "application/json, application/merge-patch+json"})


class UnknownParameter(Unprocessable):
    """The query has a parameter this route does not know."""

    code = "unknown_parameter"
    title = "The query has an unknown parameter"


class RepeatedParameter(Unprocessable):
    """A parameter that takes one value came several times."""

    code = "repeated_parameter"
    title = "A parameter came several times"


class _Later(HttpError):
    """An error that goes away by itself: says after how many seconds to try again."""

    def __init__(self, detail: str, *, retry_after: int, **members: object) -> None:
        super().__init__(detail)
        self.members = members
        self.headers = {"Retry-After": str(retry_after)}


class TooManyRequests(_Later):
    """The rate limit of the API key is used up."""

    status = 429
    code = "quota_exceeded"
    title = "The rate limit is used up"
    type_uri: ClassVar[str] = "https://iana.org/assignments/http-problem-types#quota-exceeded"


class TooManyStreams(_Later):
    """The workspace has as many streams open as it may: `limit` in each process of the service."""

    status = 429
    code = "too_many_streams"
    title = "Too many streams are open"


class InternalError(HttpError):
    """Something went wrong on our side; the log has the rest under the request id."""

    status = 500
    code = "internal_error"
    title = "Something went wrong on our side"


class ServiceUnavailable(_Later):
    """The service cannot answer right now: overload, maintenance, or the database cannot be reached."""

    status = 503
    code = "service_unavailable"
    title = "The service is not available right now"

    def __init__(self, detail: str, *, retry_after: int = 1, **members: object) -> None:
        super().__init__(detail, retry_after=retry_after, **members)


class ProblemError(ResponseModel):
    """One fault in the request, with the place where it is."""

    pointer: str | None = Field(
        default=None, description="JSON Pointer to the member of the body.", examples=["#/title"]
    )
    parameter: str | None = Field(default=None, description="The path or query parameter.", examples=["limit"])
    header: str | None = Field(default=None, description="The request header.", examples=["If-Match"])
    code: str = Field(description="What is wrong there. Extensible enum.", examples=["string_too_short"])
    detail: str = Field(description="What to do about it.", examples=["String should have at least 1 character"])

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)


class Problem(ResponseModel):
    """What went wrong, by RFC 9457. Some codes add members of their own; their pages name them."""

    type: str = Field(
        description="URI of the kind of problem, a page that exists.",
        examples=["https://example.com/problems/not_found"],
        json_schema_extra={"format": "uri"},
    )
    title: str = Field(description="The kind of problem in words, always the same.", examples=["Not found"])
    status: int = Field(ge=400, le=599, description="The HTTP status.", examples=[404])
    detail: str = Field(
        description="What happened this time and how to fix it; for people, may change.",
        examples=["There is no such application."],
    )
    instance: str = Field(
        description="URI of this occurrence.",
        examples=["urn:request:0192f3a4b5c67d8e9f00112233445566"],
        json_schema_extra={"format": "uri"},
    )
    code: str = Field(description="The kind of problem for programs; stable. Extensible enum.", examples=["not_found"])
    request_id: str = Field(
        description="The same as the header `X-Request-Id`.", examples=["0192f3a4b5c67d8e9f00112233445566"]
    )
    errors: list[ProblemError] = Field(
        default_factory=list, max_length=100, description="The faults in the request, where they can be named."
    )

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)


def responses(*errors: int | type[DomainError]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that may answer with these statuses or errors.

    Error classes add their codes to the description. What every route may answer, `openapi` adds by itself.
    """
    codes: dict[int, list[str]] = {}
    for error in errors:
        status, named = (error, []) if isinstance(error, int) else (error.status, [error.code])
        codes.setdefault(status, []).extend(named)
    return {status: _documented(status, named) for status, named in codes.items()}


def _documented(status: int, codes: Iterable[str]) -> dict[str, Any]:
    named = ", ".join(f"`{code}`" for code in codes)
    phrase = HTTPStatus(status).phrase
    return {
        "description": f"{phrase}: {named}" if named else phrase,
        "content": {MEDIA_TYPE: {"schema": REFERENCE}},
    }


def error_classes() -> dict[str, type[DomainError]]:
    """Every error class by its code: the closed list of what the service answers."""
    found: dict[str, type[DomainError]] = {}
    pending: list[type[DomainError]] = [DomainError]
    while pending:
        cls = pending.pop()
        pending.extend(cls.__subclasses__())
        if "code" in vars(cls):
            found[cls.code] = cls
    return dict(sorted(found.items()))
