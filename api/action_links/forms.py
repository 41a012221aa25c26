"""What comes back from a page: the fields of its form, and where they did not say enough."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from api.platform.problems import BadRequest, UnsupportedMediaType

URL_ENCODED = "application/x-www-form-urlencoded"
LARGEST = 64 * 1024
"""In bytes; what people write by hand is far shorter."""

_MOST_FIELDS = 20


class Unclear(Exception):
    """The form cannot be taken as it is: what to mend, by the name of the field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("unclear")
        self.faults = faults


def read_form(content_type: str, body: bytes) -> dict[str, str]:
    """The fields of a form by name, without white space around; of a repeated one the last.

    Raises UnsupportedMediaType or BadRequest.
    """
    if content_type.partition(";")[0].strip().lower() != URL_ENCODED:
        raise UnsupportedMediaType("Please use the form on the page.")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise BadRequest("The form cannot be read.") from None
    return {name: value.replace("\r\n", "\n").strip() for name, value in pairs}
