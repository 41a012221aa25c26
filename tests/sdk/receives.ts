// A program on the client in TypeScript: verifies a delivery and reads it as the event that it is.
// Takes `{"body", "headers", "secret"}` and says as JSON what it read, or that the delivery is refused.

import { readFileSync } from "node:fs";
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import type { components } from "./schema.js";

function read(): object {
  const { body, headers, secret } = JSON.parse(readFileSync(0, "utf8"));
  let event: components["schemas"]["WebhookEvent"];
  try {
    event = new Webhook(secret).verify(body, headers) as typeof event;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return { refused: true };
    throw error;
  }
  // Only a person has a name here: the compiler knows by the type of the event which resource it carries.
  if (event.type !== "person.created") throw new Error(event.type);
  return { type: event.type, id: event.id, number: event.number, name: event.data.name };
}

process.stdout.write(JSON.stringify(read()));
