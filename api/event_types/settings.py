"""What is told of how a workspace is set up: its connections, its policy, its clock."""

from typing import Literal

from pydantic import Field

from api.connections.schemas import Connection
from api.event_types.declaring import Declared
from api.event_types.told import Told, former, partly
from api.platform.schemas import Count, Moment, ResponseModel
from api.policy.schemas import PolicyValues

ConnectionBefore = former("ConnectionBefore", Connection, "name", "mapping")
ChangedPolicyValues: type[ResponseModel] = partly(
    "ChangedPolicyValues", PolicyValues, "Those numbers and tables of the policy that changed."
)


class PolicyChanged(Told):
    """A new version of the policy."""

    object: Literal["policy"] = Field(default="policy", description="Always `policy`.", examples=["policy"])
    version: Count = Field(description="Which version.", examples=[2])
    changed: ChangedPolicyValues = Field(  # type: ignore[valid-type]  # a model made at run time
        description="The values that are others now.", examples=[{"min_reasons": 3}]
    )


class ClockTold(Told):
    """Where the sandbox's clock stands."""

    object: Literal["clock"] = Field(default="clock", description="Always `clock`.", examples=["clock"])
    now: Moment = Field(description="The present moment of the workspace.")


class ClockBefore(Told):
    """Where the clock stood."""

    now: Moment = Field(description="The moment before it was advanced.")


SETTINGS = {
    "connection.created": Declared(Connection),
    "connection.updated": Declared(Connection, ConnectionBefore, was={"name": "Greenhouse"}),
    "connection.paused": Declared(Connection, shown={"state": "paused"}),
    "connection.resumed": Declared(Connection),
    "policy.changed": Declared(PolicyChanged, ChangedPolicyValues, was={"min_reasons": 2}),
    "clock.advanced": Declared(
        ClockTold,
        ClockBefore,
        was={"now": "2026-01-14T09:30:00Z"},
        is_fact=True,
    ),
}
"""The types about the workspace itself."""
