/** Jobs in a worker slot (document 002). */

import { Problem } from "../lib/domain/errors.ts";
import { isEnded } from "../lib/domain/job.ts";
import { jobNew } from "../openapi/transfers.ts";
import { awaitEnd } from "./awaited.ts";
import type { App, RouteDeps } from "./deps.ts";
import { boundForWorker } from "./job_access.ts";
import { jobSpecOf } from "./job_spec.ts";
import { leaving, left } from "./leaving.ts";
import { jsonBody } from "./middleware/body.ts";
import { withPatience } from "./patience.ts";
import { parsePrefer } from "./prefer.ts";
import { showWorker } from "./show_worker.ts";
import { statusUrl } from "./views/common.ts";
import { jobView } from "./views/job_view.ts";

export function workerJobRoutes(app: App, deps: RouteDeps): void {
  const { workers, jobs, clock, stopping, maxBody, bodyDeadline } = deps;

  const untilEnd = (id: number, client: AbortSignal) =>
    withPatience({ clock, signals: [client, stopping] }, (signal) => jobs.waitEnd(id, signal));

  app.openapi({ ...jobNew, middleware: jsonBody({ limit: maxBody, deadline: bodyDeadline }) }, async (c) => {
    const id = c.req.valid("param")["worker-id"];
    const body = c.req.valid("json");
    const spec = boundForWorker(c, jobSpecOf(body));
    const job = await workers.jobs.use(
      id,
      (claim) => jobs.submitInWorker(spec, { ...claim, secrets: body.secret_env }),
    );
    const location = statusUrl(job.id);
    const preferences = parsePrefer(c.req.header("prefer"));
    const patient = preferences.wait === undefined && !preferences.respondAsync;
    const { job: end, applied } = patient
      ? { job: await untilEnd(job.id, leaving(c)), applied: {} }
      : await awaitEnd(deps, job.id, preferences, leaving(c));
    if (!patient && (preferences.wait === undefined || !isEnded(end))) {
      return c.json(jobView(end, clock.now(), await jobs.resources(end)), 202, { location, ...applied });
    }
    if (!isEnded(end)) {
      if (!stopping.aborted) throw left(c, `The client left; job ${job.id} goes on.`);
      throw new Problem("shutting_down", `The server is stopping; job ${job.id} goes on. See ${location}.`, {
        retryAfter: 1,
        location,
      });
    }
    const status = await workers.status(id);
    return c.json(await showWorker(deps, status), status.status === "failed" ? 500 : 200, applied);
  });
}
