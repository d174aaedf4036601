/** Worker slots (document 002). */

import { createRoute, z } from "@hono/zod-openapi";
import { WORKER_STATES, type WorkerKind } from "../lib/domain/worker.ts";
import { guarded, problem, problems } from "./problems.ts";
import { noQuery, time } from "./scalars.ts";
import { needs } from "./security.ts";

const tags = ["Workers"];
const KINDS = ["upload", "download", "job"] as const satisfies WorkerKind[];

/** What may be asked of a worker, in both forms. */
export const WORKER_WISHES = ["running", "paused", "terminated", "resume", "pause", "terminate"] as const;

export const workerIdExample = "3q2-7wABCDEFghijKLMNopqr";
export const workerParams = z.object({
  "worker-id": z.string().openapi({ description: "As `/new_job` gave it.", example: workerIdExample }),
});

export const WorkerStateSchema = z.enum(WORKER_STATES).openapi("WorkerState", {
  description: "`reserved`, `running`, `paused`, `terminating` (its processes are still dying), and the last ones: " +
    "`completed`, `terminated`, `failed`, `expired`.",
  example: "running",
});

const workerId = z.string().openapi({ example: workerIdExample });

export const WorkerSchema = z.strictObject({
  "worker-id": workerId,
  status: WorkerStateSchema,
  kind: z.enum(KINDS).nullable().openapi({ description: "Null while it is only reserved.", example: "upload" }),
  expires: time("When the unused reservation is given back; null once it was used.").nullable(),
  expires_in: z.int().nullable().openapi({ description: "Whole seconds until then.", example: null }),
  started: time("When its work began; null before.").nullable(),
  ended: time("When its work ended; null before.").nullable(),
  bytes: z.int().openapi({ description: "Transferred so far.", example: 1048576 }),
  total: z.int().nullable().openapi({ description: "Size of the whole, where it is known.", example: 4194304 }),
  progress: z.number().min(0).max(1).nullable().openapi({
    description: "From 0 to 1, where the size is known.",
    example: 0.25,
  }),
  rate: z.number().nullable().openapi({
    description: "Bytes a second lately; null when nothing is being transferred.",
    example: 524288,
  }),
  file: z.string().nullable().openapi({ example: "report.pdf" }),
  sha256: z.string().nullable().openapi({ description: "Of a completed upload, in hexadecimal.", example: null }),
  job_id: z.int().nullable().openapi({ example: null }),
  exit_code: z.int().nullable().openapi({ description: "Of the job, once it has ended.", example: null }),
  result_url: z.string().nullable().openapi({ format: "uri-reference", example: null }),
  error: z.string().nullable().openapi({ description: "Why it failed.", example: null }),
}).openapi("Worker");

const newJobDescription = "Takes a slot and answers with a worker-id for one upload, download or job. Unused, it " +
  "expires after `--worker-ttl` (five minutes by default). `/new_job/` is the same. `HEAD` is not taken: it would " +
  "take a slot too.";

export const newJob = createRoute({
  method: "get",
  path: "/new_job",
  operationId: "newJob",
  tags,
  summary: "Reserve a worker slot",
  description: newJobDescription,
  security: needs("workers:write"),
  request: { query: noQuery },
  responses: {
    200: {
      description: "A slot is yours.",
      content: {
        "application/json": {
          schema: z.strictObject({
            "worker-id": workerId,
            status: z.literal("reserved"),
            expires: time("When it is given back if it is not used."),
            expires_in: z.int().openapi({ description: "Whole seconds until then.", example: 300 }),
          }).openapi("Reservation"),
        },
      },
    },
    ...guarded,
    ...problems(507),
    503: problem(503, "No slot is free.", "no_slot"),
  },
});

export const workerStatus = createRoute({
  method: "get",
  path: "/status/{worker-id}",
  operationId: "workerStatus",
  tags,
  summary: "See how far a worker is",
  description: "A worker that has ended is answered for another 24 hours.",
  security: needs("workers:read"),
  request: { params: workerParams, query: noQuery },
  responses: {
    200: { description: "The worker.", content: { "application/json": { schema: WorkerSchema } } },
    ...guarded,
    400: problem(400, "The worker-id is unknown or has expired.", "worker_unknown"),
  },
});

export const modifyWorker = createRoute({
  method: "post",
  path: "/modify/{worker-id}/{new_job_status}",
  operationId: "modifyWorker",
  tags,
  summary: "Pause, resume or terminate a worker's work",
  description:
    "A paused transfer holds the other side back, whose leaving may show only when it goes on; a paused job's whole process tree is stopped. " +
    "Terminating answers at once; the state reads `terminating` while processes are still dying.",
  security: needs("workers:write"),
  request: {
    params: workerParams.extend({
      new_job_status: z.enum(WORKER_WISHES, { error: `Send one of ${WORKER_WISHES.join(", ")}` }).openapi({
        description: "What it is to become.",
        example: "paused",
      }),
    }),
    query: noQuery,
  },
  responses: {
    200: {
      description: "The new state.",
      content: {
        "application/json": {
          schema: z.strictObject({ "worker-id": workerId, status: WorkerStateSchema }).openapi("WorkerChange"),
        },
      },
    },
    ...guarded,
    ...problems(507),
    400: problem(
      400,
      "The worker-id or the state is unknown, or the worker's state does not allow it.",
      "worker_unknown",
    ),
  },
});

export const listWorkers = createRoute({
  method: "get",
  path: "/api/workers",
  operationId: "listWorkers",
  tags,
  summary: "List the workers that are at work",
  description: "Reservations and work under way, oldest first, and how many slots are taken: by workers and by jobs " +
    "of the queues together. They are never more than there are slots.",
  security: needs("workers:read"),
  request: { query: noQuery },
  responses: {
    200: {
      description: "The workers.",
      content: {
        "application/json": {
          schema: z.strictObject({
            slots: z.strictObject({
              limit: z.int().openapi({ description: "Pieces of work that may go on at once.", example: 4 }),
              used: z.int().openapi({
                description: "How many do; above the limit while work of an earlier server goes on.",
                example: 2,
              }),
            }),
            workers: z.array(WorkerSchema),
          }).openapi("WorkerList"),
        },
      },
    },
    ...guarded,
  },
});

export const workerRoutes = [listWorkers, newJob, workerStatus, modifyWorker];
