/** Statuses of jobs (document 003). */

import { isEnded } from "../lib/domain/job.ts";
import { getStatus, listStatuses } from "../openapi/statuses.ts";
import type { App, RouteDeps } from "./deps.ts";
import { leaving } from "./leaving.ts";
import { nextLink } from "./paging.ts";
import { withPatience } from "./patience.ts";
import { parsePrefer } from "./prefer.ts";
import { jobQuery } from "./search.ts";
import { resultUrl } from "./views/common.ts";
import { statusView } from "./views/job_view.ts";

export function statusRoutes(app: App, { jobs, clock, stopping, maxHold }: RouteDeps): void {
  app.openapi(listStatuses, async (c) => {
    const page = await jobs.list(jobQuery(c.req.valid("query")));
    return c.json({ statuses: page.items.map(statusView) }, 200, nextLink(c, page.next));
  });

  app.openapi(getStatus, async (c) => {
    const { id } = c.req.valid("param");
    const { wait } = parsePrefer(c.req.header("prefer"));
    const waiting = { clock, seconds: Math.min(wait ?? 0, maxHold), signals: [leaving(c), stopping] };
    const job = wait === undefined
      ? await jobs.get(id)
      : await withPatience(waiting, (signal) => jobs.waitEnd(id, signal));
    const headers = {
      "cache-control": "no-store",
      ...(wait !== undefined && { "preference-applied": `wait=${wait}` }),
    };
    if (!isEnded(job)) return c.json(statusView(job), 200, headers);
    return c.json(statusView(job), 303, { location: resultUrl(id), ...headers });
  });
}
