"""The embedded server through everything that happens to it, and the forms of a given URL."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil
import pytest

from api.platform import postgres
from api.platform.embedded_postgres import EmbeddedServer

as_root = pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="what only root may do")

OTHER_PROCESS = """
import sys, time
from pathlib import Path
from api.platform import postgres
database = postgres.start(Path(sys.argv[1]), None)
print("joined", flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose server, if any, does not outlive the test."""
    yield tmp_path / "data"
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.name().startswith("postgres") and any(str(tmp_path) in word for word in process.cmdline()):
                process.kill()


def start(folder: Path) -> postgres.Database:
    return postgres.start(folder, None, server_settings=postgres.THROWAWAY_SETTINGS)


def start_another_process(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", OTHER_PROCESS, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "joined\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def lock_file(folder: Path) -> Path:
    return folder / "postgres-18" / "postmaster.pid"


def server(folder: Path) -> psutil.Process:
    return psutil.Process(int(lock_file(folder).read_text().splitlines()[0]))


def kill_server(folder: Path) -> None:
    postmaster = server(folder)
    postmaster.kill()
    while not is_gone(postmaster):
        time.sleep(0.01)


def is_gone(process: psutil.Process) -> bool:
    """Dead, whether or not its parent has noticed."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def value(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_it_starts_stops_and_starts_again_with_the_same_data(folder: Path) -> None:
    first = start(folder)
    await value(first.owner_url, "create table kept as select 1 as n")
    first.stop()
    first.stop()
    assert not lock_file(folder).exists()

    began = time.monotonic()
    second = start(folder)
    assert await value(second.owner_url, "select n from kept") == 1
    assert time.monotonic() - began < 2
    second.stop()


async def test_it_syncs_to_disk_unless_told_otherwise(folder: Path, tmp_path: Path) -> None:
    careful = postgres.start(folder, None)
    assert await value(careful.owner_url, "show fsync") == "on"
    careful.stop()
    fast = start(folder)
    assert await value(fast.owner_url, "show fsync") == "off"
    fast.stop()


async def test_it_runs_on_while_another_process_uses_it_and_no_longer_once_that_one_was_killed(folder: Path) -> None:
    other = start_another_process(folder)
    database = start(folder)
    database.stop()
    assert server(folder).is_running()

    database = start(folder)
    end(other)
    database.stop()
    assert not lock_file(folder).exists()


async def test_it_is_found_by_the_next_start_after_our_process_was_killed(folder: Path) -> None:
    other = start_another_process(folder)
    before = server(folder).pid
    end(other)
    database = start(folder)
    assert server(folder).pid == before
    assert await value(database.owner_url, "select 1") == 1
    database.stop()


async def test_it_recovers_what_was_acknowledged_before_the_server_was_killed(folder: Path) -> None:
    database = postgres.start(folder, None)
    await value(database.owner_url, "create table kept as select generate_series(1, 1000) as n")
    kill_server(folder)
    database.stop()
    database = postgres.start(folder, None)
    assert await value(database.owner_url, "select count(*) from kept") == 1000
    database.stop()


@pytest.mark.parametrize(
    "left_over",
    [
        pytest.param("", id="empty"),
        pytest.param("12", id="cut off within the number"),
        pytest.param("{pid}\n{cluster}\n17", id="cut off after the number of a living process"),
        pytest.param("{pid}\n{cluster}\n17\n5432\n{cluster}\n\n  1 1\nready   \n", id="number taken by another"),
        pytest.param("999999999999\nnonsense", id="a number no process has"),
        pytest.param("-5\n", id="a single-user server's number"),
        pytest.param("\x00\x00\x00\x00", id="zeros after a power cut"),
    ],
)
async def test_it_starts_over_a_stale_lock_file(folder: Path, left_over: str) -> None:
    killed = start(folder)
    kill_server(folder)
    killed.stop()
    text = left_over.format(pid=os.getpid(), cluster=folder / "postgres-18")
    lock_file(folder).write_text(text)
    (folder / "postgres-18" / ".s.PGSQL.5432.lock").write_text(text)
    database = start(folder)
    assert await value(database.owner_url, "select 1") == 1
    database.stop()


async def test_it_starts_afresh_when_the_folder_was_deleted_under_a_running_server(folder: Path) -> None:
    other = start_another_process(folder)
    old = server(folder)
    shutil.rmtree(folder)
    database = start(folder)
    assert server(folder).pid != old.pid
    assert await value(database.owner_url, "select 1") == 1
    assert is_gone(old)
    database.stop()
    end(other)


async def test_it_finds_a_short_place_for_the_socket_of_a_deep_folder(folder: Path) -> None:
    deep = folder / ("a quite 'long' name, " * 5) / ("b" * 100)
    database = start(deep)
    assert await value(database.owner_url, "select 1") == 1
    socket_folder = lock_file(deep).read_text().splitlines()[4]
    assert mode(Path(socket_folder)) == 0o700
    database.stop()
    assert not Path(socket_folder).exists()  # noqa: ASYNC240


async def test_it_asks_for_a_password_where_it_listens_on_a_port(folder: Path) -> None:
    embedded = EmbeddedServer(folder, postgres.THROWAWAY_SETTINGS, has_socket=False)
    url = embedded.join()
    assert await value(url, "select 1") == 1
    with pytest.raises(asyncpg.InvalidPasswordError):
        await value(url.replace("postgres:", "postgres:x"), "select 1")
    embedded.leave()


async def test_it_says_why_it_cannot_start(folder: Path) -> None:
    with pytest.raises(postgres.DatabaseNotStarted, match="no_such_setting"):
        postgres.start(folder, None, server_settings={"no_such_setting": "1"})


@as_root
def test_it_makes_closed_folders_passable_for_root_but_not_readable(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(parents=True, mode=0o700)
    database = start(closed / "data")
    assert mode(closed) == 0o701
    assert mode(closed / "data" / "postgres-18") == 0o700
    database.stop()


async def test_it_copies_and_drops_databases(folder: Path) -> None:
    database = start(folder)
    template = await postgres.create_database(database.owner_url, "template")
    await value(template, "create table kept as select 1 as n")
    copy = await postgres.create_database(database.owner_url, "copy", template="template")
    assert await value(copy, "select n from kept") == 1

    still_connected = await asyncpg.connect(copy)
    await postgres.drop_database(database.owner_url, "copy")
    await postgres.drop_database(database.owner_url, "copy")
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(copy)
    still_connected.terminate()
    database.stop()


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("postgres://u:p@h/d", "postgresql://u:p@h/d"),
        ("postgresql://u:p@h:5433/d", "postgresql://u:p@h:5433/d"),
        ("postgresql+asyncpg://u:p%40x@h/d", "postgresql://u:p%40x@h/d"),
        (" postgresql+psycopg://h/d\n", "postgresql://h/d"),
        ("postgres://u@h1:1,h2:2/d?target_session_attrs=primary", None),
        ("postgresql://u@[::1]:5432/d", None),
        ("postgresql://u@/d?host=%2Frun%2Fpostgresql&port=5433", None),
        ("postgresql://u:p@h/d?sslmode=require&channel_binding=require", "postgresql://u:p@h/d?sslmode=require"),
        ("postgresql+asyncpg://u:p@h/d?ssl=require", "postgresql://u:p@h/d?sslmode=require"),
        ("postgresql://u:p@h/d?pgbouncer=true&connect_timeout=5", "postgresql://u:p@h/d"),
    ],
)
def test_it_takes_the_forms_of_a_url_that_people_have(given: str, taken: str | None, tmp_path: Path) -> None:
    database = postgres.start(tmp_path / "unused", given)
    assert database.owner_url == (taken or given.replace("postgres://", "postgresql://"))
    assert not database.is_embedded
    database.stop()
    assert not (tmp_path / "unused").exists()


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("", "must be PostgreSQL"),
        ("localhost/d", "must be PostgreSQL"),
        ("mysql://u:secret@h/d", "must be PostgreSQL"),
        ("sqlite:///secret.db", "must be PostgreSQL"),
        ("postgresql://u:secret#x@h/d", "percent-encoded"),
        ("postgresql://u:secret/x@h/d", "percent-encoded"),
        ("postgresql://u:secret@x@h/d", "percent-encoded"),
        ("postgresql://u:secret@h:port/d", "percent-encoded"),
        ("postgresql://u:secret@h/d?colour=blue", "colour"),
    ],
)
def test_it_refuses_other_urls_without_repeating_the_password(given: str, hint: str) -> None:
    with pytest.raises(postgres.InvalidDatabaseUrl, match=hint) as refused:
        postgres.normalised_url(given)
    assert "secret" not in str(refused.value)


def test_it_names_another_database_of_the_same_server() -> None:
    url = "postgresql://u:p@/one?host=%2Frun"
    assert postgres.url_of(url, "two words") == "postgresql://u:p@/two%20words?host=%2Frun"
