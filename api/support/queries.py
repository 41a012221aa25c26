"""Reading facts: rows in, frozen values of the domain out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from api.domain import facts as f
from api.domain.policy import Policy
from api.domain.vocabulary import (
    ActWord,
    AdvocacyWord,
    Affiliation,
    AskKind,
    AskState,
    Basis,
    Consent,
    NextStepKind,
    Outcome,
    Power,
    ReferenceWord,
    ReferralWord,
    Relationship,
    Stage,
    StageVerb,
)
from api.platform.sessions import WorkspaceSession
from api.support.statement import APPLICATION_FACTS, POLICIES, REFERRAL_FACTS
from api.support.values import Document, availability, dated, day, happened, moment, uuid
from api.support.versions import complete, latest, remembered


@dataclass(frozen=True, slots=True)
class Loaded:
    """The facts of an application, and beside them the names and the last announced values that its rows hold."""

    facts: f.ApplicationFacts
    document: Document


async def load_policies(session: WorkspaceSession) -> tuple[f.PolicyVersion, ...]:
    """Every version of the workspace's policy, the oldest first; never empty."""
    known = remembered(session)
    rows = await session.execute(text(POLICIES), {"w": session.workspace.id, "known": latest(known)})
    return complete(session, known, rows.scalar_one())


async def current_policy(session: WorkspaceSession) -> Policy:
    """The numbers of the latest version."""
    return (await load_policies(session))[-1].policy


async def load(session: WorkspaceSession, application_ids: Sequence[UUID], *, with_owed: bool = False) -> list[Loaded]:
    """Everything about these applications, in one statement however many they are.

    `with_owed`: with their follow-ups and invitations, and what these are judged by. Once in a process, for a workspace
    in which somebody was merged, it takes a second statement.
    """
    known, merging = remembered(session), session.workspace.id in session.merging
    statement = APPLICATION_FACTS[merging, with_owed]
    wanted = {"w": session.workspace.id, "known": latest(known), "ids": list(application_ids)}
    read = (await session.execute(text(statement), wanted)).all()
    newer = next((row.policies for row in read if row.policies is not None), None)
    policies = complete(session, known, newer)
    documents = [orjson.loads(row.document) for row in read if row.document is not None]
    if any(document["identities"] is True for document in documents):
        # A merge is never undone, so a process needs to be told once.
        session.merging.add(session.workspace.id)
        return await load(session, application_ids, with_owed=with_owed)
    return [Loaded(application_from(document, policies), document) for document in documents]


async def load_facts(session: WorkspaceSession, application_ids: Sequence[UUID]) -> dict[UUID, f.ApplicationFacts]:
    """The facts of each of these applications, by id."""
    return {loaded.facts.id: loaded.facts for loaded in await load(session, application_ids)}


async def load_referral(
    session: WorkspaceSession, referral_id: UUID
) -> tuple[f.ReferralFacts, tuple[f.PolicyVersion, ...]]:
    """The facts of one referral, for one that is linked to no application, and the policies to judge them by."""
    known = remembered(session)
    wanted = {"w": session.workspace.id, "known": latest(known), "ids": [referral_id]}
    row = (await session.execute(text(REFERRAL_FACTS), wanted)).one()
    (document,) = orjson.loads(row.document)
    return referral_from(document), complete(session, known, row.policies)


def application_from(document: Document, policies: tuple[f.PolicyVersion, ...]) -> f.ApplicationFacts:
    """The facts in one document of the statement."""
    identities = document["identities"] or _ALL_ARE_ONE_ID
    return f.ApplicationFacts(
        id=UUID(document["id"]),
        candidate_person_id=UUID(document["candidate_person_id"]),
        policies=policies,
        stages=_each(_stage, document["stages"]),
        next_steps=_each(_next_step, document["next_steps"]),
        members=_each(member_from, document["members"]),
        advocacies=_each(_advocacy, _in_order(document["advocacies"])),
        referrals=_each(referral_from, _in_order(document["referrals"])),
        references=_each(_reference, _in_order(document["references"])),
        merges=_each(_merge, identities["merges"]),
        merged_people=_each(_merged_person, identities["people"]),
    )


_ALL_ARE_ONE_ID: Document = {"merges": (), "people": ()}


def _each(build: Any, documents: Iterable[Document]) -> tuple[Any, ...]:
    return tuple(build(document) for document in documents)


def _in_order(documents: Iterable[Document]) -> list[Document]:
    """By id: rows come as they lie in their tables, and a derivation lists them in the order in which it gets them."""
    return sorted(documents, key=itemgetter("id"))


def _stage(document: Document) -> f.StageFact:
    stage, outcome = document["stage"], document["outcome"]
    return f.StageFact(
        **happened(document),
        verb=StageVerb(document["verb"]),
        stage=Stage(stage) if stage else None,
        hold_until=day(document["hold_until"]),
        outcome=Outcome(outcome) if outcome else None,
    )


def _next_step(document: Document) -> f.NextStepFact:
    at, kind = document["next_step_at"], document["next_step_kind"]
    return f.NextStepFact(
        **happened(document),
        next_step_at=moment(at) if at else None,
        next_step_kind=NextStepKind(kind) if kind else None,
    )


def member_from(document: Document) -> f.MembershipRecord:
    """One membership of a job."""
    return f.MembershipRecord(
        **dated(document),
        person_id=UUID(document["person_id"]),
        power=Power(document["power"]) if document["power"] else None,
        is_hiring_manager=document["is_hiring_manager"],
        recorded_by=uuid(document["recorded_by"]),
    )


def _advocacy(document: Document) -> f.AdvocacyFacts:
    relationship = document["relationship"]
    return f.AdvocacyFacts(
        id=UUID(document["id"]),
        advocate_id=UUID(document["advocate_id"]),
        person_id=UUID(document["person_id"]),
        relationship=Relationship(relationship) if relationship else None,
        statements=tuple(
            f.AdvocacyStatement(**happened(said), word=AdvocacyWord(said["word"])) for said in document["statements"]
        ),
        acts=_each(_act, _in_order(document["acts"])),
        act_statements=_each(_act_statement, document["act_statements"]),
        answers=_each(_answer, document["answers"]),
        **_records(document),
    )


def _records(document: Document) -> dict[str, Any]:
    return {
        "availability": _each(availability, document["availability"]),
        "affiliations": tuple(
            f.AffiliationRecord(**dated(tie), affiliation=Affiliation(tie["affiliation"]))
            for tie in document["affiliations"]
        ),
    }


def _merge(document: Document) -> f.MergeRecord:
    return f.MergeRecord(
        person_id=UUID(document["person_id"]),
        into_id=UUID(document["into_id"]),
        recorded_at=moment(document["recorded_at"]),
    )


def _merged_person(document: Document) -> f.PersonRecords:
    return f.PersonRecords(person_id=UUID(document["person_id"]), **_records(document))


def _act(document: Document) -> f.Act:
    return f.Act(
        **happened(document),
        recorded_by=UUID(document["recorded_by"]),
        listeners=tuple(f.Listener(person_id=uuid(person)) for person in document["listeners"]),
        uses=_each(_use, document["uses"]),
        ask=_ask(document["ask"]),
        chases=uuid(document["chases_id"]),
        has_evidence=document["has_evidence"],
    )


def _ask(document: Document | None) -> f.Ask | None:
    if document is None:
        return None
    addressee = f.Listener(person_id=uuid(document["addressee_id"]))
    return f.Ask(id=UUID(document["id"]), kind=AskKind(document["kind"]), addressee=addressee)


def _use(document: Document) -> f.ReasonUse:
    return f.ReasonUse(
        reason_id=UUID(document["reason_id"]),
        requirement_id=UUID(document["requirement_id"]),
        basis=Basis(document["basis"]),
        before_process=document["before_process"],
    )


def _act_statement(document: Document) -> f.ActStatement:
    return f.ActStatement(
        id=UUID(document["id"]),
        act_id=UUID(document["act_id"]),
        word=ActWord(document["word"]),
        person_id=UUID(document["person_id"]),
        recorded_at=moment(document["recorded_at"]),
    )


def _answer(document: Document) -> f.AskAnswer:
    return f.AskAnswer(**happened(document), ask_id=UUID(document["ask_id"]), answer=AskState(document["answer"]))


def referral_from(document: Document) -> f.ReferralFacts:
    """A referral in a document of the statement."""
    return f.ReferralFacts(
        **happened(document),
        referrer_id=UUID(document["referrer_id"]),
        person_id=UUID(document["person_id"]),
        recorded_by=uuid(document["recorded_by"]),
        relationship=Relationship(document["relationship"]),
        consent=Consent(document["consent"]),
        is_documented=document["is_documented"],
        is_duplicate=document["is_duplicate"],
        uses=_each(_use, document["uses"]),
        statements=tuple(
            f.ReferralStatement(**happened(said), word=ReferralWord(said["word"])) for said in document["statements"]
        ),
    )


def _reference(document: Document) -> f.ReferenceFacts:
    return f.ReferenceFacts(
        id=UUID(document["id"]),
        statements=tuple(
            f.ReferenceStatement(**happened(said), word=ReferenceWord(said["word"])) for said in document["statements"]
        ),
    )
