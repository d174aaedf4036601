/** What a job writes, as raw bytes. */

import { createRoute, z } from "@hono/zod-openapi";
import { CONTENT_RANGE, rangeHeader } from "./headers.ts";
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
      200: { description: "The bytes.", content: rawBytes },
      206: { description: "The bytes of the range.", headers: { "Content-Range": CONTENT_RANGE }, content: rawBytes },
      ...guarded,
      ...problems(404, 416),
      410: problem(410, "The result was deleted."),
    },
  });
}

export const getStdout = outputRoute("stdout");
export const getStderr = outputRoute("stderr");

export const outputRoutes = [getStdout, getStderr];
