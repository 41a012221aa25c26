"""A vendor's stages: which of ours their names suggest, and those that applications were seen in."""

import json

import httpx
import pytest

from api.connections.proposals import looks_like_referral, proposed_stage
from api.domain.vocabulary import Stage
from api.inbound.changes import SourceName
from api.inbound.mapping import Mapping
from api.inbound.providers.greenhouse_payloads import parse
from api.inbound.providers.provider import Ignored
from api.platform.db import Databases
from tests.api.inbound.vendor import connect
from tests.inbound.providers.greenhouse_samples import delivery


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("Application Review", Stage.APPLIED),
        ("Applied", Stage.APPLIED),
        ("New Applicant", Stage.APPLIED),
        ("Resume Screen", Stage.APPLIED),
        ("CV review", Stage.APPLIED),
        ("Preliminary Phone Screen", Stage.SCREENING),
        ("Phone Interview", Stage.SCREENING),
        ("Recruiter Screen", Stage.SCREENING),
        ("recruiter call", Stage.SCREENING),
        ("Hiring Manager Screen", Stage.SCREENING),
        ("Technical Phone Screen", Stage.SCREENING),
        ("Technical Interview", Stage.INTERVIEWING),
        ("Hiring Manager Interview", Stage.INTERVIEWING),
        ("Take Home Test", Stage.INTERVIEWING),
        ("Take-home", Stage.INTERVIEWING),
        ("On-site", Stage.INTERVIEWING),
        ("Onsite (virtual)", Stage.INTERVIEWING),
        ("Face to Face", Stage.INTERVIEWING),
        ("Final Round", Stage.INTERVIEWING),
        ("Reference Check", Stage.INTERVIEWING),
        ("Offer", Stage.OFFER),
        ("Pre-Offer", Stage.OFFER),
        ("Verbal offer", Stage.OFFER),
        ("Offer review", Stage.OFFER),
        ("Prospect", Stage.IDENTIFIED),
        ("Sourced", Stage.IDENTIFIED),
        ("New lead", Stage.IDENTIFIED),
        ("Hired", None),
        ("Rejected after interview", None),
        ("Background check", None),
        ("Stufe 3", None),
        ("Offerings", None),
        ("", None),
    ],
)
def test_a_name_suggests_a_stage(name: str, stage: Stage | None) -> None:
    assert proposed_stage(name) is stage


def test_a_stage_is_found_by_its_id_before_its_name() -> None:
    mapping = Mapping.model_validate({"stages": {"730015": "screening", "technical  INTERVIEW": "interviewing"}})
    assert mapping.stage_of(SourceName(external_id="730015", name="Technical Interview")) is Stage.SCREENING
    assert mapping.stage_of(SourceName(external_id="9", name=" Technical interview")) is Stage.INTERVIEWING
    assert mapping.stage_of(SourceName(name="Onsite")) is None


def test_a_source_is_a_referral_where_it_is_named() -> None:
    mapping = Mapping.model_validate({"referral_sources": ["41", "employee referral"]})
    for source in (SourceName(external_id="41", name="x"), SourceName(external_id="7", name="Employee Referral")):
        assert mapping.is_referral(source)
    assert not mapping.is_referral(SourceName(external_id="7", name="LinkedIn"))
    assert not mapping.is_referral(SourceName(name="LinkedIn"))
    assert not mapping.is_referral(None)
    assert not Mapping().is_referral(SourceName(external_id="41", name="Referral"))


def test_form_fields_are_read_by_their_values() -> None:
    fields = {
        "relationship": {"field": "how", "values": {"Same team": "same_team"}},
        "basis": {"field": "basis", "values": {"I saw it": "observed_directly"}},
        "claim": {"field": "why", "requirement": "Why them"},
    }
    mapping = Mapping.model_validate({"form_fields": fields})
    said = {"how": "same  TEAM", "basis": "hearsay", "why": " Rebuilt billing. "}
    assert mapping.relationship_in(said) == "same_team"
    assert mapping.basis_in(said) is None
    assert mapping.claim_in(said) == ("Why them", "Rebuilt billing.")
    assert (Mapping().relationship_in(said), Mapping().claim_in(said)) == (None, None)
    assert mapping.claim_in({}) is None


async def test_it_lists_the_stages_that_were_seen(client: httpx.AsyncClient, databases: Databases) -> None:
    vendor = await connect(client, mapping={"stages": {"Offer": "offer"}})
    seen = [
        (1, 11, "Technical Interview"),
        (2, 11, "Tech Interview"),
        (2, 11, "Tech Interview"),
        (1, 12, "Offer"),
        (3, 13, "Step X"),
    ]
    for application, stage, name in seen:
        body = delivery("candidate_stage_change", id=application, current_stage={"id": stage, "name": name})
        sent = (await vendor.send(body)).json()["id"]
        change = parse(body)
        assert not isinstance(change, Ignored)
        async with databases.open_system() as connection:
            await connection.exec_driver_sql(
                "update inbound_messages set parsed = $1::jsonb, state = 'processed',"
                " received_at = received_at + $2::int * interval '1 s' where id = $3::uuid",
                (json.dumps(change.model_dump(mode="json")), len(await vendor.messages()), sent[16:]),
            )
    answer = (await client.get(f"/v1/connections/{vendor.id}/stages")).json()
    shown = [
        (row["external_id"], row["name"], row["applications"], row["stage"], row["proposed"]) for row in answer["data"]
    ]
    assert shown == [
        ("11", "Tech Interview", 2, None, "interviewing"),
        ("12", "Offer", 1, "offer", None),
        ("13", "Step X", 1, None, None),
    ]
    assert answer["unmapped"] == 2


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Referral", True),
        ("Employee referrals", True),
        ("Referred by a colleague", True),
        ("Agency referral", False),
        ("Non-referral", False),
        ("Preferred vendor", False),
        ("LinkedIn", False),
        ("", False),
    ],
)
def test_a_name_suggests_a_referral(name: str, expected: bool) -> None:
    assert looks_like_referral(name) is expected


async def test_it_lists_the_sources_before_anything_is_worked_on(client: httpx.AsyncClient) -> None:
    vendor = await connect(client, mapping={"referral_sources": ["43"]})
    await client.post(f"/v1/connections/{vendor.id}/pause")
    seen = [(1, 41, "Refferal"), (2, 41, "Referral"), (2, 41, "Referral"), (3, 42, "Job board"), (4, 43, "Friends")]
    for application, source, name in seen:
        await vendor.send(delivery("application_updated", id=application, source={"id": source, "public_name": name}))
    await vendor.send(b"no json")
    await vendor.send(b'{"action": "ping"}')
    answer = (await client.get(f"/v1/connections/{vendor.id}/sources")).json()
    names = ("external_id", "name", "applications", "is_referral", "proposed")
    assert [tuple(row[name] for name in names) for row in answer["data"]] == [
        ("41", "Referral", 2, False, True),
        ("43", "Friends", 1, True, False),
        ("42", "Job board", 1, False, False),
    ]
    stages = (await client.get(f"/v1/connections/{vendor.id}/stages")).json()["data"]
    assert [row["applications"] for row in stages] == [4]
