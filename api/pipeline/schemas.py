"""The pipeline on the wire."""

from typing import Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.domain.levels import label
from api.domain.vocabulary import Level, Stage
from api.platform.ids import JobId, PersonId
from api.platform.schemas import Count, Moment, ResponseModel
from api.support.moments import PastQuery

Which = Literal["open", "all"]


class PipelineQuery(PastQuery):
    """Which applications are counted, and for which moment."""

    job: JobId | SkipJsonSchema[None] = Field(default=None, description="Applications for this job.")
    member: PersonId | SkipJsonSchema[None] = Field(
        default=None, description="Applications for the jobs that this person is a member of on the day asked about."
    )
    state: Which = Field(
        default="open", description="`open` counts open applications, those on hold included; `all` closed ones too."
    )


class LevelCounts(ResponseModel):
    """How many applications have each level."""

    none: Count = Field(description="Applied directly.", examples=[12])
    referred: Count = Field(description="Referred.", examples=[5])
    referred_with_context: Count = Field(description="Referred, with reasons.", examples=[3])
    recommended: Count = Field(description="Recommended.", examples=[2])
    championed: Count = Field(description="Championed.", examples=[1])


class StageCounts(ResponseModel):
    """The applications in one stage. The counts after `levels` overlap with it and with each other."""

    stage: Stage = Field(description="The stage; a closed application counts in its last one.", examples=["screening"])
    total: Count = Field(description="Applications in the stage.", examples=[23])
    levels: LevelCounts = Field(description="Those by level.")
    started: Count = Field(description="Championing has started and lacks only the return.", examples=[1])
    lapsed: Count = Field(description="Championing lapsed.", examples=[0])
    lost: Count = Field(description="The champion was lost.", examples=[0])
    exposed: Count = Field(description="The only advocate is gone, leaving, away too long or slipping.", examples=[1])
    claimed: Count = Field(description="The level rests on what somebody else claimed.", examples=[2])


class LevelLabels(ResponseModel):
    """What each level is called in front of people."""

    none: str = Field(default=label(Level.NONE), description="For `none`.", examples=[label(Level.NONE)])
    referred: str = Field(
        default=label(Level.REFERRED), description="For `referred`.", examples=[label(Level.REFERRED)]
    )
    referred_with_context: str = Field(
        default=label(Level.REFERRED_WITH_CONTEXT),
        description="For `referred_with_context`.",
        examples=[label(Level.REFERRED_WITH_CONTEXT)],
    )
    recommended: str = Field(
        default=label(Level.RECOMMENDED), description="For `recommended`.", examples=[label(Level.RECOMMENDED)]
    )
    championed: str = Field(
        default=label(Level.CHAMPIONED), description="For `championed`.", examples=[label(Level.CHAMPIONED)]
    )


class Pipeline(ResponseModel):
    """How many applications are in each stage, and how they are backed, at a moment."""

    object: Literal["pipeline"] = Field(default="pipeline", description="Always `pipeline`.", examples=["pipeline"])
    as_of: Moment = Field(description="The moment counted for.")
    known_at: Moment = Field(description="What was recorded by then is used.")
    provisional: bool = Field(
        description="True while `known_at` is less than ten seconds old: a transaction under way may still add to it.",
        examples=[True],
    )
    total: Count = Field(description="All applications counted.", examples=[23])
    labels: LevelLabels = Field(default_factory=LevelLabels, description="The levels in words for people.")
    stages: list[StageCounts] = Field(description="Every stage, in order, also those without an application.")
