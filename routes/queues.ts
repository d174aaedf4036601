/** Named queues. */

import { deleteQueue, getQueue, listQueues, putQueue } from "../openapi/queues.ts";
import type { App, RouteDeps } from "./deps.ts";
import { jsonBody } from "./middleware/body.ts";
import { queueView } from "./views/queue_view.ts";

export function queueRoutes(app: App, { jobs: { queues }, maxBody }: RouteDeps): void {
  app.openapi(listQueues, (c) => c.json({ queues: queues.list().map(queueView) }, 200));

  app.openapi(getQueue, (c) => c.json(queueView(queues.get(c.req.valid("param").name)), 200));

  app.openapi({ ...putQueue, middleware: jsonBody({ limit: maxBody }) }, async (c) => {
    const { slots, paused, max_queued: maxQueued } = c.req.valid("json");
    const { name } = c.req.valid("param");
    const { status, created } = await queues.put({ name, slots, paused, maxQueued });
    return c.json(queueView(status), created ? 201 : 200);
  });

  app.openapi(deleteQueue, async (c) => {
    await queues.remove(c.req.valid("param").name);
    return c.body(null, 204);
  });
}
