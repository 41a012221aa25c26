"""The table in the README, made from the kept figures alone."""

from pathlib import Path
from typing import Any

from tests.bench.machine import ROOT

README = ROOT / "README.md"
BEGIN, END = "<!-- bench:start -->", "<!-- bench:end -->"


def write(results: dict[str, Any], readme: Path = README) -> None:
    """Put the table between the markers, which are added to the end of the section where they are missing."""
    text = readme.read_text(encoding="utf-8")
    if BEGIN not in text:
        if "\n## Benchmarks\n" not in text:
            text = f"{text.rstrip()}\n\n## Benchmarks\n"
        before, heading, after = text.partition("\n## Benchmarks\n")
        section, next_heading, rest = after.partition("\n## ")
        text = f"{before}{heading}{section.rstrip()}\n\n{BEGIN}\n{END}\n{next_heading}{rest}"
    before, _, after = text.partition(BEGIN)
    _, _, after = after.partition(END)
    readme.write_text(f"{before}{BEGIN}\n{table(results)}\n{END}{after}", encoding="utf-8")


def table(results: dict[str, Any]) -> str:
    """All figures as Markdown."""
    parts = [_conditions(results), _pages(results["pages"]), _others(results)]
    return "\n\n".join(parts)


def _conditions(results: dict[str, Any]) -> str:
    on, data = results["machine"], results["database"]
    return (
        f"`uv run python -m tests.bench`, {results['at']}: {on['processor']}, {on['cores']} cores,"
        f" Python {on['python']}, embedded PostgreSQL {data['server_version']} with its safe settings,"
        f" {data['applications']:,} applications."
        " The server process on one core, the load generator on the other, PostgreSQL and whatever sends or receives"
        " webhooks on both; no rate limits,"
        " all else as by default. Medians of rounds taken in turns, lowest to highest in brackets."
    )


def _pages(pages: dict[str, Any]) -> str:
    lines = [
        "| A page of 50 applications, 8 connections | Pages/s | Processor time | Alone, median |",
        "| --- | --- | --- | --- |",
    ]
    for page, found in pages.items():
        names = {
            "service": f"{page.capitalize()}: the service",
            "limit": "bare FastAPI and asyncpg, same bytes",
            "idiomatic": "FastAPI and SQLModel, same JSON",
        }
        lines += [
            f"| {words} | {_range(found[name]['per_second'], 0)} | {found[name]['cpu_ms']['median']:.2f} ms |"
            f" {found[name]['alone_ms']['median']:.2f} ms |"
            for name, words in names.items()
        ]
        ratios = f"{_range(found['of_limit'], 2)}; {_range(found['times_idiomatic'], 2)}"
        lines.append(f"| the service in relation to bare; to SQLModel | {ratios} | | |")
    return "\n".join(lines)


def _others(results: dict[str, Any]) -> str:
    rows = {
        **_briefings(results),
        **_acts(results),
        **_support(results),
        **_ways_in(results),
        **_passes(results),
        **_webhooks(results["webhooks"]),
        **_process(results),
    }
    return "\n".join(["| | |", "| --- | --- |", *(f"| {what} | {value} |" for what, value in rows.items())])


def _briefings(results: dict[str, Any]) -> dict[str, str]:
    taken = results["briefings"]
    names = {
        "briefing_of_one": "The briefing of somebody on twelve jobs, in relation to a page of applications",
        "briefing_of_all": "The briefing of the whole workspace, the same",
        "digest": "The digest of somebody who owes two hundred things, the same",
    }
    return {
        words: f"{_range(taken['of_page'][name], 1)}; {taken['alone_ms'][name]['median']:.1f} ms"
        for name, words in names.items()
    }


def _acts(results: dict[str, Any]) -> dict[str, str]:
    acts, trips = results["acts"], results["round_trips"]["act"]
    alone, p95 = acts["sequential_median_ms"]["median"], acts["eight_connections_p95_ms"]["median"]
    each = "An act with two known reasons, an ask and an idempotency key"
    return {
        f"{each}, one at a time": f"{_range(acts['sequential_per_second'], 0)} /s, median {alone:.1f} ms",
        "The same on 8 connections, different applications": (
            f"{_range(acts['eight_connections_per_second'], 0)} /s, p95 {p95:.1f} ms"
        ),
        "Its round trips to the database, from BEGIN to COMMIT": f"{trips}",
    }


def _support(results: dict[str, Any]) -> dict[str, str]:
    rows = {}
    for acts in results["acts_of_support"]:
        alone = results["support"][f"{acts}_acts_sequential_median_ms"]["median"]
        rate = results["support"][f"{acts}_acts_eight_connections_per_second"]
        what = f"Support of an application with {acts} act{'' if acts == 1 else 's'}"
        rows[what] = f"{alone:.1f} ms one at a time, {_range(rate, 0)} /s on 8 connections"
    return rows


def _ways_in(results: dict[str, Any]) -> dict[str, str]:
    captures, taken = results["captures"], results["deliveries"]
    return {
        "Captures that name everybody by address, 8 connections": (
            f"{_range(captures['per_second'], 0)} /s, p95 {captures['p95_ms']['median']:.0f} ms"
        ),
        "Greenhouse deliveries verified, stored and answered, 8 connections": (
            f"{_range(taken['service_per_second'], 0)} /s"
        ),
        "A bare FastAPI route that stores the same bytes by asyncpg": f"{_range(taken['bare_per_second'], 0)} /s",
        "The service in relation to it": _range(taken["of_bare"], 2),
        f"{taken['worked_on']} new applications with candidate and referral worked on, one worker": (
            f"{taken['worked_on_per_second']:.0f} /s"
        ),
    }


def _passes(results: dict[str, Any]) -> dict[str, str]:
    passes = results["passes"]
    what = f"A worker's pass over {passes['due']:,} follow-ups that fall due, of {{:,}} open"
    return {
        what.format(passes["least"]): f"{_range(passes['few_s'], 1)} s",
        what.format(passes["most"]): f"{_range(passes['many_s'], 1)} s",
        "The second in relation to the first": _range(passes["times"], 2),
    }


def _webhooks(found: dict[str, Any]) -> dict[str, str]:
    """Arrival by rate and fan-out, then what a worker and its queue manage, then what a write pays."""
    rows = {}
    for case, arrival in found["arrival"].items():
        rate, fan_out = case.split("_")
        what = f"From COMMIT to receipt of webhooks, p95: {rate} events/s to {fan_out} endpoint{'s' * (fan_out != '1')}"
        rows[what] = f"{_range(arrival['p95_ms'], 0)} ms; {_range(arrival['of_bare'], 2)} of a bare loop's"
    sent, claims, writes = found["sustained"], found["claims"], found["writes"]["times"]
    claiming = f"A claim of {claims['at_once']} deliveries among {{:,}} pending"
    return {
        **rows,
        "Deliveries of one worker from a backlog": f"{_range(sent['one_per_second'], 0)} /s",
        "A bare loop that polls and posts by the same client; the worker in relation": (
            f"{_range(sent['bare_per_second'], 0)} /s; {_range(sent['of_bare'], 2)}"
        ),
        "That client alone, 100 at once; the worker in relation": (
            f"{_range(sent['client_per_second'], 0)} /s; {_range(sent['of_client'], 2)}"
        ),
        "httpx alone, 5 at once; the worker in relation": (
            f"{_range(sent['httpx_per_second'], 0)} /s; {_range(sent['of_httpx'], 2)}"
        ),
        "Four workers; in relation to one": f"{_range(sent['four_per_second'], 0)} /s; {_range(sent['four_times'], 2)}",
        claiming.format(claims["few"]): f"{_range(claims['few_ms'], 1)} ms",
        claiming.format(claims["many"]): f"{_range(claims['many_ms'], 1)} ms; {_range(claims['times'], 2)} of that",
        "A new person with five endpoints told, in relation to none": _range(writes["person"], 2),
        "An act with two reasons and an ask, the same": _range(writes["act"], 2),
    }


def _process(results: dict[str, Any]) -> dict[str, str]:
    start, busy = results["start"], results["memory_under_load"]
    return {
        "Second start of `championed serve`, to the first 200 from `/readyz`": f"{_range(start['start_s'], 2)} s",
        "Memory at rest: the process; with its PostgreSQL": (
            f"{start['server_mb']['median']:.0f} MB; {start['with_postgres_mb']['median']:.0f} MB"
        ),
        "Memory under this load": f"{busy['server_mb']:.0f} MB; {busy['with_postgres_mb']:.0f} MB",
    }


def _range(figure: dict[str, float], digits: int) -> str:
    return f"{figure['median']:,.{digits}f} ({figure['low']:,.{digits}f} to {figure['high']:,.{digits}f})"
