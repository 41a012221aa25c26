"""Capture addresses on the wire."""

from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import MISSING, Field

from api import models
from api.platform.ids import CaptureAddressId
from api.platform.schemas import Flag, Listing, Moment, PatchModel, RequestModel, ResponseModel, ShortText
from api.platform.settings import Settings

MAIL_PATH = "/v1/captures/mail"

_NAME = "What it is for; no two of the workspace have the same."
_KEEPS_TEXT = (
    "Whether what the sender wrote is kept on the act. Otherwise it is read to find the application and stored nowhere."
)


class CaptureAddressCreate(RequestModel):
    """An address to be made."""

    name: ShortText = Field(description=_NAME, examples=["BCC for the engineering team"])
    keeps_text: Flag = Field(default=False, description=_KEEPS_TEXT, examples=[False])


class CaptureAddressUpdate(PatchModel):
    """What to change about an address."""

    name: ShortText | MISSING = Field(default=MISSING, description=_NAME, examples=["BCC for everybody"])
    keeps_text: Flag | MISSING = Field(default=MISSING, description=_KEEPS_TEXT, examples=[True])


class CaptureAddress(ResponseModel):
    """An address that people put in BCC or forward to. Its token is a secret, shown once."""

    id: CaptureAddressId = Field(description="The capture address.")
    object: Literal["capture_address"] = Field(
        default="capture_address", description="Always `capture_address`.", examples=["capture_address"]
    )
    name: str = Field(description=_NAME, examples=["BCC for the engineering team"])
    keeps_text: bool = Field(description=_KEEPS_TEXT, examples=[False])
    revoked_at: Moment | None = Field(description="When it stopped working for good; null while it works.")
    created_at: Moment = Field(description="When it was made.")
    updated_at: Moment = Field(description="When something of it last changed.")
    version: int = Field(description="Rises with every change; the ETag.", examples=[1])

    @classmethod
    def of(cls, row: models.CaptureAddress) -> "CaptureAddress":
        """The address as it is stored."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields if name != "object"})


class CaptureAddressWithToken(CaptureAddress):
    """A capture address with its secret, which no later answer shows."""

    token: str = Field(
        description="The secret: whoever knows it can record in anybody's name.",
        examples=["k3v9q0x7m2c8t4z1b6n5w0h7r2p9d4j8f1s6g3y5l0a7e2u9i4"],
    )
    address: str | None = Field(
        description="What people put in BCC: the token at the service's mail domain; null where none is set.",
        examples=["k3v9q0x7m2c8t4z1b6n5w0h7r2p9d4j8f1s6g3y5l0a7e2u9i4@captures.example.com"],
    )
    url: str = Field(
        description="Where a mail service of your own hands mails over, with the token in it as a password.",
        examples=["https://mail:k3v9q0x7m2c8t4z1b6n5w0h7r2p9d4j8f1s6g3y5l0a7e2u9i4@example.com/v1/captures/mail"],
    )

    @classmethod
    def with_token(cls, row: models.CaptureAddress, token: str, settings: Settings) -> Self:
        """The address as it is stored, with its fresh token."""
        service = urlsplit(settings.public_url)
        return cls(
            **CaptureAddress.of(row).model_dump(),
            token=token,
            address=f"{token}@{settings.mail_domain}" if settings.mail_domain else None,
            url=f"{service.scheme}://mail:{token}@{service.netloc}{service.path}{MAIL_PATH}",
        )


class CaptureAddressList(Listing[CaptureAddress]):
    """One page of capture addresses."""
