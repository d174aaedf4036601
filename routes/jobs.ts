/** Jobs (document 003). */

import type { Context } from "hono";
import type { z } from "zod";
import { isEnded, type Job } from "../lib/domain/job.ts";
import type { SubmitOptions } from "../lib/services/jobs/submission.ts";
import { controlJob, deleteJob, getJob, listJobs, rerunJob, signalJob, submitJob } from "../openapi/jobs.ts";
import { RerunSchema } from "../openapi/job_schemas.ts";
import { awaitEnd } from "./awaited.ts";
import type { App, RouteDeps } from "./deps.ts";
import type { Env } from "./env.ts";
import { digestOf } from "./idempotency.ts";
import { accessOf, assertAfterSeen, assertTouchable, boundsOf, seen, within } from "./job_access.ts";
import { jobEditOf, jobSpecOf, withoutSecrets } from "./job_spec.ts";
import { leaving } from "./leaving.ts";
import { assertJson, type BodyRules, jsonBody, readText } from "./middleware/body.ts";
import { parseAs } from "./parse.ts";
import { nextLink } from "./paging.ts";
import { parsePrefer } from "./prefer.ts";
import { jobQuery } from "./search.ts";
import { resultUrl, statusUrl } from "./views/common.ts";
import { jobSummaryView, jobView, resultView } from "./views/job_view.ts";

export function jobRoutes(app: App, deps: RouteDeps): void {
  const { jobs, clock, maxBody, bodyDeadline } = deps;
  const middleware = jsonBody({ limit: maxBody, deadline: bodyDeadline });
  const view = async (job: Job) => jobView(job, clock.now(), await jobs.resources(job));

  /** The answer to whom a job was made for, or made for earlier: when it has ended, if that was asked and is soon. */
  const submitted = async (c: Context<Env>, job: Job, repeated: boolean) => {
    const location = statusUrl(job.id);
    const preferences = parsePrefer(c.req.header("prefer"));
    if (preferences.wait === undefined && !preferences.respondAsync) return c.json(await view(job), 202, { location });
    const { job: later, applied } = await awaitEnd(deps, job.id, preferences, leaving(c));
    if (preferences.wait === undefined || !isEnded(later) || later.resultDeleted) {
      return c.json(await view(later), 202, { location, ...applied });
    }
    const result = resultView(await (repeated ? jobs.results.get(later.id) : jobs.results.ofEnded(later)));
    return c.json(result, 200, { "content-location": resultUrl(job.id), ...applied });
  };

  app.openapi(listJobs, async (c) => {
    const page = await jobs.list(jobQuery(c.req.valid("query"), within(c)));
    return c.json({ jobs: page.items.map(jobSummaryView) }, 200, nextLink(c, page.next));
  });

  app.openapi({ ...submitJob, middleware }, async (c) => {
    const spec = c.req.valid("json");
    await assertAfterSeen(c, jobs, spec.after);
    const idempotency = await idempotencyOf(c, withoutSecrets(spec));
    const options = { idempotency, ...(spec.secret_env && { secrets: spec.secret_env }) };
    const { job, repeated } = await jobs.submit(accessOf(c).bind(jobSpecOf(spec)), options);
    if (repeated) seen(c, job);
    c.set("object", String(job.id));
    return await submitted(c, job, repeated);
  });

  app.openapi(getJob, async (c) => c.json(await view(seen(c, await jobs.get(c.req.valid("param").id))), 200));

  app.openapi({ ...controlJob, middleware }, async (c) => {
    const { id } = c.req.valid("param");
    const patch = c.req.valid("json");
    await assertTouchable(c, jobs, id);
    await assertAfterSeen(c, jobs, patch.after);
    const job = patch.state ? await jobs.control(id, patch.state) : await jobs.edit(id, jobEditOf(patch), accessOf(c));
    return c.json(await view(job), 200);
  });

  const { params, query, headers } = rerunJob.request;
  // Without its body, which need not be there.
  app.openapi({ ...rerunJob, request: { params, query, headers } }, async (c) => {
    const { id } = c.req.valid("param");
    const given = await rerunBody(c, { limit: maxBody, deadline: bodyDeadline });
    const idempotency = await idempotencyOf(c, { rerun: id, ...withoutSecrets(given) as object });
    const { job, repeated } = await jobs.rerun(id, { idempotency, secrets: given.secret_env, access: accessOf(c) });
    seen(c, job);
    c.set("object", `${id} as ${job.id}`);
    return await submitted(c, job, repeated);
  });

  app.openapi({ ...signalJob, middleware }, async (c) => {
    const { signal, to } = c.req.valid("json");
    const { id } = c.req.valid("param");
    await assertTouchable(c, jobs, id);
    return c.json(await view(await jobs.signal(id, signal, to)), 200);
  });

  app.openapi(deleteJob, async (c) => {
    const { terminate = false } = c.req.valid("query");
    const { id } = c.req.valid("param");
    await assertTouchable(c, jobs, id);
    await jobs.remove(id, { terminate });
    return c.body(null, 204);
  });
}

/** What a repetition is given; nothing where there is no body. */
async function rerunBody(c: Context<Env>, rules: BodyRules): Promise<z.output<typeof RerunSchema>> {
  const text = await readText(c.req.raw, rules);
  if (text.trim() === "") return {};
  assertJson(c.req.header("content-type"));
  return parseAs(RerunSchema, text, '{"secret_env":{"NAME":"value"}}');
}

/** What tells a repeated request from another. Keys of a token with bounds are its own: others' would tell of their jobs. */
async function idempotencyOf(c: Context<Env>, request: unknown): Promise<SubmitOptions["idempotency"]> {
  const key = c.req.header("idempotency-key");
  if (key === undefined) return undefined;
  return { key, digest: await digestOf(request), ...(boundsOf(c) && { owner: c.get("auth")?.id }) };
}
