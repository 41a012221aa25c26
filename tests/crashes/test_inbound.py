"""`kill -9` of the service while a vendor delivers: between storing and processing, and in the midst of either."""

import asyncio
import hashlib
import hmac
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

import httpx

from tests.concurrency.servers import Server, run
from tests.crashes.load import caller, everything, let_leases_run_out
from tests.inbound.vendor import BO, MAPPING, MARA, REFERRAL, Delivery, Greenhouse

LIVES = 5
CANDIDATES = 30
CLIENTS = 4
SECRET = "a-secret-that-is-long-enough"

Answer = dict[str, Any]


class Vendor:
    """Delivers everything until it is accepted, as a vendor does: the same again where no answer came."""

    def __init__(self, service: Server, deliveries: Sequence[Delivery]) -> None:
        self.service = service
        self.queues = [list(enumerate(deliveries))[start::CLIENTS] for start in range(CLIENTS)]
        self.accepted: list[str] = []
        self.path = ""

    async def connect(self) -> None:
        """Make the connection that the deliveries are for."""
        async with caller(self.service) as client:
            body = {"provider": "greenhouse", "secret": SECRET, "mapping": MAPPING}
            made = await client.post("/v1/connections", json=body)
            assert made.status_code == 201, made.text
            self.path = httpx.URL(made.json()["url"]).path
            self.connection = made.json()["id"]

    async def deliver(self, *, at_most: int | None = None) -> None:
        """Go on delivering, until a number more is accepted, nothing is left or nobody answers."""
        enough = len(self.accepted) + (10_000 if at_most is None else at_most)
        await asyncio.gather(*(self._deliver(queue, enough) for queue in self.queues))

    async def _deliver(self, queue: list[tuple[int, Delivery]], enough: int) -> None:
        async with httpx.AsyncClient(base_url=self.service.url, timeout=30) as client:
            while queue and len(self.accepted) < enough:
                number, delivery = queue[0]
                digest = hmac.new(SECRET.encode(), delivery.body, hashlib.sha256).hexdigest()
                headers = {"Signature": f"sha256 {digest}", "Greenhouse-Event-ID": f"{number}"}
                try:
                    answer = await client.post(self.path, content=delivery.body, headers=headers)
                except httpx.TransportError:
                    return
                assert answer.status_code == 200, answer.text
                self.accepted.append(answer.json()["id"])
                queue.pop(0)


def _history() -> Greenhouse:
    vendor = Greenhouse(now=datetime.now(UTC) - timedelta(days=60))
    for number in range(1, CANDIDATES + 1):
        vendor.apply(number, 1000 + number, 7, source=REFERRAL, credit=MARA)
    for number in range(1, CANDIDATES + 1):
        vendor.move(number, "Phone Screen")
        vendor.credit(number, BO)
        vendor.hire(number)
    return vendor


async def test_what_was_accepted_is_worked_on_exactly_once(service: Server) -> None:
    deliveries = _history().sent
    vendor = Vendor(service, deliveries)
    service.start().await_ready()
    await vendor.connect()
    for life in range(LIVES):
        # The first is killed before its worker can have done anything, others while it is at work.
        delivering = asyncio.create_task(vendor.deliver(at_most=len(deliveries) // (LIVES + 1)))
        await asyncio.wait([delivering], timeout=0.2 + life * 0.4)
        service.kill()
        await asyncio.gather(delivering, return_exceptions=True)
        service.start().await_ready()
    await vendor.deliver()
    assert len(set(vendor.accepted)) == len(deliveries)
    await let_leases_run_out(service, "inbound_messages", "inbound_subjects")
    await _await_processed(service, vendor)
    await _check_records(service)
    checked = run(service.settings, service.folder, "rebuild", "--check")
    assert (checked.returncode, checked.stdout.splitlines()[-1]) == (0, "0 differences.")


async def _await_processed(service: Server, vendor: Vendor) -> None:
    """Until nothing is left to work on."""
    async with caller(service) as client, asyncio.timeout(180):
        while True:
            health = (await client.get(f"/v1/connections/{vendor.connection}")).json()["health"]
            if not health["pending"]:
                break
            await asyncio.sleep(0.5)
    assert (health["processed"], health["failed"], health["ignored"]) == (len(set(vendor.accepted)), 0, 0)


async def _check_records(service: Server) -> None:
    """One application and two referrals for each candidate, with the facts that were told and no other."""
    async with caller(service) as client:
        applications = await everything(client, "/v1/applications")
        referrals = await everything(client, "/v1/referrals")
        assert len(applications) == CANDIDATES
        assert Counter(row["outcome"] for row in applications) == {"hired": CANDIDATES}
        assert Counter(row["state"] for row in referrals) == {"withdrawn": CANDIDATES, "closed": CANDIDATES}
        assert len({row["job"]["id"] for row in applications}) == 1
        for row in applications:
            facts = await everything(client, f"/v1/applications/{row['id']}/stage_changes")
            # What came late may have left a fact that says nothing new any more, but none is there twice.
            assert [verb for verb, _ in groupby(fact["verb"] for fact in facts)] == ["create", "move", "close"]
            assert len({(fact["verb"], fact["occurred_at"]) for fact in facts}) == len(facts)
        assert len(await everything(client, "/v1/people")) == CANDIDATES + 2
        assert await everything(client, "/v1/advocates") == []
