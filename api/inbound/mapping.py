"""What the words of a connected system mean here: its stages, the sources that are referrals, its form fields."""

from collections.abc import Mapping as Map
from typing import Annotated, TypeVar

from pydantic import Field, StringConstraints

from api.domain.vocabulary import Basis, Relationship, Stage
from api.inbound.changes import SourceName
from api.platform.schemas import ResponseModel, ShortText

MOST_WORDS = 500

Word = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""A word of the vendor's, as the key of a map."""
Meaning = TypeVar("Meaning", Stage, Relationship, Basis)


class RelationshipField(ResponseModel):
    """The field that says how the credited person knows the candidate."""

    field: ShortText = Field(description="The key of the field at the vendor.", examples=["how_do_you_know_them"])
    values: dict[Word, Relationship] = Field(
        max_length=MOST_WORDS,
        description="What each of its values means here; one that is not listed says nothing.",
        examples=[{"Same team": "same_team"}],
    )


class BasisField(ResponseModel):
    """The field that says how the credited person knows what they claim."""

    field: ShortText = Field(description="The key of the field at the vendor.", examples=["how_do_you_know_this"])
    values: dict[Word, Basis] = Field(
        max_length=MOST_WORDS,
        description="What each of its values means here; one that is not listed says nothing.",
        examples=[{"I saw it": "observed_directly"}],
    )


class ClaimField(ResponseModel):
    """The field that says why the candidate fits."""

    field: ShortText = Field(description="The key of the field at the vendor.", examples=["why_them"])
    requirement: ShortText = Field(
        description="The requirement under which the text is recorded as a reason.", examples=["Why this person"]
    )


class FormFields(ResponseModel):
    """The fields of the vendor's referral form that are read. Null where none is."""

    relationship: RelationshipField | None = Field(default=None, description="Says how they know each other.")
    basis: BasisField | None = Field(default=None, description="Says how the referrer knows what is claimed.")
    claim: ClaimField | None = Field(
        default=None,
        description="Says why the candidate fits. A reason is made of it only where `basis` says how they know that.",
    )


class Mapping(ResponseModel):
    """What the words of one connection mean. Names are compared without regard to case and white space."""

    stages: dict[Word, Stage] = Field(
        default_factory=dict,
        max_length=MOST_WORDS,
        description="Stages of ours by the id or name of the vendor's. In a stage that is not listed an application"
        " keeps its stage here and shows the vendor's as `stage_label`.",
        examples=[{"Technical Interview": "interviewing", "730016": "offer"}],
    )
    referral_sources: list[ShortText] = Field(
        default_factory=list,
        max_length=MOST_WORDS,
        description="Ids or names of the sources that are referrals: only these make the credited person a referrer.",
        examples=[["Referral"]],
    )
    form_fields: FormFields = Field(default_factory=FormFields, description="Fields of the vendor's referral form.")

    def stage_of(self, stage: SourceName) -> Stage | None:
        """Our stage for one of theirs: by its id, else by its name; None where it is not listed."""
        if stage.external_id is not None and (listed := self.stages.get(stage.external_id)) is not None:
            return listed
        return _by_name(self.stages).get(word(stage.name))

    def is_referral(self, source: SourceName | None) -> bool:
        """Whether this source is one of referrals."""
        if source is None:
            return False
        listed = {word(each) for each in self.referral_sources}
        return source.external_id in self.referral_sources or word(source.name) in listed

    def relationship_in(self, fields: Map[str, str]) -> Relationship | None:
        """How the referrer knows the candidate, as the form says; None where it says nothing that is listed."""
        chosen = self.form_fields.relationship
        return _by_name(chosen.values).get(word(fields.get(chosen.field, ""))) if chosen else None

    def basis_in(self, fields: Map[str, str]) -> Basis | None:
        """How the referrer knows what is claimed, as the form says; None where it says nothing that is listed."""
        chosen = self.form_fields.basis
        return _by_name(chosen.values).get(word(fields.get(chosen.field, ""))) if chosen else None

    def claim_in(self, fields: Map[str, str]) -> tuple[str, str] | None:
        """The requirement and what is claimed under it, as the form says; None where it says nothing."""
        chosen = self.form_fields.claim
        claim = fields.get(chosen.field, "").strip() if chosen else ""
        return (chosen.requirement, claim) if chosen and claim else None


def word(name: str) -> str:
    """The form in which a vendor's names are compared: case and white space do not matter."""
    return " ".join(name.casefold().split())


def _by_name(values: Map[str, Meaning]) -> Map[str, Meaning]:
    return {compared: meaning for name, meaning in values.items() if (compared := word(name))}
