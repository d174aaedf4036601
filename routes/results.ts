/** Results of jobs (document 003). */

import { isEnded } from "../lib/domain/job.ts";
import { deleteResult, getResult, listResults } from "../openapi/results.ts";
import type { App, RouteDeps } from "./deps.ts";
import { nextLink } from "./paging.ts";
import { jobQuery } from "./search.ts";
import { resultSummaryView, resultView } from "./views/job_view.ts";

export function resultRoutes(app: App, { jobs }: RouteDeps): void {
  app.openapi(listResults, async (c) => {
    const page = await jobs.list(jobQuery(c.req.valid("query"), { withResult: true }));
    const results = page.items.filter(isEnded).map(resultSummaryView);
    return c.json({ results }, 200, nextLink(c, page.next));
  });

  app.openapi(getResult, async (c) => {
    return c.json(resultView(await jobs.results.get(c.req.valid("param").id)), 200);
  });

  app.openapi(deleteResult, async (c) => {
    await jobs.results.remove(c.req.valid("param").id);
    return c.body(null, 204);
  });
}
