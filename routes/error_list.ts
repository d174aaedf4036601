/** What went wrong. */

import type { ErrorLog } from "../lib/log.ts";
import { listErrors } from "../openapi/error_list.ts";
import type { App } from "./deps.ts";

export function errorListRoutes(app: App, { errorLog }: { errorLog: Pick<ErrorLog, "recent"> }): void {
  app.openapi(listErrors, (c) => {
    const { limit = 100 } = c.req.valid("query");
    const errors = errorLog.recent(limit).map(({ time, message, request_id = null, ...facts }) => {
      return { time, message, request_id, facts };
    });
    return c.json({ errors }, 200, { "cache-control": "no-store" });
  });
}
