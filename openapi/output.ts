/** What a job writes, as raw bytes. */

import { createRoute, z } from "@hono/zod-openapi";
import { ATTACHMENT, CONTENT_RANGE, lastEventId, rangeHeader } from "./headers.ts";
import { guarded, problem, problems } from "./problems.ts";
import { flagText, idParams, integerText } from "./scalars.ts";
import { needs } from "./security.ts";

const rawBytes = { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } };

function outputRoute<N extends "stdout" | "stderr">(name: N) {
  return createRoute({
    method: "get",
    path: `/api/jobs/{id}/${name}` as const,
    operationId: name === "stdout" ? "getStdout" : "getStderr",
    tags: ["Jobs"],
    summary: `Read a job's ${name}`,
    description: "The bytes as they were written so far; with `follow`, those still to come too, until the job ends.",
    security: needs("jobs:read"),
    request: {
      params: idParams,
      query: z.strictObject({
        follow: flagText("Go on until the job has ended. A `Range` is not looked at then.").optional(),
        tail: integerText({
          description: "Only the last so many lines (and, with `follow`, what comes after).",
          minimum: 0,
          maximum: 1_000_000,
          example: 20,
        }).optional(),
      }),
      headers: z.object(rangeHeader),
    },
    responses: {
      200: { description: "The bytes.", headers: { "Content-Disposition": ATTACHMENT }, content: rawBytes },
      206: {
        description: "The bytes of the range.",
        headers: { "Content-Range": CONTENT_RANGE, "Content-Disposition": ATTACHMENT },
        content: rawBytes,
      },
      ...guarded,
      ...problems(404, 416),
      410: problem(410, "The result was deleted."),
    },
  });
}

export const getStdout = outputRoute("stdout");
export const getStderr = outputRoute("stderr");

/** An id of {@link getOutput}'s events: how many bytes of stdout and of stderr came before, and whether that was all. */
export const OUTPUT_EVENT_ID = /^(\d{1,16})-(\d{1,16})(-end)?$/;

const outputEventId = z.string().regex(OUTPUT_EVENT_ID, { error: "Send the id of an event of this stream" })
  .optional();

export const getOutput = createRoute({
  method: "get",
  path: "/api/jobs/{id}/output",
  operationId: "getOutput",
  tags: ["Jobs"],
  summary: "Watch what a job writes",
  description: "Server-sent events (WHATWG HTML) of both outputs, from the beginning, as they are written:\n\n" +
    '- `stdout`, `stderr`: `{"offset":0,"text":"…"}`. `offset` is that of the first byte. Valid UTF-8 comes as it is and ' +
    "no character is cut in two; other bytes are U+FFFD.\n" +
    "- `end`: the job has ended and everything was given; `data` is the job as `GET /api/jobs/{id}` has it. Then the " +
    "stream ends, and who comes back with the id of this event is answered 204, which keeps browsers from coming again.\n" +
    "- `reconnect`: the server is stopping. Come back with `Last-Event-ID`.\n\n" +
    "Each id says how many bytes of each output came before, so one that comes back goes on without gap or repeat, " +
    "also at a server that was restarted. Comments show every 15 seconds that the connection lives. Within each output " +
    "the order is that of writing; between the two it is not known.",
  security: needs("jobs:read"),
  request: {
    params: idParams,
    query: z.strictObject({
      last_event_id: outputEventId.openapi({
        description: "The same as the header, which goes before it, for clients that cannot set one.",
        example: "1024-0",
      }),
    }),
    headers: lastEventId("1024-0"),
  },
  responses: {
    200: {
      description: "The events.",
      content: {
        "text/event-stream": {
          schema: z.string(),
          example: 'id: 7-0\nevent: stdout\ndata: {"offset":0,"text":"50 %\\r"}\n\n',
        },
      },
    },
    204: { description: "Everything was given before: do not come back." },
    ...guarded,
    ...problems(404),
    410: problem(410, "The result was deleted."),
  },
});

export const outputRoutes = [getStdout, getStderr, getOutput];
