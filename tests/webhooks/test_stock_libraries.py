"""Libraries that others have written verify real deliveries on the first try, with either secret during a rotation."""

import json
import shutil
import subprocess
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import orjson
import pytest
import standardwebhooks.webhooks
import svix.webhooks

from tests.sdk.packages import node_folder
from tests.webhooks.running import Running, Taken, recording, running

VERIFY = """
const { Webhook } = require("standardwebhooks");
const { body, headers, secret } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
try {
  new Webhook(secret).verify(Buffer.from(body, "base64"), headers);
  process.stdout.write("verified");
} catch (error) {
  process.stdout.write(error.message);
}
"""

Verify = Callable[[bytes, Mapping[str, str], str], bool]


@pytest.fixture(scope="module")
async def service(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running(server_url, tmp_path_factory.mktemp("service")) as made:
        yield made


@pytest.fixture(scope="module")
async def deliveries(service: Running) -> tuple[list[Taken], list[str]]:
    """Deliveries with one secret, with two and with three, and these secrets in the order in which they were made."""
    with recording() as recorder:
        endpoint = await service.endpoint(recorder.url, "person.*")
        path = f"/v1/webhook_endpoints/{endpoint['id']}"
        secrets = [endpoint["secret"]]
        await service.post("/v1/people", {"name": "Zoë Bell"})
        await recorder.take(1)
        for count in (2, 3):
            secrets.append((await service.post(f"{path}/rotate_secret"))["secret"])
            await service.post("/v1/people", {"name": f"Ida {count}"})
            await recorder.take(count)
        return recorder.taken, secrets


@pytest.fixture(scope="module")
def npm_folder(run_dir: Path) -> Path:
    return node_folder(run_dir)


def by_standardwebhooks(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    try:
        return bool(standardwebhooks.webhooks.Webhook(secret).verify(body, dict(headers)) == json.loads(body))
    except standardwebhooks.webhooks.WebhookVerificationError:
        return False


def by_svix(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    try:
        svix.webhooks.Webhook(secret).verify(body, dict(headers))
    except svix.webhooks.WebhookVerificationError:
        return False
    return True


def _each_verifies(verify: Verify, deliveries: tuple[list[Taken], list[str]]) -> None:
    taken, secrets = deliveries
    for live, delivery in enumerate(taken, start=1):
        for number, secret in enumerate(secrets, start=1):
            assert verify(delivery.body, delivery.headers, secret) is (number <= live), (live, number)
        assert not verify(delivery.body + b" ", delivery.headers, secrets[live - 1])
        assert not verify(delivery.body, {**delivery.headers, "webhook-id": "event_other"}, secrets[live - 1])


def test_standardwebhooks_from_pypi_verifies_them(deliveries: tuple[list[Taken], list[str]]) -> None:
    _each_verifies(by_standardwebhooks, deliveries)


def test_svix_from_pypi_verifies_them(deliveries: tuple[list[Taken], list[str]]) -> None:
    _each_verifies(by_svix, deliveries)


async def test_they_verify_an_envelope_of_cloudevents(service: Running) -> None:
    with recording() as recorder:
        endpoint = await service.endpoint(recorder.url, "person.*", payload_format="cloudevents", ping=True)
        (delivery,) = await recorder.take(1)
    assert delivery.headers["content-type"] == "application/cloudevents+json"
    assert (delivery.event["specversion"], delivery.event["data"]["test"]) == ("1.0", True)
    for verify in (by_standardwebhooks, by_svix):
        assert verify(delivery.body, delivery.headers, endpoint["secret"])
        assert not verify(orjson.dumps(delivery.event["data"]), delivery.headers, endpoint["secret"])


def test_standardwebhooks_from_npm_verifies_them(deliveries: tuple[list[Taken], list[str]], npm_folder: Path) -> None:
    def verify(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
        given = json.dumps({"body": b64encode(body).decode(), "headers": dict(headers), "secret": secret})
        command = [str(shutil.which("node")), "-e", VERIFY]
        done = subprocess.run(command, cwd=npm_folder, input=given, capture_output=True, text=True, check=True)
        return done.stdout == "verified"

    _each_verifies(verify, deliveries)
