"""What callers send about captures: one flat body, whose members may all be plain text."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, RootModel, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.advocacies.act_bodies import KIND
from api.advocacies.act_schemas import BEFORE_PROCESS, CHANNEL
from api.captures.texts import (
    ApplicationText,
    AskText,
    AskWord,
    BasisWord,
    CandidateText,
    FlagWord,
    JobText,
    Listeners,
    ListenerText,
    ListText,
    PersonText,
    as_reasons,
    as_word,
    is_blank,
)
from api.platform.schemas import Link, LongText, MediumText, Moment, RequestModel, ShortText
from api.reasons.schemas import RequirementText

MOST_REASONS = 20


class _Flat(RequestModel):
    """A body in which blank text is the same as nothing, since forms send blanks for what was not filled in."""

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {name: value for name, value in given.items() if not is_blank(value)}


class CaptureReason(_Flat):
    """Why the candidate fits, as far as it was said."""

    requirement: RequirementText | None = Field(
        default=None, description="What the job requires, in words.", examples=["Runs systems in production"]
    )
    claim: MediumText | None = Field(
        default=None, description="What is said about the candidate.", examples=["Kept billing up for two years."]
    )
    basis: BasisWord | None = Field(
        default=None,
        description="What the advocate knows it from; `basis` of the capture when left out.",
        examples=["observed_directly"],
    )
    before_process: FlagWord | None = Field(
        default=None, description=f"{BEFORE_PROCESS} `before_process` of the capture when left out.", examples=[False]
    )

    @model_validator(mode="after")
    def _says_something(self) -> "CaptureReason":
        if self.requirement is None and self.claim is None:
            raise PydanticCustomError("reason_empty", "Send a requirement, a claim, or better both")
        return self


class CaptureReasons(RootModel[ListText | Annotated[list[CaptureReason], Field(max_length=MOST_REASONS)]]):
    """Why the candidate fits: a list, or text with one `requirement: claim` a line."""


Reasons = Annotated[
    list[CaptureReason],
    Field(max_length=MOST_REASONS),
    BeforeValidator(as_reasons, json_schema_input_type=CaptureReasons),
]


class CaptureFields(_Flat):
    """What may be told; nothing is required at once, and blank text is the same as nothing."""

    application: ApplicationText | None = Field(
        default=None,
        description="Which application: its id, or `system:external_id` of an application. An e-mail address or a name "
        "is read as `candidate`; a candidate's id or external id goes into `candidate`.",
        examples=["greenhouse:69306314"],
    )
    candidate: CandidateText | None = Field(
        default=None,
        description="Instead of `application`: the candidate's e-mail address, id, `system:external_id` or full name. "
        "Enough by itself where they have exactly one open application; a name is only a hint and must be that of one.",
        examples=["sam@example.com"],
    )
    job: JobText | None = Field(
        default=None,
        description="With `candidate`: the job by its id, `system:external_id` or title.",
        examples=["Data engineer"],
    )
    advocate: PersonText | None = Field(
        default=None,
        description="Who spoke up: an e-mail address, the id of a person or advocate, or `system:external_id` of a "
        "person. Who is not known by their address is made known.",
        examples=["ada@example.com"],
    )
    advocate_name: ShortText | None = Field(
        default=None, description="The advocate's name, used only if they are made known.", examples=["Ada Okafor"]
    )
    to: Listeners | None = Field(
        default=None,
        description="Who heard it, as a list or one text with commas: people as in `advocate`, or `hiring_manager`. "
        "Being named here gives nobody power on the job.",
        examples=["hana@example.com, hiring_manager"],
    )
    reasons: Reasons | None = Field(
        default=None,
        description="Why the candidate fits: a list, or text with one `requirement: claim` a line.",
        examples=["Runs systems in production: Kept billing up for two years."],
    )
    basis: BasisWord | None = Field(
        default=None,
        description="What the advocate knows the reasons from, for those that do not say so themselves.",
        examples=["observed_directly"],
    )
    before_process: FlagWord | None = Field(
        default=None,
        description=f"The same for the reasons that do not say so themselves. {BEFORE_PROCESS}",
        examples=[True],
    )
    ask: AskWord | None = Field(default=None, description="What was asked for.", examples=["interview"])
    ask_to: ListenerText | None = Field(
        default=None,
        description="Whom it was asked of: somebody of `to`. When left out, the only listener, or else "
        "`hiring_manager` if addressed.",
        examples=["hiring_manager"],
    )
    kind: Annotated[str, StringConstraints(pattern=KIND, max_length=40), BeforeValidator(as_word)] | None = Field(
        default=None,
        description="The kind of act; when left out, `wrote` for a written channel, else `spoke`.",
        examples=["spoke"],
    )
    channel: ShortText | None = Field(default=None, description=CHANNEL, examples=["slack"])
    occurred_at: Moment | None = Field(
        default=None, description="When it happened, never in the future; when the capture came in if left out."
    )
    source_url: Link | None = Field(
        default=None,
        description="Where it can be seen: becomes the act's `evidence_url`. The same link with the same application "
        "and advocate is the same act.",
        examples=["https://example.slack.com/archives/C01/p1700000000000100"],
    )
    text: LongText | None = Field(
        default=None,
        description="What was said, in free text. Never needed.",
        examples=["She should be in the next round."],
    )
    recorded_by: PersonText | None = Field(
        default=None,
        description="The person who tells us, as in `advocate`; a key is a program, not a person.",
        examples=["ada@example.com"],
    )
    chases: AskText | None = Field(
        default=None,
        description="The ask of the same advocate for the same application that this chases; needed for `chased`.",
        examples=["ask_0192f3a4b5c67d8e9f00112233445566"],
    )


class CaptureCreate(CaptureFields):
    """That somebody spoke up for a candidate, as far as it is known."""


class CaptureComplete(CaptureFields):
    """What was missing. Members given here replace those given before, `null` takes one back."""


class Given(CaptureFields):
    """What was given so far, as it is kept: of `source_url` also a message id as a URI (RFC 2392).

    `subject` is the subject of a mail, only where its text is kept, too.
    """

    source_url: str | None = None
    subject: str | None = None


class CaptureDiscard(RequestModel):
    """That nothing will become of a capture."""

    reason: MediumText | None = Field(default=None, description="Why.", examples=["Not about a candidate."])
