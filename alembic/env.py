"""Runs migrations on the connection that the command line hands over."""

from typing import Any, Literal

from sqlalchemy import Connection
from sqlmodel import SQLModel

import api.models.base  # with the package, which completes the metadata
from alembic import context


def render(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Closed sets are plain text in a migration; their CHECK names the members of that day."""
    return "sa.Text()" if kind == "type" and isinstance(item, api.models.base.ClosedSet) else False


def run(connection: Connection) -> None:
    """Migrate in one transaction each; whoever opened the connection has bounded how long it waits for a lock."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        compare_type=True,
        render_item=render,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
