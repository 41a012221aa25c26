"""What the tests of upserts share: bodies of a small company, and a look at what was written."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from api.platform.db import Databases
from tests.contents import contents

Unchanged = Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture
def unchanged(databases: Databases) -> Unchanged:
    """A block in which nothing is written: no row, no version, no event."""

    @asynccontextmanager
    async def block() -> AsyncIterator[None]:
        before = await contents(databases)
        yield
        assert await contents(databases) == before

    return block


@pytest.fixture
def whole() -> dict[str, Any]:
    """An application with everything in it."""
    return {
        "candidate": {"name": "Sam Reyes", "email": "sam@example.com", "external_id": "c1", "metadata": {"tag": "a"}},
        "job": {
            "external_id": "j1",
            "title": "Data engineer",
            "state": "open",
            "requirements": ["Runs a data platform"],
            "members": [
                {"name": "Hana", "email": "hana@example.com", "power": "decides", "is_hiring_manager": True},
                {"name": "Ines", "external_id": "u2", "power": "influences"},
            ],
            "metadata": {"office": "Berlin"},
        },
        "referral": {
            "referrer": {"name": "Ravi", "email": "ravi@example.com", "external_id": "u3"},
            "relationship": "same_team",
            "reasons": [
                {"requirement": "Runs a data platform", "claim": "Kept ours up.", "basis": "observed_directly"}
            ],
            "consent": "given",
            "submitted_at": "2026-02-01T09:00:00Z",
        },
        "stage": "screening",
        "stage_label": "Phone screen",
        "occurred_at": "2026-02-02T09:00:00Z",
        "next_step_at": "2026-03-09T09:00:00Z",
        "next_step_kind": "interview",
        "metadata": {"rank": "1"},
    }
