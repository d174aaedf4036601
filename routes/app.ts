/** All routes, behind all the middleware. */

import { OpenAPIHono } from "@hono/zod-openapi";
import type { AuditLog } from "../lib/log/audit_log.ts";
import type { ErrorLog } from "../lib/log/error_log.ts";
import { CONTRACT } from "../openapi/document.ts";
import { auditRoutes } from "./audit.ts";
import { dashboardRoutes } from "./dashboard.ts";
import type { App, RouteDeps } from "./deps.ts";
import { docsRoutes } from "./docs.ts";
import { downloadRoutes } from "./downloads.ts";
import type { Env } from "./env.ts";
import { errorListRoutes } from "./error_list.ts";
import { eventRoutes } from "./events.ts";
import { fileRoutes } from "./files.ts";
import { useMessages } from "../openapi/messages.ts";
import { jobRoutes } from "./jobs.ts";
import { keyEventRoutes } from "./key_events.ts";
import { keyListRoutes } from "./key_lists.ts";
import { keyRoutes } from "./keys.ts";
import { type StackOptions, useStack } from "./middleware/stack.ts";
import { throwInvalid } from "./middleware/validation.ts";
import { namedParameters } from "./named_parameters.ts";
import { outputRoutes } from "./output.ts";
import { outputEventRoutes } from "./output_events.ts";
import { partialUploadRoutes } from "./partial_uploads.ts";
import { queueRoutes } from "./queues.ts";
import { readableUrl } from "./readable_url.ts";
import { requestRoutes } from "./requests.ts";
import { resultRoutes } from "./results.ts";
import { type SessionDeps, sessionRoutes } from "./session.ts";
import { statusRoutes } from "./statuses.ts";
import { systemRoutes } from "./system.ts";
import { uploadRoutes } from "./uploads.ts";
import { workerJobRoutes } from "./worker_jobs.ts";
import { workerRoutes } from "./workers.ts";

export interface AppDeps extends RouteDeps {
  middleware: Omit<StackOptions, "contract"> & SessionDeps & { auditLog: AuditLog; errorLog: ErrorLog };
}

/** The whole service as one function from requests to responses: `createApp(deps).fetch`. */
export function createApp(deps: AppDeps): App {
  useMessages();
  // Not strict: a trailing slash means nothing, as in `/new_job/`.
  const app: App = new OpenAPIHono<Env>({ strict: false, defaultHook: throwInvalid });
  useStack(app, { ...deps.middleware, contract: CONTRACT }, readableUrl(), namedParameters());
  dashboardRoutes(app);
  systemRoutes(app, deps);
  sessionRoutes(app, deps.middleware, deps);
  auditRoutes(app, deps.middleware);
  errorListRoutes(app, deps.middleware);
  docsRoutes(app);
  requestRoutes(app, deps);
  workerRoutes(app, deps);
  uploadRoutes(app, deps);
  downloadRoutes(app, deps);
  workerJobRoutes(app, deps);
  partialUploadRoutes(app, deps);
  fileRoutes(app, deps);
  jobRoutes(app, deps);
  outputRoutes(app, deps);
  outputEventRoutes(app, deps);
  statusRoutes(app, deps);
  resultRoutes(app, deps);
  queueRoutes(app, deps);
  eventRoutes(app, deps);
  keyListRoutes(app, deps);
  keyEventRoutes(app, deps);
  // Last: they would take any path of one segment.
  keyRoutes(app, deps);
  return app;
}
