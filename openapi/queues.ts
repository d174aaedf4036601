/** Named queues. */

import { createRoute, z } from "@hono/zod-openapi";
import { queueName } from "./queue_fields.ts";
import { guarded, problem, problems } from "./problems.ts";
import { noQuery } from "./scalars.ts";
import { needs } from "./security.ts";

const tags = ["Queues"];
const params = z.object({ name: queueName.openapi({ description: "The queue's name." }) });

const count = (description: string) => z.int().min(0).openapi({ description, example: 0 });

const slots = z.int().min(1).max(1_000_000).nullable().openapi({
  description: "How many of its jobs may be active at once; null: only the host's own slots limit them.",
  example: 2,
});
const paused = z.boolean().openapi({
  description: "None of its jobs is started. Those that are active go on.",
  example: false,
});
const maxQueued = z.int().min(0).max(1_000_000_000).nullable().openapi({
  description: "How many jobs that are not active it takes; null: any number. A job that waits for its next attempt " +
    "counts, and always finds room.",
  example: null,
});

export const QueueSettingsSchema = z.strictObject({
  slots: slots.default(null),
  paused: paused.default(false),
  max_queued: maxQueued.default(null),
}).openapi("QueueSettings", { example: { slots: 2 } });

export const QueueSchema = z.strictObject({
  name: z.string().openapi({ example: "nightly" }),
  slots,
  paused,
  max_queued: maxQueued,
  queued: count("Jobs in state `queued`, the waiting ones included."),
  waiting: count("Those of them that wait for a time, for other jobs, or for their next attempt."),
  held: count("Jobs that were paused before they began."),
  running: count("Jobs that are active: running, or paused while they ran."),
  url: z.string().openapi({ format: "uri-reference", example: "/api/queues/nightly" }),
}).openapi("Queue");

const one = { "application/json": { schema: QueueSchema } };

export const listQueues = createRoute({
  method: "get",
  path: "/api/queues",
  operationId: "listQueues",
  tags,
  summary: "List queues",
  security: needs("jobs:read"),
  request: { query: noQuery },
  responses: {
    200: {
      description: "All of them, by name; there are never more than 1000.",
      content: {
        "application/json": { schema: z.strictObject({ queues: z.array(QueueSchema) }).openapi("QueueList") },
      },
    },
    ...guarded,
  },
});

export const getQueue = createRoute({
  method: "get",
  path: "/api/queues/{name}",
  operationId: "getQueue",
  tags,
  summary: "See a queue",
  security: needs("jobs:read"),
  request: { params, query: noQuery },
  responses: { 200: { description: "The queue.", content: one }, ...guarded, ...problems(404) },
});

export const putQueue = createRoute({
  method: "put",
  path: "/api/queues/{name}",
  operationId: "putQueue",
  tags,
  summary: "Make or change a queue",
  description: "What is not sent is set back to its default. Fewer slots than are taken end nothing: jobs that are " +
    "active go on. The queue `default` is always there.",
  security: needs("jobs:write"),
  request: {
    params,
    query: noQuery,
    body: { required: true, content: { "application/json": { schema: QueueSettingsSchema } } },
  },
  responses: {
    200: { description: "It was there, and is so now.", content: one },
    201: { description: "It was made.", content: one },
    ...guarded,
    ...problems(408, 413, 415, 507),
    409: problem(409, "There are 1000 queues already.", "too_many_queues"),
  },
});

export const deleteQueue = createRoute({
  method: "delete",
  path: "/api/queues/{name}",
  operationId: "deleteQueue",
  tags,
  summary: "Delete a queue",
  description: "Jobs that have ended stay in the history, and are still found by its name.",
  security: needs("jobs:write"),
  request: { params, query: noQuery },
  responses: {
    204: { description: "It is gone." },
    ...guarded,
    ...problems(404, 507),
    409: problem(409, "It has jobs that have not ended, or is the default one.", "queue_in_use"),
  },
});

export const queueRoutes = [listQueues, getQueue, putQueue, deleteQueue];
