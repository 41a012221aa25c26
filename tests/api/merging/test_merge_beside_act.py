import asyncio
from datetime import datetime

import pytest

from api.advocacies import acts
from api.domain.derived import Support
from api.models import Application
from api.platform.sessions import WriteSession
from tests.api.advocacies.scene import Scene, got, make_person
from tests.api.merging.scene import merged
from tests.conftest import Work

WAITS_SECONDS = 0.3


async def test_an_act_that_is_just_being_recorded_is_judged_again(
    scene: Scene, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ada speaks to somebody whom nothing has named before, and who turns out to be Hana, before that is committed."""
    written, go_on, announce = asyncio.Event(), asyncio.Event(), acts.announce

    async def announce_and_wait(session: WriteSession, application: Application, *, now: datetime) -> Support:
        support = await announce(session, application, now=now)
        written.set()
        await go_on.wait()
        return support

    stranger = await make_person(scene.client, "H. Lindqvist")
    await scene.begin("agreed")
    monkeypatch.setattr(acts, "announce", announce_and_wait)
    act = asyncio.create_task(scene.act(audience=[stranger]))
    await written.wait()
    merge = asyncio.create_task(merged(scene.client, "people", stranger, scene.hana))
    await asyncio.sleep(WAITS_SECONDS)
    assert not merge.done()
    go_on.set()
    assert not (await act)["qualifies"]
    await merge
    await work()
    shown = await got(scene.client, f"/v1/applications/{scene.application}")
    assert shown["support"]["level"] == "recommended"
