"""The export of a person on the wire: rows as they are stored, by the names that members have elsewhere."""

from typing import Any, Literal, TypeAlias

from pydantic import Field

from api.people.schemas import Person
from api.platform.schemas import Moment, ResponseModel

MOST_ROWS = 500

Rows: TypeAlias = list[dict[str, Any]]


def _rows(description: str) -> Any:
    return Field(max_length=MOST_ROWS, description=description, examples=[[{"recorded_at": "2026-03-02T11:00:00Z"}]])


class PersonExport(ResponseModel):
    """Everything that is recorded about one person, under every id they have by merges.

    A row shows its members as they are stored: ids in their public form, moments, closed sets and texts.
    """

    object: Literal["person_export"] = Field(
        default="person_export", description="Always `person_export`.", examples=["person_export"]
    )
    exported_at: Moment = Field(description="When it was read.")
    person: Person = Field(description="The person, as of today.")
    truncated: list[str] = Field(
        description=f"The members below that were cut at {MOST_ROWS} rows; the lists of the API show the rest.",
        examples=[["acts"]],
    )
    people: Rows = _rows("The records of the person: their own, and those merged with it.")
    candidates: Rows = _rows("The person as a candidate.")
    referrers: Rows = _rows("The person as a referrer.")
    advocates: Rows = _rows("The person as an advocate.")
    external_refs: Rows = _rows("Their ids at other systems.")
    availability: Rows = _rows("Their availability, as it was recorded.")
    affiliations: Rows = _rows("Their ties to the company, as they were recorded.")
    job_memberships: Rows = _rows("Their powers on jobs, as they were recorded.")
    applications: Rows = _rows("The applications in which they are the candidate, as last announced.")
    stage_changes: Rows = _rows("What happened to these applications.")
    reasons: Rows = _rows("Why they fit, as it was said.")
    referrals: Rows = _rows("Referrals of them and by them.")
    referral_reasons: Rows = _rows("What these referrals say.")
    references: Rows = _rows("References about them and by them.")
    advocacies: Rows = _rows("Advocacies for them and by them.")
    acts: Rows = _rows("What was done for them, by them or before them, and what they told us of.")
    act_statements: Rows = _rows("What they said about acts, and what was said about acts for them or by them.")
    asks: Rows = _rows("What was asked of them, for them or by them.")
    follow_ups: Rows = _rows("What is or was owed to them, by them, and about the applications that are theirs.")
    follow_up_changes: Rows = _rows("What people did with what is owed to them, and what they did themselves.")
    invitations: Rows = _rows("What was proposed to them, and to others about the applications that are theirs.")
    interactions: Rows = _rows("Contact with them, and about the applications in which they are the candidate.")
    captures: Rows = _rows("Captures about them, of them, and by them.")
    inbound_messages: Rows = _rows("What connected systems sent about them as a candidate, as it was read.")
    privacy_records: Rows = _rows("Who anonymised, exported or told them what.")
