"""The edge: what every request and answer passes, whatever route or error made it.

A request gets its id; an answer gets that id, security headers and rate limits; one line goes to the access log.
HEAD is answered as GET without its body. This is one plain ASGI application around the framework's whole stack, so
that answers of the outermost layers pass it, too.
"""

import logging
import re
import time
import uuid
from typing import Any

from fastapi import FastAPI
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.platform.logs import request_id_var
from api.platform.problem_answers import answer
from api.platform.problems import PayloadTooLarge
from api.platform.routes import selected_route

_log = logging.getLogger("championed.access")

_ACCEPTED_ID = re.compile(rb"[A-Za-z0-9_-]{8,64}")
_ALWAYS = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]
_PRIVATE = [*_ALWAYS, (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")]
_NO_STORE = (b"cache-control", b"no-store")


class Service(FastAPI):
    """The framework with the edge around all of its layers."""

    def build_middleware_stack(self) -> ASGIApp:
        """The framework's own stack inside the edge."""
        return Edge(super().build_middleware_stack())


class Edge:
    """The ASGI application around the framework's stack."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; errors that were already answered and logged inside end here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        token = request_id_var.set(request_id)
        exchange = _Exchange(scope, receive, send)
        try:
            await self.app(exchange.scope, receive, exchange.send)
        except ClientDisconnect:
            pass
        except Exception:
            # The innermost handler has logged it and answered; without an answer the server has to close the line.
            if exchange.status is None:
                raise
        finally:
            exchange.log()
            request_id_var.reset(token)


class _Exchange:
    """One request and its answer on the way out."""

    __slots__ = ("_begun", "_head", "_method", "_receive", "_replaced", "_send", "scope", "status")

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._begun = time.perf_counter()
        self._method: str = scope["method"]
        self._head = self._method == "HEAD"
        self.scope: Scope = {**scope, "method": "GET"} if self._head else scope
        self._receive = receive
        self._send = send
        self._replaced = False
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        """Pass on a message of the answer."""
        if message["type"] == "http.response.start":
            await self._start(message)
        elif self._head:
            self._refuse_endless_body(message)
        elif not self._replaced:
            await self._send(message)

    async def _start(self, message: Message) -> None:
        if message["status"] == 413 and _header(message, b"content-type") == b"text/plain; charset=utf-8":
            # The framework's own body limit answers in plain text, past every error handler.
            error = PayloadTooLarge("Send a smaller body; the manual names the limit.")
            response = answer(Request(self.scope), error)
            await response(self.scope, self._receive, self.send)
            self._replaced = True
            return
        self.status = message["status"]
        message["headers"] = [*message.get("headers", ()), *self._headers(message)]
        await self._send(message)
        if self._head:
            await self._send({"type": "http.response.body", "body": b""})

    def _headers(self, message: Message) -> list[tuple[bytes, bytes]]:
        state = self.scope["state"]
        private = self.scope["path"].startswith("/v1")
        added = [(b"x-request-id", state["request_id"].encode()), *(_PRIVATE if private else _ALWAYS)]
        if private and _header(message, b"cache-control") is None:
            added.append(_NO_STORE)
        standing = state.get("rate_limit")
        if standing is not None:
            if self.status == 304:
                standing.refund()
            added.extend(standing.headers())
        return added

    def _refuse_endless_body(self, message: Message) -> None:
        # HEAD has no body, but a stream would go on producing one; it learns to stop as if the caller had left.
        if message.get("more_body"):
            raise ClientDisconnect

    def log(self) -> None:
        """Write the access line: the route's template instead of the path, and no value of the query."""
        if not _log.isEnabledFor(logging.INFO):
            return
        fields: dict[str, Any] = {
            "method": self._method,
            "route": getattr(selected_route(self.scope), "path_format", None),
            "status": self.status,
            "duration_ms": round((time.perf_counter() - self._begun) * 1000, 2),
            "workspace": self.scope["state"].get("workspace_id"),
        }
        _log.info("request", extra={"fields": fields})


def _request_id(scope: Scope) -> str:
    """The caller's own id when it is harmless, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _ACCEPTED_ID.fullmatch(value):
            return str(value, "ascii")
    return uuid.uuid4().hex


def _header(message: Message, name: bytes) -> bytes | None:
    return next((value for key, value in message.get("headers", ()) if key == name), None)
