"""`kill -9` of the service while clients write."""

from tests.concurrency.servers import Server, run
from tests.crashes.load import Load

LIVES = 2


async def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(service: Server) -> None:
    service.start().await_ready()
    load = Load(service)
    await load.prepare()
    for _ in range(LIVES):
        async with load.pressing():
            await load.until_more_acknowledged()
            service.kill()
        assert len(load.sent) > len(load.acknowledged), "some requests were under way"
        service.start().await_ready()
        await load.repeat_all()
        await load.check_nothing_lost_nothing_twice()
    assert load.refused == []
    checked = run(service.settings, service.folder, "rebuild", "--check")
    assert (checked.returncode, checked.stdout.splitlines()[-1]) == (0, "0 differences.")
