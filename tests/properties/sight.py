"""What is seen after every step: the facts, what was announced, and what two derivations make of the facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, func, select

from api.domain.derived import DerivedAdvocacy, Support
from api.domain.facts import ApplicationFacts
from api.domain.referrals import derive_referral
from api.domain.support import derive_support
from api.models import Act, Advocacy, Application, Person, Reference, Referral
from api.platform.ids import encode
from api.platform.sessions import WorkspaceSession
from api.support.announcements import differing
from api.support.queries import Loaded, load, load_referral
from api.support.service import columns
from tests.domain.test_replay import differences
from tests.properties.house import House
from tests.replay import replay_support


@dataclass(frozen=True, slots=True)
class Sight:
    """One application at a moment, by all that was known then."""

    facts: ApplicationFacts
    moment: datetime
    support: Support

    @classmethod
    def of(cls, facts: ApplicationFacts, moment: datetime) -> "Sight":
        """What the facts give at a moment."""
        return cls(facts, moment, derive_support(facts, as_of=moment, known_at=moment))

    def at(self, moment: datetime) -> "Sight":
        """The same facts at another moment."""
        return Sight.of(self.facts, moment)

    @property
    def told(self) -> tuple[object, ...]:
        """What `next_change_at` is about."""
        return self.support.level, self.support.championing, self.support.confidence

    @property
    def advocacies(self) -> dict[UUID, DerivedAdvocacy]:
        """Where each advocacy stands."""
        return {each.id: each for each in self.support.advocacies}

    @property
    def qualifying(self) -> set[UUID]:
        """The acts that qualify."""
        return {act.id for each in self.support.advocacies for act in each.acts if act.qualifies}


async def look(house: House) -> dict[UUID, Sight]:
    """Look at all applications; fails where the derivations differ, or where something else was announced."""
    async with house.stage.databases.open_reading(house.workspace, snapshot=True) as session:
        rows = {row.id: row for row in (await session.execute(select(Application))).scalars()}
        loaded = await load(session, sorted(rows)) if rows else []
        has_news = await _policy_is_new(session)
        await _look_at_unlinked(session, house.now)
    sights = {each.facts.id: Sight.of(each.facts, house.now) for each in loaded}
    listed = await _listed(house)
    for each in loaded:
        sight, row = sights[each.facts.id], rows[each.facts.id]
        replayed = replay_support(sight.facts, as_of=sight.moment, known_at=sight.moment)
        assert differences(sight.support, replayed) == {}
        is_due = row.recheck_at is not None and row.recheck_at <= sight.moment
        if not is_due and not (has_news and row.outcome is None):
            _compare_stored(each, row, sight.support)
            _compare_listed(listed[encode("application", row.id)], sight.support)
    return sights


def _compare_stored(loaded: Loaded, row: Application, support: Support) -> None:
    derived = columns(loaded, support)
    assert {name: getattr(row, name) for name in derived} == derived
    wrong = [(each, loaded.document[kind.documents]) for kind, each in differing(loaded, support)]
    assert wrong == []


def _compare_listed(listed: dict[str, Any], support: Support) -> None:
    shown = listed["support"]
    for name in ("level", "championing", "confidence", "documented_level"):
        assert shown[name] == getattr(support, name), name
    for name in ("since", "next_change_at"):
        moment = shown[name] and datetime.fromisoformat(shown[name])
        assert moment == getattr(support, name), name
    assert shown["advocacy_id"] == (support.advocacy_id and encode("advocacy", support.advocacy_id))
    assert listed["exposed"] == support.exposed
    assert support.application is not None
    assert (listed["state"], listed["stage"]) == (support.application.state, support.application.stage)


async def _listed(house: House) -> dict[str, dict[str, Any]]:
    response = await house.client.get("/v1/applications", params={"limit": 100})
    assert response.status_code == 200, response.text
    return {row["id"]: row for row in response.json()["data"]}


async def _policy_is_new(session: WorkspaceSession) -> bool:
    """Whether the worker has still to let a new policy reach the applications."""
    query = text("select count(*) from policies where workspace_id = :w and not is_spread")
    found: int = (await session.execute(query, {"w": session.workspace.id})).scalar_one()
    return found > 0


async def _look_at_unlinked(session: WorkspaceSession, now: datetime) -> None:
    has_news = await _policy_is_new(session)
    rows: Sequence[Referral] = (
        (await session.execute(select(Referral).where(col(Referral.application_id).is_(None)))).scalars().all()
    )
    for row in rows:
        facts, policies = await load_referral(session, row.id)
        derived = derive_referral(facts, as_of=now, known_at=now, policies=policies)
        if (row.recheck_at is None or row.recheck_at > now) and not has_news:
            assert row.state == derived.referral.state


async def counted(house: House) -> dict[str, int]:
    """How many records of each kind there are."""
    models = (Person, Application, Advocacy, Act, Referral, Reference)
    counts = [select(func.count()).select_from(model).scalar_subquery().label(model.__name__) for model in models]
    async with house.stage.databases.open_reading(house.workspace) as session:
        return dict((await session.execute(select(*counts))).one()._mapping)
