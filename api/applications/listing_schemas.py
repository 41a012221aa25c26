"""The list of applications on the wire."""

from pydantic import Field

from api.applications.schemas import ApplicationRow
from api.platform.schemas import Listing


class ListedApplication(ApplicationRow):
    """One application of a list."""

    exposed: bool = Field(
        description="Whether the only advocate is gone, leaving, away too long or slipping.", examples=[False]
    )


class ApplicationList(Listing[ListedApplication]):
    """One page of applications."""
