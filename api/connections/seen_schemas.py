"""What was seen of a vendor's words, on the wire."""

from typing import Literal

from pydantic import Field

from api.domain.vocabulary import Stage
from api.inbound.mapping import MOST_WORDS
from api.platform.ids import ConnectionId
from api.platform.schemas import Count, ResponseModel


class SeenStage(ResponseModel):
    """A stage of the vendor that applications have been seen in."""

    external_id: str | None = Field(description="Its id at the vendor.", examples=["730015"])
    name: str = Field(description="Its name there, as last told.", examples=["Technical Interview"])
    applications: Count = Field(description="How many applications were seen in it.", examples=[17])
    stage: Stage | None = Field(description="What it is mapped to; null where nothing is said.")
    proposed: Stage | None = Field(
        description="Where it is not mapped: what its name suggests, if anything. Nothing is done with it."
    )


class SeenStages(ResponseModel):
    """The vendor's stages, the most frequent first."""

    object: Literal["connection_stages"] = Field(
        default="connection_stages", description="Always `connection_stages`.", examples=["connection_stages"]
    )
    connection_id: ConnectionId = Field(description="The connection.")
    data: list[SeenStage] = Field(max_length=MOST_WORDS, description="Every stage seen in the newest messages.")
    unmapped: Count = Field(description="How many of these stages are not mapped.", examples=[2])


class SeenSource(ResponseModel):
    """A source of the vendor that applications have come from."""

    external_id: str | None = Field(description="Its id at the vendor.", examples=["41"])
    name: str = Field(description="Its name there, as last told.", examples=["Employee Referral"])
    applications: Count = Field(description="How many applications were seen that came from it.", examples=[17])
    is_referral: bool = Field(description="Whether the mapping has it among `referral_sources`.", examples=[False])
    proposed: bool = Field(
        description="Where it is not among them: whether its name looks like a referral. Nothing is done with it.",
        examples=[True],
    )


class SeenSources(ResponseModel):
    """The vendor's sources, the most frequent first."""

    object: Literal["connection_sources"] = Field(
        default="connection_sources", description="Always `connection_sources`.", examples=["connection_sources"]
    )
    connection_id: ConnectionId = Field(description="The connection.")
    data: list[SeenSource] = Field(max_length=MOST_WORDS, description="Every source seen in the newest messages.")
