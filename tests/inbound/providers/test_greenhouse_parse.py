"""What Greenhouse says, read into changes: every event it has, members that may be missing, and nonsense."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from api.domain.vocabulary import Outcome
from api.inbound.changes import ApplicationSnapshot, Change, ChangeKind, SourceCandidate, SourceJob, SourceName
from api.inbound.providers.greenhouse import setup_steps
from api.inbound.providers.greenhouse_payloads import parse
from api.inbound.providers.provider import Ignored, SenselessDelivery
from tests.inbound.providers import greenhouse_samples as samples
from tests.inbound.providers.greenhouse_samples import delivery


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def change(body: bytes) -> Change:
    parsed = parse(body)
    assert isinstance(parsed, Change)
    assert Change.model_validate_json(parsed.model_dump_json()) == parsed, "it is kept as JSON with the message"
    return parsed


def snapshot(body: bytes) -> ApplicationSnapshot:
    said = change(body).application
    assert said is not None
    return said


def test_it_reads_the_stage_change_whole() -> None:
    assert parse(samples.STAGE_CHANGE) == Change(
        kind=ChangeKind.APPLICATION,
        event="candidate_stage_change",
        happened_at=moment("2026-03-09T14:02:31"),
        rank=2,
        candidate=SourceCandidate(external_id="70231188", name="Ines Okafor", emails=("ines.okafor@mail.example",)),
        application=ApplicationSnapshot(
            external_id="88120417",
            applied_at=moment("2026-03-02T09:15:00"),
            is_open=True,
            stage=SourceName(external_id="730015", name="Technical Interview"),
            jobs=(SourceJob(external_id="301877", title="Platform Engineer"),),
            source=SourceName(external_id="41", name="Referral"),
            credited_to={  # type: ignore[arg-type]  # shorter than its class
                "external_id": "5512",
                "name": "Mara Lindqvist",
                "email": "mara.lindqvist@acme.example",
            },
            says_credit=True,
        ),
    )


def test_it_reads_an_escaped_application_that_says_little() -> None:
    parsed = change(samples.ESCAPED)
    assert parsed.candidate == SourceCandidate(external_id="70231189", name="Zoë Müller")
    assert parsed.happened_at is None
    said = snapshot(samples.ESCAPED)
    assert said.jobs == (SourceJob(external_id="301877", title="R&D Lead"),)
    assert not said.says_credit


@pytest.mark.parametrize(
    ("body", "happened_at", "rank", "is_open", "outcome"),
    [
        (delivery("new_candidate_application"), "2026-03-02T09:15:00", 0, True, None),
        (samples.prospect((1, "One")), "2026-03-02T09:15:00", 0, True, None),
        (delivery("application_updated"), "2026-03-09T14:02:31", 1, True, None),
        (delivery("candidate_stage_change"), "2026-03-09T14:02:31", 2, True, None),
        (samples.hired(), "2026-03-24T10:00:00", 3, False, Outcome.HIRED),
        (samples.rejected(), "2026-03-11T15:50:41", 3, False, Outcome.REJECTED),
        (samples.rejected("They rejected us"), "2026-03-11T15:50:41", 3, False, Outcome.WITHDRAWN),
        (samples.rejected(rejection_reason=None), "2026-03-11T15:50:41", 3, False, Outcome.REJECTED),
        (samples.rejected(status=None, rejected_at=None), "2026-03-11T15:50:42", 3, False, Outcome.REJECTED),
        (delivery("unhire_candidate"), "2026-03-09T14:02:31", 4, True, None),
        (delivery("unreject_candidate"), "2026-03-09T14:02:31", 4, True, None),
        (delivery("application_updated", status="rejected"), "2026-03-09T14:02:31", 1, False, Outcome.REJECTED),
        (delivery("application_updated", status="hired"), "2026-03-09T14:02:31", 1, False, Outcome.HIRED),
        (delivery("application_updated", status="converted"), "2026-03-09T14:02:31", 1, None, None),
    ],
)
def test_it_reads_time_order_and_outcome_of_an_applications_event(
    body: bytes, happened_at: str, rank: int, is_open: bool | None, outcome: Outcome | None
) -> None:
    parsed, said = change(body), snapshot(body)
    assert parsed.kind is ChangeKind.APPLICATION
    assert parsed.event == json.loads(body)["action"]
    assert (parsed.happened_at, parsed.rank) == (moment(happened_at), rank)
    assert (said.is_open, said.outcome) == (is_open, outcome)


def test_it_reads_both_names_of_a_source() -> None:
    for member in ("name", "public_name"):
        said = snapshot(delivery("application_updated", source={"id": 41, member: "Referral"}))
        assert said.source == SourceName(external_id="41", name="Referral")
    assert snapshot(delivery("application_updated", source=None)).source is None


def test_it_reads_prospects_with_no_job_and_with_several() -> None:
    assert snapshot(samples.prospect()).jobs == ()
    said = snapshot(samples.prospect((1, "One"), (2, "Two")))
    assert [job.external_id for job in said.jobs] == ["1", "2"]
    assert said.is_prospect
    assert said.stage is None


def test_it_reads_the_old_member_job_where_there_are_no_jobs() -> None:
    said = snapshot(samples.hired(jobs=[], job={"id": 7, "name": "Developer"}))
    assert said.jobs == (SourceJob(external_id="7", title="Developer"),)
    assert snapshot(delivery("application_updated", jobs=[])).jobs == ()


@pytest.mark.parametrize(
    ("given", "credited"),
    [
        (None, None),
        ({"id": None, "email": None, "name": "Jo Outside", "employee_id": None}, (None, "Jo Outside", None)),
        ({"name": "Jo Outside"}, (None, "Jo Outside", None)),
        ({"id": 7, "email": "not an address", "name": " "}, ("7", None, None)),
        ({"id": None, "name": None, "email": ""}, None),
    ],
)
def test_it_reads_whom_an_application_is_credited_to(given: Any, credited: tuple[str | None, ...] | None) -> None:
    said = snapshot(delivery("application_updated", credited_to=given))
    assert said.says_credit, "null says that nobody is credited any longer"
    found = said.credited_to
    assert (found and (found.external_id, found.name, found.email)) == credited


def test_an_event_without_the_member_says_nothing_of_credit() -> None:
    payload = {"application": {"id": 1, "candidate": {"id": 2}}}
    assert not snapshot(delivery("application_updated", payload)).says_credit


def test_it_puts_the_best_address_first_and_drops_what_is_none() -> None:
    addresses = [
        {"value": "other@mail.example", "type": "other"},
        {"value": "hank.von diablo@mail.example", "type": "personal"},
        {"value": "work@mail.example", "type": "work"},
        {"value": None, "type": "personal"},
        {"value": "home@mail.example", "type": "personal"},
    ]
    found = change(delivery("update_candidate", {"candidate": samples.candidate(email_addresses=addresses)})).candidate
    assert found.emails == ("home@mail.example", "work@mail.example", "other@mail.example")


def test_what_stands_for_an_anonymised_name_is_no_name() -> None:
    candidate = samples.candidate(first_name="Anonymized", last_name="70231188", email_addresses=[])
    assert change(delivery("update_candidate", {"candidate": candidate})).candidate.name is None


def test_it_reads_the_customers_own_fields_as_text() -> None:
    fields = {
        "how_known": {"name": "How known", "type": "single_select", "value": "Same team"},
        "skills": {"name": "Skills", "type": "multi_select", "value": ["Go", "SQL"]},
        "is_sure": {"name": "Sure", "type": "boolean", "value": True},
        "years": {"name": "Years", "type": "number", "value": 4},
        "nothing": {"name": "Nothing", "type": "short_text", "value": None},
        "pay": {"name": "Pay", "type": "currency", "value": {"amount": 80000, "unit": "USD"}},
        "boss": {"name": "Boss", "type": "user", "value": {"user_id": 1, "name": "Ben Smith"}},
    }
    said = snapshot(delivery("application_updated", custom_fields=fields, keyed_custom_fields={"how_known": "Managed"}))
    known = {"favorite_color": "Blue", "how_known": "Managed", "skills": "Go, SQL", "is_sure": "true", "years": "4"}
    assert said.fields == known


def test_it_reads_an_updated_candidate() -> None:
    parsed = change(delivery("update_candidate", {"candidate": samples.candidate()}))
    assert parsed.kind is ChangeKind.CANDIDATE
    assert parsed.candidate.name == "Ines Okafor"
    assert parsed.application is None
    assert parsed.happened_at is None, "Greenhouse gives none, so the receipt counts"


def test_it_reads_a_deleted_application() -> None:
    parsed = change(samples.deleted_application())
    assert parsed.kind is ChangeKind.APPLICATION_DELETED
    assert (parsed.candidate.external_id, parsed.deleted_applications) == ("70231188", ("88120417",))


@pytest.mark.parametrize("inside", [True, False])
def test_it_reads_a_deleted_candidate(inside: bool) -> None:
    payload = json.loads(samples.deleted_candidate())["payload"]
    if not inside:
        payload["deleted_application_ids"] = payload["person"].pop("deleted_application_ids")
    parsed = change(delivery("delete_candidate", payload))
    assert parsed.kind is ChangeKind.CANDIDATE_DELETED
    assert parsed.candidate == SourceCandidate(external_id="70231188"), "the name of who was deleted is not kept"
    assert parsed.deleted_applications == ("88120417", "88120418")


def test_it_reads_a_merged_candidate() -> None:
    parsed = change(samples.merged_candidate())
    assert parsed.kind is ChangeKind.CANDIDATE_MERGED
    assert (parsed.candidate.external_id, parsed.merged_into) == ("70231188", "457456")


def test_it_reads_an_anonymised_candidate() -> None:
    parsed = change(samples.anonymized_candidate())
    assert parsed.kind is ChangeKind.CANDIDATE_ANONYMIZED
    assert parsed.candidate.external_id == "70231188"
    assert parsed.anonymized_fields == ("full_name", "email_addresses")


@pytest.mark.parametrize(
    "action",
    [
        "offer_created",
        "offer_approved",
        "offer_updated",
        "offer_deleted",
        "interview_deleted",
        "scorecard_deleted",
        "ping",
        "something_of_next_year",
    ],
)
def test_it_ignores_what_changes_nothing_here(action: str) -> None:
    assert parse(delivery(action, {"id": 12345, "application_id": 88120417})) == Ignored(action)


@pytest.mark.parametrize("body", [b"{}", b'{"action": null}', b'{"action": {"a": 1}}', b'{"web_hook_id": 5}'])
def test_it_ignores_what_names_no_event(body: bytes) -> None:
    assert parse(body) == Ignored("unnamed")


@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("candidate_stage_change", {}),
        ("candidate_stage_change", {"application": None}),
        ("candidate_stage_change", {"application": {"id": 1}}),
        ("candidate_stage_change", {"application": {"id": None, "candidate": {"id": 2}}}),
        ("candidate_stage_change", {"application": {"id": "a b", "candidate": {"id": 2}}}),
        ("application_updated", {"application": {"id": 1, "candidate": {"id": 2}, "last_activity_at": "yesterday"}}),
        ("application_updated", {"application": {"id": 1, "candidate": {"id": 2}, "jobs": [{"name": "No id"}]}}),
        ("update_candidate", {"candidate": {"first_name": "Ines"}}),
        ("delete_application", {"application": {"id": 1}}),
        ("delete_candidate", {"person": {}}),
        ("merge_candidate", {"person": {"id": 1}}),
        ("candidate_anonymized", {}),
    ],
)
def test_a_known_event_that_lacks_what_it_must_say_is_senseless(action: str, payload: dict[str, Any]) -> None:
    with pytest.raises(SenselessDelivery) as refused:
        parse(delivery(action, payload))
    assert refused.value.event == action
    assert "Ines" not in str(refused.value)


@pytest.mark.parametrize(
    "body", [b"", b"no json", b"[]", b"1", b'"x"', samples.STAGE_CHANGE[:-5], b"\xff\xfe", b"[" * 9_999]
)
def test_what_is_no_json_object_is_senseless(body: bytes) -> None:
    with pytest.raises(SenselessDelivery):
        parse(body)


def test_nothing_that_cannot_be_stored_comes_out_of_a_delivery() -> None:
    body = delivery(
        "application_updated",
        candidate=samples.candidate(
            first_name="In\x00es", last_name="\x00", email_addresses=[{"value": "a\x00@b.example"}]
        ),
        custom_fields={"k\x00": {"value": "v\x00"}},
        current_stage={"id": 1, "name": "x" * 5_000},
    )
    parsed = change(body)
    assert "\\u0000" not in parsed.model_dump_json()
    assert parsed.candidate == SourceCandidate(external_id="70231188", name="Ines")
    assert parsed.application is not None
    assert parsed.application.stage is not None
    assert len(parsed.application.stage.name) == 200


def test_the_steps_name_the_address_and_every_event_that_is_read() -> None:
    steps = " ".join(setup_steps("https://championed.example/hooks/greenhouse/abc"))
    assert "https://championed.example/hooks/greenhouse/abc" in steps
    assert "13 in all" in steps
