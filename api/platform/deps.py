"""Everything a route may ask for, as Annotated names. A session implies the scope that its use needs."""

from collections.abc import AsyncIterator
from time import monotonic
from typing import Annotated

from fastapi import Depends, Request, Response

from api.platform import idempotency, ids
from api.platform.auth import Caller, Keyring, Scope
from api.platform.db import Databases
from api.platform.problems import BadRequest, Forbidden, PreconditionFailed
from api.platform.rate_limits import RateLimiter
from api.platform.sealing import Sealer
from api.platform.sessions import ReadSession, WriteSession
from api.platform.settings import Settings
from api.platform.transactions import NotModified


async def _authenticate(request: Request) -> Caller:
    keyring: Keyring = request.app.state.keyring
    caller = await keyring.authenticate(request.headers.get("authorization"))
    request.state.workspace_id = ids.encode("workspace", caller.workspace.public_id)
    limiter: RateLimiter = request.app.state.rate_limiter
    standing = request.state.rate_limit = limiter.take(caller.key_id, monotonic())
    if not standing.allowed:
        raise standing.refusal()
    return caller


Authenticated = Annotated[Caller, Depends(_authenticate)]


def _with_scope(caller: Caller, scope: Scope) -> Caller:
    if scope not in caller.scopes:
        raise Forbidden(f"This API key lacks the scope '{scope}'.", needed_scope=scope)
    return caller


async def _reader(caller: Authenticated) -> Caller:
    return _with_scope(caller, Scope.READ)


async def _writer(caller: Authenticated) -> Caller:
    return _with_scope(caller, Scope.WRITE)


async def _admin(caller: Authenticated) -> Caller:
    return _with_scope(caller, Scope.ADMIN)


Reader = Annotated[Caller, Depends(_reader)]
Writer = Annotated[Caller, Depends(_writer)]
Admin = Annotated[Caller, Depends(_admin)]


# Dependencies are coroutines even where they wait for nothing: the framework sends plain ones through a thread.
async def _databases(request: Request) -> Databases:
    databases: Databases = request.app.state.databases
    return databases


Connections = Annotated[Databases, Depends(_databases)]
"""The connections of the running service."""


async def _reading(databases: Connections, caller: Reader) -> AsyncIterator[ReadSession]:
    async with databases.open_reading(caller.workspace) as session:
        yield session


async def _snapshot(databases: Connections, caller: Reader) -> AsyncIterator[ReadSession]:
    async with databases.open_reading(caller.workspace, snapshot=True) as session:
        yield session


async def _writing(request: Request, databases: Connections, caller: Writer) -> AsyncIterator[WriteSession]:
    actor = {"type": "api_key", "id": ids.encode("api_key", caller.key_id)}
    async with databases.open_writing(caller.workspace, actor=actor) as session:
        await idempotency.begin(session, request)
        request.state.writing = session
        yield session


# The scope comes first: the session answers a repeated request by itself, and may answer so only whom it is open to.
async def _administering(
    _caller: Admin,
    session: Annotated[WriteSession, Depends(_writing, scope="function")],
) -> WriteSession:
    return session


async def _sealer(request: Request) -> Sealer:
    sealer: Sealer = request.app.state.sealer
    return sealer


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


Configured = Annotated[Settings, Depends(_settings)]
"""How the process runs."""
Sealing = Annotated[Sealer, Depends(_sealer)]
"""What seals secrets that are kept, and opens them."""
Reading = Annotated[ReadSession, Depends(_reading, scope="function")]
"""A read-only transaction of the caller's workspace (scope `read`)."""
Snapshot = Annotated[ReadSession, Depends(_snapshot, scope="function")]
"""The same, with all statements seeing one moment."""
Writing = Annotated[WriteSession, Depends(_writing, scope="function")]
"""A transaction that commits before the answer leaves (scope `write`), under the request's Idempotency-Key."""
Administering = Annotated[WriteSession, Depends(_administering, scope="function")]
"""The same for scope `admin`."""


class Tagger:
    """Conditional requests (RFC 9110, section 13): compares versions with the caller's, and sets the ETag."""

    def __init__(self, request: Request, response: Response) -> None:
        self.request = request
        self.response = response

    def check(self, version: int) -> None:
        """Raise PreconditionFailed unless If-Match, when sent, names this version; strong comparison only."""
        given = self.request.headers.get("if-match")
        if given is not None and given.strip() != "*" and _tag(version) not in map(_of_version, _entity_tags(given)):
            raise PreconditionFailed(
                f"The resource is at version {version}; read it again and repeat.", current_version=version
            )

    def __call__(self, version: int, beside: str = "") -> None:
        """Set the ETag of the answer; on a GET whose If-None-Match names it, answer 304 instead.

        `beside` marks what the answer shows that is no part of the versioned resource; If-Match leaves it aside.
        """
        tag = _tag(version, beside)
        given = self.request.headers.get("if-none-match")
        if self.request.method in ("GET", "HEAD") and given is not None:
            weak = {tag.removeprefix("W/") for tag in _entity_tags(given)}
            if given.strip() == "*" or tag in weak:
                raise NotModified(tag)
        self.response.headers["ETag"] = tag

    def created(self, path: str, version: int | None = None, beside: str = "") -> None:
        """Set Location, and the ETag of what has a version."""
        self.response.headers["Location"] = path
        if version is not None:
            self.response.headers["ETag"] = _tag(version, beside)


def _tag(version: int, beside: str = "") -> str:
    return f'"{version}.{beside}"' if beside else f'"{version}"'


def _of_version(tag: str) -> str:
    """The tag without what stood beside the resource."""
    number, dot, _ = tag.partition(".")
    return f'{number}"' if dot else tag


def _entity_tags(header: str) -> set[str]:
    tags = {part.strip() for part in header.split(",")}
    if not all(tag.removeprefix("W/")[:1] == tag[-1:] == '"' and len(tag) >= 2 for tag in tags):
        raise BadRequest('If-Match and If-None-Match take entity tags in double quotes, such as "3", or *.')
    return tags


async def tagger(request: Request, response: Response) -> Tagger:
    """What a route asks for by `Tag`."""
    return Tagger(request, response)


Tag = Annotated[Tagger, Depends(tagger)]
"""Sets ETag and Location, and compares If-Match and If-None-Match."""
