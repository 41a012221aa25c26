"""Changing what a connection's words mean."""

from typing import Any

from pydantic import MISSING, Field, ValidationError

from api.domain.errors import Unprocessable
from api.domain.vocabulary import Basis, Relationship, Stage
from api.inbound.mapping import MOST_WORDS, Mapping, Word
from api.platform.schemas import PatchModel, RequestModel, ShortText


class RelationshipFieldGiven(RequestModel):
    """The field that says how the credited person knows the candidate."""

    field: ShortText = Field(description="The key of the field at the vendor.", examples=["how_do_you_know_them"])
    values: dict[Word, Relationship] = Field(
        max_length=MOST_WORDS, description="What each of its values means here.", examples=[{"Same team": "same_team"}]
    )


class BasisFieldGiven(RequestModel):
    """The field that says how the credited person knows what they claim."""

    field: ShortText = Field(description="The key of the field at the vendor.", examples=["how_do_you_know_this"])
    values: dict[Word, Basis] = Field(
        max_length=MOST_WORDS,
        description="What each of its values means here.",
        examples=[{"I saw it": "observed_directly"}],
    )


class ClaimFieldGiven(RequestModel):
    """The field that says why the candidate fits."""

    field: ShortText = Field(description="The key of the field at the vendor.", examples=["why_them"])
    requirement: ShortText = Field(
        description="The requirement under which the text is recorded as a reason.", examples=["Why this person"]
    )


class FormFieldsPatch(PatchModel):
    """A change to the form fields: one that is left out stays, `null` forgets it, another replaces it as a whole."""

    relationship: RelationshipFieldGiven | MISSING | None = Field(
        default=MISSING, description="Says how they know each other."
    )
    basis: BasisFieldGiven | MISSING | None = Field(
        default=MISSING, description="Says how the referrer knows what is claimed."
    )
    claim: ClaimFieldGiven | MISSING | None = Field(
        default=MISSING,
        description="Says why the candidate fits. A reason is made of it only where `basis` says how they know that.",
    )


class MappingPatch(PatchModel):
    """A change to the mapping, merged into what is there."""

    stages: dict[Word, Stage | None] | MISSING = Field(
        default=MISSING,
        max_length=MOST_WORDS,
        description="Stages of ours by the id or name of the vendor's: one left out stays, `null` forgets it.",
        examples=[{"Technical Interview": "interviewing", "Archive": None}],
    )
    referral_sources: list[ShortText] | MISSING = Field(
        default=MISSING,
        max_length=MOST_WORDS,
        description="Ids or names of the sources that are referrals; replaces those there were.",
        examples=[["Referral"]],
    )
    form_fields: FormFieldsPatch | MISSING = Field(default=MISSING, description="Fields of the vendor's referral form.")


def merged(mapping: dict[str, Any], patch: MappingPatch) -> dict[str, Any]:
    """The stored mapping with the change in it. Raises Unprocessable where that would be too much to keep."""
    given = patch.model_dump(mode="json")
    result = {**mapping, **{name: given[name] for name in ("referral_sources",) if name in given}}
    for name in ("stages", "form_fields"):
        both = {**mapping.get(name, {}), **given.get(name, {})}
        result[name] = {key: value for key, value in both.items() if value is not None}
    try:
        return Mapping.model_validate(result).model_dump(mode="json")
    except ValidationError:
        raise Unprocessable(f"A mapping lists at most {MOST_WORDS} stages.", pointer="#/mapping/stages") from None
