"""The versions of a workspace's policy, parsed once: they are only ever added to, so a process remembers them.

What a transaction reads after it has added a version is its own until it commits: `keep_to_itself` sees to that.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from api.domain.facts import PolicyVersion
from api.platform.sessions import WorkspaceSession
from api.support.policies import policy_from

WORKSPACES_REMEMBERED = 1_000

Versions = tuple[PolicyVersion, ...]


def remembered(session: WorkspaceSession) -> Versions:
    """The versions that are known of the session's workspace, the oldest first, without a gap."""
    return session.policies.get(session.workspace.id, ())


def latest(versions: Versions) -> int:
    """The number of the last of them, 0 for none: what statements that read policies take as `:known`."""
    return versions[-1].version if versions else 0


def complete(session: WorkspaceSession, known: Versions, newer: str | None) -> Versions:
    """All versions: those `known` when the statement was sent, and the JSON array of `newer` ones that it gave."""
    if newer is None:
        return known
    versions = (*known, *(_version(document) for document in orjson.loads(newer)))
    memory = session.policies
    memory.pop(session.workspace.id, None)
    while len(memory) >= WORKSPACES_REMEMBERED:
        del memory[next(iter(memory))]
    memory[session.workspace.id] = versions
    return versions


def keep_to_itself(session: WorkspaceSession) -> None:
    """Have the session remember for nobody else from now on: it has added a version that it may yet take back."""
    session.policies = dict(session.policies)


def _version(document: Mapping[str, Any]) -> PolicyVersion:
    return PolicyVersion(
        version=document["version"],
        recorded_at=datetime.fromisoformat(document["recorded_at"]).astimezone(UTC),
        policy=policy_from(document["values"]),
    )
