"""Random histories over HTTP: what is announced is what the facts give, now and for any moment of the past."""

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from rich.progress import Progress

from api.commands.rebuilding import check
from tests.properties.rules_of_acts import Acts, Referrals
from tests.properties.rules_of_applications import Applications
from tests.properties.rules_of_people import People
from tests.properties.stage import Stage


class Histories(Applications, People, Acts, Referrals):
    """Everything that can be told about an application."""


def test_announced_is_derived_is_replayed_whatever_happens(stage: Stage, chosen: settings) -> None:
    run_state_machine_as_test(lambda: Histories(stage), settings=chosen)
    assert stage.run(check(stage.databases, Progress(disable=True))) == 0
