"""Settings: the only reader of the environment, read once where a process starts and passed on from there."""

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.domain.retries import SCHEDULE
from api.platform.sealing import Sealer

STATEMENT_TIMEOUT_SECONDS = 5
LOCK_TIMEOUT_SECONDS = 2
TRANSACTION_TIMEOUT_SECONDS = 10
LONGEST_REST_SECONDS = 2_592_000

_ANY_ADDRESS = ("0.0.0.0", "::", "")


def _public_url(known: dict[str, Any]) -> str:
    host = known.get("host", "127.0.0.1")
    shown = "localhost" if host in _ANY_ADDRESS else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{known.get('port', 8420)}"


def _problem_base_url(known: dict[str, Any]) -> str:
    return f"{known.get('public_url', '')}/problems"


class Settings(BaseSettings):
    """How one process runs. Each name is an environment variable with the prefix `CHAMPIONED_`.

    `DATABASE_URL` and `REPLICA_URL` go without the prefix. A value that cannot work or is unsafe is refused.
    """

    model_config = SettingsConfigDict(
        env_prefix="CHAMPIONED_",
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        # A database URL holds a password, which must not reach the message of an error.
        hide_input_in_errors=True,
    )

    database_url: str | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        repr=False,
        description="PostgreSQL 15 or later, as postgresql://user:password@host/name; without it an embedded one runs.",
    )
    replica_url: str | None = Field(
        default=None,
        validation_alias="REPLICA_URL",
        repr=False,
        description="A read replica of the same database, for reads that may lag.",
    )
    service_database_url: str | None = Field(
        default=None,
        repr=False,
        description="The same database by a login of its own for requests, where the owner's cannot take its role.",
    )
    service_database_pooled: bool = Field(
        default=False,
        description="That address is a pooler's that works in transaction mode, such as PgBouncer.",
    )
    listen_database_url: str | None = Field(
        default=None,
        repr=False,
        description="The same database without a pooler in between, for the one connection that hears of new webhook"
        " deliveries; needed where DATABASE_URL leads to a pooler that shares connections among transactions.",
    )
    data_dir: Path = Field(
        default=Path(".championed"), description="Where the embedded PostgreSQL keeps its data; not used otherwise."
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8420, ge=1, le=65_535, description="The port to listen on.")
    public_url: str = Field(
        default_factory=_public_url,
        description="Where callers reach the service, without a slash at the end; by default built from host and port.",
    )
    problem_base_url: str = Field(
        default_factory=_problem_base_url,
        description="Where the pages about error codes are; by default the service's own.",
    )
    max_body_bytes: int = Field(
        default=1_048_576, ge=1_024, le=33_554_432, description="The largest request body accepted, in bytes."
    )
    rate_limit_per_minute: int = Field(
        default=6_000, ge=0, le=10_000_000, description="Requests a minute for each API key and process; 0 is no limit."
    )
    rate_limit_burst_per_second: int = Field(
        default=600, ge=0, le=1_000_000, description="Requests a second for each API key and process; 0 is no limit."
    )
    key_cache_seconds: float = Field(
        default=5, ge=0, le=5, description="How long a verified API key is trusted without looking it up again."
    )
    pool_size: int = Field(default=10, ge=1, le=500, description="Database connections a process keeps.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least severity that is logged; access lines are `info`."
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="One JSON object a line, or text for people."
    )
    worker_poll_seconds: float = Field(
        default=1.0, ge=0.05, le=60, description="How long an idle worker waits before it looks again."
    )
    service_role: str = Field(
        default="championed_service",
        pattern=r"^[a-z_][a-z0-9_]{0,62}$",
        description="The database role that row-level security binds; the service works as it.",
    )
    secret_keys: str | None = Field(
        default=None,
        repr=False,
        description="Keys that seal the secrets of connections and webhook endpoints in the database, separated by"
        " commas: the first seals, all open. Each is 32 random bytes in URL-safe base64. Without it the embedded"
        " database keeps a key of its own in a file; with DATABASE_URL, neither can be made.",
    )
    mail_domain: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9][a-z0-9.-]{0,251}$",
        description="The domain whose mail is handed to POST /v1/captures/mail; capture addresses are shown with it.",
    )
    webhook_allow_http: bool = Field(
        default=False, description="Let webhook endpoints have http addresses, for tests and closed networks."
    )
    webhook_allowed_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default_factory=tuple,
        description="Networks such as 10.20.0.0/16, separated by commas, that webhooks may be sent to although they are"
        " not on the public internet.",
    )
    webhook_timeout_seconds: int = Field(
        default=15, ge=1, le=30, description="How long one call of a webhook may take, its answer included."
    )
    webhook_concurrency: int = Field(
        default=200, ge=10, le=5_000, description="Webhook calls that one process makes at once."
    )
    webhook_retry_seconds: Annotated[tuple[timedelta, ...], NoDecode] = Field(
        default_factory=lambda: tuple(SCHEDULE),
        max_length=50,
        description="Seconds, separated by commas, that a delivery rests after its first failed try, its second, and so"
        " on; after one more it is given up. Up to a fifth is added by chance.",
    )
    webhook_endpoints_per_workspace: int = Field(
        default=50, ge=1, le=10_000, description="How many webhook endpoints a workspace may have."
    )
    webhook_retention_days: int = Field(
        default=30,
        ge=1,
        le=365,
        description="How long the attempts of webhook deliveries and the payloads of events are kept, in days.",
    )
    otel_enabled: bool = Field(
        default=False, description="Send traces and metrics by OpenTelemetry, to where its own variables say."
    )

    @field_validator("database_url", "replica_url", "service_database_url", "listen_database_url")
    @classmethod
    def _is_postgresql(cls, url: str | None) -> str | None:
        if url is None:
            return None
        scheme, separator, rest = url.partition("://")
        if not separator or scheme not in ("postgresql", "postgres"):
            raise ValueError("only PostgreSQL is supported: postgresql://user:password@host/name")
        return f"postgresql://{rest}"

    @field_validator("webhook_allowed_networks", mode="before")
    @classmethod
    def _are_networks(cls, given: object) -> object:
        return [each.strip() for each in given.split(",")] if isinstance(given, str) else given

    @field_validator("webhook_retry_seconds", mode="before")
    @classmethod
    def _are_waits(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        seconds = [float(each) for each in given.split(",")]
        if not all(0 <= each <= LONGEST_REST_SECONDS for each in seconds):
            raise ValueError("each is a number of seconds from 0 to 2592000, which is 30 days")
        return tuple(timedelta(seconds=each) for each in seconds)

    @field_validator("secret_keys")
    @classmethod
    def _are_keys(cls, given: str | None) -> str | None:
        if given is not None:
            Sealer.of(given.split(","))
        return given

    @field_validator("public_url", "problem_base_url")
    @classmethod
    def _is_web_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("an http or https address is needed, such as https://championed.example.com")
        if parts.username or parts.password:
            raise ValueError("the address is shown to everybody and must not hold a user name or password")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _replica_has_a_primary(self) -> Self:
        if self.replica_url and not self.database_url:
            raise ValueError("REPLICA_URL without DATABASE_URL: the embedded database has no replica")
        return self

    @model_validator(mode="after")
    def _what_is_pooled_is_a_login_of_its_own(self) -> Self:
        if self.service_database_pooled and not self.service_database_url:
            raise ValueError("CHAMPIONED_SERVICE_DATABASE_POOLED needs the pooler's CHAMPIONED_SERVICE_DATABASE_URL")
        return self

    @model_validator(mode="after")
    def _service_role_is_not_powerful(self) -> Self:
        if self.service_role in ("postgres", "public") or self.service_role.startswith("pg_"):
            raise ValueError("CHAMPIONED_SERVICE_ROLE must be a role of its own, which row-level security binds")
        return self
