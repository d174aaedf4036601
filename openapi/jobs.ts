/** Jobs (document 003). */

import { createRoute, z } from "@hono/zod-openapi";
import { LOCATION, PREFERENCE_APPLIED, preferWait, RETRY_AFTER } from "./headers.ts";
import { JobPatchSchema } from "./job_edit.ts";
import { jobList } from "./job_lists.ts";
import { JobSchema, JobSpecSchema, JobSummarySchema, RerunSchema } from "./job_schemas.ts";
import { JobSignalSchema } from "./job_signal.ts";
import { guarded, problem, problems } from "./problems.ts";
import { ResultSchema } from "./results.ts";
import { flagText, idParams, noQuery } from "./scalars.ts";
import { needs } from "./security.ts";

const tags = ["Jobs"];

const idempotencyKey = {
  "idempotency-key": z.string().min(1).max(255).optional().openapi({
    description: "Unique to this request; the same with every repetition of it.",
    example: "8e03978e-40d5-43dd-bc93-6894a57f9324",
  }),
};
const queueFull = {
  ...problem(
    429,
    "The queue is full; or too many wrong credentials. `Retry-After` says when to come back.",
    "queue_full",
  ),
  headers: { "Retry-After": RETRY_AFTER },
};

const submitted = {
  202: {
    description: "The new job, as it is now. `Location` is where its status stands.",
    headers: { Location: LOCATION, "Preference-Applied": PREFERENCE_APPLIED },
    content: { "application/json": { schema: JobSchema } },
  },
  200: {
    description: "It ended within the time that `Prefer: wait` gave it: its result.",
    headers: { "Content-Location": LOCATION, "Preference-Applied": PREFERENCE_APPLIED },
    content: { "application/json": { schema: ResultSchema } },
  },
};

export const listJobs = jobList({
  path: "/api/jobs",
  operationId: "listJobs",
  tags,
  summary: "List and search jobs",
  member: "jobs",
  item: JobSummarySchema,
  name: "JobList",
});

export const submitJob = createRoute({
  method: "post",
  path: "/api/jobs",
  operationId: "submitJob",
  tags,
  summary: "Run a command",
  description: "Puts a job into the queue; it is on disk when the answer comes, and outlives this connection and the " +
    "server itself. With an `Idempotency-Key`, repeating the same request answers with the job it made the first time, " +
    "for as long as that job is in the history; another request with that key is 422.",
  security: needs("jobs:write"),
  request: {
    query: noQuery,
    headers: z.object({
      ...idempotencyKey,
      ...preferWait,
    }),
    body: { required: true, content: { "application/json": { schema: JobSpecSchema } } },
  },
  responses: {
    ...submitted,
    ...guarded,
    ...problems(408, 413, 415, 422, 507),
    429: queueFull,
  },
});

export const getJob = createRoute({
  method: "get",
  path: "/api/jobs/{id}",
  operationId: "getJob",
  tags,
  summary: "See a job",
  security: needs("jobs:read"),
  request: { params: idParams, query: noQuery },
  responses: {
    200: { description: "The job.", content: { "application/json": { schema: JobSchema } } },
    ...guarded,
    ...problems(404),
  },
});

export const controlJob = createRoute({
  method: "patch",
  path: "/api/jobs/{id}",
  operationId: "controlJob",
  tags,
  summary: "Pause, resume or terminate a job, or edit one that has not begun",
  description:
    "`state`, sent alone, takes the whole process tree. Terminating answers when the wish is on disk; the job " +
    "reads `stopping` until its processes are gone. A queued job can be paused and terminated too.\n\nThe other fields " +
    "edit a job that is queued, or held in the queue, and has never been started: each one that is sent takes the place " +
    "of the old one as a whole, null takes the old one away, and `command` and `argv` take each other's place. The job " +
    "keeps its id, and with it its turn. With other jobs in `after` they have to be older than it.",
  security: needs("jobs:write"),
  request: {
    params: idParams,
    query: noQuery,
    body: {
      required: true,
      content: {
        "application/json": {
          schema: JobPatchSchema,
        },
      },
    },
  },
  responses: {
    200: { description: "The job, as it is now.", content: { "application/json": { schema: JobSchema } } },
    ...guarded,
    ...problems(404, 408, 413, 415, 507),
    409: problem(409, "The job's state does not allow it; or it was to be edited and has begun.", "invalid_transition"),
    429: queueFull,
  },
});

export const rerunJob = createRoute({
  method: "post",
  path: "/api/jobs/{id}/rerun",
  operationId: "rerunJob",
  tags,
  summary: "Run a job again",
  description: "Makes a new job like it, whatever became of that: the same in everything but `start_at` and `after`, " +
    "which are left out. One that was started in a worker slot goes through the default queue. Values of `secret_env` are " +
    "not kept: all that the job had have to be sent again, in a body that is not needed otherwise.",
  security: needs("jobs:write"),
  request: {
    params: idParams,
    query: noQuery,
    headers: z.object({ ...idempotencyKey, ...preferWait }),
    body: { required: false, content: { "application/json": { schema: RerunSchema } } },
  },
  responses: {
    ...submitted,
    ...guarded,
    ...problems(404, 408, 413, 415, 422, 507),
    409: problem(409, "It had a `secret_env`, and not all of its values were sent.", "secrets_gone"),
    429: queueFull,
  },
});

export const signalJob = createRoute({
  method: "post",
  path: "/api/jobs/{id}/signal",
  operationId: "signalJob",
  tags,
  summary: "Send a signal to a job",
  description: "To every process of the job, or to the command's own. Delivered as it is: what comes of it is the " +
    "command's affair, and one that dies of it has `failed`, with the `signal` named. Three signals go through the " +
    "job's states instead, because no process can refuse them: `SIGSTOP` pauses, `SIGCONT` resumes a paused job, and " +
    "`SIGKILL` to `all` terminates without grace (and cuts short the grace of a job that is being terminated). A paused " +
    "job gets other signals when it goes on.",
  security: needs("jobs:write"),
  request: {
    params: idParams,
    query: noQuery,
    body: { required: true, content: { "application/json": { schema: JobSignalSchema } } },
  },
  responses: {
    200: { description: "The job, as it is now.", content: { "application/json": { schema: JobSchema } } },
    ...guarded,
    ...problems(404, 408, 413, 415, 507),
    409: problem(409, "It has no processes, or is paused already (`SIGSTOP`).", "invalid_transition"),
  },
});

export const deleteJob = createRoute({
  method: "delete",
  path: "/api/jobs/{id}",
  operationId: "deleteJob",
  tags,
  summary: "Remove a job from the history",
  description: "With its result and its output. A queued job is cancelled.",
  security: needs("jobs:write"),
  request: {
    params: idParams,
    query: z.strictObject({
      terminate: flagText("End it first if it still runs; answers when it is gone.").optional(),
    }),
  },
  responses: {
    204: { description: "It is gone." },
    ...guarded,
    ...problems(404, 507),
    409: problem(409, "It is running or paused.", "still_active"),
  },
});

export const jobRoutes = [listJobs, submitJob, getJob, controlJob, signalJob, deleteJob, rerunJob];
