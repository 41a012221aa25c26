"""Connections on the wire. Addresses and secrets are in answers of their own, which nothing here stores."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import MISSING, AfterValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from api import models
from api.connections.mapping_patch import MappingPatch
from api.domain.inbound import ConnectionState
from api.inbound.mapping import Mapping
from api.inbound.providers.registry import PROVIDERS
from api.platform.ids import ConnectionId
from api.platform.schemas import SYSTEM, Count, Listing, Moment, PatchModel, RequestModel, ResponseModel, ShortText

MOST_UNKNOWN_EVENTS = 50


def _known(name: str) -> str:
    if name not in PROVIDERS:
        raise PydanticCustomError("unknown_provider", f"Input should be one of: {', '.join(sorted(PROVIDERS))}")
    return name


KnownProvider = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": sorted(PROVIDERS)})]
System = Annotated[str, StringConstraints(max_length=63, pattern=SYSTEM)]
OwnSecret = Annotated[str, StringConstraints(min_length=16, max_length=200, pattern=r"^\S+$")]
"""A secret that the caller chose: long enough not to be guessed, and without white space that gets lost on the way."""

_URL = "https://championed.example.com/hooks/greenhouse/w5k0c2"


class Connection(ResponseModel):
    """An applicant tracking system that tells this workspace what happens in it."""

    id: ConnectionId = Field(description="The connection.")
    object: Literal["connection"] = Field(
        default="connection", description="Always `connection`.", examples=["connection"]
    )
    provider: str = Field(description="The vendor. Extensible enum.", examples=["greenhouse"])
    system: str = Field(
        description="The system under which the vendor's ids are known here, as in external refs.",
        examples=["greenhouse"],
    )
    name: str = Field(description="What people call it.", examples=["Greenhouse of Acme"])
    state: ConnectionState = Field(description="While `paused`, deliveries are kept and wait.", examples=["active"])
    mapping: Mapping = Field(description="What the vendor's words mean here.")
    created_at: Moment = Field(description="When it was made.")
    updated_at: Moment = Field(description="When it last changed.")
    version: int = Field(description="Rises with every change; the ETag.", examples=[1])

    @classmethod
    def of(cls, row: models.Connection) -> Self:
        """The connection without what is secret of it."""
        return cls(
            id=row.id,
            provider=row.provider,
            system=row.system,
            name=row.name,
            state=row.state,
            mapping=Mapping.model_validate(row.mapping),
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )


class UnknownEvent(ResponseModel):
    """An event of the vendor that nobody here has heard of. It was kept, and ignored."""

    event: str = Field(description="Its name at the vendor.", examples=["candidate_teleported"])
    count: Count = Field(description="How many such deliveries there are.", examples=[3])


class ConnectionHealth(ResponseModel):
    """What became of the deliveries."""

    last_delivery_at: Moment | None = Field(description="When the latest genuine delivery came.", examples=[None])
    last_processed_at: Moment | None = Field(description="When one was last worked on.", examples=[None])
    pending: Count = Field(description="Waiting to be worked on, held ones included.", examples=[0])
    processed: Count = Field(description="Worked into records.", examples=[120])
    ignored: Count = Field(description="Of events that change nothing here.", examples=[4])
    failed: Count = Field(description="Not understood: see the messages' `reason`, mend, and replay.", examples=[0])
    refused: Count = Field(
        description="Deliveries without a fitting signature; counted every few seconds and kept nowhere.", examples=[0]
    )
    refused_at: Moment | None = Field(description="When that last happened.", examples=[None])
    unknown_events: list[UnknownEvent] = Field(
        max_length=MOST_UNKNOWN_EVENTS, description="Events that nobody here has heard of, the most frequent first."
    )


class ConnectionDetails(Connection):
    """A connection with its health and, for keys of the scope `admin`, with what to enter at the vendor."""

    url: str | None = Field(
        description="Where the vendor sends to. A secret in itself: null for keys without the scope `admin`.",
        examples=[_URL],
    )
    steps: list[str] = Field(
        max_length=50,
        description="What to do at the vendor, in order; empty for keys without the scope `admin`.",
        examples=[["Open Configure, then Dev Center."]],
    )
    former_secret_until: Moment | None = Field(
        description="Until when the secret before the present one is accepted, in real time; null where there is none.",
        examples=[None],
    )
    health: ConnectionHealth = Field(description="How it does: what came, and what became of it.")


class ConnectionOpened(Connection):
    """A connection with a secret that is shown this once."""

    url: str = Field(description="Where the vendor sends to. A secret in itself.", examples=[_URL])
    secret: str | None = Field(
        description="What the vendor signs with, where the service chose it: shown only now. Null for your own.",
        examples=["k2f9m4x0"],
    )
    former_secret_until: Moment | None = Field(
        description="Until when the secret before this one is accepted, in real time; null where there is none.",
        examples=[None],
    )
    steps: list[str] = Field(
        max_length=50,
        description="What to do at the vendor, in order.",
        examples=[["Open Configure, then Dev Center."]],
    )

    @classmethod
    def shown(cls, row: models.Connection, *, url: str, steps: Sequence[str], secret: str | None = None) -> Self:
        """The connection with what is secret of it."""
        plain = Connection.of(row)
        return cls(
            **{name: getattr(plain, name) for name in Connection.model_fields},
            url=url,
            secret=secret,
            former_secret_until=row.former_secret_until,
            steps=list(steps),
        )


class ConnectionList(Listing[Connection]):
    """One page of connections."""


class ConnectionCreate(RequestModel):
    """A connection to be made."""

    provider: KnownProvider = Field(description="The vendor.", examples=["greenhouse"])
    name: ShortText | None = Field(
        default=None, description="What people call it; the vendor's name by default.", examples=["Greenhouse of Acme"]
    )
    system: System | None = Field(
        default=None,
        description="The system under which the vendor's ids are known here; the provider's name by default. Each"
        " connection has one of its own.",
        examples=["greenhouse"],
    )
    secret: OwnSecret | None = Field(
        default=None,
        description="What the vendor will sign with, if you have chosen it; otherwise the service makes one and shows"
        " it once.",
        examples=["correct-horse-battery-staple"],
    )
    mapping: MappingPatch | None = Field(default=None, description="What the vendor's words mean here.")


class ConnectionUpdate(PatchModel):
    """A change to a connection. A changed mapping is applied to what has been received before as well."""

    name: ShortText | MISSING = Field(default=MISSING, description="What people call it.", examples=["Greenhouse, EU"])
    mapping: MappingPatch | MISSING = Field(default=MISSING, description="Merged into the mapping there is.")


class SecretRotate(RequestModel):
    """A new secret for a connection."""

    secret: OwnSecret | None = Field(
        default=None,
        description="Your own; otherwise the service makes one and shows it once.",
        examples=["correct-horse-battery-staple"],
    )
