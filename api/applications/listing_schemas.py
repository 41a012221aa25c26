"""The list of applications on the wire."""

from api.applications.schemas import ApplicationRow
from api.platform.schemas import Listing


class ApplicationList(Listing[ApplicationRow]):
    """One page of applications."""
