"""Everything that is linked to one person by ids: themself under all their ids, their roles, and what hangs on them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import text

from api.people.finding import known_as
from api.platform.ids import encode
from api.platform.sessions import WorkspaceSession
from api.privacy.structure import Theirs

_ROLES = text("""
    select array(select c.id from candidates c where c.workspace_id = :w and c.person_id = any(:people)) as candidates,
        array(select f.id from referrers f where f.workspace_id = :w and f.person_id = any(:people)) as referrers,
        array(select v.id from advocates v where v.workspace_id = :w and v.person_id = any(:people)) as advocates""")

_LINKED = text("""
    select array(select a.id from applications a
            where a.workspace_id = :w and a.candidate_id = any(:candidates)) as applications,
        array(select y.id from advocacies y
            where y.workspace_id = :w and y.advocate_id = any(:advocates)) as advocacies,
        array(select r.id from referrals r where r.workspace_id = :w and r.candidate_id = any(:candidates)
            union select r.id from referrals r
            where r.workspace_id = :w and r.referrer_id = any(:referrers)) as referrals,
        array(select e.id from "references" e
            where e.workspace_id = :w and e.person_id = any(:people)) as given_references""")

_REFS = text("""
    select c.id as connection_id, x.kind, x.external_id from external_refs x
    join connections c on c.workspace_id = :w and c.system = x.system
    where x.workspace_id = :w and x.id in (
        select y.id from external_refs y where y.workspace_id = :w and y.person_id = any(:people)
        union select y.id from external_refs y where y.workspace_id = :w and y.candidate_id = any(:candidates))""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A person. `applications` are those in which they are the candidate; `referrals` those of them and by them.

    `known_to` holds the ids by which connected systems know them: connection, kind (`person` or `candidate`), id.
    """

    people: Sequence[UUID]
    candidates: Sequence[UUID]
    referrers: Sequence[UUID]
    advocates: Sequence[UUID]
    applications: Sequence[UUID]
    advocacies: Sequence[UUID]
    referrals: Sequence[UUID]
    given_references: Sequence[UUID]
    known_to: frozenset[tuple[UUID, str, str]]

    def arrays(self) -> dict[str, Any]:
        """The ids by name, as parameters of a statement."""
        return {each.name: list(getattr(self, each.name)) for each in fields(self) if each.name != "known_to"}

    def theirs(self) -> Theirs:
        """The same ids in their public form."""
        selves = _public(
            person=self.people, candidate=self.candidates, referrer=self.referrers, advocate=self.advocates
        )
        things = _public(
            application=self.applications,
            advocacy=self.advocacies,
            referral=self.referrals,
            reference=self.given_references,
        )
        return Theirs(selves, things)


async def load_subject(session: WorkspaceSession, person_id: UUID) -> Subject:
    """The person with everybody who is the same by merges."""
    wanted: dict[str, Any] = {"w": session.workspace.id}
    wanted["people"] = (await known_as(session, [person_id]))[person_id]
    wanted |= (await session.execute(_ROLES, wanted)).one()._mapping
    linked = (await session.execute(_LINKED, wanted)).one()._mapping
    refs = await session.execute(_REFS, wanted)
    known_to = frozenset((row.connection_id, row.kind, row.external_id) for row in refs)
    del wanted["w"]
    return Subject(**wanted, **linked, known_to=known_to)


def _public(**ids: Sequence[UUID]) -> frozenset[str]:
    return frozenset(encode(kind, each) for kind, of_kind in ids.items() for each in of_kind)
