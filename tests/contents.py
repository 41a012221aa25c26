"""What all tables hold, to see that nothing was written."""

from sqlalchemy import text

from api.platform.db import Databases

NOTED = {"api_keys"}
"""Tables that reading changes: a key notes when it was last used."""


async def contents(databases: Databases) -> dict[str, tuple[int, str | None]]:
    """For each table the number of its rows and a digest of them, seen by the owner."""
    async with databases.open_system() as connection:
        tables = await connection.execute(text("select tablename from pg_tables where schemaname = 'public'"))
        names = sorted(set(tables.scalars()) - NOTED)
        each = [
            f"select '{name}' as name, count(*) as n, md5(string_agg(t::text, '|' order by t::text)) as digest "
            f'from "{name}" t'
            for name in names
        ]
        rows = await connection.execute(text(" union all ".join(each)))
        return {row.name: (row.n, row.digest) for row in rows}
