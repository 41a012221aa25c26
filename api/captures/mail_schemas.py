"""What a mail service is answered, and what it may send."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from api.platform.ids import CaptureId
from api.platform.schemas import ResponseModel


class MailState(StrEnum):
    """What became of a mail."""

    CAPTURED = "captured"
    NEEDS_DETAILS = "needs_details"
    IGNORED = "ignored"


class MailReceipt(ResponseModel):
    """That a mail was taken. Nothing is told about applications, as services may send the answer to the sender."""

    object: Literal["mail_receipt"] = Field(
        default="mail_receipt", description="Always `mail_receipt`.", examples=["mail_receipt"]
    )
    state: MailState = Field(
        description="`captured` when it became an act, `needs_details` when its capture waits for more, `ignored` when "
        "nothing was stored.",
        examples=["captured"],
    )
    capture_id: CaptureId | None = Field(description="Its capture; null where it was ignored.")
    reason: str | None = Field(
        description="Why it was ignored, else null. Extensible enum: `auto_reply`, `bounce`, `bulk`, `mailing_list`, "
        "`invitation`, `loop`, `candidate_is_sender`, `discarded` (a person dropped its capture).",
        examples=[None],
    )


def _text(description: str) -> dict[str, str]:
    return {"type": "string", "description": description}


_FORM = {
    "schema": {
        "type": "object",
        "properties": {
            "email": _text("The raw mail, as SendGrid names it."),
            "body-mime": _text("The raw mail, as Mailgun names it."),
            "message": _text("The raw mail; send one of the three, as text or as a file."),
            "envelope": _text("JSON with the addresses of the envelope: `to`, a list, and `from`."),
            "recipient": _text("The address that the mail was for."),
            "to": _text("The same, under another name."),
        },
    }
}

MAIL: Mapping[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The raw mail (RFC 5322), or a form with it.",
        "content": {
            "message/rfc822": {"schema": _text("The raw mail.")},
            "multipart/form-data": _FORM,
            "application/x-www-form-urlencoded": _FORM,
        },
    },
    # An API key is of no use here: the token of the address is the secret, wherever it stands.
    "security": [{}, {"bearer": []}, {"basic": []}],
}
"""What the route says of itself beyond its function: the body is read by hand."""
