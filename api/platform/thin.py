"""The thin form of an event: all that says what happened, when, by whom and to what, without the payload."""

import orjson


def thin(body: bytes) -> bytes:
    """The body of an event with the id of its subject alone as `data` and null as `previous`.

    The same bytes for the same event, and of a thin body the body itself.
    """
    event = orjson.loads(body)
    event["data"] = {"id": event["subject"]["id"]}
    event["previous"] = None
    return orjson.dumps(event)
