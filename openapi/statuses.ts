/** Statuses of jobs (document 003). A status has its job's id. */

import { createRoute, z } from "@hono/zod-openapi";
import { LOCATION, PREFERENCE_APPLIED, preferWait } from "./headers.ts";
import { jobList } from "./job_lists.ts";
import { JobStateSchema, started, stopping } from "./job_schemas.ts";
import { guarded, problems } from "./problems.ts";
import { idParams, noQuery, time } from "./scalars.ts";
import { needs } from "./security.ts";

const tags = ["Statuses"];

export const StatusSchema = z.strictObject({
  status_id: z.int().openapi({ example: 45 }),
  done: z.boolean().openapi({ example: false }),
  state: JobStateSchema,
  stopping,
  created: time("When the job was asked for."),
  started,
  ended: time("When it ended; null before.").nullable(),
  job_url: z.string().openapi({ format: "uri-reference", example: "/api/jobs/45" }),
  result_url: z.string().nullable().openapi({
    format: "uri-reference",
    description: "Null until there is a result.",
    example: "/api/results/45",
  }),
}).openapi("Status");

export const listStatuses = jobList({
  path: "/api/statuses",
  operationId: "listStatuses",
  tags,
  summary: "List and search statuses",
  member: "statuses",
  item: StatusSchema,
  name: "StatusList",
});

export const getStatus = createRoute({
  method: "get",
  path: "/api/statuses/{id}",
  operationId: "getStatus",
  tags,
  summary: "See where a job stands",
  description: "With `Prefer: wait=30` it answers when the job is done, or after that many seconds.",
  security: needs("jobs:read"),
  request: { params: idParams, query: noQuery, headers: z.object(preferWait) },
  responses: {
    200: {
      description: "Not done yet.",
      headers: { "Preference-Applied": PREFERENCE_APPLIED },
      content: { "application/json": { schema: StatusSchema } },
    },
    303: {
      description: "Done: the result is at `Location`.",
      headers: { Location: LOCATION, "Preference-Applied": PREFERENCE_APPLIED },
      content: { "application/json": { schema: StatusSchema } },
    },
    ...guarded,
    ...problems(404),
  },
});

export const statusRoutes = [listStatuses, getStatus];
