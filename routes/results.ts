/** Results of jobs (document 003). */

import { isEnded } from "../lib/domain/job.ts";
import { deleteResult, getResult, listResults } from "../openapi/results.ts";
import type { App, RouteDeps } from "./deps.ts";
import { assertSeen, assertTouchable, within } from "./job_access.ts";
import { nextLink } from "./paging.ts";
import { jobQuery } from "./search.ts";
import { resultSummaryView, resultView } from "./views/job_view.ts";

export function resultRoutes(app: App, { jobs }: RouteDeps): void {
  app.openapi(listResults, async (c) => {
    const page = await jobs.list(jobQuery(c.req.valid("query"), { withResult: true, ...within(c) }));
    const results = page.items.filter(isEnded).map(resultSummaryView);
    return c.json({ results }, 200, nextLink(c, page.next));
  });

  app.openapi(getResult, async (c) => {
    const { id } = c.req.valid("param");
    await assertSeen(c, jobs, id);
    return c.json(resultView(await jobs.results.get(id)), 200);
  });

  app.openapi(deleteResult, async (c) => {
    const { id } = c.req.valid("param");
    await assertTouchable(c, jobs, id);
    await jobs.results.remove(id);
    return c.body(null, 204);
  });
}
