"""The README's tour works as written: each command is sent to a demo workspace, each answer compared with the real one.

An answer in the README shows some members of the real one. Numbers, words and truth values must be equal; ids, moments
and dates need only be of the same form, and an id that was shown stands for the real one in the commands that follow.
"""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

import api
from api.demo.story import tell
from api.platform.db import Databases
from api.platform.settings import Settings

README = (Path(api.__file__).parents[1] / "README.md").read_text(encoding="utf-8")
TOUR = README.partition("## A tour\n")[2].partition("\n## ")[0]

ID = re.compile(r"[a-z_]+_[0-9a-f]{32}")
VARYING = re.compile(
    r"\d{4}-\d\d-\d\d(T[\d:.]+Z)?|\d{1,2} (January|February|March|April|May|June|July|August"
    r"|September|October|November|December) \d{4}"
)


class Differs(AssertionError):
    """The README shows something else than the service answers."""


def steps() -> Iterator[tuple[str, str | None]]:
    """Each block of commands with the answer shown after it."""
    blocks = re.findall(r"```(sh|json)\n(.*?)```", TOUR, re.DOTALL)
    for (kind, text), following in zip(blocks, [*blocks[1:], ("", "")], strict=True):
        if kind == "sh":
            yield text, following[1] if following[0] == "json" else None


class Reader:
    """Somebody who follows the tour: has the key, and keeps the ids that are shown."""

    def __init__(self, client: httpx.AsyncClient, key: str) -> None:
        self.client = client
        self.variables = {"API": "/v1", "AUTH": f"Authorization: Bearer {key}"}
        self.ids: dict[str, str] = {}

    async def run(self, block: str) -> Any:
        """Run a block; answers what its last request was answered."""
        answer = None
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("export "):
                name, _, value = shlex.split(line)[1].partition("=")
                self.variables.setdefault(name, self.ids.get(value, value))
            elif line.startswith("curl "):
                answer = await self.send(line)
        return answer

    async def send(self, line: str) -> Any:
        """Send what a curl command would send."""
        for name, value in self.variables.items():
            line = line.replace(f"'${name}'", value).replace(f"${name}", value)
        words = iter(shlex.split(line)[1:])
        method, path, body, headers = "GET", "", None, {}
        for word in words:
            if word == "-X":
                method = next(words)
            elif word == "-H":
                header, _, content = next(words).partition(": ")
                headers[header] = content
            elif word == "-d":
                body = next(words)
            elif not word.startswith("-"):
                path = word
        response = await self.client.request(method, path, content=body, headers=headers)
        assert response.is_success, f"{line}: {response.text}"
        return response.json()

    def compare(self, shown: Any, real: Any, where: str = "answer") -> None:
        """Raise Differs unless `shown` is a part of `real`; remember the ids."""
        if isinstance(shown, dict) and isinstance(real, dict):
            for name, value in shown.items():
                if name not in real:
                    raise Differs(f"{where} has no member {name}")
                self.compare(value, real[name], f"{where}.{name}")
        elif isinstance(shown, list) and isinstance(real, list):
            self._compare_lists(shown, real, where)
        elif isinstance(shown, str) and isinstance(real, str) and ID.fullmatch(shown):
            if self.ids.setdefault(shown, real) != real or shown[:-32] != real[:-32]:
                raise Differs(f"{where} is {real}, not {shown}")
        elif masked(shown) != masked(real):
            raise Differs(f"{where} is {real!r}, not {shown!r}")

    def _compare_lists(self, shown: list[Any], real: list[Any], where: str) -> None:
        """What is shown of a list stands in it in this order, perhaps with more between."""
        if not shown and real:
            raise Differs(f"{where} is not empty: {real}")
        rest = iter(real)
        for index, value in enumerate(shown):
            reasons = []
            for candidate in rest:
                known = dict(self.ids)
                try:
                    self.compare(value, candidate, f"{where}[{index}]")
                    break
                except Differs as difference:
                    self.ids = known
                    reasons.append(str(difference))
            else:
                raise Differs(f"{where}[{index}] is nowhere: {reasons}")


def masked(value: Any) -> Any:
    return VARYING.sub("<date>", value) if isinstance(value, str) else value


@pytest.fixture
async def reader(app: FastAPI, databases: Databases, settings: Settings) -> Any:
    """Somebody with the key of a fresh demo workspace."""
    _, key = await tell(settings, databases, name="Demo")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield Reader(client, key)


async def test_the_tour_works_as_written(reader: Reader) -> None:
    answers = 0
    for block, shown in steps():
        real = await reader.run(block)
        if shown is not None:
            reader.compare(json.loads(shown), real)
            answers += 1
    assert answers >= 5


def test_the_readme_begins_with_the_two_commands() -> None:
    opening = README.partition("## ")[0]
    assert "pip install uv && uv run championed serve --demo\n" in opening
    assert "pip install uv && uv run pytest\n" in opening


def test_the_tour_leaves_nothing_to_be_filled_in() -> None:
    assert "TODO" not in README


def test_every_direct_dependency_has_a_line_in_the_readme() -> None:
    project = (Path(api.__file__).parents[1] / "pyproject.toml").read_text()
    listed = project.partition("dependencies = [")[2].partition("\n]")[0]
    listed += project.partition("dev = [")[2].partition("\n]")[0]
    named = set(re.findall(r'"([a-z][a-z-]*)', listed))
    explained = README.partition("## Dependencies")[2].partition("\n## ")[0]
    assert named
    assert not {name for name in named if f"`{name}`" not in explained}
