"""What callers send to make and change endpoints."""

from typing import Annotated

from pydantic import MISSING, AfterValidator, Field, StringConstraints

from api.domain.vocabulary import Level
from api.domain.webhooks import HeldMode, Ordering, Payload, PayloadFormat
from api.platform.ids import JobId
from api.platform.revisions import MetadataPatch
from api.platform.schemas import Flag, MediumText, Metadata, PatchModel, RequestModel
from api.webhooks.filters import SUBJECT_KINDS, subject_id
from api.webhooks.headers import Headers, HeadersPatch
from api.webhooks.schemas import APPLICATION, MOST_JOBS, MOST_SUBJECTS, MOST_TYPES, SECRET

_SECRET_FORM = {"pattern": "^whsec_[A-Za-z0-9+/]{32,86}={0,2}$"}
_SUBJECT_SAYS = f"Id of any kind of these: {', '.join(SUBJECT_KINDS)}."
_WEEK = 604_800
_DAY = 86_400


Url = Annotated[str, StringConstraints(min_length=1, max_length=2_048), Field(json_schema_extra={"format": "uri"})]
EventTypeName = Annotated[str, StringConstraints(min_length=1, max_length=100)]
EventTypes = Annotated[list[EventTypeName], Field(min_length=1, max_length=MOST_TYPES)]
JobIds = Annotated[list[JobId], Field(max_length=MOST_JOBS)]
Levels = Annotated[list[Level], Field(max_length=len(Level))]
SubjectId = Annotated[str, AfterValidator(subject_id), Field(description=_SUBJECT_SAYS, examples=[APPLICATION])]
SubjectIds = Annotated[list[SubjectId], Field(max_length=MOST_SUBJECTS)]
HoldSeconds = Annotated[int, Field(strict=True, ge=1, le=_DAY)]
RateLimit = Annotated[int, Field(strict=True, ge=1, le=10_000)]
InFlight = Annotated[int, Field(strict=True, ge=1, le=100)]
OwnSecret = Annotated[str, StringConstraints(min_length=1, max_length=100), Field(json_schema_extra=_SECRET_FORM)]
"""A secret that was made elsewhere; whether it can be decoded is looked at where it is kept."""

_URL = "Where deliveries are sent: https, port 443 or 1024 and above, no user name, an address of the public internet."
_TYPES = (
    "Types, `beginning.*`, or `*` for all but what tells of deliveries themselves (`webhook_endpoint.*`, `delivery.*`)."
)
_JOBS = "Only what concerns these jobs, their applications and referrals; empty for whatever it concerns."
_LEVELS = "Only what concerns applications announced at one of these levels; empty for whatever it concerns."
_SUBJECTS = (
    "Only events whose `subject` is one of these, of whatever kinds; empty for whatever they are about. Whether there"
    " is anything of such an id is not looked at."
)
_PAYLOAD = "`full` sends events as the feed has them; `thin` sends ids in place of the resource and its former values."
_FORMAT = (
    "`standard` sends the body of an event as it is; `cloudevents` sends it as the `data` of an envelope of CloudEvents"
    " 1.0, as `application/cloudevents+json`."
)
_ORDERING = "`per_subject` lets a delivery wait for older ones about the same subject; `none` waits for nothing."
_HOLD = "With `per_subject`: how many seconds a delivery that fails holds up those after it."
_RATE = "Deliveries a second at most; null for no limit."
_IN_FLIGHT = "Deliveries at once at most."
_HEADERS = "Custom headers sent along, by name. Their values are secrets, and shown nowhere afterwards."
_OWN = "One made elsewhere: `whsec_` and 24 to 64 bytes in base64. Otherwise the service makes one and shows it once."
_PING = "Whether a test is sent at once, as by the verb `test`, of the first type that the endpoint asks for."
_HEADERS_EXAMPLE = {"authorization": "Bearer of-the-receiver"}


class WebhookEndpointCreate(RequestModel):
    """An endpoint to be registered."""

    url: Url = Field(description=_URL, examples=["https://receiver.example.com/championed"])
    event_types: EventTypes = Field(description=_TYPES, examples=[["application.*", "advocacy.agreed"]])
    description: MediumText | None = Field(default=None, description="What it is for.", examples=["Our data warehouse"])
    job_ids: JobIds = Field(default=[], description=_JOBS)
    levels: Levels = Field(default=[], description=_LEVELS, examples=[["championed"]])
    subject_ids: SubjectIds = Field(default=[], description=_SUBJECTS, examples=[[APPLICATION]])
    payload: Payload = Field(default=Payload.FULL, description=_PAYLOAD, examples=["full"])
    payload_format: PayloadFormat = Field(default=PayloadFormat.STANDARD, description=_FORMAT, examples=["cloudevents"])
    ordering: Ordering = Field(default=Ordering.NONE, description=_ORDERING, examples=["per_subject"])
    ordering_hold_seconds: HoldSeconds = Field(default=60, description=_HOLD, examples=[60])
    rate_limit: RateLimit | None = Field(default=None, description=_RATE, examples=[50])
    max_in_flight: InFlight = Field(default=10, description=_IN_FLIGHT, examples=[10])
    headers: Headers = Field(default={}, description=_HEADERS, examples=[_HEADERS_EXAMPLE])
    secret: OwnSecret | None = Field(default=None, description=_OWN, examples=[SECRET])
    ping: Flag = Field(default=False, description=_PING, examples=[True])
    metadata: Metadata = Field(default_factory=dict)


class WebhookEndpointUpdate(PatchModel):
    """A change to an endpoint. A new `url` is tried at once: failures of the former one are forgotten."""

    url: Url | MISSING = Field(default=MISSING, description=_URL, examples=["https://receiver.example.com/v2"])
    event_types: EventTypes | MISSING = Field(default=MISSING, description=_TYPES, examples=[["*"]])
    description: MediumText | MISSING | None = Field(
        default=MISSING, description="What it is for.", examples=["Our data warehouse"]
    )
    job_ids: JobIds | MISSING = Field(default=MISSING, description=_JOBS)
    levels: Levels | MISSING = Field(default=MISSING, description=_LEVELS, examples=[["championed"]])
    subject_ids: SubjectIds | MISSING = Field(default=MISSING, description=_SUBJECTS, examples=[[APPLICATION]])
    payload: Payload | MISSING = Field(default=MISSING, description=_PAYLOAD, examples=["thin"])
    payload_format: PayloadFormat | MISSING = Field(default=MISSING, description=_FORMAT, examples=["cloudevents"])
    ordering: Ordering | MISSING = Field(default=MISSING, description=_ORDERING, examples=["per_subject"])
    ordering_hold_seconds: HoldSeconds | MISSING = Field(default=MISSING, description=_HOLD, examples=[60])
    rate_limit: RateLimit | MISSING | None = Field(default=MISSING, description=_RATE, examples=[50])
    max_in_flight: InFlight | MISSING = Field(default=MISSING, description=_IN_FLIGHT, examples=[10])
    headers: HeadersPatch | MISSING | None = Field(
        default=MISSING,
        description="Merged by name into what is there: one left out stays, `null` removes it; `null` for the whole"
        " removes all.",
        examples=[_HEADERS_EXAMPLE],
    )
    metadata: MetadataPatch | MISSING = Field(default=MISSING)


class WebhookEndpointResume(RequestModel):
    """How an endpoint is to be resumed."""

    held: HeldMode = Field(
        default=HeldMode.SEND_ALL,
        description="What becomes of what was held: `send_all`, `send_latest_per_subject`, or `discard`.",
        examples=["send_all"],
    )


class WebhookSecretRotate(RequestModel):
    """A new secret for an endpoint."""

    secret: OwnSecret | None = Field(default=None, description=_OWN, examples=[SECRET])
    grace_period_seconds: Annotated[int, Field(strict=True, ge=0, le=_WEEK)] = Field(
        default=_DAY,
        description="For how many seconds the former secret signs beside the new one; 0 ends all former ones.",
        examples=[_DAY],
    )


class WebhookEndpointTest(RequestModel):
    """A test to be sent to an endpoint."""

    type: EventTypeName | None = Field(
        default=None,
        description="The type whose documented example is sent; by default the first that the endpoint asks for.",
        examples=["application.created"],
    )
