"""Settings: read from the environment, refused when unsafe."""

import logging

import pytest
from pydantic import ValidationError

from api.platform import logs
from api.platform.openapi import telemetry_config
from api.platform.settings import Settings


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"CHAMPIONED_{name.upper()}", raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_it_runs_without_any_setting() -> None:
    settings = Settings()
    assert settings.database_url is None
    assert settings.public_url == "http://127.0.0.1:8420"
    assert settings.problem_base_url == "http://127.0.0.1:8420/problems"


def test_it_reads_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@h/n")
    monkeypatch.setenv("CHAMPIONED_HOST", "0.0.0.0")
    monkeypatch.setenv("CHAMPIONED_PORT", "9000")
    monkeypatch.setenv("CHAMPIONED_LOG_LEVEL", "")
    settings = Settings()
    assert settings.database_url == "postgresql://u:p@h/n"
    assert settings.public_url == "http://localhost:9000"
    assert settings.log_level == "info"
    assert "u:p" not in repr(settings)


@pytest.mark.parametrize(
    "unsafe",
    [
        {"database_url": "sqlite:///x"},
        {"replica_url": "postgresql://h/n"},
        {"key_cache_seconds": 6},
        {"public_url": "ftp://x"},
        {"public_url": "https://u:p@x"},
        {"service_role": 'x"; drop table'},
        {"service_role": "postgres"},
        {"max_body_bytes": 0},
        {"pool_size": 0},
        {"service_database_pooled": True},
        {"webhook_retention_days": 0},
        {"webhook_retention_days": 366},
        {"webhook_allowed_networks": "10.0.0.1/8"},
        {"webhook_allowed_networks": "10.0.0.0/8,localhost"},
        {"webhook_timeout_seconds": 31},
        {"log_level": "loud"},
        {"colour": "red"},
    ],
)
def test_it_refuses_what_cannot_work_or_is_unsafe(unsafe: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings(**unsafe)  # type: ignore[arg-type]


def test_it_reads_networks_with_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().webhook_allowed_networks == ()
    monkeypatch.setenv("CHAMPIONED_WEBHOOK_ALLOWED_NETWORKS", "10.0.0.0/8, fd00::/8")
    assert [str(each) for each in Settings().webhook_allowed_networks] == ["10.0.0.0/8", "fd00::/8"]


def test_it_never_shows_a_password_in_an_error() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(database_url="mysql://u:hunter2@h/n")
    assert "hunter2" not in str(refused.value)


def test_it_is_frozen_and_described() -> None:
    settings = Settings()
    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc]
    assert all(field.description for field in Settings.model_fields.values())


def test_it_sends_telemetry_only_when_asked() -> None:
    off = telemetry_config(Settings())
    assert {name: off[name] for name in ("tracing", "metrics", "logs", "operation_spans", "auto_configure")} == {
        "tracing": False, "metrics": False, "logs": False, "operation_spans": False, "auto_configure": False,
    }  # fmt: skip
    assert telemetry_config(Settings(otel_enabled=True))["tracing"]


def test_it_sends_no_telemetry_of_addresses_that_are_secrets() -> None:
    is_left_out = telemetry_config(Settings(otel_enabled=True))["exclude"]
    assert is_left_out({"path": "/hooks/greenhouse/a-token"})
    assert is_left_out({"path": "/v1/calendars/a-token.ics"})
    assert not is_left_out({"path": "/v1/calendars/calendar_1"})
    assert not is_left_out({"path": "/v1/applications"})


def test_it_shows_a_console_line_and_messages_at_debug_only() -> None:
    record = logging.LogRecord("championed.x", logging.ERROR, "f", 1, "went %s", ("wrong",), None)
    try:
        raise ValueError("".join(["z", "oe"]))
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    assert "zoe" not in logs.ConsoleFormatter(messages=False).format(record)
    shown = logs.ConsoleFormatter(messages=True).format(record)
    assert "error   championed.x: went wrong\n" in shown
    assert "zoe" in shown


def test_waits_between_tries_are_numbers_of_seconds_with_commas_between() -> None:
    given = Settings(webhook_retry_seconds="0, 0.5,60")  # type: ignore[arg-type]  # as the environment gives it
    assert [each.total_seconds() for each in given.webhook_retry_seconds] == [0, 0.5, 60]
    assert len(Settings().webhook_retry_seconds) == 9


@pytest.mark.parametrize("waits", ["soon", "5,", "-1", "2592001", "nan", "inf"])
def test_waits_that_are_none_are_refused(waits: str) -> None:
    with pytest.raises(ValidationError):
        Settings(webhook_retry_seconds=waits)  # type: ignore[arg-type]  # as the environment gives it
