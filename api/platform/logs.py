"""Logs by the standard library: one JSON object a line, or text for people, each line with its request id.

Nothing personal or secret is logged: no query values, no bodies, and the trace of an error goes without the error's
message, where a driver or validator quotes what it was given. At level `debug` the messages are shown as well.
"""

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import IO, Any, Literal

request_id_var: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request being served; set at the edge."""


class _Formatter(logging.Formatter):
    """What both forms share: the fields of a record, and a trace that quotes no values."""

    def __init__(self, *, messages: bool) -> None:
        super().__init__()
        self._messages = messages

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        """The record's members in the order in which they are shown."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        fields: dict[str, Any] = {"at": moment, "level": record.levelname.lower(), "logger": record.name}
        fields["message"] = record.getMessage()
        if request_id := request_id_var.get():
            fields["request_id"] = request_id
        extra = getattr(record, "fields", None)
        if isinstance(extra, Mapping):
            fields.update(extra)
        if record.exc_info and record.exc_info[1]:
            fields["trace"] = self._trace(record.exc_info[1])
        return fields

    def _trace(self, error: BaseException) -> str:
        told = traceback.TracebackException.from_exception(error)
        if self._messages:
            return "".join(told.format())
        parts: list[str] = []
        current: BaseException | None = error
        while current is not None and len(parts) < 10:
            frames = "".join(traceback.StackSummary.from_list(traceback.extract_tb(current.__traceback__)).format())
            kind = f"{type(current).__module__}.{type(current).__qualname__}"
            sqlstate = getattr(current, "sqlstate", None)
            parts.append(f"{frames}{kind}{f' (SQLSTATE {sqlstate})' if sqlstate else ''}")
            current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
        return "\ncaused by\n".join(parts)


class JsonFormatter(_Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return json.dumps(self.fields(record), ensure_ascii=False, default=str).encode(errors="replace").decode()


class ConsoleFormatter(_Formatter):
    """A line of text, and the trace under it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, or several when there is a trace."""
        fields = self.fields(record)
        trace = fields.pop("trace", None)
        opening = f"{fields.pop('at')} {fields.pop('level'):7} {fields.pop('logger')}: {fields.pop('message')}"
        rest = "".join(f" {name}={value}" for name, value in fields.items())
        return f"{opening}{rest}\n{trace}" if trace else opening + rest


def configure(*, level: str, form: Literal["json", "console"], stream: IO[str] = sys.stderr) -> None:
    """Send every log of this process to `stream` in one form; the server's own access log is switched off."""
    messages = level == "debug"
    # No line shows these, and looking them up is half the cost of one (the library's own advice).
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter(messages=messages) if form == "json" else ConsoleFormatter(messages=messages))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Libraries may log what they were given; of theirs only warnings are shown.
    root.setLevel(max(logging.WARNING, _number(level)))
    logging.getLogger("championed").setLevel(_number(level))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]
