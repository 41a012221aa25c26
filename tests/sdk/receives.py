"""A program on the client in Python: verifies a delivery and reads it as the event that it is.

Takes `{"body", "headers", "secret"}` and says as JSON what it read, or that the delivery is refused.
"""

import json
import sys

from championed_client.models import Person, PersonCreatedEvent
from standardwebhooks.webhooks import Webhook, WebhookVerificationError


def read() -> dict[str, object]:
    delivery = json.load(sys.stdin)
    try:
        body = Webhook(delivery["secret"]).verify(delivery["body"].encode(), delivery["headers"])
    except WebhookVerificationError:
        return {"refused": True}
    event = PersonCreatedEvent.from_dict(body)
    person: Person = event.data
    return {"type": event.type_, "id": event.id, "number": event.number, "name": person.name}


json.dump(read(), sys.stdout)
