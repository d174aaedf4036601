/** Writes down who did what to which object and how it ended. */

import type { RouteConfig } from "@hono/zod-openapi";
import type { Context } from "hono";
import { callerOf } from "../../lib/addresses.ts";
import type { AuditLog } from "../../lib/log/audit_log.ts";
import { withoutTokens } from "../../lib/tokens/secret.ts";
import type { Env } from "../env.ts";
import type { Finish } from "./layers.ts";
import { operationOf } from "./operation.ts";

/** Whose `GET` does something. */
const DOING: ReadonlySet<string> = new Set(["holdRequest", "newJob"]);

/**
 * Everything that changes something, and everything that was refused for who asked it. Looking is not written down.
 * The object is what the path names, or what the handler set as `object`.
 */
export function audit(log: Pick<AuditLog, "write">, contract: readonly RouteConfig[]): Finish {
  const operation = operationOf(contract);
  return (c) => {
    const { status } = c.res;
    const route = operation(c);
    const name = route?.operationId;
    const looks = (c.req.method === "GET" || c.req.method === "HEAD") && !(name !== undefined && DOING.has(name));
    if (looks && status !== 401 && status !== 403 && status !== 429) return;
    const auth = c.get("auth");
    log.write({
      time: new Date().toISOString(),
      request_id: c.get("requestId"),
      token: auth?.name ?? null,
      token_id: auth?.id ?? null,
      address: callerOf(c.env.remoteAddr),
      action: name ?? c.req.method.slice(0, 20),
      object: objectOf(c, route?.path),
      status,
    });
  };
}

/** What a worker's id opens is told by no log: its beginning is enough to find it again. */
function objectOf(c: Context<Env>, path: string | undefined): string | null {
  const set = c.get("object");
  if (set !== undefined) return withoutTokens(set).slice(0, 300);
  const place = path?.split("/").findIndex((part) => part.startsWith("{")) ?? -1;
  if (place === -1) return null;
  const value = c.req.path.split("/")[place] ?? "";
  return /\{(worker|upload)-id\}/.test(path!) ? shortened(value) : withoutTokens(value).slice(0, 300);
}

export function shortened(workerId: string): string {
  return `${workerId.slice(0, 8)}…`;
}
