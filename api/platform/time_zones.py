"""Which names of time zones are known: on every machine the same."""

from functools import cache
from importlib.resources import files


def is_time_zone(name: str) -> bool:
    """Whether this is a name of the IANA time zone database that comes along as a package.

    What only this machine has, such as `localtime` or `right/UTC`, is none: it means something else elsewhere, or
    nothing, and what is stored must be readable there.
    """
    return name in _names()


@cache
def _names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text("ascii").split())
