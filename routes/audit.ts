/** Who did what. */

import type { AuditLog } from "../lib/log/audit_log.ts";
import { listAudit } from "../openapi/audit.ts";
import type { App } from "./deps.ts";

export function auditRoutes(app: App, { auditLog }: { auditLog: Pick<AuditLog, "recent"> }): void {
  app.openapi(listAudit, (c) => {
    const { limit = 100, before } = c.req.valid("query");
    return c.json({ audit: auditLog.recent(limit, before) }, 200, { "cache-control": "no-store" });
  });
}
