"""`listen` and `trigger`: an endpoint for as long as the command runs, and clear words where something is missing."""

from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from api.cli import app as cli
from api.commands.listening import NotAllowedHere, Registrar, require_allowed
from api.commands.triggering import NobodyWants, Outcome, check_known, trigger
from api.domain.errors import DomainError
from api.domain.webhooks import AttemptError, DeliveryState
from api.platform import ids, signing
from api.platform.db import Databases
from api.platform.sealing import new_key
from api.platform.settings import Settings
from tests.api.advocacies.scene import got
from tests.cast import Company
from tests.conftest import ROLE, SetClock

URL = "http://127.0.0.1:8421"
HERE = {"webhook_allow_http": True, "webhook_allowed_networks": "127.0.0.1/32"}


@pytest.fixture
def allowing() -> Settings:
    return Settings(secret_keys=new_key(), **HERE)  # type: ignore[arg-type]  # read as from the environment


@pytest.fixture
def registrar(databases: Databases, acme: Company, allowing: Settings) -> Registrar:
    return Registrar(databases, acme.workspace, allowing)


async def endpoints(client: httpx.AsyncClient) -> list[Any]:
    found: list[Any] = (await got(client, "/v1/webhook_endpoints"))["data"]
    return found


async def test_the_endpoint_is_there_while_it_listens(client: httpx.AsyncClient, registrar: Registrar) -> None:
    async with registrar.registered(URL, ["application.*"]) as (endpoint_id, secret):
        (endpoint,) = await endpoints(client)
        assert endpoint["id"] == ids.encode("webhook_endpoint", endpoint_id)
        assert (endpoint["url"], endpoint["event_types"], endpoint["state"]) == (URL, ["application.*"], "active")
        assert signing.decode_secret(secret)
    assert await endpoints(client) == []
    feed = await got(client, "/v1/events?types=webhook_endpoint.*")
    assert [event["type"] for event in feed["data"]] == ["webhook_endpoint.created", "webhook_endpoint.deleted"]
    assert {event["actor"]["type"] for event in feed["data"]} == {"command"}


async def test_it_is_taken_away_when_listening_fails(client: httpx.AsyncClient, registrar: Registrar) -> None:
    with pytest.raises(RuntimeError):
        async with registrar.registered(URL, ["*"]):
            raise RuntimeError
    assert await endpoints(client) == []


async def test_one_that_somebody_else_deleted_is_no_failure(client: httpx.AsyncClient, registrar: Registrar) -> None:
    async with registrar.registered(URL, ["*"]) as (endpoint_id, _):
        await client.delete(f"/v1/webhook_endpoints/{ids.encode('webhook_endpoint', endpoint_id)}")
    assert await endpoints(client) == []


async def test_what_a_killed_one_left_is_taken_away_by_the_next(
    client: httpx.AsyncClient, registrar: Registrar
) -> None:
    left = registrar.registered(URL, ["*"])
    await left.__aenter__()
    async with registrar.registered("http://127.0.0.1:8422", ["*"]), registrar.registered(URL, ["*"]):
        assert sorted(each["url"] for each in await endpoints(client)) == [URL, "http://127.0.0.1:8422"]
    assert await endpoints(client) == []
    await left.__aexit__(None, None, None)


async def test_unknown_types_are_refused(client: httpx.AsyncClient, registrar: Registrar) -> None:
    with pytest.raises(DomainError, match=r"horse\.\*"):
        async with registrar.registered(URL, ["horse.*"]):
            pass
    assert await endpoints(client) == []


def test_it_names_the_settings_that_are_missing() -> None:
    require_allowed(Settings(**HERE))  # type: ignore[arg-type]  # read as from the environment
    http, networks = "CHAMPIONED_WEBHOOK_ALLOW_HTTP", "CHAMPIONED_WEBHOOK_ALLOWED_NETWORKS"
    for settings, named in ((Settings(), {http, networks}), (Settings(webhook_allow_http=True), {networks})):
        with pytest.raises(NotAllowedHere) as refused:
            require_allowed(settings)
        assert {each for each in (http, networks) if f"{each}" in str(refused.value)} == named


@pytest.mark.parametrize(
    "words",
    [
        ["listen", "--secret", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "--types", "job.*"],
        ["listen", "--port", "70000"],
        ["trigger"],
    ],
)
def test_what_does_not_fit_together_is_refused(words: list[str]) -> None:
    assert CliRunner().invoke(cli, words).exit_code == 2


# trigger


def test_an_unknown_type_is_told_with_what_may_have_been_meant() -> None:
    for given, hint in (("aplication.created", "application.created"), ("zzz", "GET /v1/event_types")):
        with pytest.raises(DomainError) as refused:
            check_known(given)
        assert f"'{given}'" in refused.value.detail
        assert hint in refused.value.detail


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.commands.triggering.PATIENCE_SECONDS", 0.0)


@pytest.mark.usefixtures("impatient")
async def test_it_sends_the_example_to_all_that_want_it(
    client: httpx.AsyncClient, registrar: Registrar, acme: Company, database_url: str, clock: SetClock
) -> None:
    workspace = ids.encode("workspace", acme.workspace.public_id)
    of_the_command = Databases(database_url, ROLE, clock=clock)
    async with registrar.registered(URL, ["job.*"]) as (wants, _), registrar.registered(f"{URL}/b", ["act.*"]):
        sent = await trigger(of_the_command, "job.created", workspace=workspace, endpoint=None)
        assert [(each.endpoint_id, each.state) for each in sent] == [(wants, DeliveryState.PENDING)]
        assert "not sent yet" in sent[0].line().plain
        path = f"/v1/webhook_endpoints/{ids.encode('webhook_endpoint', wants)}/deliveries"
        deliveries = (await got(client, path))["data"]
        assert [(each["event_type"], each["trigger"]) for each in deliveries] == [("job.created", "test")]


@pytest.mark.usefixtures("impatient")
async def test_a_named_endpoint_gets_it_whatever_it_wants(
    registrar: Registrar, acme: Company, database_url: str, clock: SetClock
) -> None:
    workspace = ids.encode("workspace", acme.workspace.public_id)
    async with registrar.registered(URL, ["job.*"]) as (endpoint_id, _):
        given = {"workspace": workspace, "endpoint": ids.encode("webhook_endpoint", endpoint_id)}
        sent = await trigger(Databases(database_url, ROLE, clock=clock), "act.recorded", **given)
        assert [each.endpoint_id for each in sent] == [endpoint_id]
    with pytest.raises(DomainError, match="no such webhook endpoint"):
        await trigger(Databases(database_url, ROLE, clock=clock), "act.recorded", **given)


async def test_where_nobody_wants_it_that_is_said(databases: Databases, acme: Company) -> None:
    workspace = ids.encode("workspace", acme.workspace.public_id)
    listeners = {"job.created": "listen", "delivery.failing": r"listen --types 'delivery\.\*'"}
    for event_type, listener in listeners.items():
        with pytest.raises(NobodyWants, match=rf"{event_type}\. `championed {listener}`"):
            await trigger(databases, event_type, workspace=workspace, endpoint=None)


def outcome(error: AttemptError, url: str = URL) -> Outcome:
    return Outcome(ids.new_id(), url, DeliveryState.FAILED, None, error)


def test_where_an_address_is_not_allowed_the_settings_are_named() -> None:
    settings = ("CHAMPIONED_WEBHOOK_ALLOW_HTTP=true", "CHAMPIONED_WEBHOOK_ALLOWED_NETWORKS")
    for error in AttemptError:
        line = outcome(error).line().plain
        assert f"failed: {error}" in line
        is_hinted = error in (AttemptError.INVALID_URL, AttemptError.BLOCKED_ADDRESS)
        assert all((each in line) is is_hinted for each in settings)
    assert outcome(AttemptError.INVALID_URL, "https://a.example/#").line().plain.endswith("failed: invalid_url")


def test_an_address_does_not_steer_the_terminal() -> None:
    line = outcome(AttemptError.TIMEOUT, f"https://a.example/\x1b[2J\u202e{'p' * 1_000}").line().plain
    assert line.isprintable()
    assert f"https://a.example/?[2J?{'p' * 1_000}  failed: timeout" in line
