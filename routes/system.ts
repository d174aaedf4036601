/** The service itself: probes, figures, the contract. */

import { Problem } from "../lib/domain/errors.ts";
import { buildDocument } from "../openapi/document.ts";
import { healthy, metrics as metricsRoute, openapiDocument, ready } from "../openapi/system.ts";
import type { App, RouteDeps } from "./deps.ts";

const FRESH = { "cache-control": "no-store" };

export function systemRoutes(app: App, { metrics, stopping }: RouteDeps): void {
  let document: ReturnType<typeof buildDocument> | undefined;

  app.openapi(openapiDocument, (c) => {
    // Building it takes longer than sending it.
    document ??= buildDocument();
    return c.json(document, 200, { "cache-control": "no-cache" });
  });

  app.openapi(healthy, (c) => c.json({ status: "ok" as const }, 200, FRESH));

  app.openapi(ready, (c) => {
    if (stopping.aborted) throw new Problem("shutting_down", "The server is stopping.", { retryAfter: 1 });
    return c.json({ status: "ok" as const }, 200, FRESH);
  });

  app.openapi(metricsRoute, async (c) => {
    return c.text(await metrics.scrape(), 200, { "content-type": metrics.contentType, ...FRESH });
  });
}
