"""The route class of every router: refuses query parameters that the route does not declare, or that repeat."""

from collections.abc import Callable, Coroutine
from typing import Any, get_origin

from fastapi import params
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from api.platform.problems import BadRequest

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def selected_route(scope: Scope) -> Any:
    """The route that serves this request with the prefix of its inclusion, None when there is none."""
    return scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")


class Route(APIRoute):
    """A route that takes path and query literally: what it does not know is refused, as is a second value for one."""

    def get_route_handler(self) -> Handler:
        """The handler of the framework, behind a look at the query."""
        handle = super().get_route_handler()
        # An included route gets a handler of its own per inclusion, so each finds its own parameters once.
        declared: dict[str, bool] = {}

        async def handle_literally(request: Request) -> Response:
            # The framework finds a route by a pattern whose end also fits before a last newline.
            if request.scope["path"].endswith("\n"):
                raise BadRequest("The path ends with a line break; leave it out.")
            if request.scope["query_string"]:
                if not declared:
                    declared.update(_declared_parameters(selected_route(request.scope)))
                _refuse_unknown_and_repeated(request, declared)
            return await handle(request)

        return handle_literally


def _declared_parameters(route: Any) -> dict[str, bool]:
    """The query parameters of a route and its dependencies, and whether each may repeat."""
    return {
        field.validation_alias or field.alias: get_origin(field.field_info.annotation) is list
        for field in get_flat_params(route.dependant)
        if _is_query(field.field_info)
    }


def _is_query(info: Any) -> bool:
    # The members of a query model are plain fields; those of a header or cookie model do not occur here.
    return not isinstance(info, params.Param) or info.in_ is params.ParamTypes.query


def _refuse_unknown_and_repeated(request: Request, declared: dict[str, bool]) -> None:
    faults = []
    for name in request.query_params:
        if name not in declared:
            known = ", ".join(sorted(declared)) or "none"
            faults.append(_fault(name, "unknown_parameter", f"There is no such parameter; known here: {known}"))
        elif not declared[name] and len(request.query_params.getlist(name)) > 1:
            faults.append(_fault(name, "repeated_parameter", "Send this parameter once"))
    if faults:
        raise RequestValidationError(faults)


def _fault(name: str, code: str, message: str) -> dict[str, Any]:
    return {"type": code, "loc": ("query", name), "msg": message}
