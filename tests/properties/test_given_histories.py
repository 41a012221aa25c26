"""Histories that once went wrong, step by step: each is judged after every step and at its end like a random one."""

from tests.properties.rules_of_acts import Acts
from tests.properties.rules_of_applications import Applications
from tests.properties.rules_of_people import People
from tests.properties.stage import Stage


class Week(Applications, People, Acts):
    """Steps in a given order."""


def begin(stage: Stage, *, is_sandbox: bool = False) -> Week:
    week = Week(stage)
    week.begin(zone="Europe/Berlin", is_sandbox=is_sandbox, stage="applied")
    week.speak_up(pick=0, ago=None)
    return week


def test_members_change_after_a_crossing_that_is_not_announced_yet(stage: Stage) -> None:
    week = begin(stage)
    week.change_pace(ticks=True, works=False)
    week.pass_time(span=("days", 9), over_http=False)
    week.add_member(job="engineer", name="bo", power="decides", marked=True, day=None, teller="olga")
    week.end_membership(job="engineer", name="hanna", day=None, teller="olga")
    week.change_pace(ticks=True, works=True)
    week.settle()
    week.teardown()


def test_members_change_twice_before_the_worker_comes(stage: Stage) -> None:
    week = begin(stage)
    week.change_pace(ticks=True, works=False)
    week.end_membership(job="engineer", name="pam", day=None, teller="olga")
    week.end_membership(job="engineer", name="hanna", day=None, teller="olga")
    week.change_pace(ticks=True, works=True)
    week.settle()
    week.teardown()


def test_a_sandbox_is_advanced_before_the_worker_came(stage: Stage) -> None:
    week = begin(stage, is_sandbox=True)
    week.change_pace(ticks=True, works=False)
    week.pass_time(span=("days", 9), over_http=False)
    week.end_membership(job="engineer", name="hanna", day=None, teller="olga")
    week.pass_time(span=("hours", 2), over_http=True)
    week.teardown()
