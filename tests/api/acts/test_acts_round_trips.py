"""How many statements one act costs, BEGIN and COMMIT included."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from api.platform.db import Databases
from tests.api.advocacies.scene import HEARD, SEEN, Scene

ALLOWED = 20
AROUND = ["BEGIN", "COMMIT"]


@contextmanager
def counted(databases: Databases) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    statements: list[str] = list(AROUND)

    def note(connection: object, cursor: object, statement: str, *others: object) -> None:
        statements.append(statement)

    engine = databases.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


async def record(scene: Scene, key: str, **members: object) -> None:
    body = {"kind": "spoke", "audience": [scene.hana, scene.rita], "recorded_by": scene.ada, **members}
    path, headers = f"/v1/advocacies/{scene.advocacy}/acts", {"Idempotency-Key": key}
    assert (await scene.client.post(path, json=body, headers=headers)).status_code == 201


async def test_it_takes_twenty_round_trips_at_most(scene: Scene, databases: Databases) -> None:
    known = (await scene.act(audience=[scene.rita], reasons=[SEEN, HEARD]))["reasons"]
    uses = [{"reason_id": each["reason_id"], "basis": each["basis"]} for each in known]
    with counted(databases) as statements:
        await record(scene, "first-qualifying", reasons=uses, ask={"kind": "interview", "to": scene.hana})
    assert len(statements) <= ALLOWED, "\n".join(statements)


async def test_it_takes_no_more_with_known_reasons_in_words(scene: Scene, databases: Databases) -> None:
    await scene.act(audience=[scene.rita], reasons=[SEEN, HEARD])
    with counted(databases) as statements:
        await record(scene, "known-words", reasons=[SEEN, HEARD], ask={"kind": "interview", "to": scene.hana})
    assert len(statements) <= ALLOWED, "\n".join(statements)


async def test_it_takes_three_more_to_make_reasons_and_requirements(scene: Scene, databases: Databases) -> None:
    with counted(databases) as statements:
        await record(scene, "new-words", reasons=[SEEN, HEARD], ask={"kind": "interview", "to": scene.hana})
    assert len(statements) <= ALLOWED + 3, "\n".join(statements)
