/** Results of jobs that have ended (document 003). A result has its job's id. */

import { createRoute, z } from "@hono/zod-openapi";
import { jobList } from "./job_lists.ts";
import { FinalJobStateSchema, jobLine, outcome, ResourcesSchema, started } from "./job_schemas.ts";
import { guarded, problem, problems } from "./problems.ts";
import { idParams, noQuery, seconds, time } from "./scalars.ts";
import { needs } from "./security.ts";

const tags = ["Results"];

const bytes = z.int().openapi({ description: "Size of the whole.", example: 0 });
const url = (example: string) => z.string().openapi({ format: "uri-reference", example });

const summary = {
  result_id: z.int().openapi({ example: 45 }),
  ...jobLine,
  state: FinalJobStateSchema,
  duration: seconds("From start to end, pauses included; 0 when it never started."),
  paused: seconds("How much of it was spent paused.", 0),
  started,
  completed: time("When it ended."),
  competed: time("The same: the document's spelling."),
  ...outcome,
  survivors: z.array(z.int()).openapi({ description: "Processes that outlived SIGKILL.", example: [] }),
  cpu: z.strictObject({ user: seconds("In user mode.", 0.01), system: seconds("In the kernel.", 0.002) }).nullable()
    .openapi({ description: "Processor time, where it is known." }),
  stdout_bytes: bytes,
  stderr_bytes: bytes,
  stdout_url: url("/api/jobs/45/stdout"),
  stderr_url: url("/api/jobs/45/stderr"),
  job_url: url("/api/jobs/45"),
};
const truncated = z.boolean().openapi({ description: "Only the end is shown; the URL has the whole.", example: false });

export const ResultSummarySchema = z.strictObject(summary).openapi("ResultSummary", {
  description: "A result in a list, without the output.",
});
export const ResultSchema = z.strictObject({
  ...summary,
  resources: ResourcesSchema,
  stdout: z.string().openapi({ description: "As text; bytes that are not UTF-8 as U+FFFD.", example: "" }),
  stdout_truncated: truncated,
  stderr: z.string().openapi({ example: "cp: cannot stat '/tmp/file': No such file or directory\n" }),
  stderr_truncated: truncated,
}).openapi("Result");

export const listResults = jobList({
  path: "/api/results",
  operationId: "listResults",
  tags,
  summary: "List and search results",
  member: "results",
  item: ResultSummarySchema,
  name: "ResultList",
});

export const getResult = createRoute({
  method: "get",
  path: "/api/results/{id}",
  operationId: "getResult",
  tags,
  summary: "See what came of a job",
  security: needs("jobs:read"),
  request: { params: idParams, query: noQuery },
  responses: {
    200: { description: "The result.", content: { "application/json": { schema: ResultSchema } } },
    ...guarded,
    404: problem(404, "There is no such job, or it is not done yet."),
    410: problem(410, "The result was deleted."),
  },
});

export const deleteResult = createRoute({
  method: "delete",
  path: "/api/results/{id}",
  operationId: "deleteResult",
  tags,
  summary: "Delete a result and its output",
  description: "The job stays in the history.",
  security: needs("jobs:write"),
  request: { params: idParams, query: noQuery },
  responses: {
    204: { description: "It is gone." },
    ...guarded,
    ...problems(507),
    404: problem(404, "There is no such job, or it is not done yet."),
    410: problem(410, "It was deleted before."),
  },
});

export const resultRoutes = [listResults, getResult, deleteResult];
