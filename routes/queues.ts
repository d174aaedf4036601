/** Named queues. */

import type { Context } from "hono";
import { queueNotFound } from "../lib/services/jobs/queues.ts";
import { deleteQueue, getQueue, listQueues, putQueue } from "../openapi/queues.ts";
import type { App, RouteDeps } from "./deps.ts";
import type { Env } from "./env.ts";
import { assertUnbound, boundsOf } from "./job_access.ts";
import { jsonBody } from "./middleware/body.ts";
import { queueView } from "./views/queue_view.ts";

export function queueRoutes(app: App, { jobs: { queues }, maxBody, bodyDeadline }: RouteDeps): void {
  app.openapi(listQueues, (c) => {
    const isSeen = queuesSeen(c);
    return c.json({ queues: queues.list().filter(({ queue }) => isSeen(queue.name)).map(queueView) }, 200);
  });

  app.openapi(getQueue, (c) => {
    const { name } = c.req.valid("param");
    if (!queuesSeen(c)(name)) throw queueNotFound(name);
    return c.json(queueView(queues.get(name)), 200);
  });

  app.openapi({ ...putQueue, middleware: jsonBody({ limit: maxBody, deadline: bodyDeadline }) }, async (c) => {
    assertUnbound(c, CHANGES);
    const { slots, paused, max_queued: maxQueued } = c.req.valid("json");
    const { name } = c.req.valid("param");
    const { status, created } = await queues.put({ name, slots, paused, maxQueued });
    return c.json(queueView(status), created ? 201 : 200);
  });

  app.openapi(deleteQueue, async (c) => {
    assertUnbound(c, CHANGES);
    await queues.remove(c.req.valid("param").name);
    return c.body(null, 204);
  });
}

const CHANGES = "changing a queue concerns all that go through it";

/**
 * Which queues the caller may see: what is in one is counted.
 * @throws {Problem} `token_bound` for a token that is bound to labels: jobs without them are counted too.
 */
function queuesSeen(c: Context<Env>): (name: string) => boolean {
  const { queues, labels } = boundsOf(c) ?? {};
  if (labels) assertUnbound(c, "a queue counts others too");
  return (name) => !queues || queues.includes(name);
}
