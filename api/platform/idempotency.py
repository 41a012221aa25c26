"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a request sent twice has one effect and one answer.

The key is inserted as the transaction's second statement and its answer is stored before COMMIT, so key, effect and
answer exist together or not at all. Only 2xx answers are stored: everything else was rolled back, the key with it.
"""

import hashlib
import re
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.requests import Request
from starlette.responses import Response

from api.domain.errors import Conflict, Unprocessable
from api.platform import ids
from api.platform.database_errors import LOCK_NOT_AVAILABLE, sqlstate_of
from api.platform.problems import BadRequest
from api.platform.sessions import WriteSession

KEPT_FOR = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
_KEPT_HEADERS = ("content-type", "etag", "location")


class IdempotencyKeyInvalid(BadRequest):
    """The header Idempotency-Key is not 1 to 255 visible ASCII characters."""

    code = "idempotency_key_invalid"
    title = "The idempotency key is malformed"


class IdempotencyKeyReused(Unprocessable):
    """The same key came with another request."""

    code = "idempotency_key_reused"
    title = "The idempotency key was used for another request"


class IdempotencyKeyInUse(Conflict):
    """A request with the same key is still running."""

    code = "idempotency_key_in_use"
    title = "A request with this idempotency key is still running"
    headers = MappingProxyType({"Retry-After": "1"})


class SecretAlreadyShown(Conflict):
    """The answer held a secret and is not kept. `existing_id` names what was made: rotate its secret instead."""

    code = "secret_already_shown"
    title = "The secret was shown already"


class Replayed(Exception):
    """The request was answered before; `response` is that answer again."""

    def __init__(self, response: Response) -> None:
        super().__init__("replayed")
        self.response = response


def key_of(request: Request) -> str | None:
    """The key of a POST or PATCH, one pair of quotes stripped; None without one. Raises IdempotencyKeyInvalid."""
    given = request.headers.get("idempotency-key")
    if given is None or request.method not in ("POST", "PATCH"):
        return None
    key = given[1:-1] if len(given) >= 2 and given[0] == given[-1] == '"' else given
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyInvalid("Send 1 to 255 visible ASCII characters as Idempotency-Key.")
    return key


async def begin(session: WriteSession, request: Request) -> dict[str, Any] | None:
    """Claim the request's key, or raise Replayed, IdempotencyKeyReused or IdempotencyKeyInUse.

    Answers the goal that an unfinished request with this key has stored, for the few that take several transactions.
    """
    key = key_of(request)
    if key is None:
        return None
    fingerprint = await _fingerprint(request)
    request.state.idempotency_key = key
    if await _claim(session, key, fingerprint):
        return None
    found = await session.execute(
        text(
            "select fingerprint, status, headers, body, resume from idempotency_keys"
            " where workspace_id = :workspace_id and key = :key"
        ),
        {"workspace_id": session.workspace.id, "key": key},
    )
    stored = found.one()
    if bytes(stored.fingerprint) != fingerprint:
        raise IdempotencyKeyReused("Use a new key for a new request; this one belongs to another method, path or body.")
    if stored.status == SecretAlreadyShown.status:
        raise SecretAlreadyShown("The secret was in the first answer and is kept nowhere.", **stored.resume)
    if stored.status is None:
        goal: dict[str, Any] = stored.resume
        return goal
    raise Replayed(_replay(stored))


async def keep_goal(session: WriteSession, request: Request, goal: dict[str, Any]) -> None:
    """Store with the request's key what an interrupted request of several transactions resumes by."""
    key = getattr(request.state, "idempotency_key", None)
    if key is not None:
        await session.execute(
            text(
                "update idempotency_keys set resume = cast(:goal as jsonb)"
                " where workspace_id = :workspace_id and key = :key"
            ),
            {"goal": orjson.dumps(goal).decode(), "workspace_id": session.workspace.id, "key": key},
        )


def keep_secret(request: Request, existing_id: str) -> None:
    """Let the answer, which holds a secret of what has this id, be stored nowhere; a repeated request is refused."""
    request.state.secret_of = existing_id


async def remember(session: WriteSession, request: Request, response: Response) -> None:
    """Store a 2xx answer beside its effect; of one that holds a secret, only that it was given."""
    secret_of = getattr(request.state, "secret_of", None)
    if secret_of is not None:
        await keep_goal(session, request, {"existing_id": secret_of})
        await _store(session, request, SecretAlreadyShown.status, {}, b"")
    elif 200 <= response.status_code < 300:
        kept = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        await _store(session, request, response.status_code, kept, bytes(response.body))


async def remember_json(session: WriteSession, request: Request, body: bytes) -> None:
    """The same for a route that finishes its transactions itself and answers 200 with this JSON."""
    await _store(session, request, 200, {"content-type": "application/json"}, body)


async def _store(session: WriteSession, request: Request, status: int, headers: dict[str, str], body: bytes) -> None:
    key = getattr(request.state, "idempotency_key", None)
    if key is None:
        return
    await session.execute(
        text(
            "update idempotency_keys set status = :status, headers = cast(:headers as jsonb), body = :body"
            " where workspace_id = :workspace_id and key = :key"
        ),
        {
            "status": status,
            "headers": orjson.dumps(headers).decode(),
            "body": body,
            "workspace_id": session.workspace.id,
            "key": key,
        },
    )


async def _claim(session: WriteSession, key: str, fingerprint: bytes) -> bool:
    """Insert the key, or take over one older than its retention. Waits for a running twin until the lock timeout."""
    now = session.clock()
    try:
        claimed = await session.execute(
            text(
                "insert into idempotency_keys (workspace_id, id, key, fingerprint, created_at)"
                " values (:workspace_id, :id, :key, :fingerprint, :now)"
                " on conflict (workspace_id, key) do update set fingerprint = excluded.fingerprint,"
                " created_at = excluded.created_at, status = null, headers = null, body = null, resume = null"
                " where idempotency_keys.created_at < :expired returning id"
            ),
            {
                "workspace_id": session.workspace.id,
                "id": ids.new_id(),
                "key": key,
                "fingerprint": fingerprint,
                "now": now,
                "expired": now - KEPT_FOR,
            },
        )
    except DBAPIError as error:
        if sqlstate_of(error) == LOCK_NOT_AVAILABLE:
            raise IdempotencyKeyInUse("Wait for the first request to end, then send this one again.") from error
        raise
    return claimed.scalar_one_or_none() is not None


async def _fingerprint(request: Request) -> bytes:
    body = await request.body()
    try:
        canonical = orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS) if body else b""
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        # No JSON, or so deep that it cannot be rendered again; what is wrong with it is said when it is validated.
        canonical = body
    query = sorted(request.query_params.multi_items())
    parts: list[Any] = [request.method, request.url.path, query]
    return hashlib.sha256(orjson.dumps(parts) + b"\n" + canonical).digest()


def _replay(stored: Any) -> Response:
    headers = {**(stored.headers or {}), "Idempotent-Replayed": "true"}
    return Response(bytes(stored.body or b""), stored.status, headers=headers)
