/** Statuses of jobs (document 003). */

import { isEnded } from "../lib/domain/job.ts";
import { getStatus, listStatuses } from "../openapi/statuses.ts";
import { awaitEnd } from "./awaited.ts";
import type { App, RouteDeps } from "./deps.ts";
import { assertSeen, seen, within } from "./job_access.ts";
import { leaving } from "./leaving.ts";
import { nextLink } from "./paging.ts";
import { parsePrefer } from "./prefer.ts";
import { jobQuery } from "./search.ts";
import { resultUrl } from "./views/common.ts";
import { statusView } from "./views/job_view.ts";

export function statusRoutes(app: App, deps: RouteDeps): void {
  const { jobs } = deps;
  app.openapi(listStatuses, async (c) => {
    const page = await jobs.list(jobQuery(c.req.valid("query"), within(c)));
    return c.json({ statuses: page.items.map(statusView) }, 200, nextLink(c, page.next));
  });

  app.openapi(getStatus, async (c) => {
    const { id } = c.req.valid("param");
    const { wait } = parsePrefer(c.req.header("prefer"));
    await assertSeen(c, jobs, id);
    const { job, applied } = await awaitEnd(deps, id, { wait, respondAsync: false }, leaving(c));
    // It may have been edited, out of sight, while it was waited for.
    seen(c, job);
    const headers = { "cache-control": "no-store", ...applied };
    if (!isEnded(job)) return c.json(statusView(job), 200, headers);
    return c.json(statusView(job), 303, { location: resultUrl(id), ...headers });
  });
}
