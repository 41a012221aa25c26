"""The addresses that connected systems send to. No API key: the address is a secret, and each delivery is signed."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import Field

from api.inbound.acceptance import Door, SignatureRefused
from api.platform.ids import InboundMessageId, encode
from api.platform.problems import PayloadTooLarge, ServiceUnavailable, responses
from api.platform.routes import Handler, Route
from api.platform.schemas import ResponseModel
from api.platform.sealing import SecretKeyMissing


class DirectRoute(Route):
    """A route that hands its path and the request to `hooks_receive` and does nothing else with them.

    Vendors send in bursts, and reading declared parameters costs more than verifying and storing what was sent.
    """

    def get_route_handler(self) -> Handler:
        """What serves a delivery."""

        async def handle(request: Request) -> Response:
            path, door = request.path_params, request.app.state.door
            receipt = await hooks_receive(path["provider"], path["token"], request, door)
            return Response(receipt.model_dump_json(), media_type="application/json")

        return handle


router = APIRouter(prefix="/hooks", tags=["hooks"], route_class=DirectRoute)


class InboundReceipt(ResponseModel):
    """A delivery is stored, and will be worked on."""

    object: Literal["inbound_receipt"] = Field(
        default="inbound_receipt", description="Always `inbound_receipt`.", examples=["inbound_receipt"]
    )
    id: InboundMessageId = Field(description="The message that the delivery is stored as.")
    duplicate: bool = Field(description="Whether the same delivery had been stored before.", examples=[False])


async def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


@router.post(
    "/{provider}/{token}",
    responses=responses(404, SignatureRefused, PayloadTooLarge, SecretKeyMissing, ServiceUnavailable),
)
async def hooks_receive(
    provider: Annotated[str, Path(description="The vendor.")],
    token: Annotated[str, Path(description="The secret part of the connection's address.")],
    request: Request,
    door: Annotated[Door, Depends(_door)],
) -> InboundReceipt:
    """Take in a delivery of a connected system: verified over its raw bytes, stored, answered, and worked on later.

    Events that are not known, and bodies that are no JSON, are stored as well when their signature fits: what is
    refused here would be sent again and again. While the connection is paused, deliveries are kept and wait.
    """
    connection = await door.connection_at(provider, token)
    request.state.workspace_id = encode("workspace", connection.workspace.public_id)
    receipt = await door.accept(connection, dict(request.headers), await request.body())
    return InboundReceipt(id=receipt.message_id, duplicate=receipt.is_duplicate)
