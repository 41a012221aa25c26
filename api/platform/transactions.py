"""The edge of a transaction: one request, one transaction, committed before the answer leaves."""

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from api.platform import idempotency, outbox
from api.platform.database_errors import DATABASE_ERRORS, unavailable
from api.platform.problem_answers import answer
from api.platform.routes import Handler, Route
from api.platform.sessions import WriteSession


class NotModified(Exception):
    """The caller's copy is current (RFC 9110, section 13.1.2)."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


def install_database_answers(app: FastAPI) -> None:
    """Answer 503 also to what the database refuses outside a route, as when time runs out while it is left."""
    for each in DATABASE_ERRORS:
        app.add_exception_handler(each, _on_database_error)


async def _on_database_error(request: Request, error: Exception) -> Response:
    refusal = unavailable(error)
    if refusal is None:
        raise error
    return answer(request, refusal)


class ServiceRoute(Route):
    """A route that finishes its transaction itself: remembers the answer, numbers the events, commits."""

    def get_route_handler(self) -> Handler:
        """What serves a request: the route, then the end of its transaction."""
        handle = super().get_route_handler()

        async def handle_and_finish(request: Request) -> Response:
            try:
                response = await handle(request)
                await _finish(request, response)
            except idempotency.Replayed as replayed:
                return replayed.response
            except NotModified as unchanged:
                return Response(status_code=304, headers={"ETag": unchanged.etag})
            except DATABASE_ERRORS as error:
                raise unavailable(error) or error from error
            return response

        return handle_and_finish


async def _finish(request: Request, response: Response) -> None:
    session: WriteSession | None = getattr(request.state, "writing", None)
    if session is None:
        return
    await idempotency.remember(session, request, response)
    await outbox.finish(session)
    await session.commit()
    request.app.state.wakeups.notify(session.workspace.id)
