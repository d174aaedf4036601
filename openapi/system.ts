/** The service itself. */

import { createRoute, z } from "@hono/zod-openapi";
import { ETAG } from "./headers.ts";
import { guarded, open, problem, problems } from "./problems.ts";
import { noQuery } from "./scalars.ts";
import { needs, PUBLIC } from "./security.ts";

const tags = ["Service"];

function page(example?: string) {
  return { "text/html": { schema: z.string(), ...(example && { example }) } };
}

export const openapiDocument = createRoute({
  method: "get",
  path: "/openapi.json",
  operationId: "openapi",
  tags,
  summary: "Read this contract",
  security: PUBLIC,
  request: { query: noQuery },
  responses: {
    200: {
      description: "OpenAPI 3.1.",
      content: { "application/json": { schema: z.looseObject({ openapi: z.string().openapi({ example: "3.1.0" }) }) } },
    },
    ...open,
  },
});

export const docsPage = createRoute({
  method: "get",
  path: "/api/docs",
  operationId: "docs",
  tags,
  summary: "Read this contract in a browser",
  description: "Needs no network but the server itself.",
  security: PUBLIC,
  responses: { 200: { description: "The page.", content: page() }, ...open },
});

export const docsAsset = createRoute({
  method: "get",
  path: "/api/docs/{file}",
  operationId: "docsAsset",
  tags,
  summary: "Read a file that the docs page uses",
  security: PUBLIC,
  request: {
    params: z.object({ file: z.string().openapi({ description: "Its name.", example: "swagger-ui.css" }) }),
  },
  responses: {
    200: {
      description: "The file.",
      headers: { ETag: ETAG },
      content: { "text/css": { schema: z.string() }, "text/javascript": { schema: z.string() } },
    },
    304: { description: "It is as `If-None-Match` has it.", headers: { ETag: ETAG } },
    ...open,
    ...problems(404),
  },
});

const HealthSchema = z.strictObject({ status: z.literal("ok") }).openapi("Health");

export const healthy = createRoute({
  method: "get",
  path: "/-/healthy",
  operationId: "healthy",
  tags,
  summary: "Ask whether the server is alive",
  security: PUBLIC,
  request: { query: noQuery },
  responses: {
    200: {
      description: "It is.",
      content: { "application/json": { schema: HealthSchema, example: { status: "ok" } } },
    },
    ...problems(400, 500),
  },
});

export const ready = createRoute({
  method: "get",
  path: "/-/ready",
  operationId: "ready",
  tags,
  summary: "Ask whether the server takes work",
  security: PUBLIC,
  request: { query: noQuery },
  responses: {
    200: {
      description: "It does.",
      content: { "application/json": { schema: HealthSchema, example: { status: "ok" } } },
    },
    ...problems(400, 500),
    503: problem(503, "It is stopping.", "shutting_down"),
  },
});

export const metrics = createRoute({
  method: "get",
  path: "/-/metrics",
  operationId: "metrics",
  tags,
  summary: "Read figures for Prometheus",
  security: needs("admin"),
  request: { query: noQuery },
  responses: {
    200: {
      description: "Prometheus' text format.",
      content: { "text/plain": { schema: z.string(), example: "stint_slots_limit 4\n" } },
    },
    ...guarded,
  },
});

export const systemRoutes = [openapiDocument, docsPage, docsAsset, healthy, ready, metrics];
