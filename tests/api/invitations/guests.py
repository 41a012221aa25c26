"""Inviting people in a scene, and what the list then shows."""

from typing import Any

from tests.api.advocacies.scene import Answer, Scene, got, sent

INVITATIONS = "/v1/invitations"


async def invite(scene: Scene, status: int = 201, **members: Any) -> Answer:
    """The answer to an invitation to Ada to act, unless other members are given."""
    body = {"type": "act", "person_id": scene.ada, "application_id": scene.application, **members}
    return await sent(scene.client, INVITATIONS, body, status)


async def listed(scene: Scene, query: str = "") -> list[Answer]:
    """The invitations that a query finds."""
    return list((await got(scene.client, f"{INVITATIONS}?{query}"))["data"])


async def proposed(scene: Scene, kind: str) -> list[Answer]:
    """What the service has proposed of a type, the earliest first."""
    found = await listed(scene, f"application={scene.application}&type={kind}&order_by=invited_at")
    return [each for each in found if not each["by_hand"]]
