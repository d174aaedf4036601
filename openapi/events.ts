/** Everything that changes, as server-sent events. */

import { createRoute, z } from "@hono/zod-openapi";
import { lastEventId } from "./headers.ts";
import { guarded, problem } from "./problems.ts";
import { integerText } from "./scalars.ts";
import { needs } from "./security.ts";

export const EVENT_TYPES = ["jobs", "workers", "requests", "keys", "files"] as const;
export type EventType = typeof EVENT_TYPES[number];

/** An id of {@link watchEvents}' events: a version of the store. */
export const CHANGE_ID = /^\d{1,15}$/;

const types = z.string().transform((text, context): EventType[] => {
  const names = text.split(",");
  const isType = (name: string): name is EventType => (EVENT_TYPES as readonly string[]).includes(name);
  if (names.every(isType)) return names;
  context.addIssue({ code: "custom", message: `Send one or more of ${EVENT_TYPES.join(", ")}, with commas between` });
  return z.NEVER;
}).openapi({
  type: "string",
  description:
    `Only these, with commas between: ${EVENT_TYPES.join(", ")}; each needs its \`:read\`. Default: all that ` +
    "the token may read.",
  example: "jobs,keys",
});

export const watchEvents = createRoute({
  method: "get",
  path: "/api/events",
  operationId: "watchEvents",
  tags: ["Service"],
  summary: "Watch everything that changes",
  description: "Server-sent events (WHATWG HTML), one for each change from now on, or from `Last-Event-ID` on:\n\n" +
    '- `job`: the job as lists have it. `job_removed`: `{"job_id":45}`.\n' +
    '- `queue`: what a queue is set to; with the jobs. `queue_removed`: `{"name":"nightly"}`.\n' +
    '- `worker`: a worker\'s state and what is known of its work. `worker_removed`: `{"worker-id":"…"}`.\n' +
    '- `key`: `{"key":"foo","version":17,"expires":null}`, never its value. `key_removed`: ' +
    '`{"key":"foo","version":18}`.\n' +
    '- `file`: the file as lists have it. `file_removed`: `{"name":"report.pdf"}`.\n' +
    "- `upload`: a resumable upload begins, is gone on with or breaks off; with the workers. `upload_removed`: it has been " +
    'completed or forgotten, `{"upload_id":"…"}`.\n' +
    "- `requests`: all requests that are held now, as `/api/serverStatus` has them; comes first, and again where some " +
    '`request` events were missed. `request`: `{"connId":19,"state":"held","timeout":80}`, and when it is over ' +
    '`{"connId":19,"state":"ok"}`, or `killed`, `gone` (the client left), `shutting_down`.\n' +
    "- `changes_gone`: the client was slower than changes are kept; the stream ends.\n" +
    "- `reconnect`: the server is stopping. Come back with `Last-Event-ID`.\n\n" +
    "The ids are versions of the store: they rise, and one that comes back goes on without gap or repeat, also at a " +
    "server that was restarted. Held requests live in the server's memory only, so their events have no id and are not " +
    "given again. The first event has the present id and nothing else, as do those that break a silence of 15 seconds. " +
    "To have the state and its changes without a gap, open this stream first and read the lists then.",
  security: needs(),
  request: {
    query: z.strictObject({
      types: types.optional(),
      job: integerText({
        description: "Of the jobs only this one; other types only where `types` names them.",
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        example: 45,
      }).optional(),
      last_event_id: z.string().regex(CHANGE_ID, { error: "Send the id of an event of this stream" }).optional()
        .openapi({
          description: "The same as the header, which goes before it, for clients that cannot set one.",
          example: "1024",
        }),
    }),
    headers: lastEventId("1024"),
  },
  responses: {
    200: {
      description: "The events.",
      content: {
        "text/event-stream": {
          schema: z.string(),
          example: 'id: 17\nevent: key\ndata: {"key":"foo","version":17,"expires":null}\n\n',
        },
      },
    },
    ...guarded,
    410: problem(
      410,
      "The changes after that id are no longer kept: read the lists, then watch from now on.",
      "changes_gone",
    ),
  },
});

export const eventRoutes = [watchEvents];
