/** Uploads that broke off and may be gone on with. */

import { deleteUpload, getUpload, listUploads } from "../openapi/uploads.ts";
import type { App, RouteDeps } from "./deps.ts";
import { DEFAULT_LIMIT, nextLink } from "./paging.ts";
import { partialView, uploadFields } from "./views/partial_view.ts";

const FRESH = { "cache-control": "no-store" };

export function partialUploadRoutes(app: App, { partials, clock }: RouteDeps): void {
  app.openapi(listUploads, async (c) => {
    const { limit = DEFAULT_LIMIT, ...query } = c.req.valid("query");
    const page = await partials.list({ limit, ...query });
    return c.json({ uploads: page.items.map(partialView) }, 200, { ...FRESH, ...nextLink(c, page.next) });
  });

  app.openapi(getUpload, async (c) => {
    const id = c.req.valid("param")["upload-id"];
    if (c.req.method === "HEAD") {
      return c.body(null, 204, { ...FRESH, ...uploadFields(await partials.get(id), clock.now()) });
    }
    const facts = await partials.inspect(id);
    const headers = { ...FRESH, ...uploadFields(facts, clock.now()) };
    return c.json({ ...partialView(facts), sha256: facts.sha256 }, 200, headers);
  });

  app.openapi(deleteUpload, async (c) => {
    await partials.forget(c.req.valid("param")["upload-id"]);
    return c.body(null, 204);
  });
}
