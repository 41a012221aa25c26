"""A program on the client in Python: pages through a list, is refused, leaves a body out, registers an endpoint.

Says as JSON what it got. It runs with the generated package `championed_client` beside it.
"""

import json
import os
import sys
from collections.abc import Iterator
from typing import TypeVar

from championed_client.api.people import people_create, people_list, people_record_notice, people_retrieve
from championed_client.api.webhook_endpoints import webhook_endpoints_create
from championed_client.client import AuthenticatedClient
from championed_client.models import PersonCreate, PersonRow, Problem, WebhookEndpointCreate
from championed_client.types import UNSET, Unset

Got = TypeVar("Got")

client = AuthenticatedClient(
    base_url=os.environ["API_URL"], token=os.environ["API_KEY"], raise_on_unexpected_status=True
)


class Refused(Exception):
    """The service said no, and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def given(answer: Got | Problem | None) -> Got:
    """What was asked for."""
    if isinstance(answer, Problem):
        raise Refused(answer)
    assert answer is not None
    return answer


def people() -> Iterator[PersonRow]:
    """Everybody, two at a time."""
    cursor: str | Unset = UNSET
    while True:
        page = given(people_list.sync(client=client, limit=2, cursor=cursor))
        yield from page.data
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def problem_of(person_id: str) -> Problem:
    """Why this person is not shown."""
    try:
        given(people_retrieve.sync(person_id, client=client))
    except Refused as refused:
        return refused.problem
    raise AssertionError(person_id)


def main() -> None:
    made = [given(people_create.sync(client=client, body=PersonCreate(name=f"Ada {n}"))) for n in range(5)]
    told = given(people_record_notice.sync(made[0].id, client=client))
    wanted = WebhookEndpointCreate(url=os.environ["RECEIVER_URL"], event_types=["person.created"])
    endpoint = given(webhook_endpoints_create.sync(client=client, body=wanted))
    unknown, malformed = problem_of(f"person_{0:032x}"), problem_of("nobody")
    said = {
        "people": [person.id for person in people()],
        "made": [person.id for person in made],
        "told_at": told.notice_given_at and told.notice_given_at.isoformat(),
        "problems": [[problem.status, problem.code] for problem in (unknown, malformed)],
        "faults": [fault.code for fault in malformed.errors or []],
        "endpoint": endpoint.id,
        "secret": endpoint.secret,
    }
    json.dump(said, sys.stdout)


with client:
    main()
