"""From exception to `application/problem+json`: the only place where an HTTP error is rendered."""

import html
import logging
from string import Template

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import iter_route_contexts
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from api.domain.errors import DomainError, NotFound, Unprocessable
from api.platform import problems
from api.platform.faults import faults_of
from api.platform.ids import InvalidId, WrongIdKind
from api.platform.problems import MEDIA_TYPE
from api.platform.routes import Route

_log = logging.getLogger("championed.problems")

_SPECIAL: dict[str, type[Unprocessable]] = {
    cls.code: cls for cls in (InvalidId, WrongIdKind, problems.UnknownParameter, problems.RepeatedParameter)
}

router = APIRouter(route_class=Route, include_in_schema=False)


def install(app: FastAPI, *, base_url: str) -> None:
    """Make `app` answer every error with a problem; `base_url` is where the pages about the codes are."""
    app.state.problem_base_url = base_url
    app.add_exception_handler(DomainError, _on_domain_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Exception, _on_unknown_error)
    app.include_router(router)


def answer(request: Request, error: DomainError) -> Response:
    """The problem answer to `error`."""
    request_id = request.scope.get("state", {}).get("request_id", "none")
    problem = {
        "type": getattr(error, "type_uri", f"{request.app.state.problem_base_url}/{error.code}"),
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "instance": f"urn:request:{request_id}",
        "code": error.code,
        "request_id": request_id,
    }
    place = {"pointer": error.pointer, "parameter": error.members.get("parameter")}
    if named := {name: given for name, given in place.items() if given is not None}:
        problem["errors"] = [{**named, "code": error.code, "detail": error.detail}]
    content = to_json(problem | dict(error.members))
    return Response(content, error.status, headers=dict(getattr(error, "headers", {})), media_type=MEDIA_TYPE)


async def _on_domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    return answer(request, error)


async def _on_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return answer(request, _validation_problem(error))


def _validation_problem(error: RequestValidationError) -> DomainError:
    if isinstance(error.body, bytes):
        return problems.UnsupportedMediaType("Send the body as JSON with 'Content-Type: application/json'.")
    if any(fault["type"] == "json_invalid" for fault in error.errors()):
        return problems.MalformedJson("The body is not JSON; check commas, quotes and brackets.")
    faults = faults_of(error)
    codes = {fault["code"] for fault in faults}
    # One code throughout that has a class of its own is the problem; a mixture is merely invalid.
    cls = _SPECIAL.get(codes.pop(), Unprocessable) if len(codes) == 1 else Unprocessable
    place = next((faults[0][name] for name in ("pointer", "parameter", "header") if name in faults[0]), "")
    others = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return cls(f"{place}: {faults[0]['detail']}{others}", errors=faults)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    problem = _http_problem(request, error)
    response = answer(request, problem)
    response.headers.update(error.headers or {})
    if isinstance(problem, problems.MethodNotAllowed):
        response.headers["Allow"] = ", ".join(_allowed_methods(request))
    return response


def _http_problem(request: Request, error: HTTPException) -> DomainError:
    match error.status_code:
        case 404:
            return NotFound("There is nothing at this address; /docs and /openapi.json say what there is.")
        case 405:
            return problems.MethodNotAllowed(f"{request.method} is not allowed here; see the header Allow.")
        case 413:
            return problems.PayloadTooLarge("Send a smaller body; the manual names the limit.")
        case 400 if request.headers.get("content-type"):
            return problems.MalformedJson("The body is not JSON in UTF-8.")
        case 401:
            return problems.Unauthorized("Send an API key: 'Authorization: Bearer <key>'.")
        case 403:
            return problems.Forbidden("The API key does not allow this.")
        case status if status < 500:
            return problems.BadRequest("The request cannot be read.")
        case _:
            return problems.InternalError("Try again; if it stays, report the request id.")


def _allowed_methods(request: Request) -> list[str]:
    """Every method that some route knows for this path; the framework names those of the first route only."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    methods: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        pattern = getattr(route, "path_regex", None)
        if pattern is not None and pattern.match(path):
            methods |= route.methods or set()
    return sorted(methods | {"HEAD"} if "GET" in methods else methods)


async def _on_unknown_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, ClientDisconnect):
        _log.error("unhandled error", exc_info=error)
    return answer(request, problems.InternalError("Try again; if it stays, report the request id."))


_PAGE = Template("""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>$title</title>
<h1>$title</h1>
<p>Status <b>$status</b>, code <code>$code</code>.</p>
<p>$meaning</p>
<p>The member <code>detail</code> of the answer says what happened this time and how to fix it.</p>
</html>
""")


@router.get("/problems/{code}", response_class=HTMLResponse)
async def problems_page(code: str) -> HTMLResponse:
    """What one kind of problem means: the page that the `type` of an error answer points at."""
    cls = problems.error_classes().get(code)
    if cls is None:
        raise NotFound("There is no problem of this code.")
    meaning = " ".join((cls.__doc__ or cls.title).split())
    words = {"title": cls.title, "status": str(cls.status), "code": cls.code, "meaning": meaning}
    return HTMLResponse(_PAGE.substitute({name: html.escape(word) for name, word in words.items()}))
