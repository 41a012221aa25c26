"""What the gate compares: migrations with models, and the contract files with the service."""

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from api.main import create_app
from api.platform import postgres
from api.platform.migrations import differences, migrate
from api.platform.openapi import without_webhooks
from api.platform.settings import Settings

CONTRACT = Path(__file__).parents[2] / "openapi" / "openapi.json"
SDK_CONTRACT = CONTRACT.with_name("openapi-sdk.json")
"""The same without `webhooks`, for generators that would make calls to us of them; their models are in it."""


async def check_migrations(settings: Settings, url: str) -> Sequence[str]:
    """How the models differ from what the migrations make of an empty scratch database, which is dropped again."""
    name = f"championed_check_{uuid4().hex}"
    scratch = await postgres.create_database(url, name)
    try:
        await migrate(scratch, settings.service_role)
        return await differences(scratch)
    finally:
        await postgres.drop_database(url, name)


def rendered() -> dict[Path, str]:
    """The OpenAPI documents as they are committed, by file: the same on every machine, whatever its settings."""
    settings = Settings.model_construct(**{name: field.get_default() for name, field in Settings.model_fields.items()})
    fixed = settings.model_copy(update={"public_url": "http://127.0.0.1:8420"})
    document = create_app(fixed.model_copy(update={"problem_base_url": f"{fixed.public_url}/problems"})).openapi()
    return {CONTRACT: _written(document), SDK_CONTRACT: _written(without_webhooks(document))}


def _written(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def export() -> None:
    """Write the contract files."""
    CONTRACT.parent.mkdir(exist_ok=True)
    for path, text in rendered().items():
        path.write_text(text, encoding="utf-8")


def drift() -> list[str]:
    """The first lines in which the contract files and the service differ; none when they agree."""
    return [line for path, text in rendered().items() for line in _compared(path, text)][:60]


def _compared(path: Path, text: str) -> Iterator[str]:
    committed = path.read_text(encoding="utf-8") if path.exists() else ""
    return difflib.unified_diff(
        committed.splitlines(), text.splitlines(), f"committed {path.name}", "service", lineterm=""
    )
