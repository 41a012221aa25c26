"""Linters of others find nothing in the contract; what they are told to leave alone stands, with why, in `linters/`."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.commands.contract import CONTRACT, SDK_CONTRACT
from tests.sdk.packages import node, node_folder, ran

RULES = Path(__file__).parent / "linters"
DOCUMENTS = (str(CONTRACT), str(SDK_CONTRACT))
SILENT = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


@pytest.fixture(scope="module")
def tools(run_dir: Path) -> Path:
    return node_folder(run_dir)


def findings(command: list[str]) -> Any:
    """What a linter answers as JSON, whether or not it found something."""
    ended = ran(command, RULES, **SILENT)
    assert ended.stdout, ended.stderr
    return json.loads(ended.stdout)


def test_spectral_finds_nothing(tools: Path) -> None:
    spectral = node(tools, "@stoplight/spectral-cli", "dist/index.js")
    rules = ("--ruleset", str(RULES / "spectral.yaml"))
    found = findings([*spectral, "lint", *DOCUMENTS, *rules, "--format", "json", "--quiet"])
    assert [(each["source"], each["code"], each["path"]) for each in found] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=["whole", "sdk"])
def test_redocly_finds_nothing(tools: Path, document: str) -> None:
    redocly = node(tools, "@redocly/cli", "bin/cli.js")
    found = findings([*redocly, "lint", document, "--config", str(RULES / "redocly.yaml"), "--format", "json"])
    assert [(each["ruleId"], each["location"][0]["pointer"]) for each in found["problems"]] == []
