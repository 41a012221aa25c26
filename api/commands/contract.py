"""What the gate compares: migrations with models, and the contract file with the service."""

import difflib
import json
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from api.main import create_app
from api.platform import postgres
from api.platform.migrations import differences, migrate
from api.platform.settings import Settings

CONTRACT = Path(__file__).parents[2] / "openapi" / "openapi.json"


async def check_migrations(settings: Settings, url: str) -> Sequence[str]:
    """How the models differ from what the migrations make of an empty scratch database, which is dropped again."""
    name = f"championed_check_{uuid4().hex}"
    scratch = await postgres.create_database(url, name)
    try:
        await migrate(scratch, settings.service_role)
        return await differences(scratch)
    finally:
        await postgres.drop_database(url, name)


def rendered() -> str:
    """The OpenAPI document as it is committed: the same on every machine, whatever its settings."""
    settings = Settings.model_construct(**{name: field.get_default() for name, field in Settings.model_fields.items()})
    fixed = settings.model_copy(update={"public_url": "http://127.0.0.1:8420"})
    document = create_app(fixed.model_copy(update={"problem_base_url": f"{fixed.public_url}/problems"})).openapi()
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def export() -> None:
    """Write the contract file."""
    CONTRACT.parent.mkdir(exist_ok=True)
    CONTRACT.write_text(rendered(), encoding="utf-8")


def drift() -> list[str]:
    """The first lines in which the contract file and the service differ; none when they agree."""
    committed = CONTRACT.read_text(encoding="utf-8") if CONTRACT.exists() else ""
    compared = difflib.unified_diff(
        committed.splitlines(), rendered().splitlines(), "committed", "service", lineterm=""
    )
    return list(compared)[:60]
