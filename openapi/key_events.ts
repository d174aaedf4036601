/** The changes of keys as they happen. */

import { createRoute, z } from "@hono/zod-openapi";
import { lastEventId } from "./headers.ts";
import { keyPrefix } from "./keys.ts";
import { guarded, problem } from "./problems.ts";
import { integerText } from "./scalars.ts";
import { needs } from "./security.ts";

/** An id of an event: the version of the change. */
export const KEY_EVENT_ID = /^\d{1,16}$/;

export const watchKeys = createRoute({
  method: "get",
  path: "/api/keys/events",
  operationId: "watchKeys",
  tags: ["Keys"],
  summary: "Follow the changes of keys",
  description: "Server-sent events (WHATWG HTML), one for each change, in the order of their versions:\n\n" +
    '- `put`: `{"key":"foo","version":18,"value":"hello","expires":null}`.\n' +
    '- `delete`: `{"key":"foo","version":19}`; also for a key whose time was over, when it is removed from the disk, ' +
    "which may be a second or more after readers stopped seeing it.\n" +
    "- `gone`: the client was so slow that what comes next is no longer kept; `data` has the `oldest` version to go on " +
    "from. Then the stream ends.\n" +
    "- `reconnect`: the server is stopping. Come back with `Last-Event-ID`.\n\n" +
    "Each id is a version. Whoever comes back with one (`Last-Event-ID`, or `after`) is given every later change, " +
    "without gap or repeat, also by a server that was restarted. A new stream begins with an id, that of the last change " +
    "before it, so that nothing is missed even if the connection breaks before the first event. The latest changes of " +
    "the whole store, as many as `--keep-changes` says (100,000), may be asked for; 410 names the oldest version otherwise.",
  security: needs("keys:read"),
  request: {
    query: z.strictObject({
      prefix: keyPrefix,
      after: integerText({
        description: "The version after which to begin, like `Last-Event-ID`, which goes before it. Default: now.",
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        example: 17,
      }).optional(),
    }),
    headers: lastEventId("17"),
  },
  responses: {
    200: {
      description: "The events.",
      content: {
        "text/event-stream": {
          schema: z.string(),
          example: 'id: 18\nevent: put\ndata: {"key":"foo","version":18,"value":"hello","expires":null}\n\n',
        },
      },
    },
    ...guarded,
    410: problem(410, "The changes after that version are no longer kept; `oldest` may be asked for.", "changes_gone"),
  },
});
