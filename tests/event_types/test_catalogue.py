"""The catalogue says of every event type what it holds, and shows one."""

from typing import Any

import pytest
from pydantic import BaseModel

from api.domain.events import EVENT_TYPES
from api.event_types import catalogue
from api.event_types.endpoints import WebhookEndpointTold
from api.event_types.envelopes import envelopes
from api.webhooks.schemas import WebhookEndpoint
from tests.event_schemas import faults_of


def test_every_event_type_is_declared() -> None:
    assert catalogue.DECLARED.keys() == EVENT_TYPES.keys()


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_the_example_is_a_whole_event_of_its_type(event_type: str) -> None:
    shown = catalogue.example(event_type)
    assert shown["type"] == event_type
    assert faults_of(shown) == []
    assert envelopes()[event_type].model_validate(shown).model_dump(mode="json")["subject"] == shown["subject"]


def test_examples_stay_the_same_whatever_is_done_to_one() -> None:
    shown = catalogue.example("application.moved")
    shown["data"]["stage"] = "offer"
    assert catalogue.example("application.moved")["data"]["stage"] == "screening"


def test_a_member_that_is_unknown_or_missing_is_noticed() -> None:
    shown = catalogue.example("job.created")
    more, less = {**shown["data"], "colour": "blue"}, {**shown["data"]}
    del less["title"]
    assert ["colour" in fault for fault in faults_of({**shown, "data": more})] == [True]
    assert ["title" in fault for fault in faults_of({**shown, "data": less})] == [True]
    assert faults_of({**shown, "previous": {"title": "Analyst"}}) != []
    assert faults_of({**shown, "subject_version": None}) != []


def test_deep_inside_as_well() -> None:
    shown = catalogue.example("job.created")
    shown["data"]["members"][0]["person"]["name"] = "Ada Okafor"
    assert ["name" in fault for fault in faults_of(shown)] == [True]


def test_former_values_are_of_members_that_changed_alone() -> None:
    shown = catalogue.example("person.updated")
    assert faults_of({**shown, "previous": {"email": None, "time_zone": "Europe/Berlin"}}) == []
    assert faults_of({**shown, "previous": {"version": 1}}) != []


def test_what_tells_how_deliveries_go_is_a_channel_of_its_own() -> None:
    beginnings = {each.partition(".")[0] for each in EVENT_TYPES if catalogue.is_operational(each)}
    assert beginnings == {"delivery", "webhook_endpoint"}
    assert catalogue.subject_of("delivery.failing") == "webhook_endpoint"


def test_an_unknown_type_has_no_example() -> None:
    with pytest.raises(KeyError):
        catalogue.example("application.teleported")


def _members(model: type[BaseModel]) -> Any:
    schema = model.model_json_schema(mode="serialization")
    nested = [set(each["properties"]) for each in schema["$defs"].values() if "properties" in each]
    return set(schema["properties"]), sorted(nested, key=sorted)


def test_an_endpoint_is_told_as_it_is_answered() -> None:
    assert _members(WebhookEndpointTold) == _members(WebhookEndpoint)
