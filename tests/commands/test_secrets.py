"""The keys that seal secrets: replaced without losing one, looked at by `doctor`, and told at the start."""

from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from api.cli import app as cli
from api.commands import doctor, secrets
from api.platform.db import Databases
from api.platform.sealing import KEY_FILE, SealBroken, Sealer, new_key, own_key
from api.platform.settings import Settings
from api.webhooks.headers import opened
from api.webhooks.secrets import keys as signing_keys
from tests.api.inbound.vendor import connect
from tests.api.webhooks.endpoints import make, path_of
from tests.conftest import ROLE, SetClock
from tests.inbound.providers.greenhouse_samples import STAGE_CHANGE


def test_a_new_key_is_one_that_the_settings_take() -> None:
    printed = CliRunner().invoke(cli, ["secrets", "new-key"]).output.strip()
    assert Settings(secret_keys=printed).secret_keys == printed
    assert CliRunner().invoke(cli, ["secrets", "new-key"]).output.strip() != printed


async def test_it_seals_everything_with_the_first_key(
    client: httpx.AsyncClient, app: FastAPI, database_url: str, settings: Settings, clock: SetClock
) -> None:
    vendor = await connect(client)
    await client.post(f"/v1/connections/{vendor.id}/rotate_secret")
    await connect(client, system="other")
    fresh, old = new_key(), str(settings.secret_keys)
    of_the_command = Databases(database_url, ROLE, clock=clock)
    assert await secrets.renew(of_the_command, Sealer.of([fresh, old])) == 2
    app.state.sealer = app.state.door.sealer = Sealer.of([fresh])
    assert (await vendor.send(STAGE_CHANGE)).status_code == 200, "the former secret was sealed anew as well"
    assert (await vendor.details())["url"] == vendor.connection["url"]


async def test_it_seals_what_webhooks_are_signed_and_sent_with(
    client: httpx.AsyncClient,
    app: FastAPI,
    databases: Databases,
    database_url: str,
    settings: Settings,
    clock: SetClock,
) -> None:
    made = await make(client, headers={"x-key": "of-the-receiver"})
    await client.post(f"{path_of(made)}/rotate_secret")
    await client.delete(path_of(await make(client)))
    fresh, old = new_key(), str(settings.secret_keys)
    of_the_command = Databases(database_url, ROLE, clock=clock)
    assert await secrets.renew(of_the_command, Sealer.of([fresh, old])) == 1
    app.state.sealer = sealer = Sealer.of([fresh])
    assert (await client.get(path_of(made))).json()["header_names"] == ["x-key"]
    async with databases.open_system() as connection:
        live = "select headers, secrets from webhook_endpoints where state <> 'deleted'"
        row = (await connection.exec_driver_sql(live)).one()
    assert opened(row.headers, sealer) == {"x-key": "of-the-receiver"}
    assert [len(each.hmac) for each in signing_keys(row.secrets, sealer, clock())] == [32, 32]
    owner = await asyncpg.connect(database_url)
    assert await secrets.closed_holders(owner, sealer) == (1, 0)
    assert await secrets.closed_holders(owner, Sealer.of([old])) == (1, 1)
    await owner.close()


async def test_where_one_secret_does_not_open_nothing_is_changed(
    client: httpx.AsyncClient, databases: Databases, settings: Settings, database_url: str
) -> None:
    await connect(client)
    with pytest.raises(SealBroken):
        await secrets.renew(databases, Sealer.of([new_key()]))
    owner = await asyncpg.connect(database_url)
    assert await secrets.closed_holders(owner, Sealer.of([str(settings.secret_keys)])) == (1, 0)
    assert await secrets.closed_holders(owner, Sealer.of([new_key()])) == (1, 1)
    await owner.close()


async def finding(settings: Settings, database_url: str) -> doctor.Finding:
    return next(each for each in await doctor.examine(settings, database_url) if each.subject == "Key of secrets")


async def test_doctor_tells_of_a_key_that_was_taken_away(
    client: httpx.AsyncClient, settings: Settings, database_url: str
) -> None:
    await connect(client)
    assert (await finding(settings, database_url)).is_well
    for keys in (new_key(), None):
        seen = await finding(Settings(database_url=database_url, secret_keys=keys), database_url)
        assert not seen.is_well
        assert "CHAMPIONED_SECRET_KEYS" in seen.mend


async def test_doctor_tells_of_a_key_that_others_may_read(tmp_path: Path, database_url: str) -> None:
    own_key(tmp_path)
    settings = Settings(data_dir=tmp_path)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert (await finding(settings, database_url)).is_well
    (tmp_path / KEY_FILE).chmod(0o644)
    seen = await finding(settings, database_url)
    assert not seen.is_well
    assert "chmod 600" in seen.mend


def test_the_start_tells_where_the_key_is(tmp_path: Path) -> None:
    url = "postgresql://someone@localhost/championed"
    assert KEY_FILE in secrets.where_the_key_is(Settings(data_dir=tmp_path))
    assert "CHAMPIONED_SECRET_KEYS" in secrets.where_the_key_is(Settings(secret_keys=new_key()))
    assert "neither connections nor webhook endpoints can be made" in secrets.where_the_key_is(
        Settings(database_url=url)
    )
