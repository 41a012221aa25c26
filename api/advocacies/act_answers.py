"""Answering with acts: what was recorded, with what is derived about it."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from api import models
from api.advocacies.act_schemas import Act
from api.advocacies.acts import Recorded
from api.domain import facts as f
from api.domain.derived import DerivedAct, Support
from api.domain.identity import recognise
from api.domain.support import derive_support
from api.domain.vocabulary import Championing, Level, Rule
from api.platform.schemas import ResponseModel
from api.platform.sessions import WorkspaceSession
from api.support.queries import load_facts


class SupportStanding(ResponseModel):
    """How the application is backed."""

    level: Level = Field(description="The level.", examples=["recommended"])
    championing: Championing = Field(description="Where its best advocacy stands.", examples=["started"])


class ActEffect(ResponseModel):
    """What an act did to the support of its application."""

    before: SupportStanding = Field(description="Before the act was recorded.")
    after: SupportStanding = Field(description="After it.")
    missing: list[str] = Field(
        description="What this advocacy still lacks for the next level that acts can reach, in words.",
        examples=[["An act to the hiring side on another day; or a granted ask."]],
    )


class ActRecorded(Act):
    """An act just recorded, with what it changed."""

    support: ActEffect = Field(description="What it changed.")
    hints: list[str] = Field(
        description="What the caller may want to look at; never a block. Extensible enum: `availability_outdated` (the "
        "actor was recorded as having left or as unreachable), `application_closed` (the act is history and moves "
        "nothing unless the application is reopened), and `sensitive_text:` with a topic (`health`, `age`, `family`, "
        "`religion`, `politics`, `union`, `culture_fit`) that text or claims touch and that has no place in them.",
        examples=[[]],
    )


def standing(application: models.Application) -> SupportStanding:
    """How the application is backed, as last announced."""
    return SupportStanding(level=application.level, championing=application.championing)


def just_recorded(recorded: Recorded, before: SupportStanding) -> ActRecorded:
    """An act just recorded, with what it changed."""
    support = recorded.support
    after = SupportStanding(level=support.level, championing=support.championing)
    effect = ActEffect(before=before, after=after, missing=_missing(support, recorded.facts))
    derived = _derived(support)[recorded.row.id]
    shown = Act.members(recorded.row, recorded.facts, derived)
    return ActRecorded(**shown, support=effect, hints=recorded.hints)


def judged(rows: Sequence[models.Act], facts: f.ApplicationFacts, *, now: datetime) -> list[Act]:
    """Acts of one application, each with what it is worth by all that is known now."""
    derived = _derived(derive_support(facts, as_of=now, known_at=now))
    advocacies = {each.id: each for each in recognise(facts, known_at=now).advocacies}
    return [Act.of(row, advocacies[row.advocacy_id], derived[row.id]) for row in rows]


async def present(session: WorkspaceSession, row: models.Act, *, now: datetime) -> Act:
    """One act with what it is worth by all that is known now."""
    facts = (await load_facts(session, [row.application_id]))[row.application_id]
    (shown,) = judged([row], facts, now=now)
    return shown


def _derived(support: Support) -> dict[object, DerivedAct]:
    return {act.id: act for advocacy in support.advocacies for act in advocacy.acts}


def _missing(support: Support, advocacy: f.AdvocacyFacts) -> list[str]:
    """What the advocacy lacks for the next level that acts can reach; nothing once the application is championed."""
    if support.level is Level.CHAMPIONED:
        return []
    if support.level is Level.RECOMMENDED:
        parts = next(each.parts for each in support.advocacies if each.id == advocacy.id)
    else:
        parts = tuple(part for part in support.parts if part.rule is Rule.QUALIFYING_ACT)
    return [part.missing for part in parts if part.missing is not None]
