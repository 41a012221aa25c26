"""Checks an answer against the OpenAPI document: its status is documented, and its body fits the schema."""

import re
from functools import cache
from typing import Any

import httpx
import jsonschema_rs


class Contract:
    """The document, and a check to hang on a client."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._paths = [(_pattern(path), item) for path, item in document["paths"].items()]
        self._validator = cache(self._build_validator)

    async def check(self, response: httpx.Response) -> None:
        """Fail when the answer is not what the document says; answers of unknown addresses are not judged."""
        operation = self._operation(response.request)
        if operation is None or response.status_code == 304:
            return
        status = str(response.status_code)
        documented = operation["responses"].get(status)
        where = f"{operation['operationId']} {status}"
        assert documented is not None, f"{where} is not documented: {await response.aread()!r}"
        content = documented.get("content", {})
        media_type = response.headers.get("content-type", "").partition(";")[0]
        if not content:
            return
        assert media_type in content, f"{where} answers {media_type!r}, documented are {sorted(content)}"
        await response.aread()
        if schema := content[media_type].get("schema"):
            name = schema.get("$ref", "").rpartition("/")[2]
            if name:
                self._validator(name).validate(response.json())

    def _operation(self, request: httpx.Request) -> dict[str, Any] | None:
        path = request.url.path
        exact = self.document["paths"].get(path)
        item = exact or next((item for pattern, item in self._paths if pattern.fullmatch(path)), None)
        found: dict[str, Any] | None = item.get(request.method.lower()) if item else None
        return found

    def _build_validator(self, name: str) -> Any:
        schema = {"$ref": f"#/components/schemas/{name}", "components": self.document["components"]}
        return jsonschema_rs.Draft202012Validator(schema)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{[^/]+\\}", "[^/]+", re.escape(path)))
