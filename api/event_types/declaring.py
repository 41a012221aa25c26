"""How an event type is declared: the models of its `data` and `previous`, and what its example shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.platform.schemas import ResponseModel


@dataclass(frozen=True, slots=True)
class Declared:
    """What the events of one type hold.

    Without a model of `previous` that is always null, and with one it may be. An example is built of the examples in
    the model of `data`, or in that of its `usual` form; `shown` are members of it that are otherwise, and `was` is its
    `previous`. `is_fact` says that the subject has no version.
    """

    data: type[ResponseModel]
    previous: type[ResponseModel] | None = None
    shown: Mapping[str, Any] = field(default_factory=dict)
    was: Mapping[str, Any] | None = None
    is_fact: bool = False
    usual: type[ResponseModel] | None = None
