"""The addresses that connected systems send to. No API key: the address is a secret, and each delivery is signed."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp, ExceptionHandler, Receive, Scope, Send

from api.inbound.acceptance import Door, SignatureRefused
from api.platform.ids import InboundMessageId, encode
from api.platform.problems import PayloadTooLarge, ServiceUnavailable, responses
from api.platform.routes import Route
from api.platform.schemas import ResponseModel
from api.platform.sealing import SecretKeyMissing

router = APIRouter(prefix="/hooks", tags=["hooks"], route_class=Route)


class InboundReceipt(ResponseModel):
    """A delivery is stored, and will be worked on."""

    object: Literal["inbound_receipt"] = Field(
        default="inbound_receipt", description="Always `inbound_receipt`.", examples=["inbound_receipt"]
    )
    id: InboundMessageId = Field(description="The message that the delivery is stored as.")
    duplicate: bool = Field(description="Whether the same delivery had been stored before.", examples=[False])


@router.post(
    "/{provider}/{token}",
    responses=responses(404, SignatureRefused, PayloadTooLarge, SecretKeyMissing, ServiceUnavailable),
)
async def hooks_receive(
    provider: Annotated[str, Path(description="The vendor.")],
    token: Annotated[str, Path(description="The secret part of the connection's address.")],
    request: Request,
) -> InboundReceipt:
    """Take in a delivery of a connected system: verified over its raw bytes, stored, answered, and worked on later.

    Events that are not known, and bodies that are no JSON, are stored as well when their signature fits: what is
    refused here would be sent again and again. While the connection is paused, deliveries are kept and wait.
    """
    door: Door = request.app.state.door
    connection = await door.connection_at(provider, token)
    request.state.workspace_id = encode("workspace", connection.workspace.public_id)
    receipt = await door.accept(connection, dict(request.headers), await request.body())
    return InboundReceipt(id=receipt.message_id, duplicate=receipt.is_duplicate)


_ADDRESS = re.compile(r"/hooks/([^/]+)/([^/]+)")


class DeliveriesFirst:
    """Serves deliveries before the framework looks for a route; everything else passes.

    Vendors send in bursts, and finding a route and reading its parameters costs more than verifying and storing what
    was sent.
    """

    def __init__(self, app: ASGIApp, handlers: Mapping[Any, ExceptionHandler]) -> None:
        self.app = app
        self._guarded = ExceptionMiddleware(_serve, handlers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        is_delivery = scope["type"] == "http" and scope["method"] == "POST"
        address = _ADDRESS.fullmatch(scope["path"]) if is_delivery else None
        if address is None:
            await self.app(scope, receive, send)
            return
        scope["route"], scope["path_params"] = router.routes[0], {"provider": address[1], "token": address[2]}
        await self._guarded(scope, receive, send)


async def _serve(scope: Scope, receive: Receive, send: Send) -> None:
    receipt = await hooks_receive(**scope["path_params"], request=Request(scope, receive))
    answer = Response(receipt.model_dump_json(), media_type="application/json")
    await answer(scope, receive, send)
