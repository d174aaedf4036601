/** The whole contract as one OpenAPI 3.1 document. */

import { OpenAPIHono, type RouteConfig } from "@hono/zod-openapi";
import config from "../deno.json" with { type: "json" };
import { listAudit } from "./audit.ts";
import { dashboardRoutes } from "./dashboard.ts";
import { listErrors } from "./error_list.ts";
import { eventRoutes } from "./events.ts";
import { fileRoutes } from "./files.ts";
import { jobRoutes } from "./jobs.ts";
import { addToKey } from "./key_add.ts";
import { batchKeys } from "./key_batch.ts";
import { watchKeys } from "./key_events.ts";
import { deleteKey, deleteKeyLong, getKey, getKeyLong, listKeys, putKey, putKeyLong } from "./keys.ts";
import { outputRoutes } from "./output.ts";
import { queueRoutes } from "./queues.ts";
import { requestRoutes } from "./requests.ts";
import { resultRoutes } from "./results.ts";
import { sessionRoutes } from "./session.ts";
import { statusRoutes } from "./statuses.ts";
import { systemRoutes } from "./system.ts";
import { transferRoutes } from "./transfers.ts";
import { uploadRoutes } from "./uploads.ts";
import { workerRoutes } from "./workers.ts";

/** Every endpoint there is, in the order of the document. */
export const CONTRACT: readonly RouteConfig[] = [
  ...requestRoutes,
  ...workerRoutes,
  ...transferRoutes,
  ...uploadRoutes,
  ...fileRoutes,
  ...jobRoutes,
  ...outputRoutes,
  ...statusRoutes,
  ...resultRoutes,
  ...queueRoutes,
  getKey,
  putKey,
  deleteKey,
  listKeys,
  batchKeys,
  watchKeys,
  getKeyLong,
  putKeyLong,
  deleteKeyLong,
  addToKey,
  ...eventRoutes,
  ...sessionRoutes,
  listAudit,
  listErrors,
  ...dashboardRoutes,
  ...systemRoutes,
];

const TAGS = [
  { name: "Long requests", description: "Requests that are held open for a while, seen and killed from outside." },
  { name: "Workers", description: "A slot for one upload, download or job, which can be watched, paused and ended." },
  { name: "Files", description: "What was uploaded." },
  { name: "Jobs", description: "Shell commands that outlive their caller, the connection and the server itself." },
  { name: "Statuses", description: "Where jobs stand." },
  { name: "Results", description: "What came of jobs that have ended." },
  { name: "Queues", description: "Named queues that jobs go through: how many at once, and whether any." },
  { name: "Keys", description: "Small facts, kept durably." },
  { name: "Service", description: "The service itself." },
];

const DESCRIPTION =
  "Stint runs long work for you: start it over HTTP, watch it, pause it, stop it, find it again later.\n\n" +
  "Errors are problem documents (RFC 9457). Times are RFC 3339 in UTC, durations are seconds. Lists come in pages: " +
  '`Link` with `rel="next"` leads to the next. `HEAD` works wherever `GET` does, except where `GET` waits or ' +
  "reserves. Unknown fields and parameters are refused. A token is asked for where the server has one configured.";

/** Builds the document; it takes some milliseconds, so keep it. */
export function buildDocument() {
  const app = new OpenAPIHono();
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    description: "A token (RFC 6750). The names beside it are the scopes that it needs.",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "stint",
    description: "What `POST /api/session` sets, for browsers. Under TLS its name is `__Host-stint`.",
  });
  for (const route of CONTRACT) app.openAPIRegistry.registerPath(route);
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Stint",
      version: config.version,
      description: DESCRIPTION,
      license: { name: "MIT", url: "https://opensource.org/license/mit" },
    },
    servers: [{ url: "/", description: "The server that this document comes from." }],
    tags: TAGS,
  }, { sortComponents: "alphabetically" });
  const { webhooks: _none, ...rest } = document;
  return rest;
}

/** The document as it is committed and served. */
export function documentText(): string {
  return JSON.stringify(buildDocument(), null, 2) + "\n";
}
