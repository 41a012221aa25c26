// A program on the client in TypeScript: pages through a list, is refused, leaves a body out, registers an endpoint.
// Says as JSON what it got.

import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Schemas = components["schemas"];

const { API_URL = "", API_KEY = "", RECEIVER_URL = "" } = process.env;
const client = createClient<paths>({ baseUrl: API_URL, headers: { authorization: `Bearer ${API_KEY}` } });

/** The service said no, and why. */
class Refused extends Error {
  constructor(readonly problem: Schemas["Problem"]) {
    super(problem.detail);
  }
}

/** What was asked for. */
function given<Got>(answer: { data?: Got; error?: Schemas["Problem"] }): Got {
  if (answer.error) throw new Refused(answer.error);
  if (answer.data === undefined) throw new Error("an answer without a body");
  return answer.data;
}

/** Everybody, two at a time. */
async function* people(): AsyncGenerator<Schemas["PersonRow"]> {
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page: Schemas["PersonList"] = given(
      await client.GET("/v1/people", { params: { query: { limit: 2, cursor } } }),
    );
    yield* page.data;
    cursor = page.next_cursor;
  }
}

/** Why this person is not shown. */
async function problemOf(person_id: string): Promise<Schemas["Problem"]> {
  try {
    given(await client.GET("/v1/people/{person_id}", { params: { path: { person_id } } }));
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
  throw new Error(person_id);
}

const made: Schemas["Person"][] = [];
for (let n = 0; n < 5; n++) made.push(given(await client.POST("/v1/people", { body: { name: `Ada ${n}` } })));

const path = { person_id: made[0]!.id };
const told = given(await client.POST("/v1/people/{person_id}/record_notice", { params: { path } }));

const wanted = { url: RECEIVER_URL, event_types: ["person.created"] };
const endpoint = given(await client.POST("/v1/webhook_endpoints", { body: wanted }));

const found: string[] = [];
for await (const person of people()) found.push(person.id);

const unknown = await problemOf(`person_${"0".repeat(32)}`);
const malformed = await problemOf("nobody");

process.stdout.write(
  JSON.stringify({
    people: found,
    made: made.map((person) => person.id),
    told_at: told.notice_given_at,
    problems: [unknown, malformed].map((problem) => [problem.status, problem.code]),
    faults: (malformed.errors ?? []).map((fault) => fault.code),
    endpoint: endpoint.id,
    secret: endpoint.secret,
  }),
);
