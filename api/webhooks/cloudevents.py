"""CloudEvents 1.0 in structured mode: an event as the data of an envelope, for readers that know that of all events."""

import orjson

from api.platform.ids import encode
from api.platform.sessions import WorkspaceRef

CONTENT_TYPE = "application/cloudevents+json"


def enveloped(body: bytes, workspace: WorkspaceRef) -> bytes:
    """The envelope of an event of this workspace, whose `data` are the bytes of its body as they are.

    The same bytes for the same body. An event about nothing that has an id has no `subject`.
    """
    event = orjson.loads(body)
    subject_id = event["subject"]["id"]
    about = {} if subject_id is None else {"subject": subject_id}
    context = {
        "specversion": "1.0",
        "id": event["id"],
        "source": f"/v1/workspaces/{encode('workspace', workspace.public_id)}",
        "type": event["type"],
        **about,
        "time": event["timestamp"],
        "datacontenttype": "application/json",
    }
    return b'%b,"data":%b}' % (orjson.dumps(context).removesuffix(b"}"), body)
