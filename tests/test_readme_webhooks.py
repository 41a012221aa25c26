"""The README's section on webhooks works as written: its commands, its answers, and each of its receivers.

The receivers are taken out of the README and run as programs; what they receive was sent by the service.
"""

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.platform.schemas import RequestModel
from api.platform.signing import new_ed25519, public_key
from api.webhooks.bodies import WebhookEndpointCreate
from api.webhooks.task_schemas import WebhookRecover, WebhookReplay
from tests.concurrency.servers import COMMAND, environment, free_port, run, until
from tests.sdk.packages import node, node_folder
from tests.test_docs import page
from tests.test_readme import ID, README, Reader, masked
from tests.webhooks import test_signing as vector
from tests.webhooks.running import ALLOWED, Running, recording, running

SECTION = README.partition("## Webhooks\n")[2].partition("\n## ")[0]
GUIDE = page("webhooks")
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")
TIME = re.compile(r"\d\d:\d\d:\d\d")


def blocks(kind: str) -> list[str]:
    """The blocks of one language, in order."""
    return re.findall(rf"```{kind}\n(.*?)```", SECTION, re.DOTALL)


class Caller(Reader):
    """Somebody who follows the section with curl: a secret that is shown stands for the real one, as ids do."""

    def compare(self, shown: Any, real: Any, where: str = "answer") -> None:
        if isinstance(shown, str) and SECRET.fullmatch(shown) and SECRET.fullmatch(str(real)):
            self.ids[shown] = real
        else:
            super().compare(shown, real, where)


@pytest.fixture(scope="module")
async def service(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running(server_url, tmp_path_factory.mktemp("service")) as made:
        yield made


@contextmanager
def program(command: list[str], folder: Path, **variables: str) -> Iterator[Path]:
    """A program that runs as long as the block; the file with what it has said."""
    said = folder / f"said-{free_port()}.txt"
    with said.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out, env={**os.environ, **variables})
    try:
        yield said
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


@contextmanager
def command(service: Running, folder: Path, *arguments: str) -> Iterator[Path]:
    """A command of the section that runs until it is stopped."""
    with program([*COMMAND, *arguments], folder, **environment(service.server.settings)) as said:
        yield said


def alike(text: str) -> str:
    """Text in which nothing is left that differs between two runs."""
    return re.sub(r":\d{4,5}\b", ":port", TIME.sub("time", ID.sub("id", masked(text)))).strip()


# The commands


def test_the_commands_are_allowed_what_the_section_says() -> None:
    assert shlex.split(blocks("sh")[0]) == ["export", *(f"{name}={value}" for name, value in ALLOWED.items())]


async def test_listen_and_trigger_say_what_is_shown(service: Running, tmp_path: Path) -> None:
    listening, triggering = (shlex.split(block)[3:] for block in blocks("sh")[1:3])
    triggered, heard, _ = blocks("text")
    with command(service, tmp_path, *listening, "--port", str(free_port())) as said:
        await asyncio.to_thread(until, lambda: "Listening as" in said.read_text(), "the receiver listens")
        assert [row["url"] for row in await endpoints(service)] == [re.search(r"http://\S+", said.read_text())[0]]
        done = await asyncio.to_thread(run, service.server.settings, tmp_path, *triggering)
        assert (done.returncode, alike(done.stdout)) == (0, alike(triggered)), done.stderr
        await asyncio.to_thread(until, lambda: said.read_text().endswith("\n}\n"), "the delivery is shown")
        rest = map(alike, said.read_text().splitlines())
        assert [line for line in map(alike, heard.splitlines()) if line != "..." and line not in rest] == []
    assert await endpoints(service) == [], "it took itself away"


async def endpoints(service: Running) -> list[Any]:
    found: list[Any] = (await service.client.get("/v1/webhook_endpoints")).json()["data"]
    return found


# The answers


async def test_the_calls_are_answered_as_shown(service: Running, tmp_path: Path) -> None:
    port = free_port()
    register, happen, resend = (block.replace(":9000", f":{port}") for block in blocks("sh")[3:6])
    made, pending, tried = (json.loads(block) for block in blocks("json"))
    async with httpx.AsyncClient(base_url=service.server.url, timeout=60) as client:
        caller = Caller(client, service.key)
        caller.compare(made, await caller.run(register))
        await caller.run(happen)
        caller.compare(pending, await failed(caller, happen.splitlines()[-1]))
        receiver = uvicorn(written(tmp_path / "receiver.py", "python"), port)
        with program(receiver, tmp_path, WEBHOOK_SECRET=caller.ids[made["secret"]]) as said:
            await asyncio.to_thread(until, lambda: answers(f"http://127.0.0.1:{port}"), "the receiver runs")
            await caller.run(resend)
            await asyncio.to_thread(until, lambda: "person.created" in said.read_text(), "the receiver has it")
            caller.compare(tried, await arrived(caller, resend.splitlines()[-1]))
        await service.client.delete(f"/v1/webhook_endpoints/{caller.ids[made['id']]}")


async def failed(caller: Caller, line: str) -> Any:
    """The deliveries once the first of them has failed twice."""
    return await repeated(caller, line, lambda found: found["data"][0]["attempts"] == 2)


async def arrived(caller: Caller, line: str) -> Any:
    """The attempts once the last of them is there."""
    return await repeated(caller, line, lambda found: found["data"][0]["http_status"])


async def repeated(caller: Caller, line: str, is_there: Callable[[Any], object]) -> Any:
    """What a line of the section answers, asked again until it shows what is waited for."""
    for _ in range(400):
        if is_there(found := await caller.run(line)):
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(found)


async def test_the_stream_is_as_shown(service: Running) -> None:
    await service.post("/v1/people", {"name": "Noa Reed"})
    url = shlex.split(blocks("sh")[-1])[-1].removeprefix("$API")
    shown = blocks("text")[-1].splitlines()
    async with service.client.stream("GET", f"/v1{url}") as answer:
        lines = answer.aiter_lines()
        real = [await anext(lines) for _ in range(4)]
    assert real[0] == shown[0]
    assert [line.partition(":")[0] for line in real] == ["event", "data", "id", ""]
    told, number = json.loads(real[1].removeprefix("data: ")), int(real[2].removeprefix("id: "))
    beginning = json.loads(shown[1].removeprefix("data: ").replace(", ...", ""))
    assert list(told)[: len(beginning)] == list(beginning)
    assert (told["number"], told["type"]) == (number, beginning["type"])


# The receivers


def written(path: Path, kind: str) -> Path:
    """A program of the section, in a file."""
    (text,) = blocks(kind)
    path.write_text(text, encoding="utf-8")
    return path


def uvicorn(receiver: Path, port: int) -> list[str]:
    return [sys.executable, "-m", "uvicorn", f"{receiver.stem}:app", "--port", str(port)]


async def takes_what_is_genuine_once(service: Running, command: list[str], folder: Path, port: int) -> None:
    """Send the receiver an event twice, and forgeries."""
    url = f"http://127.0.0.1:{port}/"
    endpoint = await service.endpoint(url, "job.*")
    with recording() as recorder, program(command, folder, WEBHOOK_SECRET=endpoint["secret"], PORT=str(port)) as said:
        await asyncio.to_thread(until, lambda: answers(url), "the receiver runs")
        beside = await service.endpoint(recorder.url, "job.*", secret=endpoint["secret"])
        await service.post("/v1/jobs", {"title": "Señor engineer"})
        (taken,) = await recorder.take(1)
        await asyncio.to_thread(until, lambda: "job.created" in said.read_text(), "the receiver has it")
        async with httpx.AsyncClient() as client:
            assert (await client.post(url, content=taken.body, headers=taken.headers)).status_code == 204
            forged = taken.body.replace(b"engineer", b"director")
            assert (await client.post(url, content=forged, headers=taken.headers)).status_code == 400
            nonsense = {**taken.headers, "webhook-signature": "v1"}
            assert (await client.post(url, content=taken.body, headers=nonsense)).status_code == 400
            assert (await client.post(url, content=taken.body)).status_code == 400
        await passes_over_a_test(service, endpoint["id"])
        assert "job.created 42" not in said.read_text()
        assert said.read_text().count(f"job.created {taken.event['number']}") == 1
    for each in (endpoint, beside):
        await service.client.delete(f"/v1/webhook_endpoints/{each['id']}")


async def passes_over_a_test(service: Running, endpoint_id: str) -> None:
    """Send one, which has to be taken."""
    path = f"/v1/webhook_endpoints/{endpoint_id}"
    tried = await service.post(f"{path}/test", {"type": "job.created"})
    delivery = f"{path}/deliveries/{tried['id']}"
    for _ in range(400):
        found = (await service.client.get(delivery)).json()
        if found["state"] not in ("pending", "in_flight"):
            break
        await asyncio.sleep(0.05)
    assert (found["state"], found["event_id"]) == ("succeeded", None)


def ran(command: list[str], folder: Path, **variables: str) -> str:
    """What a program that ends by itself has said."""
    given = {"env": {**os.environ, **variables}, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.run(command, cwd=folder, text=True, check=False, **given).stdout


def answers(url: str) -> bool:
    try:
        return httpx.post(url).status_code == 400
    except httpx.TransportError:
        return False


async def test_the_receiver_in_python_works(service: Running, tmp_path: Path) -> None:
    port = free_port()
    receiver = written(tmp_path / "receiver.py", "python")
    await takes_what_is_genuine_once(service, uvicorn(receiver, port), tmp_path, port)


async def test_the_receiver_in_typescript_works(service: Running, run_dir: Path) -> None:
    tools = node_folder(run_dir)
    folder = Path(tempfile.mkdtemp(prefix="receiver-", dir=tools))  # packages are looked for in the folders above
    receiver = written(folder / "receiver.ts", "typescript")
    options = ["--strict", "--target", "es2022", "--module", "node16", "--types", "node", "--skipLibCheck"]
    assert ran([*node(tools, "typescript", "bin/tsc"), *options, receiver.name], folder) == ""
    await takes_what_is_genuine_once(service, [str(shutil.which("node")), "receiver.js"], folder, free_port())


async def test_the_line_of_shell_gives_the_signature(service: Running, tmp_path: Path) -> None:
    with recording() as recorder:
        endpoint = await service.endpoint(recorder.url, "job.*")
        await service.post("/v1/jobs", {"title": "Analyst"})
        (taken,) = await recorder.take(1)
    (tmp_path / "body.json").write_bytes(taken.body)
    given = {
        "ID": taken.headers["webhook-id"],
        "TIMESTAMP": taken.headers["webhook-timestamp"],
        "WEBHOOK_SECRET": endpoint["secret"],
    }
    (line,) = blocks("shell")
    assert line.count("\n") == 1
    assert f"v1,{ran(['sh', '-c', line], tmp_path, **given)}" in taken.headers["webhook-signature"].split(" ")
    await service.client.delete(f"/v1/webhook_endpoints/{endpoint['id']}")


# The guide


def test_the_guide_verifies_by_a_public_key() -> None:
    (text,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(text, names)
    is_genuine = names["is_genuine"]
    entries = f"{vector.V1} v1a,AAAA v1a,? {vector.V1A}"
    signed = {name.lower(): value for name, value in vector.headers(entries).items()}
    assert is_genuine(signed, vector.BODY, vector.PUBLIC)
    assert not is_genuine(signed, vector.BODY + b" ", vector.PUBLIC)
    assert not is_genuine(signed, vector.BODY, public_key(new_ed25519()))
    assert not is_genuine({**signed, "webhook-timestamp": str(vector.AT + 1)}, vector.BODY, vector.PUBLIC)
    assert not is_genuine({**signed, "webhook-signature": vector.V1}, vector.BODY, vector.PUBLIC)


def test_the_bodies_in_the_guide_are_what_the_calls_take() -> None:
    sent = re.findall(r"-d '(.+?)'.+?\$API/webhook_endpoints(?:/\$ENDPOINT/(\w+))?\n", GUIDE, re.DOTALL)
    models: dict[str, type[RequestModel]] = {
        "": WebhookEndpointCreate,
        "recover": WebhookRecover,
        "replay": WebhookReplay,
    }
    assert [call for _, call in sent] == list(models)
    for body, call in sent:
        models[call].model_validate_json(body)
