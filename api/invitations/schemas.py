"""Invitations on the wire."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api import models
from api.domain.vocabulary import InvitationState
from api.platform.ids import (
    ActId,
    AdvocacyId,
    ApplicationId,
    AskId,
    InvitationId,
    PersonId,
    ReferralId,
    encode,
)
from api.platform.schemas import Listing, MediumText, Moment, RequestModel, ResponseModel

TYPE = r"^[a-z][a-z0-9_]{0,59}$"
_TYPE = (
    "What is proposed: a type of the policy's table. Extensible enum: `act`, `confirm`, `hand_over`, `become_advocate`."
)
_NOTE = "What whoever made it wrote beside it; null where nothing was written."


class InvitationCreate(RequestModel):
    """Something that one person proposes to another."""

    type: Annotated[str, StringConstraints(pattern=TYPE, max_length=60)] = Field(description=_TYPE, examples=["act"])
    person_id: PersonId = Field(description="Who is invited.")
    application_id: ApplicationId = Field(description="For which application.")
    act_id: ActId | None = Field(
        default=None, description="With a type that a confirmation takes: which act is to be confirmed or denied."
    )
    asker_id: PersonId | None = Field(default=None, description="Who asks; null when nobody in particular does.")
    note: MediumText | None = Field(default=None, description=_NOTE, examples=["Hana would like to hear it from you."])


class InvitationPass(RequestModel):
    """That the person says no, thank you. No reason is asked for."""

    recorded_by: PersonId | None = Field(
        default=None, description="The invited person, or the member who passes their word on."
    )


class InvitationPerson(ResponseModel):
    """A person beside an invitation."""

    id: PersonId = Field(description="The person.")
    name: str = Field(description="Their name.", examples=["Ada Okafor"])


class InvitationEnding(ResponseModel):
    """What ended an invitation."""

    type: str = Field(
        description="What kind of thing took it, or `person` where it was passed. Extensible enum: `act`, "
        "`act_statement`, `advocacy`, `person`.",
        examples=["act"],
    )
    id: str = Field(
        description="Which; where it was passed, who told us.", examples=["act_0192f3a4b5c67d8e9f00112233445566"]
    )


class Invitation(ResponseModel):
    """Something a volunteer or a listener could do. It is never overdue, and passing it has no consequence."""

    id: InvitationId = Field(description="The invitation.")
    object: Literal["invitation"] = Field(
        default="invitation", description="Always `invitation`.", examples=["invitation"]
    )
    type: str = Field(description=_TYPE, examples=["act"])
    state: InvitationState = Field(
        description="`taken` once what was proposed happened, late or not; `passed`: no, thank you; `expired` by time, "
        "or as it made no sense any more.",
        examples=["open"],
    )
    person: InvitationPerson = Field(description="Who is invited.")
    asker: InvitationPerson | None = Field(
        description="Who asks: the job's recruiter for what the service proposes; null where there is nobody."
    )
    by_hand: bool = Field(description="Whether a person made it; else the service proposed it.", examples=[False])
    application_id: ApplicationId = Field(description="For which application.")
    advocacy_id: AdvocacyId | None = Field(description="The advocacy it is about.")
    referral_id: ReferralId | None = Field(description="The referral on whose ground it was proposed.")
    act_id: ActId | None = Field(description="The act that is to be confirmed or denied.")
    ask_id: AskId | None = Field(description="What that act asked for.")
    invited_at: Moment = Field(description="When it was made.")
    expires_at: Moment = Field(description="When it ends by itself.")
    ended_at: Moment | None = Field(description="When it ended; null while it is open.")
    ended_by: InvitationEnding | None = Field(
        description="What took it, or who told us that it was passed; null where time ended it, or nobody was named."
    )
    note: str | None = Field(description=_NOTE, examples=["Hana would like to hear it from you."])
    allowed_transitions: list[str] = Field(
        description="The verbs that are possible now. Extensible enum: `pass`.", examples=[["pass"]]
    )
    created_at: Moment = Field(description="When the record was made.")
    updated_at: Moment = Field(description="When it last changed.")
    version: int = Field(description="Rises with every change; the ETag.", examples=[1])

    @classmethod
    def of(cls, row: models.Invitation, person: models.Person, asker: models.Person | None) -> "Invitation":
        """The invitation as it is stored, with the people beside it."""
        return cls(
            **{name: getattr(row, name) for name in _STORED},
            person=InvitationPerson(id=person.id, name=person.name),
            asker=InvitationPerson(id=asker.id, name=asker.name) if asker else None,
            by_hand=row.is_by_hand,
            ended_by=_ending(row),
            allowed_transitions=["pass"] if row.state is InvitationState.OPEN else [],
        )


_MADE: frozenset[str] = frozenset({"object", "person", "asker", "by_hand", "ended_by", "allowed_transitions"})
_STORED = Invitation.model_fields.keys() - _MADE


def _ending(row: models.Invitation) -> InvitationEnding | None:
    kind, ended_by = row.ended_by_kind, row.ended_by
    if row.passed_by_id is not None:
        kind, ended_by = "person", row.passed_by_id
    return InvitationEnding(type=kind, id=encode(kind, ended_by)) if kind and ended_by else None


class InvitationList(Listing[Invitation]):
    """One page of invitations."""
