"""What callers send about acts."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from api.advocacies.act_schemas import BEFORE_PROCESS, CHANNEL, KINDS
from api.advocacies.listeners import Listener
from api.domain.vocabulary import AskKind, Basis
from api.platform.ids import AskId, PersonId, ReasonId
from api.platform.schemas import Flag, Link, LongText, MediumText, Moment, RequestModel, ShortText
from api.reasons.schemas import RequirementText

KIND = "^(spoke|wrote|introduced|asked|chased|added_evidence|answered_concern|updated_candidate)$"


class ActReasonCreate(RequestModel):
    """A reason that an act carries: one of the application's by its id, or stated by a requirement and a claim."""

    reason_id: ReasonId | None = Field(default=None, description="A reason of this application.")
    requirement: RequirementText | None = Field(
        default=None,
        description="What the job requires, in words; with `claim`, instead of `reason_id`.",
        examples=["Runs systems in production"],
    )
    claim: MediumText | None = Field(
        default=None,
        description="What is said about the candidate; with `requirement`. What was claimed before is found again.",
        examples=["Kept our billing import running for two years."],
    )
    basis: Basis = Field(description="What the advocate knows it from.", examples=["observed_directly"])
    before_process: Flag = Field(default=False, description=BEFORE_PROCESS, examples=[False])

    @model_validator(mode="after")
    def _say_which(self) -> "ActReasonCreate":
        given = (self.reason_id is not None, self.requirement is not None, self.claim is not None)
        if given not in ((True, False, False), (False, True, True)):
            raise PydanticCustomError("one_reason", "Send either reason_id, or requirement and claim")
        return self


class ActAskCreate(RequestModel):
    """What an act asks for, and of whom."""

    kind: AskKind = Field(description="What is asked for. `consider` alone champions nobody.", examples=["interview"])
    to: Listener = Field(
        description="Whom it is addressed to: one of the audience, and not the actor.", examples=["hiring_manager"]
    )


class ActCreate(RequestModel):
    """An act to be recorded."""

    kind: str = Field(pattern=KIND, max_length=40, description=KINDS, examples=["spoke"])
    occurred_at: Moment | None = Field(
        default=None, description="When it happened; now when left out. Never in the future."
    )
    channel: ShortText | None = Field(default=None, description=CHANNEL, examples=["hallway"])
    audience: list[Listener] = Field(
        min_length=1,
        max_length=50,
        description="Who was addressed: people by id, or `hiring_manager` where the name is not known.",
        examples=[["hiring_manager"]],
    )
    reasons: list[ActReasonCreate] = Field(default=[], max_length=20, description="The reasons it carried.")
    ask: ActAskCreate | None = Field(default=None, description="What it asked for.")
    chases: AskId | None = Field(
        default=None,
        validate_default=True,
        description="The ask of this advocacy that it chases; needed for the kind `chased`.",
    )
    evidence_url: Link | None = Field(
        default=None, description="A dated artefact that shows who said what to whom; makes the act documented."
    )
    text: LongText | None = Field(
        default=None, description="What was said, in free text.", examples=["She should be in the next round."]
    )
    recorded_by: PersonId = Field(description="The person who tells us; a key is a program, not a person.")

    @field_validator("chases")
    @classmethod
    def _chase_something(cls, given: UUID | None, known: ValidationInfo) -> UUID | None:
        if given is None and known.data.get("kind") == "chased":
            raise PydanticCustomError("chases_missing", "An act of the kind chased needs chases: the ask it chases")
        return given


class ActStatementCreate(RequestModel):
    """What a person says about an act afterwards."""

    recorded_by: PersonId = Field(description="The person whose word this is.")
    reason: MediumText | None = Field(
        default=None, description="Why, where they said so.", examples=["I was on leave that week."]
    )


class Answer(StrEnum):
    """An answer to an ask; `deferred` (not now) is one too."""

    GRANTED = "granted"
    REFUSED = "refused"
    DEFERRED = "deferred"


class AskAnswerCreate(RequestModel):
    """An answer to what an act asked for."""

    answer: Answer = Field(description="The answer.", examples=["granted"])
    occurred_at: Moment | None = Field(
        default=None, description="When it was given; now when left out. Never in the future nor before the ask."
    )
    recorded_by: PersonId = Field(description="The person who tells us: anybody but the act's actor.")
