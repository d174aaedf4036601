/** Jobs (document 003). */

import { isEnded, type Job } from "../lib/domain/job.ts";
import { controlJob, deleteJob, getJob, listJobs, signalJob, submitJob } from "../openapi/jobs.ts";
import { awaitEnd } from "./awaited.ts";
import type { App, RouteDeps } from "./deps.ts";
import { digestOf } from "./idempotency.ts";
import { jobSpecOf } from "./job_spec.ts";
import { leaving } from "./leaving.ts";
import { jsonBody } from "./middleware/body.ts";
import { nextLink } from "./paging.ts";
import { parsePrefer } from "./prefer.ts";
import { jobQuery } from "./search.ts";
import { resultUrl, statusUrl } from "./views/common.ts";
import { jobSummaryView, jobView, resultView } from "./views/job_view.ts";

export function jobRoutes(app: App, deps: RouteDeps): void {
  const { jobs, clock, maxBody } = deps;
  const middleware = jsonBody({ limit: maxBody });
  const view = async (job: Job) => jobView(job, clock.now(), await jobs.resources(job));

  app.openapi(listJobs, async (c) => {
    const page = await jobs.list(jobQuery(c.req.valid("query")));
    return c.json({ jobs: page.items.map(jobSummaryView) }, 200, nextLink(c, page.next));
  });

  app.openapi({ ...submitJob, middleware }, async (c) => {
    const spec = c.req.valid("json");
    const key = c.req.header("idempotency-key");
    const idempotency = key === undefined ? undefined : { key, digest: await digestOf(spec) };
    const { job, repeated } = await jobs.submit(jobSpecOf(spec), { idempotency });
    c.set("object", String(job.id));
    const location = statusUrl(job.id);
    const preferences = parsePrefer(c.req.header("prefer"));
    if (preferences.wait === undefined && !preferences.respondAsync) return c.json(await view(job), 202, { location });
    const { job: later, applied } = await awaitEnd(deps, job.id, preferences, leaving(c));
    if (preferences.wait === undefined || !isEnded(later) || later.resultDeleted) {
      return c.json(await view(later), 202, { location, ...applied });
    }
    const result = resultView(await (repeated ? jobs.results.get(later.id) : jobs.results.ofEnded(later)));
    return c.json(result, 200, { "content-location": resultUrl(job.id), ...applied });
  });

  app.openapi(getJob, async (c) => c.json(await view(await jobs.get(c.req.valid("param").id)), 200));

  app.openapi({ ...controlJob, middleware }, async (c) => {
    const job = await jobs.control(c.req.valid("param").id, c.req.valid("json").state);
    return c.json(await view(job), 200);
  });

  app.openapi({ ...signalJob, middleware }, async (c) => {
    const { signal, to } = c.req.valid("json");
    return c.json(await view(await jobs.signal(c.req.valid("param").id, signal, to)), 200);
  });

  app.openapi(deleteJob, async (c) => {
    const { terminate = false } = c.req.valid("query");
    await jobs.remove(c.req.valid("param").id, { terminate });
    return c.body(null, 204);
  });
}
