"""Names whose servers hang: they are asked once, left alone for a while, and take no thread from the others."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from api.webhooks import addresses, resolving
from api.webhooks.addresses import Guard, Unresolvable
from tests.webhooks.couriers import until

FOUND = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 0))] * 2


@dataclass
class System:
    """Stands for the system's resolver: it hangs for names that begin with `slow` or `late`, until these are freed."""

    asked: list[str] = field(default_factory=list)
    free: threading.Event = field(default_factory=threading.Event)
    free_late: threading.Event = field(default_factory=threading.Event)

    def getaddrinfo(self, host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        self.asked.append(host)
        if host.startswith("slow"):
            self.free.wait(30)
        if host.startswith("late"):
            self.free_late.wait(30)
        return list(FOUND)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    made = System()
    monkeypatch.setattr(socket, "getaddrinfo", made.getaddrinfo)
    yield made
    made.free.set()
    made.free_late.set()


@pytest.fixture
def own(system: System) -> Iterator[Guard]:
    """A guard that asks the system."""
    made = Guard(allow_http=False, allowed_networks=())
    yield made
    made.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names count as hanging soon."""
    for module in (addresses, resolving):
        monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.2)


async def test_a_name_is_asked_for_once_and_holds_up_no_other(own: Guard, system: System) -> None:
    waiting = [asyncio.create_task(own.addresses("slow.example.com")) for _ in range(50)]
    assert await own.addresses("quick.example.com") == ["8.8.8.8"]
    waiting[0].cancel()
    system.free.set()
    assert await asyncio.gather(*waiting[1:]) == [["8.8.8.8"]] * 49
    assert sorted(system.asked) == ["quick.example.com", "slow.example.com"]


@pytest.mark.usefixtures("impatient")
async def test_a_name_that_hangs_is_refused_at_once_until_it_has_rested(
    own: Guard, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolving, "REST_SECONDS", 0.2)
    with pytest.raises(Unresolvable, match="no name server"):
        await own.addresses("slow.example.com")
    await asyncio.sleep(0.05)
    monkeypatch.setattr(addresses, "PATIENCE_SECONDS", 30)
    with pytest.raises(Unresolvable, match="lately"):
        await own.addresses("slow.example.com")
    system.free.set()
    await asyncio.sleep(0.05)
    with pytest.raises(Unresolvable, match="lately"):
        await own.addresses("slow.example.com")
    assert system.asked == ["slow.example.com"]
    await asyncio.sleep(0.3)
    assert await own.addresses("slow.example.com") == ["8.8.8.8"]


@pytest.mark.usefixtures("impatient")
async def test_a_name_hangs_whoever_gave_up_waiting_for_it(own: Guard, system: System) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(own.addresses("slow.example.com"), 0.05)
    await asyncio.sleep(0.3)
    with pytest.raises(Unresolvable, match="lately"):
        await own.addresses("slow.example.com")


@pytest.mark.usefixtures("impatient")
async def test_any_number_of_names_that_hang_leave_threads_to_those_that_answered(own: Guard, system: System) -> None:
    await own.addresses("known.example.com")
    waiting = [asyncio.create_task(own.addresses(f"slow{n}.example.com")) for n in range(600)]
    await until(lambda: len(system.asked) == 1 + resolving.STRANGERS, "as many are asked for as may be")
    assert await own.addresses("known.example.com") == ["8.8.8.8"]
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(each) for each in found} == {Unresolvable}
    assert await own.addresses("known.example.com") == ["8.8.8.8"]
    assert len(system.asked) == 3 + resolving.STRANGERS
    system.free.set()
    assert await own.addresses("new.example.com") == ["8.8.8.8"]


@pytest.mark.usefixtures("impatient")
async def test_names_that_hang_again_and_again_leave_threads_to_new_names(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolving, "STRANGERS", 20)
    own = Guard(allow_http=False, allowed_networks=())
    for _ in range(20):
        hanging = (own.addresses(f"slow{n}.example.com") for n in range(15))
        await asyncio.gather(*hanging, return_exceptions=True)
    assert await own.addresses("new.example.com") == ["8.8.8.8"]
    assert len(system.asked) == 16
    own.close()


async def test_more_new_names_than_are_asked_for_at_once_all_get_their_answer(own: Guard, system: System) -> None:
    names = [f"quick{n}.example.com" for n in range(3 * resolving.STRANGERS)]
    found = await asyncio.gather(*(own.addresses(name) for name in names * 2))
    assert found == [["8.8.8.8"]] * len(names) * 2
    assert await own.addresses("another.example.com") == ["8.8.8.8"]


async def test_many_who_wait_for_one_new_name_take_one_place(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "STRANGERS", 2)
    own = Guard(allow_http=False, allowed_networks=())
    names = ["slow1.example.com", "slow2.example.com", "late.example.com", "late.example.com"]
    waiting = [asyncio.create_task(own.addresses(name)) for name in names]
    await until(lambda: len(system.asked) == 2, "both places are taken")
    system.free.set()
    await until(lambda: len(system.asked) == 3, "the name is asked for")
    assert await own.addresses("quick.example.com") == ["8.8.8.8"]
    system.free_late.set()
    assert await asyncio.gather(*waiting) == [["8.8.8.8"]] * 4
    assert sorted(system.asked) == ["late.example.com", "quick.example.com", "slow1.example.com", "slow2.example.com"]
    own.close()


async def test_a_name_that_waited_for_a_thread_does_not_count_as_hanging(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolving, "_THREADS", 1)
    monkeypatch.setattr(resolving, "PATIENCE_SECONDS", 0.05)
    resolver = resolving.Resolver()
    slow = asyncio.create_task(resolver("slow.example.com"))
    await until(lambda: system.asked, "the only thread is taken")
    honest = asyncio.create_task(resolver("honest.example.com"))
    await asyncio.sleep(0.2)
    system.free.set()
    assert await honest == await slow == ["8.8.8.8"]
    assert await resolver("honest.example.com") == ["8.8.8.8"]
    with pytest.raises(OSError, match="not asked again yet"):
        await resolver("slow.example.com")
    resolver.close()
