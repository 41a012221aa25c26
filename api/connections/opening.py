"""What is shown of a connection to those who set it up: its address, and what to enter where."""

from collections.abc import Sequence

from api import models
from api.connections import schemas
from api.inbound.providers.registry import PROVIDERS
from api.platform.settings import Settings

_BEFORE = (
    "Here: `POST /v1/connections/{id}/pause`. Deliveries are kept until the words in them have been mapped, since the"
    " origin of an application is fixed when it is made."
)
_AFTERWARDS = (
    "When some deliveries have come in, `GET /v1/connections/{id}/sources` lists the sources that they name.",
    "Name those that are referrals in `mapping.referral_sources`: only these make a credited person a referrer.",
    "Map the stages: `GET /v1/connections/{id}/stages` lists them and proposes ours.",
    "When `PATCH /v1/connections/{id}` has the mapping, `POST /v1/connections/{id}/resume`.",
)


def address_of(settings: Settings, row: models.Connection, token: str) -> str:
    """Where the vendor sends to; whoever knows it has the token."""
    return f"{settings.public_url}/hooks/{row.provider}/{token}"


def steps_of(row: models.Connection, url: str) -> Sequence[str]:
    """What to do at the vendor, and here before and afterwards."""
    return (_BEFORE, *PROVIDERS[row.provider].setup_steps(url), *_AFTERWARDS)


def opened(row: models.Connection, url: str, secret: str | None) -> schemas.ConnectionOpened:
    """The connection with all that is shown of it once."""
    return schemas.ConnectionOpened.shown(row, url=url, steps=steps_of(row, url), secret=secret)
